//! The dot product, three times: a scalar reference and two vector forms with the same bits.
//!
//! Element `i` is added to partial sum `i % 32`, product rounded before it is added; the 32 sums
//! then fold in halves. AVX-512 holds them in two registers, AVX2 in four, other machines in what
//! the compiler makes of the array: the order of additions, and so the result, is the same.

#[cfg(target_arch = "x86_64")]
#[allow(
    unsafe_code,
    reason = "vector loads and calls that need a detected processor feature"
)]
mod x86_64;

/// Partial sums of the dot product.
const LANES: usize = 32;

/// Name of the dot product kernel this processor uses: `avx512`, `avx2` or `scalar`.
pub fn kernel_in_use() -> &'static str {
    match Kernel::detect() {
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512(_) => "avx512",
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2(_) => "avx2",
        Kernel::Scalar => "scalar",
    }
}

/// A way to multiply that this processor has; the vector arms hold a token that only detection
/// makes.
#[derive(Clone, Copy)]
pub(crate) enum Kernel {
    #[cfg(target_arch = "x86_64")]
    Avx512(x86_64::Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(x86_64::Avx2),
    Scalar,
}

impl Kernel {
    /// The fastest one; the standard library remembers what the processor said.
    pub(crate) fn detect() -> Kernel {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(token) = x86_64::Avx512::detect() {
                return Kernel::Avx512(token);
            }
            if let Some(token) = x86_64::Avx2::detect() {
                return Kernel::Avx2(token);
            }
        }
        Kernel::Scalar
    }

    /// Sum of products over the shorter length.
    pub(crate) fn dot(self, a: &[f32], b: &[f32]) -> f32 {
        let mut out = [0.0];
        self.dots(a, b, &mut out);
        let [dot] = out;
        dot
    }

    /// `out[i]` = dot product of `probe` and row `i` of `rows`, rows as long as the probe.
    pub(crate) fn dots(self, probe: &[f32], rows: &[f32], out: &mut [f32]) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512(token) => token.dots(probe, rows, out),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2(token) => token.dots(probe, rows, out),
            Kernel::Scalar => scalar_dots(probe, rows, out),
        }
    }
}

fn scalar_dots(probe: &[f32], rows: &[f32], out: &mut [f32]) {
    for (row, out) in rows.chunks_exact(probe.len()).zip(out) {
        let (p, probe_tail) = probe.as_chunks::<LANES>();
        let (r, row_tail) = row.as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for (p, r) in p.iter().zip(r) {
            for ((sum, p), r) in sums.iter_mut().zip(p).zip(r) {
                *sum += p * r;
            }
        }
        *out = finish(sums, probe_tail, row_tail);
    }
}

/// Adds what did not fill 32 lanes, then folds the sums in halves: 16, 8, 4, 2, 1.
#[inline(always)]
fn finish(mut sums: [f32; LANES], probe_tail: &[f32], row_tail: &[f32]) -> f32 {
    for ((sum, p), r) in sums.iter_mut().zip(probe_tail).zip(row_tail) {
        *sum += p * r;
    }
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        let (low, high) = sums.split_at_mut(width);
        for (l, h) in low.iter_mut().zip(high) {
            *l += *h;
        }
    }
    let [dot, ..] = sums;
    dot
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every kernel this machine can run, beside the reference.
    fn vector_kernels() -> Vec<(&'static str, Kernel)> {
        #[allow(unused_mut, reason = "stays empty where there is no vector kernel")]
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            found.extend(x86_64::Avx512::detect().map(|t| ("avx512", Kernel::Avx512(t))));
            found.extend(x86_64::Avx2::detect().map(|t| ("avx2", Kernel::Avx2(t))));
        }
        found
    }

    fn probe_and_rows() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
        (1usize..300, 1usize..5).prop_flat_map(|(length, rows)| {
            let values = |n| prop::collection::vec(-1.0f32..1.0, n);
            (values(length), values(length * rows))
        })
    }

    proptest! {
        #[test]
        fn vector_kernels_give_the_bits_of_the_reference((probe, rows) in probe_and_rows()) {
            let mut truth = vec![0.0; rows.len() / probe.len()];
            scalar_dots(&probe, &rows, &mut truth);
            for (name, kernel) in vector_kernels() {
                let mut dots = vec![f32::NAN; truth.len()];
                kernel.dots(&probe, &rows, &mut dots);
                for (truth, dot) in truth.iter().zip(&dots) {
                    prop_assert_eq!(truth.to_bits(), dot.to_bits(), "{}: {} {}", name, truth, dot);
                }
            }
        }

        /// Each of the at most n/32 + 6 roundings of a sum loses half a unit in the last place of
        /// the magnitudes added so far.
        #[test]
        fn the_reference_is_near_the_exact_sum((probe, row) in (1usize..4096).prop_flat_map(|n| {
            let values = move || prop::collection::vec(-1.0f32..1.0, n);
            (values(), values())
        })) {
            let mut out = [0.0];
            scalar_dots(&probe, &row, &mut out);
            let products = probe.iter().zip(&row).map(|(p, r)| f64::from(*p) * f64::from(*r));
            let (exact, size) = products.fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
            let bound = (probe.len() as f64 / 32.0 + 7.0) * f64::from(f32::EPSILON) / 2.0 * size;
            prop_assert!((f64::from(out[0]) - exact).abs() <= bound);
        }
    }

    #[test]
    fn the_kernel_in_use_is_one_of_those_tested() {
        let name = kernel_in_use();
        assert!(name == "scalar" || vector_kernels().iter().any(|(n, _)| *n == name));
    }
}
