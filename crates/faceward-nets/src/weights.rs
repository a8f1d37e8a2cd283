//! A file of weights, opened and checked once: every tensor is asked for by name and shape.

use half::f16;
use safetensors::{Dtype, SafeTensors};

use crate::error::NetError;

/// The format `models/convert.py` writes.
const FORMAT: &str = "faceward-nets 1";

/// The tensors of one net.
pub(crate) struct Weights<'a> {
    net: &'static str,
    tensors: SafeTensors<'a>,
}

/// What follows a convolution.
#[derive(Clone, Copy)]
pub(crate) enum Activation {
    Linear,
    Relu,
    /// With slopes of its own in the file.
    PRelu,
}

impl<'a> Weights<'a> {
    /// Opens the weights of `net`.
    pub(crate) fn open(net: &'static str, bytes: &'a [u8]) -> Result<Weights<'a>, NetError> {
        let unreadable = |error: safetensors::SafeTensorError| unusable(net, error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let stated = |key| {
            header
                .metadata()
                .as_ref()
                .and_then(|all| all.get(key))
                .map_or("unknown", String::as_str)
        };
        if stated("format") != FORMAT {
            return Err(unusable(
                net,
                format!("format is `{}`, not `{FORMAT}`", stated("format")),
            ));
        }
        if stated("name") != net {
            return Err(unusable(net, format!("they are of `{}`", stated("name"))));
        }
        Ok(Weights {
            net,
            tensors: SafeTensors::deserialize(bytes).map_err(unreadable)?,
        })
    }

    /// The values of a tensor, which must have exactly this shape and be finite.
    pub(crate) fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, NetError> {
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|error| unusable(self.net, error.to_string()))?;
        if tensor.shape() != shape {
            return Err(unusable(
                self.net,
                format!("`{name}` has shape {:?}, not {shape:?}", tensor.shape()),
            ));
        }
        let values: Vec<f32> = match tensor.dtype() {
            Dtype::F16 => tensor
                .data()
                .as_chunks()
                .0
                .iter()
                .map(|bytes| f16::from_le_bytes(*bytes).to_f32())
                .collect(),
            Dtype::F32 => tensor
                .data()
                .as_chunks()
                .0
                .iter()
                .map(|bytes| f32::from_le_bytes(*bytes))
                .collect(),
            other => {
                return Err(unusable(
                    self.net,
                    format!("`{name}` is stored as {other:?}"),
                ));
            }
        };
        match values.iter().all(|value| value.is_finite()) {
            true => Ok(values),
            false => Err(unusable(
                self.net,
                format!("`{name}` holds values that are not numbers"),
            )),
        }
    }

    /// The slope, for values below zero, of each of `channels` channels of layer `name`.
    pub(crate) fn slope(
        &self,
        name: &str,
        channels: usize,
        activation: Activation,
    ) -> Result<Vec<f32>, NetError> {
        match activation {
            Activation::Linear => Ok(vec![1.0; channels]),
            Activation::Relu => Ok(vec![0.0; channels]),
            Activation::PRelu => self.tensor(&format!("{name}.slope"), &[channels]),
        }
    }
}

fn unusable(net: &'static str, reason: String) -> NetError {
    NetError::Weights { net, reason }
}
