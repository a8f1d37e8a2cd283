//! At which scores a ward decides.

use faceward_match::{ThresholdTable, Thresholds, table_for};

use crate::{Ward, WardError};

impl Ward {
    /// The scores at which this ward decides, for a search among `size` references.
    pub(crate) fn thresholds(&self, size: usize) -> Result<Thresholds, WardError> {
        let table = self.threshold_table()?;
        Ok(self.config.policy()?.for_gallery(&table, size)?)
    }

    /// The table this ward decides by: its own, or the one measured for the model.
    pub(crate) fn threshold_table(&self) -> Result<ThresholdTable, WardError> {
        let model = self.model()?;
        match self.config.thresholds()? {
            Some(table) if table.model() != model => Err(WardError::OtherModel {
                table: table.model().clone(),
                model: model.clone(),
            }),
            Some(table) => Ok(table),
            None => table_for(model).ok_or_else(|| WardError::NoThresholds(model.clone())),
        }
    }
}
