//! The real program, run as people and programs run it: one story a test.

mod config;
mod demo;
mod help;
mod home;
mod import;
mod keys;
mod maintenance;
mod ownership;
mod records;
