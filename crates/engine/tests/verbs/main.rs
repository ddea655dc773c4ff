//! The verbs over the fakes of `testkit`: every rule that a surface relies on, with a frozen clock.

mod append;
mod doctor;
mod doctor_topics;
mod dreams;
mod erase;
mod house;
mod keys;
mod maintain;
mod memories;
mod recalling;
mod receipts;
mod reindex;
mod state;
mod topic_lists;
mod topic_loading;
mod topic_purging;
mod topic_recall;
mod topic_stores;
mod topic_tool;
mod topic_versions;
mod topic_writing;
mod topics;
