//! Dreams: what rules propose, what the check lets stand, and that adopting and rolling back are exact.

mod adopting;
mod asking;
mod finding;
mod random;
mod remembering;
mod rolling_back;
mod shelf;
