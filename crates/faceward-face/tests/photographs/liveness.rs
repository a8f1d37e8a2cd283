use super::{largest, open, reader, rows, set};

#[test]
fn people_before_a_webcam_score_above_one_half_and_prints_below() {
    for name in ["nuaa-dev", "spoof-samples-dev"] {
        let Some(folder) = set(name) else { return };
        for row in rows(&folder.join("pad.csv")) {
            let image = open(&folder.join(&row[0]));
            let face = largest(&image).unwrap_or_else(|| panic!("{}: no face", row[0]));
            let score = reader().liveness(&image, &face).expect("a score").score;
            assert_eq!(score > 0.5, row[1] == "live", "{}: {score}", row[0]);
        }
    }
}
