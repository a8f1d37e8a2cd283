mod consistency;
mod inclusion;

use std::fmt;

use crate::tree::{Span, join};
use crate::{Checkpoint, Hash, LedgerError, NodeId, decimal};

pub use consistency::{ConsistencyProof, consistency_proof, nodes_for_consistency};
pub use inclusion::{InclusionProof, inclusion_proof, nodes_for_inclusion};

/// The stored nodes a path of spans is made of, span after span.
fn nodes_of(spans: &[Span]) -> Vec<NodeId> {
    spans.iter().flat_map(|span| span.nodes()).collect()
}

/// One hash a span, from the hashes of [`nodes_of`] the same spans.
fn join_each(spans: &[Span], fetched: &[Hash]) -> Result<Vec<Hash>, LedgerError> {
    let wrong = || LedgerError::WrongNodes {
        asked: nodes_of(spans).len(),
        given: fetched.len(),
    };
    let mut rest = fetched;
    let mut path = Vec::with_capacity(spans.len());
    for span in spans {
        let (subtrees, after) = rest
            .split_at_checked(span.nodes().count())
            .ok_or_else(wrong)?;
        path.push(join(subtrees));
        rest = after;
    }
    if rest.is_empty() {
        Ok(path)
    } else {
        Err(wrong())
    }
}

fn same_size(proof: u64, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
    let sizes = LedgerError::OtherSize {
        proof,
        checkpoint: checkpoint.size,
    };
    if proof == checkpoint.size {
        Ok(())
    } else {
        Err(sizes)
    }
}

/// Writes a proof: its version, two named numbers, then a hash a line.
fn write_text(
    f: &mut fmt::Formatter<'_>,
    version: &str,
    numbers: [(&str, u64); 2],
    path: &[Hash],
) -> fmt::Result {
    writeln!(f, "{version}")?;
    for (name, number) in numbers {
        writeln!(f, "{name} {number}")?;
    }
    path.iter().try_for_each(|hash| writeln!(f, "{hash}"))
}

/// Reads what [`write_text`] wrote and nothing else; the error says which rule was broken.
fn read_text(
    text: &str,
    version: &str,
    names: [&str; 2],
) -> Result<([u64; 2], Vec<Hash>), &'static str> {
    let mut lines = text
        .strip_suffix('\n')
        .ok_or("it must end in a newline")?
        .split('\n');
    if lines.next() != Some(version) {
        return Err("its first line must name this format and version");
    }
    let mut number = |name: &str| {
        let written = lines.next()?.strip_prefix(name)?.strip_prefix(' ')?;
        decimal::parse(written)
    };
    let [first, second] = names.map(&mut number);
    let numbers = first
        .zip(second)
        .ok_or("its second and third line must be the two sizes, in decimal")?;
    let path = lines.map(str::parse).collect::<Result<Vec<Hash>, _>>();
    let path =
        path.map_err(|_| "every further line must be a hash of 32 bytes in standard base64")?;
    Ok(([numbers.0, numbers.1], path))
}
