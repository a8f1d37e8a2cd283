//! Erasure certificates that were handed out.

use std::path::Path;

use faceward::SignedErasure;

use crate::private::{make_private, write_private};

/// Where a certificate lies, which the ward has kept: in `folder` too, where one is named. Where it
/// lies nowhere, the certificate is in the reason.
pub(crate) fn kept_in(folder: Option<&Path>, erasure: &SignedErasure) -> Result<String, String> {
    let with_text = |why: String| format!("{why}:\n{}", erasure.signed);
    let Some(folder) = folder else {
        let kept = erasure.kept.clone().map_err(with_text)?;
        return Ok(kept.display().to_string());
    };
    let path = folder.join(format!("{}.jws", erasure.certificate.certificate_id));
    let kept = make_private(folder).and_then(|()| write_private(&path, &erasure.signed));
    kept.map_err(|error| with_text(format!("cannot write {}: {error}", path.display())))?;
    Ok(path.display().to_string())
}
