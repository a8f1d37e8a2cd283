//! AVX2 with FMA: two vectors hold the sixteen channels of a pixel.
//!
//! Products are cut into tiles of up to six pixels by one block of channels, twelve sums that stay
//! in registers from bias to store. Built like `avx512.rs`, which says more.
#![allow(
    unsafe_code,
    reason = "SIMD loads and stores through pointers; each block says why it is sound"
)]

use std::arch::x86_64::*;

use super::{DepthwiseRow, Lanes, Product};

/// Exists only on a processor with AVX2 and FMA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token(());

impl Token {
    pub(super) fn detect() -> Option<Token> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Token(()))
    }

    /// The product must have passed its check.
    pub(super) fn product(self, product: &mut Product<'_>) {
        // SAFETY: the token proves the features.
        unsafe { tiles(product) }
    }

    /// The row must have passed its check.
    pub(super) fn depthwise(self, row: &mut DepthwiseRow<'_>) {
        // SAFETY: the token proves the features.
        unsafe {
            match row.stride {
                1 => depthwise::<1>(row),
                _ => depthwise::<2>(row),
            }
        }
    }
}

/// Repeats a block for each of six constants below a bound; see `avx512.rs`.
macro_rules! unrolled {
    ($m:ident < $bound:ident, $body:block) => {
        unrolled!(@ $m $bound $body 0 1 2 3 4 5)
    };
    (@ $m:ident $bound:ident $body:block $($value:literal)*) => {
        $( { const $m: usize = $value; if $m < $bound $body } )*
    };
}

/// Pixels of the widest tile.
const WIDEST: usize = 6;

#[target_feature(enable = "avx2,fma")]
fn tiles(p: &mut Product<'_>) {
    let depth = p.depth();
    let count = p.width.div_ceil(WIDEST);
    for block in 0..p.bias.len() {
        for row in 0..p.rows {
            for number in 0..count {
                let (start, end) = (number * p.width / count, (number + 1) * p.width / count);
                let tile = Tile {
                    depth,
                    block,
                    row,
                    pixel: start,
                };
                // SAFETY: the tile lies within the product: a block of it, a row below `rows`, and
                // `end - start` pixels below `width`.
                unsafe {
                    match end - start {
                        1 => tile.compute::<1>(p),
                        2 => tile.compute::<2>(p),
                        3 => tile.compute::<3>(p),
                        4 => tile.compute::<4>(p),
                        5 => tile.compute::<5>(p),
                        _ => tile.compute::<6>(p),
                    }
                }
            }
        }
    }
}

/// Where a tile lies in its product.
#[derive(Clone, Copy)]
struct Tile {
    depth: usize,
    block: usize,
    row: usize,
    pixel: usize,
}

impl Tile {
    /// # Safety
    /// `MR` pixels from the tile's place must lie within the checked product.
    #[target_feature(enable = "avx2,fma")]
    unsafe fn compute<const MR: usize>(self, p: &mut Product<'_>) {
        let mut sums = [[_mm256_setzero_ps(); 2]; MR];
        // SAFETY: `Product::check` bounds every pixel, tap and block; the tile lies within them.
        unsafe {
            let bias = load(p.bias.as_ptr().add(self.block));
            unrolled!(M < MR, { sums[M] = bias });
            let mut weights = p.weights.as_ptr().add(self.block * self.depth);
            let input = p.input.as_ptr().add(self.row * p.input_row + self.pixel);
            for tap in p.taps {
                let pixels = input.add(tap.offset).cast::<f32>();
                for channel in 0..tap.channels {
                    _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD).cast());
                    let filter = load(weights);
                    unrolled!(M < MR, {
                        let value = _mm256_broadcast_ss(&*pixels.add(M * 16 + channel));
                        sums[M][0] = _mm256_fmadd_ps(value, filter[0], sums[M][0]);
                        sums[M][1] = _mm256_fmadd_ps(value, filter[1], sums[M][1]);
                    });
                    weights = weights.add(1);
                }
            }
            let slope = load(p.slope.as_ptr().add(self.block));
            let to =
                self.row * p.output_row + self.block * p.output_block + self.pixel * p.output_pixel;
            unrolled!(M < MR, {
                let to = to + M * p.output_pixel;
                let mut value = [
                    rectified(sums[M][0], slope[0]),
                    rectified(sums[M][1], slope[1]),
                ];
                if let Some(residual) = p.residual {
                    let residual = load(residual.as_ptr().add(to));
                    value = [
                        _mm256_add_ps(value[0], residual[0]),
                        _mm256_add_ps(value[1], residual[1]),
                    ];
                }
                store(p.output.as_mut_ptr().add(to), value);
            });
        }
    }
}

