use std::fmt::Write;

use super::super::det::{COLOURS, escaped};
use super::{DiscardCurve, DiscardReport, UNIFIED};

const WIDE: f64 = 460.0;
const HIGH: f64 = 320.0;
const LEFT: f64 = 72.0;
const TOP: f64 = 40.0;
const LEGEND: f64 = 250.0;
/// Components that are drawn in colour: those that foretell most.
const NAMED: usize = 5;

/// Draws error against discard: unified quality, chance and the ideal, the components that foretell most in colour, the
/// others pale.
pub(in super::super) fn svg(title: &str, report: &DiscardReport) -> String {
    let mut svg = String::new();
    let (width, height) = (LEFT + WIDE + LEGEND, TOP + HIGH + 60.0);
    let title = format!("{title}, {} (score {:.3})", report.name, report.threshold);
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"14\">{}</text>\n",
        escaped(&title)
    );
    let top = highest(report);
    grid(&mut svg, top, report.up_to);
    let mut lines = Lines {
        svg,
        top,
        legend: 0,
    };
    lines.all(report);
    lines.svg.push_str("</svg>\n");
    lines.svg
}

/// Components that are worse than chance leave the picture rather than flatten the rest.
fn highest(report: &DiscardReport) -> f64 {
    let unified = report.qualities.iter().filter(|q| q.name == UNIFIED);
    let values = unified.flat_map(|q| q.fnmr.iter().copied());
    1.15 * values.fold(report.random, f64::max)
}

fn grid(svg: &mut String, top: f64, up_to: f64) {
    let (right, bottom) = (LEFT + WIDE, TOP + HIGH);
    let line = "stroke=\"#ddd\"";
    for step in 0..=6 {
        let share = f64::from(step) / 6.0;
        let (x, label) = (LEFT + WIDE * share, 100.0 * up_to * share);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{bottom}\" {line}/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label:.0} %</text>",
            bottom + 18.0
        );
    }
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let (y, label) = (bottom - HIGH * share, 100.0 * top * share);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{right}\" {line}/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label:.2} %</text>",
            LEFT - 8.0,
            y + 4.0
        );
    }
    let _ = writeln!(
        svg,
        "<clipPath id=\"frame\"><rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{WIDE}\" height=\"{HIGH}\"/></clipPath>\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">genuine comparisons discarded</text>\n\
         <text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">false non-match rate</text>",
        LEFT + WIDE / 2.0,
        bottom + 44.0,
        TOP + HIGH / 2.0
    );
}

struct Lines {
    svg: String,
    /// The false non-match rate at the upper edge.
    top: f64,
    /// Names written so far.
    legend: usize,
}

impl Lines {
    fn all(&mut self, report: &DiscardReport) {
        let (unified, mut components): (Vec<&DiscardCurve>, Vec<_>) =
            report.qualities.iter().partition(|q| q.name == UNIFIED);
        components.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        let (named, others) = components.split_at(NAMED.min(components.len()));
        for curve in others {
            self.line(&curve.fnmr, "#ddd", "1", "");
        }
        let steps = unified.first().map_or(1, |q| q.fnmr.len());
        let chance = vec![report.random; steps];
        let ideal: Vec<f64> = (0..steps)
            .map(|percent| percent as f64 / 100.0)
            .map(|x| (report.random - x).max(0.0) / (1.0 - x))
            .collect();
        for curve in unified {
            self.line(&curve.fnmr, "#1c4e80", "3", &told(curve));
        }
        for (curve, colour) in named.iter().zip(COLOURS) {
            self.line(&curve.fnmr, colour, "1.5", &told(curve));
        }
        self.line(&chance, "#777", "1.5\" stroke-dasharray=\"6 4", "random");
        self.line(&ideal, "#777", "1.5\" stroke-dasharray=\"2 3", "ideal");
        if !others.is_empty() {
            let name = format!("{} other components", others.len());
            self.line(&[], "#ddd", "1", &name);
        }
    }

    fn line(&mut self, fnmr: &[f64], colour: &str, width: &str, name: &str) {
        let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"");
        let mut path = String::new();
        let last = fnmr.len().saturating_sub(1).max(1) as f64;
        for (at, rate) in fnmr.iter().enumerate() {
            let x = LEFT + WIDE * at as f64 / last;
            let y = TOP + HIGH * (1.0 - rate / self.top);
            let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
        }
        if !path.is_empty() {
            let _ = writeln!(
                self.svg,
                "<path d=\"{path}\" clip-path=\"url(#frame)\" {style}/>"
            );
        }
        if !name.is_empty() {
            let (x, y) = (LEFT + WIDE + 14.0, TOP + 8.0 + 18.0 * self.legend as f64);
            self.legend += 1;
            let _ = writeln!(
                self.svg,
                "<path d=\"M{x} {y}h22\" {style}/><text x=\"{}\" y=\"{}\" font-size=\"11\">{}</text>",
                x + 28.0,
                y + 4.0,
                escaped(name)
            );
        }
    }
}

fn told(curve: &DiscardCurve) -> String {
    format!("{} {:+.0} %", curve.name, 100.0 * curve.gain)
}
