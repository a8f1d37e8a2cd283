use std::fmt;

use super::PairsReport;
use crate::eval::report::percent;

impl fmt::Display for PairsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} genuine and {} impostor comparisons, {} could not be made",
            self.genuine, self.impostor, self.failed
        )?;
        writeln!(
            f,
            "\n{:<28} {:>9}  {:<34} FNMR",
            "threshold", "score", "FMR"
        )?;
        for point in &self.points {
            let mark = if point.resolved == Some(false) {
                " *"
            } else {
                ""
            };
            let name = format!("{}{mark}", point.name);
            writeln!(
                f,
                "{name:<28} {:>9.4}  {:<34} {}",
                point.threshold,
                point.fmr.to_string(),
                point.fnmr
            )?;
        }
        if self.points.iter().any(|p| p.resolved == Some(false)) {
            writeln!(
                f,
                "* too few impostor comparisons for this rate: the threshold lies above all of them"
            )?;
        }
        if let Some(eer) = &self.equal_error {
            writeln!(f, "\nEER {} at {:.4}", percent(eer.rate), eer.threshold)?;
        }
        if let Some(a) = &self.accuracy {
            let (mean, error) = (percent(a.mean), percent(a.standard_error));
            writeln!(f, "accuracy over {} folds {mean} ± {error}", a.folds)?;
        }
        self.write_conditions(f)?;
        self.write_attacks(f)?;
        self.discard.iter().try_for_each(|report| report.fmt(f))
    }
}

impl PairsReport {
    /// Conditions at the first point and at the table's threshold for a match; JSON has them all.
    fn write_conditions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let working = self.points.iter().position(|p| p.resolved.is_none());
        for (at, point) in self.points.iter().enumerate() {
            if self.conditions.is_empty() || at > 0 && Some(at) != working {
                continue;
            }
            writeln!(
                f,
                "\n{:<28} {:>11}  {:<34} FNMR",
                point.name, "means", "FMR"
            )?;
            for c in &self.conditions {
                let means = format!("{} {}", rounded(c.genuine_mean), rounded(c.impostor_mean));
                let (Some(fmr), Some(fnmr)) = (c.fmr.get(at), c.fnmr.get(at)) else {
                    continue;
                };
                writeln!(
                    f,
                    "  {:<26} {means:>11}  {:<34} {fnmr}",
                    c.name,
                    fmr.to_string()
                )?;
            }
        }
        Ok(())
    }

    fn write_attacks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for attack in &self.attacks {
            writeln!(
                f,
                "\n{:<28} {:<34} with PAD",
                format!("IAPAR {}", attack.name),
                "by recognition alone"
            )?;
            for ((point, alone), with) in self
                .points
                .iter()
                .zip(&attack.accepted)
                .zip(&attack.accepted_with_pad)
            {
                writeln!(f, "  {:<26} {:<34} {with}", point.name, alone.to_string())?;
            }
        }
        if !self.attacks.is_empty() {
            writeln!(f, "\n{:<28} FNMR with PAD", "genuine refused")?;
            for (point, rate) in self
                .points
                .iter()
                .filter_map(|p| Some((p, p.fnmr_with_pad?)))
            {
                writeln!(f, "  {:<26} {rate}", point.name)?;
            }
        }
        Ok(())
    }
}

/// Two decimals, without a sign on zero.
fn rounded(mean: Option<f64>) -> String {
    mean.map_or("-".to_owned(), |m| {
        format!("{:.2}", (m * 100.0).round() / 100.0 + 0.0)
    })
}
