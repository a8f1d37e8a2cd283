//! What can go wrong between a file of weights, a picture and an answer.

/// Why a net could not be made or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// The bytes are not the weights of this net: damaged, cut short, of another net or another
    /// version. Load the file named in `models/manifest.toml`, whose digest is written there.
    #[error(
        "weights of {net} cannot be used: {reason}; load the file named in models/manifest.toml"
    )]
    Weights {
        /// The net that was to be made.
        net: &'static str,
        /// What was found instead.
        reason: String,
    },
    /// The picture does not have the size the net asks for. Resize or pad it first.
    #[error("{net} takes {expected}, got {found}")]
    Input {
        /// The net that was to run.
        net: &'static str,
        /// What the net takes.
        expected: &'static str,
        /// What it was given.
        found: String,
    },
}
