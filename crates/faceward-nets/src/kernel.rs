//! The two inner loops every net is made of, in as many instruction sets as are worth having.
//!
//! [`Kernels`] is a token: a value naming an instruction set exists only after the processor was
//! seen to have it, so the layers above call its methods without `unsafe`. Sizes are checked here,
//! once per call; the loops below rely on it. The scalar set is the reference for the others, and
//! what processors without AVX2 run (the compiler vectorises it).
#![allow(
    clippy::indexing_slicing,
    reason = "bounds are asserted once per call, ahead of the loops"
)]

#[cfg(test)]
mod agreement;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod flush;
mod scalar;

pub(crate) use flush::FlushDenormals;

/// Sixteen channels of one pixel: the unit of every buffer, one cache line.
#[derive(Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Lanes(pub(crate) [f32; 16]);

impl Lanes {
    pub(crate) const ZERO: Lanes = Lanes([0.0; 16]);

    /// How many `Lanes` hold `channels` channels.
    pub(crate) fn blocks(channels: usize) -> usize {
        channels.div_ceil(16)
    }
}

/// An instruction set this processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernels(Set);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Token),
    #[cfg(target_arch = "x86_64")]
    Avx512(avx512::Token),
}

impl Kernels {
    /// The portable set: the reference, and the fallback.
    pub const SCALAR: Kernels = Kernels(Set::Scalar);

    /// The fastest set this processor has.
    #[must_use]
    pub fn best() -> Kernels {
        Kernels::available().pop().unwrap_or(Kernels::SCALAR)
    }

    /// All sets this processor has, slowest first. Never empty.
    #[must_use]
    pub fn available() -> Vec<Kernels> {
        std::iter::once(Kernels::SCALAR)
            .chain(Kernels::detected())
            .collect()
    }

    /// The sets beyond the portable one, slowest first.
    #[cfg(target_arch = "x86_64")]
    fn detected() -> impl Iterator<Item = Kernels> {
        let avx2 = avx2::Token::detect().map(|token| Kernels(Set::Avx2(token)));
        let avx512 = avx512::Token::detect().map(|token| Kernels(Set::Avx512(token)));
        avx2.into_iter().chain(avx512)
    }

    /// None yet: the compiler vectorises the portable set.
    #[cfg(not(target_arch = "x86_64"))]
    fn detected() -> impl Iterator<Item = Kernels> {
        std::iter::empty()
    }

    /// Computes every output of `product`; see there.
    pub(crate) fn product(self, product: &mut Product<'_>) {
        product.check();
        match self.0 {
            Set::Scalar => scalar::product(product),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(token) => token.product(product),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(token) => token.product(product),
        }
    }

    /// Computes one output row of a 3×3 depthwise convolution; see [`DepthwiseRow`].
    pub(crate) fn depthwise(self, row: &mut DepthwiseRow<'_>) {
        row.check();
        match self.0 {
            Set::Scalar => scalar::depthwise(row),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(token) => token.depthwise(row),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(token) => token.depthwise(row),
        }
    }
}

impl std::fmt::Display for Kernels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Set::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) => "avx2+fma",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) => "avx512",
        })
    }
}

/// Where, relative to a pixel, a filter finds up to sixteen of its inputs.
#[derive(Clone, Copy)]
pub(crate) struct Tap {
    /// Distance from the pixel, in `Lanes`.
    pub(crate) offset: usize,
    /// How many of the sixteen are read, from the first.
    pub(crate) channels: usize,
}

/// A convolution as a matrix product: `rows × width` pixels by the filter's output channels.
///
/// `output = act(Σ weight · input + bias) + residual`, where `act(x) = max(x, 0) + slope · min(x, 0)`
/// per channel: slope 1 is linear, 0 is ReLU, anything else PReLU. Sums run from the bias through
/// the taps in order, whatever the instruction set or tiling.
pub(crate) struct Product<'a> {
    /// The filter, packed `[output block][tap and channel]`, and per block its bias and slope.
    pub(crate) weights: &'a [Lanes],
    pub(crate) bias: &'a [Lanes],
    pub(crate) slope: &'a [Lanes],
    pub(crate) taps: &'a [Tap],
    /// Pixels of a row are neighbours; rows are `input_row` apart.
    pub(crate) input: &'a [Lanes],
    pub(crate) input_row: usize,
    pub(crate) rows: usize,
    pub(crate) width: usize,
    /// Strides of the output, and of the residual, which is added last.
    pub(crate) output: &'a mut [Lanes],
    pub(crate) residual: Option<&'a [Lanes]>,
    pub(crate) output_row: usize,
    pub(crate) output_block: usize,
    pub(crate) output_pixel: usize,
}

impl Product<'_> {
    /// Inputs summed per output.
    fn depth(&self) -> usize {
        self.taps.iter().map(|tap| tap.channels).sum()
    }

    /// What the kernels rely on: every index they form is inside its slice.
    fn check(&self) {
        let blocks = self.bias.len();
        assert!(
            self.rows > 0 && self.width > 0 && blocks > 0,
            "an empty product"
        );
        assert!(
            self.taps.iter().all(|tap| tap.channels <= 16),
            "a tap reads at most sixteen channels"
        );
        assert!(
            self.weights.len() == blocks * self.depth() && self.slope.len() == blocks,
            "filter of another size"
        );
        let tap = self.taps.iter().map(|tap| tap.offset).max().unwrap_or(0);
        let input = last(&[(self.rows, self.input_row), (self.width, 1), (2, tap)]);
        assert!(input < self.input.len(), "input too short");
        let output = last(&[
            (self.rows, self.output_row),
            (blocks, self.output_block),
            (self.width, self.output_pixel),
        ]);
        assert!(output < self.output.len(), "output too short");
        assert!(
            self.residual.is_none_or(|residual| output < residual.len()),
            "residual too short"
        );
    }
}

/// The last index reached by `count` steps of a distance, each of several ways; never wraps.
fn last(steps: &[(usize, usize)]) -> usize {
    steps.iter().fold(0, |sum, (count, distance)| {
        sum.saturating_add((count - 1).saturating_mul(*distance))
    })
}

/// One output row of a 3×3 depthwise convolution, all channel blocks, bias and slope as in
/// [`Product`]. Input rows carry one pixel of padding on each side.
pub(crate) struct DepthwiseRow<'a> {
    /// `[block][3 × 3]`.
    pub(crate) weights: &'a [Lanes],
    pub(crate) bias: &'a [Lanes],
    pub(crate) slope: &'a [Lanes],
    /// Three padded rows, each `[block][input_block]`.
    pub(crate) input: [&'a [Lanes]; 3],
    pub(crate) input_block: usize,
    /// 1 or 2.
    pub(crate) stride: usize,
    /// `[block][width]`.
    pub(crate) output: &'a mut [Lanes],
    pub(crate) width: usize,
}

impl DepthwiseRow<'_> {
    /// What the kernels rely on, as above.
    fn check(&self) {
        let blocks = self.bias.len();
        assert!(
            self.width > 0 && blocks > 0 && matches!(self.stride, 1 | 2),
            "an empty depthwise row"
        );
        assert!(
            self.weights.len() == blocks * 9 && self.slope.len() == blocks,
            "filter of another size"
        );
        let input = last(&[
            (blocks, self.input_block),
            (self.width, self.stride),
            (3, 1),
        ]);
        assert!(
            self.input.iter().all(|row| input < row.len()),
            "input too short"
        );
        let output = last(&[(blocks, self.width), (self.width, 1)]);
        assert!(output < self.output.len(), "output too short");
    }
}
