//! AVX-512: one vector holds the sixteen channels of a pixel.
//!
//! Products are cut into tiles of up to fourteen pixels by two blocks of channels (nine by three
//! where the blocks are odd in number): all sums of a tile stay in registers from bias to store.
#![allow(
    unsafe_code,
    reason = "SIMD loads and stores through pointers; each block says why it is sound"
)]

use std::arch::x86_64::*;

use super::{DepthwiseRow, Lanes, Product};

/// Exists only on a processor with AVX-512.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token(());

impl Token {
    pub(super) fn detect() -> Option<Token> {
        is_x86_feature_detected!("avx512f").then_some(Token(()))
    }

    /// The product must have passed its check.
    pub(super) fn product(self, product: &mut Product<'_>) {
        // SAFETY: the token proves the feature.
        unsafe { tiles(product) }
    }

    /// The row must have passed its check.
    pub(super) fn depthwise(self, row: &mut DepthwiseRow<'_>) {
        // SAFETY: the token proves the feature.
        unsafe {
            match row.stride {
                1 => depthwise::<1>(row),
                _ => depthwise::<2>(row),
            }
        }
    }
}

/// Repeats a block for each of fourteen constants below a bound: loops the compiler might not
/// unroll would put the sums on the stack.
macro_rules! unrolled {
    ($m:ident < $bound:ident, $body:block) => {
        unrolled!(@ $m $bound $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13)
    };
    (@ $m:ident $bound:ident $body:block $($value:literal)*) => {
        $( { const $m: usize = $value; if $m < $bound $body } )*
    };
}

/// Pixels of the widest tile by one, two and three blocks.
const WIDEST: [usize; 3] = [14, 14, 9];

#[target_feature(enable = "avx512f")]
fn tiles(p: &mut Product<'_>) {
    let depth = p.depth();
    let mut block = 0;
    while block < p.bias.len() {
        let blocks = match p.bias.len() - block {
            1 => 1,
            left if left % 2 == 1 => 3,
            _ => 2,
        };
        // Tiles as equal as possible: the last is no slower than the others.
        let count = p.width.div_ceil(WIDEST[blocks - 1]);
        for row in 0..p.rows {
            for number in 0..count {
                let (start, end) = (number * p.width / count, (number + 1) * p.width / count);
                let tile = Tile {
                    depth,
                    block,
                    row,
                    pixel: start,
                };
                // SAFETY: the tile lies within the product: fewer than `bias.len()` blocks from 0,
                // rows below `rows`, and `end - start` pixels below `width`.
                unsafe {
                    match blocks {
                        1 => tile.of::<1>(p, end - start),
                        2 => tile.of::<2>(p, end - start),
                        _ => tile.of::<3>(p, end - start),
                    }
                }
            }
        }
        block += blocks;
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
    /// `NB` blocks and `pixels` pixels from the tile's place must lie within the checked product.
    #[target_feature(enable = "avx512f")]
    unsafe fn of<const NB: usize>(self, p: &mut Product<'_>, pixels: usize) {
        // SAFETY: as the caller promised; the constant is the number of pixels, or less.
        unsafe {
            match pixels {
                1 => self.compute::<1, NB>(p),
                2 => self.compute::<2, NB>(p),
                3 => self.compute::<3, NB>(p),
                4 => self.compute::<4, NB>(p),
                5 => self.compute::<5, NB>(p),
                6 => self.compute::<6, NB>(p),
                7 => self.compute::<7, NB>(p),
                8 => self.compute::<8, NB>(p),
                9 => self.compute::<9, NB>(p),
                10 => self.compute::<10, NB>(p),
                11 => self.compute::<11, NB>(p),
                12 => self.compute::<12, NB>(p),
                13 => self.compute::<13, NB>(p),
                _ => self.compute::<14, NB>(p),
            }
        }
    }

    /// # Safety
    /// As above, with `MR` pixels.
    #[target_feature(enable = "avx512f")]
    #[allow(
        clippy::needless_range_loop,
        reason = "counted to a constant, so unrolled"
    )]
    unsafe fn compute<const MR: usize, const NB: usize>(self, p: &mut Product<'_>) {
        let mut sums = [[_mm512_setzero_ps(); NB]; MR];
        // SAFETY: `Product::check` bounds every pixel, tap and block; the tile lies within them.
        unsafe {
            for j in 0..NB {
                let bias = load(p.bias.as_ptr().add(self.block + j));
                unrolled!(M < MR, { sums[M][j] = bias });
            }
            let mut weights = p.weights.as_ptr().add(self.block * self.depth);
            let input = p.input.as_ptr().add(self.row * p.input_row + self.pixel);
            for tap in p.taps {
                let pixels = input.add(tap.offset).cast::<f32>();
                for channel in 0..tap.channels {
                    let mut filter = [_mm512_setzero_ps(); NB];
                    for (j, filter) in filter.iter_mut().enumerate() {
                        let weights = weights.add(j * self.depth);
                        _mm_prefetch::<_MM_HINT_T0>(weights.wrapping_add(AHEAD).cast());
                        *filter = load(weights);
                    }
                    unrolled!(M < MR, {
                        let value = _mm512_set1_ps(*pixels.add(M * 16 + channel));
                        for (j, filter) in filter.iter().enumerate() {
                            sums[M][j] = _mm512_fmadd_ps(value, *filter, sums[M][j]);
                        }
                    });
                    weights = weights.add(1);
                }
            }
            let to =
                self.row * p.output_row + self.block * p.output_block + self.pixel * p.output_pixel;
            for j in 0..NB {
                let slope = load(p.slope.as_ptr().add(self.block + j));
                let to = to + j * p.output_block;
                unrolled!(M < MR, {
                    let mut value = rectified(sums[M][j], slope);
                    if let Some(residual) = p.residual {
                        value = _mm512_add_ps(
                            value,
                            load(residual.as_ptr().add(to + M * p.output_pixel)),
                        );
                    }
                    store(p.output.as_mut_ptr().add(to + M * p.output_pixel), value);
                });
            }
        }
    }
}

