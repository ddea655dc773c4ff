//! Bytes: what collections take, counted as capacity, and grown so that little of it stands empty.

use std::collections::HashMap;

/// What a vector has reserved.
pub(crate) fn vec_bytes<T>(vec: &Vec<T>) -> usize {
    vec.capacity() * size_of::<T>()
}

/// What a hash map has reserved: entries and a control byte each, filled to at most seven eighths.
pub(crate) fn map_bytes<K, V>(map: &HashMap<K, V>) -> usize {
    map.capacity() * 8 / 7 * (size_of::<(K, V)>() + 1)
}

/// Makes room for some more entries: an eighth on top at least, so that pushing stays cheap, and not twice
/// as much, so that a large vector wastes little.
pub(crate) fn make_room<T>(vec: &mut Vec<T>, additional: usize) {
    if vec.capacity() - vec.len() < additional {
        vec.reserve_exact(additional.max(vec.len() / 8));
    }
}