/// Weights are asked for this many steps before they are used: 4 KB.
const AHEAD: usize = 64;

#[target_feature(enable = "avx2,fma")]
fn depthwise<const STRIDE: usize>(d: &mut DepthwiseRow<'_>) {
    for block in 0..d.bias.len() {
        for half in 0..2 {
            let mut pixel = 0;
            while pixel < d.width {
                // SAFETY: no more pixels than are left of a row that `DepthwiseRow::check` bounded.
                unsafe {
                    match d.width - pixel {
                        1 => neighbours::<STRIDE, 1>(d, block, half, pixel),
                        2 => neighbours::<STRIDE, 2>(d, block, half, pixel),
                        3 => neighbours::<STRIDE, 3>(d, block, half, pixel),
                        _ => neighbours::<STRIDE, 4>(d, block, half, pixel),
                    }
                }
                pixel += 4;
            }
        }
    }
}

/// `N` neighbouring outputs of half a block: each input is loaded once for all that read it.
///
/// # Safety
/// `pixel + N` must not exceed the width of the checked row, nor `block` its blocks.
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn neighbours<const STRIDE: usize, const N: usize>(
    d: &mut DepthwiseRow<'_>,
    block: usize,
    half: usize,
    pixel: usize,
) {
    // SAFETY: `DepthwiseRow::check` bounds the last block and pixel; these are none beyond.
    unsafe {
        let weights = d.weights.as_ptr().add(block * 9);
        let mut sums = [load(d.bias.as_ptr().add(block))[half]; N];
        for (row, input) in d.input.iter().enumerate() {
            let input = input.as_ptr().add(block * d.input_block + pixel * STRIDE);
            let weights = [0, 1, 2].map(|column| load(weights.add(row * 3 + column))[half]);
            for at in 0..(N - 1) * STRIDE + 3 {
                let value = load(input.add(at))[half];
                for (n, sum) in sums.iter_mut().enumerate() {
                    if let Some(weight) = at
                        .checked_sub(n * STRIDE)
                        .and_then(|column| weights.get(column))
                    {
                        *sum = _mm256_fmadd_ps(value, *weight, *sum);
                    }
                }
            }
        }
        let slope = load(d.slope.as_ptr().add(block))[half];
        let output = d.output.as_mut_ptr().add(block * d.width + pixel);
        for (n, sum) in sums.into_iter().enumerate() {
            _mm256_store_ps(
                output.add(n).cast::<f32>().add(half * 8),
                rectified(sum, slope),
            );
        }
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn rectified(value: __m256, slope: __m256) -> __m256 {
    let zero = _mm256_setzero_ps();
    _mm256_fmadd_ps(
        slope,
        _mm256_min_ps(value, zero),
        _mm256_max_ps(value, zero),
    )
}

#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn load(lanes: *const Lanes) -> [__m256; 2] {
    let floats = lanes.cast::<f32>();
    // SAFETY: the caller gives a readable place; `Lanes` are aligned to their 64 bytes.
    unsafe { [_mm256_load_ps(floats), _mm256_load_ps(floats.add(8))] }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn store(lanes: *mut Lanes, value: [__m256; 2]) {
    let floats = lanes.cast::<f32>();
    // SAFETY: the caller gives a writable place; `Lanes` are aligned to their 64 bytes.
    unsafe {
        _mm256_store_ps(floats, value[0]);
        _mm256_store_ps(floats.add(8), value[1]);
    }
}
