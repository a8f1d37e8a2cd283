//! One template of many frames: the good ones count more, so the whole is better than most of its parts.

use std::time::Duration;

use faceward_match::{ModelId, Template, score};
use zeroize::Zeroizing;

use crate::quality::Quality;

/// The looks of one track, weighted by what each frame is worth. Biometric data: wiped when dropped, no `Debug`.
pub struct Pool {
    model: ModelId,
    sum: Zeroizing<Vec<f32>>,
    /// The same of the veils; empty where the frames have none.
    veils: Zeroizing<Vec<f32>>,
    /// What the frames are worth in which mouth and nose are covered, less those in which they are not.
    covered: f32,
    /// The same of the eyes.
    eyes_covered: f32,
    template: Option<Template>,
    /// Frames in it.
    pub frames: u32,
    /// When the frame worth most was shown, and what it is worth.
    pub best: (Duration, f32),
}

impl Pool {
    /// Of one frame.
    pub fn of(template: &Template, worth: f32, time: Duration) -> Self {
        let mut pool = Self {
            model: template.model().clone(),
            sum: Zeroizing::new(vec![0.0; template.values().len()]),
            veils: Zeroizing::new(vec![0.0; template.veil().map_or(0, <[f32]>::len)]),
            covered: 0.0,
            eyes_covered: 0.0,
            template: None,
            frames: 0,
            best: (time, 0.0),
        };
        pool.add(template, worth, time);
        pool
    }

    /// Of several frames; none of none.
    pub fn of_all<'a>(
        frames: impl IntoIterator<Item = (&'a Template, f32, Duration)>,
    ) -> Option<Self> {
        let mut frames = frames.into_iter();
        let (template, worth, time) = frames.next()?;
        let mut pool = Self::of(template, worth, time);
        for (template, worth, time) in frames {
            pool.add(template, worth, time);
        }
        Some(pool)
    }

    /// Adds a frame. One of another model, or worth nothing, is left out.
    pub fn add(&mut self, template: &Template, worth: f32, time: Duration) {
        let fits = *template.model() == self.model && template.values().len() == self.sum.len();
        if !fits || !worth.is_finite() || worth <= 0.0 {
            return;
        }
        for (sum, value) in self.sum.iter_mut().zip(template.values()) {
            *sum += worth * value;
        }
        let veil = template.veil().unwrap_or_default();
        for (sum, value) in self.veils.iter_mut().zip(veil) {
            *sum += worth * value;
        }
        let counts = |covered: bool| if covered { worth } else { -worth };
        self.covered += counts(template.covered());
        self.eyes_covered += counts(template.eyes_covered());
        self.template = self.whole();
        self.frames += 1;
        if worth > self.best.1 {
            self.best = (time, worth);
        }
    }

    /// The template of all frames together; none where they cancel each other out.
    pub fn template(&self) -> Option<&Template> {
        self.template.as_ref()
    }

    /// A copy of the template.
    pub fn copied(&self) -> Option<Template> {
        self.template.as_ref().map(Template::copied)
    }

    /// The template, taken out; what it was made of is wiped.
    pub fn into_template(self) -> Option<Template> {
        self.template
    }

    fn whole(&self) -> Option<Template> {
        let whole = Template::from_raw(self.model.clone(), self.sum.to_vec()).ok()?;
        let whole = whole.with_eyes_covered(self.eyes_covered > 0.0);
        if self.veils.is_empty() {
            return Some(whole);
        }
        whole.veiled(self.covered > 0.0, self.veils.to_vec()).ok()
    }

    /// How alike a face is, as a cosine.
    pub(super) fn score(&self, template: &Template) -> Option<f32> {
        let ours = self.template.as_ref()?;
        score(ours, template).ok().map(|score| score.value())
    }
}

/// What a frame of this quality is worth for recognising the face, 0 to 1: how far it is turned, how sharp it is and how
/// many pixels it has, multiplied, so that one bad property is not made up for by others. Dark frames are brightened
/// before they are embedded, so light does not count.
pub fn worth(quality: &Quality) -> f32 {
    let of = |name: &str| {
        let named = quality.components.iter().find(|c| c.name == name);
        named
            .and_then(|c| c.value)
            .map_or(0.5, |value| f32::from(value) / 100.0)
    };
    let parts = [
        "HeadPoseYaw",
        "HeadPosePitch",
        "Sharpness",
        "InterEyeDistance",
    ];
    let product: f32 = parts.iter().map(|name| of(name).max(0.05)).product();
    product.powf(1.0 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(values: &[f32]) -> Template {
        let model = ModelId::new("test", [1; 32]).unwrap();
        Template::from_raw(model, values.to_vec()).unwrap()
    }

    #[test]
    fn the_whole_is_nearer_to_the_truth_than_its_parts_and_bad_frames_count_less() {
        let truth = template(&[1.0, 0.0, 0.0, 0.0]);
        let good = [
            [1.0, 0.5, 0.0, 0.0],
            [1.0, -0.5, 0.1, 0.0],
            [1.0, 0.0, -0.5, 0.1],
        ];
        let mut pool: Option<Pool> = None;
        for (at, values) in good.iter().enumerate() {
            let (look, time) = (template(values), Duration::from_millis(at as u64));
            assert!(score(&look, &truth).unwrap().value() < 0.95);
            match &mut pool {
                Some(pool) => pool.add(&look, 1.0 + at as f32, time),
                None => pool = Some(Pool::of(&look, 1.0, time)),
            }
        }
        let mut pool = pool.unwrap();
        assert!(pool.score(&truth).unwrap() > 0.95);
        assert_eq!((pool.frames, pool.best.0), (3, Duration::from_millis(2)));
        for bad in [0.01, 0.0, -1.0, f32::NAN] {
            pool.add(&template(&[-1.0, 0.0, 0.0, 1.0]), bad, Duration::ZERO);
        }
        assert_eq!(pool.frames, 4);
        assert!(pool.score(&truth).unwrap() > 0.95);
    }
}
