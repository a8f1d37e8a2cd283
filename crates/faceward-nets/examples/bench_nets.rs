//! Times a net: `echo 10 | bench_nets <net> <threads> <kernels>` prints the seconds of ten runs.
//!
//! `bench/nets.py` calls it, in turn with ONNX Runtime. Kernels are `best` or one by its name:
//! `scalar`, `avx2+fma`, `avx512`.

use std::num::NonZeroUsize;
use std::time::Instant;

use faceward_nets::{
    CenterFace, Kernels, Landmarks68, MiniFasNet, MobileFaceNet, NetError, Threads,
};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [net, threads, kernels] = arguments.as_slice() else {
        return Err("usage: bench_nets <net> <threads> <kernels>".into());
    };
    let kernels = match kernels.as_str() {
        "best" => Kernels::best(),
        name => Kernels::available()
            .into_iter()
            .find(|kernels| kernels.to_string() == name)
            .ok_or("this processor has no such kernels")?,
    };
    let threads = Threads::with_kernels(threads.parse::<NonZeroUsize>()?, kernels);
    match net.as_str() {
        "mobilefacenet" => {
            let net = MobileFaceNet::from_safetensors(&weights("mobilefacenet")?)?;
            let face = picture(112 * 112 * 3);
            serve(|| net.run(&face, &threads).map(drop))
        }
        "landmarks68" => {
            let net = Landmarks68::from_safetensors(&weights("landmarks68")?)?;
            let face = picture(64 * 64);
            serve(|| net.run(&face, &threads).map(drop))
        }
        "minifasnet" => {
            let net = MiniFasNet::from_safetensors(&weights("minifasnet")?)?;
            let face = picture(128 * 128 * 3);
            serve(|| net.run(&face, &threads).map(drop))
        }
        size => {
            let (width, height) = size
                .strip_prefix("centerface-")
                .and_then(|size| size.split_once('x'))
                .ok_or("the net is mobilefacenet, landmarks68, minifasnet or centerface-640x480")?;
            let (width, height) = (width.parse()?, height.parse()?);
            let net = CenterFace::from_safetensors(&weights("centerface")?)?;
            let picture = picture(width * height * 3);
            serve(|| net.run(&picture, width, height, &threads).map(drop))
        }
    }
}

fn weights(net: &str) -> std::io::Result<Vec<u8>> {
    std::fs::read(format!(
        "{}/../../models/{net}.safetensors",
        env!("CARGO_MANIFEST_DIR")
    ))
}

fn picture(bytes: usize) -> Vec<u8> {
    (0..bytes)
        .map(|at| ((at * 2_654_435_761) >> 24) as u8)
        .collect()
}

/// Answers each number on standard input with the seconds of as many runs.
fn serve(run: impl Fn() -> Result<(), NetError>) -> Result<(), Failure> {
    for line in std::io::stdin().lines() {
        let mut seconds = Vec::new();
        for _ in 0..line?.trim().parse()? {
            let start = Instant::now();
            run()?;
            seconds.push(format!("{:.7}", start.elapsed().as_secs_f64()));
        }
        println!("{}", seconds.join(" "));
    }
    Ok(())
}
