//! `[index]`: how much memory finding may take.

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[Key::new(
    "index.memory_mib_max",
    "1024",
    "Memory for the index. It is loaded when first asked, a part for each user; the parts that were\n\
     asked longest ago make room for others.",
)];

/// How much memory finding may take.
pub(crate) struct Index {
    pub(crate) memory_bytes_max: usize,
}

impl Index {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let mebibytes: usize = values.get("index.memory_mib_max")?;
        match mebibytes.checked_mul(1 << 20) {
            Some(memory_bytes_max) if mebibytes >= 16 => Ok(Self { memory_bytes_max }),
            Some(_) | None => Err(values.refuse("index.memory_mib_max", "expected at least 16")),
        }
    }
}
