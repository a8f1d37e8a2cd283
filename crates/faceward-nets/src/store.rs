//! Scratch memory that is used again by the next call, and wiped when its net is dropped: what a
//! net computes on the way is as personal as the face it looked at.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroize;

use crate::kernel::Lanes;

/// The buffers of one net that nobody is using at the moment.
#[derive(Default)]
pub(crate) struct Store(Mutex<Vec<Vec<Lanes>>>);

impl Store {
    /// A buffer of `length` lanes. What it holds is left from earlier work.
    pub(crate) fn take(self: &Arc<Self>, length: usize) -> Buffer {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |(_, lanes): &(usize, &Vec<Lanes>)| lanes.len() >= length;
        let best = free
            .iter()
            .enumerate()
            .filter(fits)
            .min_by_key(|(_, lanes)| lanes.len());
        // One too small makes way for the one it is replaced by, so changing sizes do not pile up.
        let spare = best
            .or_else(|| free.iter().enumerate().max_by_key(|(_, lanes)| lanes.len()))
            .map(|(at, _)| at);
        let found = spare.map(|at| free.swap_remove(at));
        drop(free);
        let lanes = match found {
            Some(lanes) if lanes.len() >= length => lanes,
            found => {
                found.into_iter().for_each(wipe);
                vec![Lanes::ZERO; length]
            }
        };
        Buffer {
            lanes,
            length,
            store: Arc::clone(self),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.0
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .for_each(wipe);
    }
}

fn wipe(mut lanes: Vec<Lanes>) {
    lanes.iter_mut().for_each(|lanes| lanes.0.zeroize());
}

/// A piece of scratch memory; goes back to its store when dropped.
pub(crate) struct Buffer {
    lanes: Vec<Lanes>,
    length: usize,
    store: Arc<Store>,
}

impl Deref for Buffer {
    type Target = [Lanes];

    fn deref(&self) -> &[Lanes] {
        self.lanes.get(..self.length).unwrap_or_default()
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [Lanes] {
        self.lanes.get_mut(..self.length).unwrap_or_default()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let lanes = std::mem::take(&mut self.lanes);
        self.store
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(lanes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_returned_buffer_is_used_again() {
        let store = Arc::new(Store::default());
        drop(store.take(100));
        drop(store.take(300));
        drop(store.take(200));
        let sizes: Vec<usize> = store.0.lock().unwrap().iter().map(Vec::len).collect();
        assert_eq!(sizes, [300]);
    }
}
