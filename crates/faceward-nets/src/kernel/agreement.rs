//! Every instruction set against the scalar one, on shapes drawn at random from a fixed seed.

use super::*;

/// Sums of a few hundred products of numbers below one, in another order of rounding.
const ROUNDING: f32 = 2e-5;

#[test]
fn products_agree_with_scalar() {
    let mut random = Random(1);
    for case in 0..400 {
        let blocks = random.below(7) + 1;
        let (rows, width) = (random.below(3) + 1, random.below(45) + 1);
        let reach = width + random.below(3);
        let taps: Vec<Tap> = (0..random.below(9) + 1)
            .map(|_| Tap {
                offset: random.below(20) * reach,
                channels: random.below(16) + 1,
            })
            .collect();
        let depth: usize = taps.iter().map(|tap| tap.channels).sum();
        let input_row = 20 * reach + random.below(5);
        let pixel = random.below(2) + 1;
        let block = width * pixel + random.below(3);
        let row = blocks * block + random.below(4);
        let weights = random.lanes(blocks * depth);
        let (bias, slope) = (random.lanes(blocks), random.lanes(blocks));
        let input = random.lanes(rows * input_row + reach);
        let residual = random.lanes(rows * row);
        let before = random.lanes(rows * row);
        let compute = |kernels: Kernels| {
            let mut output = before.clone();
            kernels.product(&mut Product {
                weights: &weights,
                bias: &bias,
                slope: &slope,
                taps: &taps,
                input: &input,
                input_row,
                rows,
                width,
                output: &mut output,
                residual: (case % 3 == 0).then_some(&residual),
                output_row: row,
                output_block: block,
                output_pixel: pixel,
            });
            output
        };
        let expected = compute(Kernels::SCALAR);
        for kernels in Kernels::available() {
            let off = difference(&compute(kernels), &expected);
            assert!(
                off <= ROUNDING,
                "case {case}: {kernels} is {off} from scalar"
            );
        }
    }
}

#[test]
fn depthwise_rows_agree_with_scalar() {
    let mut random = Random(2);
    for case in 0..300 {
        let (blocks, stride, width) = (
            random.below(4) + 1,
            random.below(2) + 1,
            random.below(40) + 1,
        );
        let input_block = (width - 1) * stride + 3 + random.below(3);
        let weights = random.lanes(blocks * 9);
        let (bias, slope) = (random.lanes(blocks), random.lanes(blocks));
        let rows = [0; 3].map(|_| random.lanes(blocks * input_block));
        let before = random.lanes(blocks * width + 3);
        let compute = |kernels: Kernels| {
            let mut output = before.clone();
            kernels.depthwise(&mut DepthwiseRow {
                weights: &weights,
                bias: &bias,
                slope: &slope,
                input: rows.each_ref().map(Vec::as_slice),
                input_block,
                stride,
                output: &mut output,
                width,
            });
            output
        };
        let expected = compute(Kernels::SCALAR);
        for kernels in Kernels::available() {
            let off = difference(&compute(kernels), &expected);
            assert!(
                off <= ROUNDING,
                "case {case}: {kernels} is {off} from scalar"
            );
        }
    }
}

#[test]
fn activation_covers_linear_relu_and_prelu() {
    let one = |value: f32, slope: f32, kernels: Kernels| {
        let mut output = [Lanes::ZERO];
        kernels.product(&mut Product {
            weights: &[Lanes([2.0; 16])],
            bias: &[Lanes([1.0; 16])],
            slope: &[Lanes([slope; 16])],
            taps: &[Tap {
                offset: 0,
                channels: 1,
            }],
            input: &[Lanes([value; 16])],
            input_row: 1,
            rows: 1,
            width: 1,
            output: &mut output,
            residual: Some(&[Lanes([10.0; 16])]),
            output_row: 1,
            output_block: 1,
            output_pixel: 1,
        });
        output[0].0[7]
    };
    for kernels in Kernels::available() {
        assert_eq!(one(3.0, 0.0, kernels), 17.0, "{kernels}");
        assert_eq!(one(-3.0, 0.0, kernels), 10.0, "{kernels}");
        assert_eq!(one(-3.0, 1.0, kernels), 5.0, "{kernels}");
        assert_eq!(one(-3.0, 0.5, kernels), 7.5, "{kernels}");
    }
}

#[test]
#[should_panic(expected = "output too short")]
fn a_product_beyond_its_output_never_reaches_a_kernel() {
    let lanes = [Lanes::ZERO; 4];
    Kernels::best().product(&mut Product {
        weights: &lanes[..1],
        bias: &lanes[..1],
        slope: &lanes[..1],
        taps: &[Tap {
            offset: 0,
            channels: 1,
        }],
        input: &lanes,
        input_row: 4,
        rows: 1,
        width: 4,
        output: &mut [Lanes::ZERO; 3],
        residual: None,
        output_row: 4,
        output_block: 4,
        output_pixel: 1,
    });
}

/// Knuth's MMIX generator: the same cases on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound
    }

    /// Values from -1 to 1.
    fn lanes(&mut self, count: usize) -> Vec<Lanes> {
        (0..count)
            .map(|_| Lanes([0; 16].map(|_: i32| self.next() as f32 / (1u64 << 30) as f32 - 1.0)))
            .collect()
    }
}

fn difference(a: &[Lanes], b: &[Lanes]) -> f32 {
    let pairs = a
        .iter()
        .flat_map(|lanes| lanes.0)
        .zip(b.iter().flat_map(|lanes| lanes.0));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
