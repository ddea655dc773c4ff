//! The real program, run as people and programs run it: one story a test.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on says where")]

mod config;
mod demo;
mod disks;
mod doctor;
mod dreaming;
mod help;
mod home;
mod import;
mod keys;
mod learning;
mod maintenance;
mod models;
mod ownership;
mod records;
mod stopping;
mod topics;
