//! Stand-in for `faceward-nets` until its first version lands; goes away then.
#![allow(
    missing_docs,
    clippy::unnecessary_wraps,
    reason = "a stand-in for a few hours"
)]
use std::num::NonZeroUsize;
#[derive(Debug, thiserror::Error)]
#[error("net")]
pub struct NetError;
pub struct Threads(NonZeroUsize);
impl Threads {
    pub fn new(n: NonZeroUsize) -> Threads {
        Threads(n)
    }
}
pub struct CenterFaceMaps {
    pub width: usize,
    pub height: usize,
    pub heat: Vec<f32>,
    pub scale: [Vec<f32>; 2],
    pub offset: [Vec<f32>; 2],
    pub landmarks: [Vec<f32>; 10],
}
macro_rules! net {
    ($name:ident) => {
        pub struct $name;
        impl $name {
            pub fn from_safetensors(_: &[u8]) -> Result<Self, NetError> {
                Ok(Self)
            }
        }
    };
}
net!(CenterFace);
net!(MobileFaceNet);
net!(Landmarks68);
net!(MiniFasNet);
impl CenterFace {
    pub fn run(
        &self,
        _: &[u8],
        _w: usize,
        _h: usize,
        _: &Threads,
    ) -> Result<CenterFaceMaps, NetError> {
        Err(NetError)
    }
}
impl MobileFaceNet {
    pub fn run(&self, _: &[u8], _: &Threads) -> Result<Vec<f32>, NetError> {
        Err(NetError)
    }
}
impl Landmarks68 {
    pub fn run(&self, _: &[u8], _: &Threads) -> Result<[[f32; 2]; 68], NetError> {
        Err(NetError)
    }
}
impl MiniFasNet {
    pub fn run(&self, _: &[u8], _: &Threads) -> Result<[f32; 3], NetError> {
        Err(NetError)
    }
}
