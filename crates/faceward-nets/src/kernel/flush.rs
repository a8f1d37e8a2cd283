//! Denormal numbers as zero, for as long as a net runs.
#![cfg_attr(
    target_arch = "x86_64",
    allow(unsafe_code, reason = "the control register has no safe interface")
)]

/// Channels that training left dead carry denormal values, which cost a processor a hundred times
/// an ordinary addition and never change an answer. While this value lives, its thread treats them
/// as zero. On processors other than x86-64 it does nothing.
pub(crate) struct FlushDenormals {
    #[cfg(target_arch = "x86_64")]
    before: u32,
    /// The register belongs to the thread, so this must not leave it.
    here: std::marker::PhantomData<*const ()>,
}

impl FlushDenormals {
    pub(crate) fn new() -> FlushDenormals {
        #[cfg(target_arch = "x86_64")]
        let before = {
            let before = control();
            set_control(before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
            before
        };
        FlushDenormals {
            #[cfg(target_arch = "x86_64")]
            before,
            here: std::marker::PhantomData,
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Drop for FlushDenormals {
    fn drop(&mut self) {
        set_control(self.before);
    }
}

#[cfg(target_arch = "x86_64")]
const FLUSH_TO_ZERO: u32 = 1 << 15;
#[cfg(target_arch = "x86_64")]
const DENORMALS_ARE_ZERO: u32 = 1 << 6;

#[cfg(target_arch = "x86_64")]
fn control() -> u32 {
    let mut value = 0_u32;
    // SAFETY: stores the 32-bit control register of SSE, part of x86-64, to a live local.
    unsafe {
        std::arch::asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack, preserves_flags))
    };
    value
}

#[cfg(target_arch = "x86_64")]
fn set_control(value: u32) {
    // SAFETY: the value is what the register held, but for the two flush bits, so no exception is
    // unmasked. Nothing that runs meanwhile depends on denormals being kept.
    unsafe {
        std::arch::asm!("ldmxcsr [{}]", in(reg) &raw const value, options(nostack, preserves_flags))
    };
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn denormals_are_zero_only_while_it_lives() {
        let product = || black_box(1e-30_f32) * black_box(1e-10_f32);
        assert!(product() > 0.0);
        let flush = FlushDenormals::new();
        assert_eq!(product(), 0.0);
        drop(flush);
        assert!(product() > 0.0);
    }
}
