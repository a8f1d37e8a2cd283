//! Short-lived secrets: given out once, recognised again, forgotten at a restart.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What was given out, by the hash of its secret, each with what it stands for and when it ends.
pub(crate) struct Tokens<T> {
    lifetime: Duration,
    most: usize,
    held: Mutex<HashMap<[u8; 32], (T, Instant)>>,
}

/// 32 random bytes, as text for an address or a cookie.
pub(crate) type Secret = Zeroizing<String>;

impl<T: Clone> Tokens<T> {
    /// Tokens that hold for `lifetime` after they were last seen, `most` at a time: where there are
    /// more, the one that ends first goes.
    pub(crate) fn new(lifetime: Duration, most: usize) -> Self {
        Self {
            lifetime,
            most,
            held: Mutex::new(HashMap::new()),
        }
    }

    /// 32 random bytes as text; `None` when the system gives none.
    pub(crate) fn secret() -> Option<Secret> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).ok()?;
        Some(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
    }

    /// A fresh token that stands for `what`; `None` when the system gives no random bytes.
    pub(crate) fn give(&self, what: T) -> Option<Secret> {
        let secret = Self::secret()?;
        let mut held = self.held();
        let now = Instant::now();
        held.retain(|_, (_, ends)| *ends > now);
        if held.len() >= self.most
            && let Some(first) = held.iter().min_by_key(|(_, (_, ends))| *ends)
        {
            let first = *first.0;
            held.remove(&first);
        }
        held.insert(hash(&secret), (what, now + self.lifetime));
        Some(secret)
    }

    /// What a token stands for; it then holds for its whole lifetime anew.
    pub(crate) fn get(&self, secret: &str) -> Option<T> {
        let mut held = self.held();
        let (what, ends) = held.get_mut(&hash(secret))?;
        let now = Instant::now();
        if *ends <= now {
            return None;
        }
        *ends = now + self.lifetime;
        Some(what.clone())
    }

    /// Changes what a token stands for, without lengthening its life.
    pub(crate) fn update<R>(&self, secret: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut held = self.held();
        let (what, ends) = held.get_mut(&hash(secret))?;
        (*ends > Instant::now()).then(|| change(what))
    }

    /// What a token stood for; it is over now.
    pub(crate) fn take(&self, secret: &str) -> Option<T> {
        let (what, ends) = self.held().remove(&hash(secret))?;
        (ends > Instant::now()).then_some(what)
    }

    /// Ends every token that stands for something of this kind.
    pub(crate) fn end(&self, which: impl Fn(&T) -> bool) {
        self.held().retain(|_, (what, _)| !which(what));
    }

    /// How many hold now.
    pub(crate) fn count(&self) -> usize {
        let now = Instant::now();
        let held = self.held();
        held.values().filter(|(_, ends)| *ends > now).count()
    }

    fn held(&self) -> MutexGuard<'_, HashMap<[u8; 32], (T, Instant)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looked up by their hash, secrets give nothing away by how long the look-up takes.
fn hash(secret: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"faceward-token-v1");
    hash.update(secret.as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognised_until_it_is_taken_or_over() {
        let tokens = Tokens::new(Duration::from_secs(60), 2);
        let first = tokens.give("first").unwrap();
        assert_eq!(tokens.get(&first), Some("first"));
        assert_eq!(tokens.get("another"), None);
        assert_eq!(tokens.take(&first), Some("first"));
        assert_eq!(tokens.get(&first), None);

        let over = Tokens::new(Duration::ZERO, 2);
        let secret = over.give(()).unwrap();
        assert_eq!(over.get(&secret), None);
    }

    #[test]
    fn there_are_never_more_than_the_most() {
        let tokens = Tokens::new(Duration::from_secs(60), 2);
        let secrets: Vec<_> = (0..5).map(|n| tokens.give(n).unwrap()).collect();
        assert_eq!(tokens.count(), 2);
        assert_eq!(tokens.get(secrets.last().unwrap()), Some(4));
    }
}
