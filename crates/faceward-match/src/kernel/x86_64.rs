use std::arch::x86_64::{
    _mm256_add_ps, _mm256_loadu_ps, _mm256_mul_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    _mm512_add_ps, _mm512_loadu_ps, _mm512_mul_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

use super::{LANES, finish};

/// Proof that the processor has AVX-512F.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(());

/// Proof that the processor has AVX.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx512 {
    pub(crate) fn detect() -> Option<Avx512> {
        is_x86_feature_detected!("avx512f").then_some(Avx512(()))
    }

    pub(crate) fn dots(self, probe: &[f32], rows: &[f32], out: &mut [f32]) {
        // SAFETY: only `detect` makes the token, so the processor has the feature.
        unsafe { avx512(probe, rows, out) }
    }
}

impl Avx2 {
    pub(crate) fn detect() -> Option<Avx2> {
        is_x86_feature_detected!("avx2").then_some(Avx2(()))
    }

    pub(crate) fn dots(self, probe: &[f32], rows: &[f32], out: &mut [f32]) {
        // SAFETY: only `detect` makes the token, so the processor has the feature.
        unsafe { avx2(probe, rows, out) }
    }
}

#[target_feature(enable = "avx512f")]
fn avx512(probe: &[f32], rows: &[f32], out: &mut [f32]) {
    let (p, probe_tail) = probe.as_chunks::<LANES>();
    for (row, out) in rows.chunks_exact(probe.len()).zip(out) {
        let (r, row_tail) = row.as_chunks::<LANES>();
        let mut sums = [_mm512_setzero_ps(); 2];
        for (p, r) in p.iter().zip(r) {
            for (half, sum) in sums.iter_mut().enumerate() {
                let at = 16 * half;
                // SAFETY: both arrays have 32 values and `at` is 0 or 16, so 16 are there to read.
                let (p, r) = unsafe {
                    (
                        _mm512_loadu_ps(p.as_ptr().add(at)),
                        _mm512_loadu_ps(r.as_ptr().add(at)),
                    )
                };
                *sum = _mm512_add_ps(*sum, _mm512_mul_ps(p, r));
            }
        }
        let mut lanes = [0.0; LANES];
        for (sum, lanes) in sums.into_iter().zip(lanes.as_chunks_mut::<16>().0) {
            // SAFETY: the destination is an array of 16 values.
            unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), sum) };
        }
        *out = finish(lanes, probe_tail, row_tail);
    }
}

#[target_feature(enable = "avx2")]
fn avx2(probe: &[f32], rows: &[f32], out: &mut [f32]) {
    let (p, probe_tail) = probe.as_chunks::<LANES>();
    for (row, out) in rows.chunks_exact(probe.len()).zip(out) {
        let (r, row_tail) = row.as_chunks::<LANES>();
        let mut sums = [_mm256_setzero_ps(); 4];
        for (p, r) in p.iter().zip(r) {
            for (quarter, sum) in sums.iter_mut().enumerate() {
                let at = 8 * quarter;
                // SAFETY: both arrays have 32 values and `at` is at most 24, so 8 are there to read.
                let (p, r) = unsafe {
                    (
                        _mm256_loadu_ps(p.as_ptr().add(at)),
                        _mm256_loadu_ps(r.as_ptr().add(at)),
                    )
                };
                *sum = _mm256_add_ps(*sum, _mm256_mul_ps(p, r));
            }
        }
        let mut lanes = [0.0; LANES];
        for (sum, lanes) in sums.into_iter().zip(lanes.as_chunks_mut::<8>().0) {
            // SAFETY: the destination is an array of 8 values.
            unsafe { _mm256_storeu_ps(lanes.as_mut_ptr(), sum) };
        }
        *out = finish(lanes, probe_tail, row_tail);
    }
}
