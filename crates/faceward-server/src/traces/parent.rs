//! The trace that a request belongs to: its caller's, or a new one (W3C Trace Context).

use axum::http::HeaderMap;

/// A trace, and the span in it that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parent {
    pub(super) trace: [u8; 16],
    pub(super) span: Option<[u8; 8]>,
}

impl Parent {
    /// Nothing where the caller's trace is not recorded, or where there is no chance for a new one.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let named = headers.get("traceparent");
        match named.and_then(|value| read(value.to_str().ok()?)) {
            Some((parent, true)) => Some(parent),
            Some((_, false)) => None,
            None => {
                let mut trace = [0; 16];
                getrandom::fill(&mut trace).ok()?;
                Some(Self { trace, span: None })
            }
        }
    }
}

/// `00-<trace>-<span>-<flags>`, and whether the flags ask for a record. What is not understood counts as not sent.
fn read(text: &str) -> Option<(Parent, bool)> {
    let mut parts = text.split('-');
    let version: [u8; 1] = hex(parts.next()?)?;
    let parent = Parent {
        trace: hex(parts.next()?)?,
        span: Some(hex(parts.next()?)?),
    };
    let [flags] = hex(parts.next()?)?;
    // Later versions may say more behind these four.
    let whole = version != [0xff] && (version != [0] || parts.next().is_none());
    let real = parent.trace != [0; 16] && parent.span != Some([0; 8]);
    (whole && real).then_some((parent, flags & 1 == 1))
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let lower = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    if digits.len() != 2 * N || !digits.iter().all(lower) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn of(value: &str) -> Option<Parent> {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", value.parse().unwrap());
        Parent::of(&headers)
    }

    #[test]
    fn a_callers_trace_goes_on_unless_it_is_not_recorded() {
        let parent = of(SENT).unwrap();
        assert_eq!((parent.trace[0], parent.trace[15]), (0x0a, 0x9c));
        assert_eq!(parent.span.unwrap()[7], 0x31);
        assert_eq!(of(&SENT.replace("-01", "-00")), None);
    }

    #[test]
    fn what_is_no_trace_begins_a_new_one() {
        for wrong in [
            "",
            "00",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        ] {
            let parent = of(wrong).unwrap();
            assert_eq!(parent.span, None, "{wrong}");
            assert_ne!(parent.trace[..2], [0x0a, 0xf7]);
        }
    }
}
