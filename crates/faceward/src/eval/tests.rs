//! What the built-in nets reach on real photographs. The sets lie beside the repository and are
//! not part of it; without them these tests say so and pass.

use std::path::{Path, PathBuf};

use super::*;

fn set(protocol: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/testdata")
        .join(protocol);
    if !path.exists() {
        eprintln!("SKIPPED: {protocol} is not in ../shared/testdata beside the repository");
        return None;
    }
    Some(path)
}

fn pairs(options: &Options) -> (Vec<Failure>, PairsReport) {
    let report = run(options, &|_| ()).unwrap();
    let Outcome::Pairs(pairs) = report.result else {
        panic!("a protocol of pairs")
    };
    (report.failures, pairs)
}

/// Errors of the genuine comparisons at FMR 1 % of the set's own impostors.
fn misses(report: &PairsReport) -> u64 {
    report.points[0].fnmr.errors
}

#[test]
fn faces_in_the_wild_are_all_found_and_told_apart() {
    let Some(path) = set("lfw-dev/pairs.csv") else {
        return;
    };
    let (failures, report) = pairs(&Options::new(path));
    assert_eq!((failures, misses(&report)), (vec![], 0));
}

#[test]
fn small_grey_portraits_are_all_found_and_nearly_all_told_apart() {
    let Some(path) = set("orl-dev/pairs.csv") else {
        return;
    };
    let (failures, report) = pairs(&Options::new(path));
    assert_eq!(failures, []);
    // FNMR of at most 0.003 of 900.
    assert!(misses(&report) <= 2, "{report}");
}

#[test]
fn official_portraits_match_at_the_working_threshold() {
    let Some(path) = set("portraits-dev/pairs.csv") else {
        return;
    };
    let (failures, report) = pairs(&Options::new(path));
    let working = report
        .points
        .iter()
        .find(|p| p.name.starts_with("match"))
        .unwrap();
    assert_eq!(failures, []);
    assert_eq!(
        (working.fmr.errors, working.fnmr.errors),
        (0, 0),
        "{report}"
    );
}

#[test]
fn prints_that_recognition_accepts_are_stopped_by_liveness() {
    let Some(path) = set("nuaa-dev/pairs.csv") else {
        return;
    };
    let options = Options {
        face: Some(WhichFace::Largest),
        ..Options::new(path)
    };
    let (_, report) = pairs(&options);
    let prints = &report.attacks[0];
    assert_eq!(
        (prints.accepted[0].errors, prints.accepted[0].trials),
        (54, 54)
    );
    assert_eq!(prints.accepted_with_pad[0].errors, 0, "{report}");
    assert_eq!(
        report.points[0].fnmr_with_pad.map(|r| r.errors),
        Some(0),
        "{report}"
    );
}

#[test]
fn marked_faces_in_groups_are_found() {
    let Some(path) = set("groups-dev/boxes.csv") else {
        return;
    };
    let report = run(&Options::new(path), &|_| ()).unwrap();
    let Outcome::Boxes(boxes) = report.result else {
        panic!("a protocol of boxes")
    };
    assert_eq!((boxes.missed.errors, boxes.missed.trials), (0, 43));
    assert!(boxes.extra <= 3, "{boxes}");
}

#[test]
fn everyone_in_the_clips_keeps_one_track_and_all_frames_together_are_better_than_one() {
    let Some(path) = set("clips-dev/clips.csv") else {
        return;
    };
    let report = run(&Options::new(path), &|_| ()).unwrap();
    assert_eq!(report.failures, []);
    let Outcome::Clips(report) = report.result else {
        panic!("a protocol of clips")
    };
    println!("{report}");
    assert_eq!(report.clips.len(), 5);
    for clip in &report.clips {
        assert_eq!(
            (clip.tracks, clip.strange),
            (clip.people, 0),
            "{}",
            clip.file
        );
        assert!(clip.right * 50 >= clip.frames * 49, "{}", clip.file);
        assert!(clip.pooled > clip.single, "{}", clip.file);
        assert!(clip.jitter_shown < clip.jitter, "{}", clip.file);
    }
}

#[test]
fn the_shipped_table_is_what_measuring_gives() {
    let Some(path) = set("lfw-dev/identify.csv") else {
        return;
    };
    let measured = measure_thresholds(&Options::new(path), "", "", &|_| ()).unwrap();
    let shipped = table_for(measured.model()).expect("a table for the built-in model");
    assert_eq!(measured.comparisons(), shipped.comparisons());
    // Kernels round differently from processor to processor.
    for (measured, shipped) in measured.rows().iter().zip(shipped.rows()) {
        let apart = measured.threshold.value() - shipped.threshold.value();
        assert!(apart.abs() < 2e-3, "FMR {}: {apart}", measured.fmr);
    }
}

#[test]
fn a_folder_without_the_pictures_is_named_and_single_missing_pictures_are_counted() {
    let folder = std::env::temp_dir().join(format!("faceward-eval-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let protocol = folder.join("pairs.csv");
    std::fs::write(&protocol, "a,b,same\nmissing-1.jpg,missing-2.jpg,1\n").unwrap();
    let error = run(&Options::new(protocol), &|_| ()).unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    let EvalError::NoPictures {
        pictures, first, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((*pictures, first.starts_with("missing-1.jpg: ")), (2, true));
    assert!(error.to_string().contains("--root"));
}

#[test]
fn options_out_of_range_are_refused_before_anything_is_read() {
    let none = || Options::new(PathBuf::from("does-not-exist.csv"));
    let frame = Options {
        pad_grey: -0.1,
        ..none()
    };
    assert!(matches!(run(&frame, &|_| ()), Err(EvalError::BadOption(_))));
    let live = Options {
        live_at: f32::NAN,
        ..none()
    };
    assert!(matches!(run(&live, &|_| ()), Err(EvalError::BadOption(_))));
    assert!(matches!(
        run(&none(), &|_| ()),
        Err(EvalError::CannotRead { .. })
    ));
}