/// Weights are asked for this many steps before they are used: 4 KB.
const AHEAD: usize = 64;

#[target_feature(enable = "avx512f")]
fn depthwise<const STRIDE: usize>(d: &mut DepthwiseRow<'_>) {
    for block in 0..d.bias.len() {
        let mut pixel = 0;
        while pixel < d.width {
            // SAFETY: no more pixels than are left of a row that `DepthwiseRow::check` bounded.
            unsafe {
                match d.width - pixel {
                    1 => neighbours::<STRIDE, 1>(d, block, pixel),
                    2 => neighbours::<STRIDE, 2>(d, block, pixel),
                    3 => neighbours::<STRIDE, 3>(d, block, pixel),
                    _ => neighbours::<STRIDE, 4>(d, block, pixel),
                }
            }
            pixel += 4;
        }
    }
}

/// `N` neighbouring outputs of one block: each input is loaded once for all that read it.
///
/// # Safety
/// `pixel + N` must not exceed the width of the checked row, nor `block` its blocks.
#[target_feature(enable = "avx512f")]
#[inline]
unsafe fn neighbours<const STRIDE: usize, const N: usize>(
    d: &mut DepthwiseRow<'_>,
    block: usize,
    pixel: usize,
) {
    // SAFETY: `DepthwiseRow::check` bounds the last block and pixel; these are none beyond.
    unsafe {
        let weights = d.weights.as_ptr().add(block * 9);
        let mut sums = [load(d.bias.as_ptr().add(block)); N];
        for (row, input) in d.input.iter().enumerate() {
            let input = input.as_ptr().add(block * d.input_block + pixel * STRIDE);
            let weights = [0, 1, 2].map(|column| load(weights.add(row * 3 + column)));
            for at in 0..(N - 1) * STRIDE + 3 {
                let value = load(input.add(at));
                for (n, sum) in sums.iter_mut().enumerate() {
                    if let Some(weight) = at
                        .checked_sub(n * STRIDE)
                        .and_then(|column| weights.get(column))
                    {
                        *sum = _mm512_fmadd_ps(value, *weight, *sum);
                    }
                }
            }
        }
        let slope = load(d.slope.as_ptr().add(block));
        let output = d.output.as_mut_ptr().add(block * d.width + pixel);
        for (n, sum) in sums.into_iter().enumerate() {
            store(output.add(n), rectified(sum, slope));
        }
    }
}

#[target_feature(enable = "avx512f")]
#[inline]
fn rectified(value: __m512, slope: __m512) -> __m512 {
    let zero = _mm512_setzero_ps();
    _mm512_fmadd_ps(
        slope,
        _mm512_min_ps(value, zero),
        _mm512_max_ps(value, zero),
    )
}

#[target_feature(enable = "avx512f")]
#[inline]
unsafe fn load(lanes: *const Lanes) -> __m512 {
    // SAFETY: the caller gives a readable place; `Lanes` are aligned to their 64 bytes.
    unsafe { _mm512_load_ps(lanes.cast()) }
}

#[target_feature(enable = "avx512f")]
#[inline]
unsafe fn store(lanes: *mut Lanes, value: __m512) {
    // SAFETY: the caller gives a writable place; `Lanes` are aligned to their 64 bytes.
    unsafe { _mm512_store_ps(lanes.cast(), value) }
}
