//! The reference. Written so that a compiler can vectorise over the sixteen channels.

use super::{DepthwiseRow, Lanes, Product};

pub(super) fn product(p: &mut Product<'_>) {
    let depth = p.depth();
    for block in 0..p.bias.len() {
        let weights = &p.weights[block * depth..][..depth];
        for row in 0..p.rows {
            for pixel in 0..p.width {
                let mut sum = p.bias[block];
                let mut k = 0;
                for tap in p.taps {
                    let input = &p.input[row * p.input_row + tap.offset + pixel];
                    for channel in &input.0[..tap.channels] {
                        add_scaled(&mut sum, *channel, &weights[k]);
                        k += 1;
                    }
                }
                rectify(&mut sum, &p.slope[block]);
                let at = row * p.output_row + block * p.output_block + pixel * p.output_pixel;
                if let Some(residual) = p.residual {
                    add_scaled(&mut sum, 1.0, &residual[at]);
                }
                p.output[at] = sum;
            }
        }
    }
}

pub(super) fn depthwise(d: &mut DepthwiseRow<'_>) {
    for block in 0..d.bias.len() {
        let weights = &d.weights[block * 9..][..9];
        for pixel in 0..d.width {
            let mut sum = d.bias[block];
            for (row, weights) in d.input.iter().zip(weights.chunks_exact(3)) {
                let window = &row[block * d.input_block + pixel * d.stride..][..3];
                for (input, weight) in window.iter().zip(weights) {
                    for ((s, x), w) in sum.0.iter_mut().zip(&input.0).zip(&weight.0) {
                        *s += x * w;
                    }
                }
            }
            rectify(&mut sum, &d.slope[block]);
            d.output[block * d.width + pixel] = sum;
        }
    }
}

fn add_scaled(sum: &mut Lanes, factor: f32, weights: &Lanes) {
    for (s, w) in sum.0.iter_mut().zip(&weights.0) {
        *s += factor * w;
    }
}

fn rectify(sum: &mut Lanes, slope: &Lanes) {
    for (s, slope) in sum.0.iter_mut().zip(&slope.0) {
        *s = s.max(0.0) + slope * s.min(0.0);
    }
}
