//! The verbs over the fakes of `testkit`: every rule that a surface relies on, with a frozen clock.

mod append;
mod doctor;
mod doctor_topics;
mod erase;
mod house;
mod keys;
mod maintain;
mod memories;
mod receipts;
mod reindex;
mod state;
