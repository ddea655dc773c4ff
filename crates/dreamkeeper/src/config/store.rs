//! `[store]`: how many files are kept open.

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new("store.spaces_open_max", "16", "Spaces kept open when nobody uses them."),
    Key::new("store.readers_max", "4", "Reads of one space at a time; more than that wait."),
];

/// How many files are kept open.
pub(crate) struct Store {
    pub(crate) spaces_open_max: usize,
    pub(crate) readers_max: usize,
}

impl Store {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let at_least_one = |name| match values.get(name)? {
            0_usize => Err(values.refuse(name, "expected at least 1")),
            count => Ok(count),
        };
        Ok(Self {
            spaces_open_max: at_least_one("store.spaces_open_max")?,
            readers_max: at_least_one("store.readers_max")?,
        })
    }
}
