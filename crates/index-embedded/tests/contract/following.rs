//! Loading, following and leaving memory.
