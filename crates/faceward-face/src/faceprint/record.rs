//! A map as it is stored: every value in one byte, every cell with its own scale.

use faceward_match::ModelId;
use zeroize::Zeroizing;

use super::{ALL, DIM, FacePrint};
use crate::FaceError;

/// First byte of a record.
const VERSION: u8 = 1;
/// Version, constant, then for each cell of both pictures its scale and its values.
const LENGTH: usize = 1 + 4 * DIM + 2 * ALL * (4 + DIM);

impl FacePrint {
    /// The map in version 1 of its record, 52,617 bytes: the version; the constant; for each cell of
    /// the picture and of the mirror image its scale and 512 values of eight bits. Numbers are
    /// little-endian, scales and the constant `f32`. A score from two records differs from that of the maps by less
    /// than 0.002.
    pub fn to_record(&self) -> Zeroizing<Vec<u8>> {
        let mut record = Zeroizing::new(Vec::with_capacity(LENGTH));
        record.push(VERSION);
        for value in &self.constant {
            record.extend(value.to_le_bytes());
        }
        for cell in self.cells.chunks_exact(DIM) {
            let largest = cell
                .iter()
                .fold(0.0_f32, |most, value| most.max(value.abs()));
            let scale = largest / 127.0;
            record.extend(scale.to_le_bytes());
            let step = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            record.extend(cell.iter().map(|value| (value * step).round() as i8 as u8));
        }
        record
    }

    /// The map in a record of templates of this model.
    ///
    /// # Errors
    /// [`FaceError::Record`] when the bytes are no record of a version known here.
    pub fn from_record(model: ModelId, record: &[u8]) -> Result<FacePrint, FaceError> {
        let (&[version], rest) = record.split_first_chunk().ok_or(FaceError::Record)?;
        if version != VERSION || record.len() != LENGTH {
            return Err(FaceError::Record);
        }
        let (constant, cells) = rest.split_at(4 * DIM);
        let mut values = Zeroizing::new(Vec::with_capacity(Self::VARIABLES));
        for cell in cells.chunks_exact(4 + DIM) {
            let (scale, cell) = cell.split_first_chunk().ok_or(FaceError::Record)?;
            let scale = f32::from_le_bytes(*scale);
            values.extend(cell.iter().map(|value| f32::from(*value as i8) * scale));
        }
        let constant = constant.as_chunks().0.iter();
        let constant: Vec<f32> = constant.map(|value| f32::from_le_bytes(*value)).collect();
        if !constant
            .iter()
            .chain(values.iter())
            .all(|value| value.is_finite())
        {
            return Err(FaceError::Record);
        }
        Ok(FacePrint {
            model,
            cells: values,
            constant,
        })
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn print() -> FacePrint {
        let value = |i: usize| ((i * 37 % 511) as f32 - 255.0) * 1e-3 * (1 + i / DIM) as f32;
        FacePrint {
            model: ModelId::new("test", [7; 32]).unwrap(),
            cells: Zeroizing::new((0..FacePrint::VARIABLES).map(value).collect()),
            constant: (0..DIM).map(|i| i as f32 * 0.01).collect(),
        }
    }

    #[test]
    fn a_record_gives_back_the_map_to_half_a_step() {
        let print = print();
        let record = print.to_record();
        assert_eq!(record.len(), 52_617);
        // Pins version 1: stored records must stay readable.
        let digest: [u8; 32] = Sha256::digest(&*record).into();
        assert_eq!(digest[..8], [84, 33, 137, 186, 118, 11, 255, 215]);
        let back = FacePrint::from_record(print.model.clone(), &record).unwrap();
        assert_eq!(back.constant, print.constant);
        for (cell, (was, is)) in print.cells.iter().zip(back.cells.iter()).enumerate() {
            let step = 0.255 * (1 + cell / DIM) as f32 / 127.0;
            assert!((was - is).abs() <= 0.51 * step);
        }
        assert_eq!(*back.to_record(), *record);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        let model = ModelId::new("test", [7; 32]).unwrap();
        let whole = print().to_record();
        let mut other = whole.to_vec();
        other[0] = 2;
        let mut wild = whole.to_vec();
        wild[1..5].copy_from_slice(&f32::NAN.to_le_bytes());
        for bytes in [&[][..], &whole[..100], &whole[1..], &other, &wild] {
            assert!(FacePrint::from_record(model.clone(), bytes).is_err());
        }
    }
}
