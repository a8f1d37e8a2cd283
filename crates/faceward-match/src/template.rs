use std::ops::RangeInclusive;

use zeroize::{Zeroize, Zeroizing};

use crate::{MatchError, ModelId};

/// Lengths a face embedding can have; published models use 64 to 2048.
const LENGTHS: RangeInclusive<usize> = 2..=4096;

/// A biometric template: a vector of Euclidean length 1 and the model that made it.
///
/// Biometric data: it has no `Debug` and no `Clone`, and its values are wiped on drop.
pub struct Template {
    model: ModelId,
    values: Zeroizing<Vec<f32>>,
    veil: Option<Veil>,
    eyes_covered: bool,
}

/// How the same face looks where mouth and nose do not count.
struct Veil {
    covered: bool,
    values: Zeroizing<Vec<f32>>,
}

impl Template {
    /// Scales a model's raw output to length 1. The input is wiped whatever the outcome.
    ///
    /// # Errors
    /// [`MatchError::BadTemplate`] if there are fewer than 2 or more than 4096 values, if one is
    /// not finite, or if all are zero or so near it that no direction is left.
    pub fn from_raw(model: ModelId, values: Vec<f32>) -> Result<Template, MatchError> {
        Ok(Template {
            model,
            values: unit(values)?,
            veil: None,
            eyes_covered: false,
        })
    }

    /// The same template, told apart by what covers the face.
    ///
    /// `veil` is an embedding of the face with mouth and nose left out, as long as the template; where one of two
    /// faces is `covered` there, [`crate::score`] compares these and not the templates themselves.
    ///
    /// # Errors
    /// [`MatchError::BadTemplate`] as [`Template::from_raw`], and when the lengths differ.
    pub fn veiled(self, covered: bool, veil: Vec<f32>) -> Result<Template, MatchError> {
        let values = unit(veil)?;
        if values.len() != self.values.len() {
            return Err(MatchError::BadTemplate("its two parts differ in length"));
        }
        Ok(Template {
            veil: Some(Veil { covered, values }),
            ..self
        })
    }

    /// Whether mouth and nose were covered.
    pub fn covered(&self) -> bool {
        self.veil.as_ref().is_some_and(|veil| veil.covered)
    }

    /// The same template, of a face whose eyes are covered or are not. [`crate::score`] then allows for strangers in dark
    /// glasses looking alike.
    pub fn with_eyes_covered(self, eyes_covered: bool) -> Template {
        Template {
            eyes_covered,
            ..self
        }
    }

    /// Whether the eyes were covered.
    pub fn eyes_covered(&self) -> bool {
        self.eyes_covered
    }

    /// The unit vector compared when one of two faces is covered, where one was made.
    pub fn veil(&self) -> Option<&[f32]> {
        self.veil.as_ref().map(|veil| veil.values.as_slice())
    }

    /// A second one of the same; named, because copies of biometric data should be seen.
    pub fn copied(&self) -> Template {
        Template {
            model: self.model.clone(),
            values: self.values.clone(),
            veil: self.veil.as_ref().map(|veil| Veil {
                covered: veil.covered,
                values: veil.values.clone(),
            }),
            eyes_covered: self.eyes_covered,
        }
    }

    /// The model that made it.
    pub fn model(&self) -> &ModelId {
        &self.model
    }

    /// The unit vector. Copies of it are the caller's to wipe.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Whether two templates may be compared.
    pub(crate) fn comparable(&self, model: &ModelId, length: usize) -> Result<(), MatchError> {
        if self.model != *model {
            return Err(MatchError::ModelMismatch {
                left: model.clone(),
                right: self.model.clone(),
            });
        }
        if self.values.len() != length {
            return Err(MatchError::LengthMismatch {
                left: length,
                right: self.values.len(),
            });
        }
        Ok(())
    }
}

impl Zeroize for Template {
    fn zeroize(&mut self) {
        self.values.zeroize();
        if let Some(veil) = &mut self.veil {
            veil.values.zeroize();
        }
    }
}

/// Scaled to length 1.
fn unit(values: Vec<f32>) -> Result<Zeroizing<Vec<f32>>, MatchError> {
    let mut values = Zeroizing::new(values);
    if !LENGTHS.contains(&values.len()) {
        return Err(MatchError::BadTemplate("it must have 2 to 4096 values"));
    }
    if !values.iter().all(|v| v.is_finite()) {
        return Err(MatchError::BadTemplate("a value is not finite"));
    }
    let norm = values
        .iter()
        .map(|&v| f64::from(v) * f64::from(v))
        .sum::<f64>()
        .sqrt();
    if norm < f64::from(f32::MIN_POSITIVE) {
        return Err(MatchError::BadTemplate("all values are zero"));
    }
    for v in values.iter_mut() {
        *v = (f64::from(*v) / norm) as f32;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_raw(values: Vec<f32>) -> Result<Template, MatchError> {
        Template::from_raw(ModelId::new("test", [1; 32]).unwrap(), values)
    }

    #[test]
    fn any_finite_direction_becomes_a_unit_vector() {
        for raw in [
            vec![3.0, -4.0],
            vec![f32::MAX, f32::MAX],
            vec![1e-30, 0.0],
            vec![0.5; 512],
        ] {
            let template = from_raw(raw).unwrap_or_else(|e| panic!("{e}"));
            let norm: f64 = template
                .values()
                .iter()
                .map(|&v| f64::from(v).powi(2))
                .sum();
            assert!((norm - 1.0).abs() < 1e-6, "{norm}");
        }
    }

    #[test]
    fn what_is_no_direction_is_refused() {
        for raw in [
            vec![],
            vec![1.0],
            vec![1.0; 4097],
            vec![0.0; 512],
            vec![1e-40, 0.0],
            vec![1.0, f32::NAN],
            vec![1.0, f32::INFINITY],
        ] {
            assert!(matches!(from_raw(raw), Err(MatchError::BadTemplate(_))));
        }
    }
}
