//! A search finds what comparing one by one finds, whatever was inserted and removed before.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use faceward_match::{Gallery, MatchError, ModelId, Score, Template, score};
use proptest::prelude::*;

fn model() -> ModelId {
    ModelId::new("test", [3; 32]).unwrap()
}

fn template(values: &[f32]) -> Template {
    Template::from_raw(model(), values.to_vec()).unwrap()
}

/// Few keys and few directions, so that a key owns several rows and equal scores are common.
fn key_and_direction() -> impl Strategy<Value = (u8, Vec<f32>)> {
    (0u8..12, 0usize..5, prop::bool::ANY).prop_map(|(key, axis, tilted)| {
        let mut values = vec![0.0; 40];
        values[axis] = 1.0;
        values[39] = if tilted { 0.5 } else { 0.0 };
        (key, values)
    })
}

proptest! {
    #[test]
    fn search_equals_comparing_one_by_one(
        inserted in prop::collection::vec(key_and_direction(), 0..300),
        removed in prop::collection::vec(0u8..12, 0..4),
        probe in key_and_direction(),
        k in 0usize..15,
    ) {
        let probe = template(&probe.1);
        let mut gallery = Gallery::new(model());
        for (key, values) in &inserted {
            gallery.insert(*key, &template(values)).unwrap();
        }
        for key in &removed {
            gallery.remove(key);
        }
        let mut best: BTreeMap<u8, Score> = BTreeMap::new();
        let kept = inserted.iter().filter(|(key, _)| !removed.contains(key));
        prop_assert_eq!(gallery.len(), kept.clone().count());
        for (key, values) in kept {
            let score = score(&probe, &template(values)).unwrap();
            let entry = best.entry(*key).or_insert(score);
            *entry = score.max(*entry);
        }
        let mut expected: Vec<(u8, Score)> = best.into_iter().collect();
        expected.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        expected.truncate(k);
        let found = gallery.search(&probe, k).unwrap();
        let found: Vec<(u8, Score)> = found.iter().map(|c| (*c.key, c.score)).collect();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    /// Who does not take part changes nothing, as if they had never been in the gallery.
    #[test]
    fn a_search_among_some_equals_a_search_in_a_gallery_of_only_those(
        inserted in prop::collection::vec(key_and_direction(), 0..400),
        among in prop::collection::btree_set(0u8..12, 0..12),
        probe in key_and_direction(),
        k in 0usize..15,
    ) {
        let probe = template(&probe.1);
        let (mut all, mut only) = (Gallery::new(model()), Gallery::new(model()));
        for (key, values) in &inserted {
            all.insert(*key, &template(values)).unwrap();
            if among.contains(key) {
                only.insert(*key, &template(values)).unwrap();
            }
        }
        let found = all.search_among(&probe, k, |key| among.contains(key)).unwrap();
        prop_assert_eq!(found, only.search(&probe, k).unwrap());
    }
}

#[test]
fn a_removed_person_is_not_found_and_others_still_are() {
    let mut gallery = Gallery::new(model());
    gallery.insert("anna", &template(&[1.0, 0.0, 0.0])).unwrap();
    gallery.insert("ben", &template(&[0.0, 1.0, 0.0])).unwrap();
    gallery.insert("anna", &template(&[1.0, 0.1, 0.0])).unwrap();
    assert_eq!(gallery.remove(&"anna"), 2);
    assert_eq!(gallery.remove(&"anna"), 0);
    let found = gallery.search(&template(&[1.0, 0.0, 0.0]), 5).unwrap();
    assert_eq!(found.iter().map(|c| *c.key).collect::<Vec<_>>(), ["ben"]);
}

#[test]
fn an_emptied_gallery_takes_another_length() {
    let mut gallery = Gallery::new(model());
    gallery.insert(1, &template(&[1.0, 0.0])).unwrap();
    let longer = template(&[1.0, 0.0, 0.0]);
    assert!(matches!(
        gallery.insert(2, &longer),
        Err(MatchError::LengthMismatch { .. })
    ));
    assert!(matches!(
        gallery.search(&longer, 1),
        Err(MatchError::LengthMismatch { .. })
    ));
    gallery.remove(&1);
    assert!(gallery.is_empty() && gallery.search(&longer, 1).unwrap().is_empty());
    gallery.insert(2, &longer).unwrap();
    assert_eq!(gallery.search(&longer, 1).unwrap()[0].key, &2);
}

#[test]
fn another_models_template_is_neither_stored_nor_searched() {
    let other = ModelId::new("other", [3; 32]).unwrap();
    let stranger = Template::from_raw(other, vec![1.0, 0.0]).unwrap();
    let mut gallery = Gallery::new(model());
    assert!(matches!(
        gallery.insert(1, &stranger),
        Err(MatchError::ModelMismatch { .. })
    ));
    assert!(gallery.is_empty());
    assert!(matches!(
        gallery.search(&stranger, 1),
        Err(MatchError::ModelMismatch { .. })
    ));
}
