use std::fmt::Write;

/// Rates that get a line and a label on both axes.
const TICKS: [f64; 11] = [1e-5, 1e-4, 1e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6];
const SIDE: f64 = 420.0;
const LEFT: f64 = 76.0;
const TOP: f64 = 40.0;

/// Draws a detection error trade-off: `points` and `marks` are `[x, y]` shares. The axes run in
/// normal deviates from the smallest rate the data can show to 60 %; rates of 0 lie on the edge.
pub(super) fn svg(
    title: &str,
    axes: [&str; 2],
    points: &[[f64; 2]],
    marks: &[(&str, [f64; 2])],
) -> String {
    let frame =
        [0, 1].map(|axis| Axis::fitting(points.iter().filter_map(|p| p.get(axis)).copied()));
    let mut svg = String::new();
    let (width, height) = (LEFT + SIDE + 24.0, TOP + SIDE + 60.0);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"14\">{}</text>\n",
        escaped(title)
    );
    grid(&mut svg, &frame, axes);
    let place = |[x, y]: [f64; 2]| {
        let [across, up] = &frame;
        (LEFT + across.at(x), TOP + SIDE - up.at(y))
    };
    curve(&mut svg, points.iter().map(|p| place(*p)));
    for (index, (name, rates)) in marks.iter().enumerate() {
        let (x, y) = place(*rates);
        let label_y = TOP + 16.0 + 16.0 * index as f64;
        let colour = COLOURS.get(index % COLOURS.len()).unwrap_or(&"#333");
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{colour}\"/>\
             <circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{label_y:.1}\">{}</text>",
            LEFT + SIDE - 190.0,
            label_y - 4.0,
            LEFT + SIDE - 180.0,
            escaped(name)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

pub(super) const COLOURS: [&str; 5] = ["#b5322a", "#c77b12", "#3d7a3a", "#6b3fa0", "#1f7a8c"];

/// One axis, in normal deviates.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// From half a decade below the smallest rate above 0, but at most 1 %, to 60 %.
    fn fitting(rates: impl Iterator<Item = f64>) -> Axis {
        let smallest = rates.filter(|r| *r > 0.0).fold(0.01, f64::min);
        Axis {
            low: deviate((smallest / 3.0).max(1e-7)),
            high: deviate(0.6),
        }
    }

    /// Distance from the origin, 0 to the side; rates beyond the axis lie on its ends.
    fn at(&self, rate: f64) -> f64 {
        let share = (deviate(rate.clamp(1e-9, 1.0 - 1e-9)) - self.low) / (self.high - self.low);
        SIDE * share.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        TICKS.into_iter().filter(|t| deviate(*t) >= self.low)
    }
}

fn grid(svg: &mut String, [across, up]: &[Axis; 2], [x_name, y_name]: [&str; 2]) {
    let (right, bottom) = (LEFT + SIDE, TOP + SIDE);
    let line = "stroke=\"#ddd\"";
    for rate in across.ticks() {
        let x = LEFT + across.at(rate);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{bottom}\" {line}/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            bottom + 18.0,
            label(rate)
        );
    }
    for rate in up.ticks() {
        let y = bottom - up.at(rate);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{right}\" {line}/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            y + 4.0,
            label(rate)
        );
    }
    let (middle, half) = (LEFT + SIDE / 2.0, TOP + SIDE / 2.0);
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#888\"/>\n\
         <text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{x_name}</text>\n\
         <text transform=\"translate(18 {half}) rotate(-90)\" text-anchor=\"middle\">{y_name}</text>",
        bottom + 44.0
    );
}

/// A staircase drawn point to point, leaving out steps too small to see.
fn curve(svg: &mut String, points: impl Iterator<Item = (f64, f64)>) {
    let mut path = String::new();
    let mut last: Option<(f64, f64)> = None;
    for (x, y) in points {
        if last.is_none_or(|(lx, ly)| (lx - x).abs() + (ly - y).abs() >= 0.5) {
            let _ = write!(
                path,
                "{}{x:.1} {y:.1}",
                if last.is_none() { "M" } else { "L" }
            );
            last = Some((x, y));
        }
    }
    let _ = writeln!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"#1c4e80\" stroke-width=\"2\"/>"
    );
}

fn label(rate: f64) -> String {
    format!("{} %", (rate * 1e7).round() / 1e5)
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// The standard normal quantile, by Acklam's rational approximation (relative error below 1.2e-9).
fn deviate(share: f64) -> f64 {
    const LOW: f64 = 0.02425;
    let polynomial =
        |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |share: f64| {
        let q = (-2.0 * share.ln()).sqrt();
        polynomial(&C, q) / polynomial(&D, q)
    };
    if share < LOW {
        tail(share)
    } else if share > 1.0 - LOW {
        -tail(1.0 - share)
    } else {
        let q = share - 0.5;
        q * polynomial(&A, q * q) / polynomial(&B, q * q)
    }
}

const A: [f64; 6] = [
    -3.969_683_028_665_376e1,
    2.209_460_984_245_205e2,
    -2.759_285_104_469_687e2,
    1.383_577_518_672_69e2,
    -3.066_479_806_614_716e1,
    2.506_628_277_459_239,
];
const B: [f64; 6] = [
    -5.447_609_879_822_406e1,
    1.615_858_368_580_409e2,
    -1.556_989_798_598_866e2,
    6.680_131_188_771_972e1,
    -1.328_068_155_288_572e1,
    1.0,
];
const C: [f64; 6] = [
    -7.784_894_002_430_293e-3,
    -3.223_964_580_411_365e-1,
    -2.400_758_277_161_838,
    -2.549_732_539_343_734,
    4.374_664_141_464_968,
    2.938_163_982_698_783,
];
const D: [f64; 5] = [
    7.784_695_709_041_462e-3,
    3.224_671_290_700_398e-1,
    2.445_134_137_142_996,
    3.754_408_661_907_416,
    1.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_deviates_of_known_shares() {
        for (share, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_985),
            (0.01, -2.326_347_874),
            (1e-4, -3.719_016_485),
        ] {
            assert!(
                (deviate(share) - expected).abs() < 1e-8,
                "{share}: {}",
                deviate(share)
            );
        }
    }

    #[test]
    fn the_drawing_stays_inside_its_frame_and_escapes_names() {
        let points = [[1.0, 0.0], [0.5, 0.0], [0.01, 0.02], [0.0, 0.3], [0.0, 1.0]];
        let svg = svg("a<b", ["x", "y"], &points, &[("R&D", [0.01, 0.02])]);
        assert!(svg.contains("a&lt;b") && svg.contains("R&amp;D"));
        let path = svg
            .split("<path d=\"M")
            .last()
            .and_then(|p| p.split('"').next())
            .unwrap();
        let numbers: Vec<f64> = path.split(['L', ' ']).map(|n| n.parse().unwrap()).collect();
        assert!(numbers.chunks(2).all(|p| (LEFT..=LEFT + SIDE).contains(&p[0]) && (TOP..=TOP + SIDE).contains(&p[1])));
    }
}
