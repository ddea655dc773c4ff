//! The contract of each port as one suite that every adapter runs, and the fakes too.
//!
//! A rule is an async function named as a sentence; `run_all` runs each on a fresh place of its own. A suite
//! asserts what the port's comments promise, and nothing that they leave open.

pub mod chat;
pub mod control;
pub mod embedder;
pub mod index;
pub mod store;

/// Runs rules one after the other, each with what the expression makes anew. A test shows its output when
/// it fails: the last rule that is named is the one that was broken.
macro_rules! run_rules {
    ($fresh:expr; $($module:ident::$rule:ident),+ $(,)?) => {
        $(
            eprintln!("rule: {}", stringify!($rule));
            $module::$rule(&$fresh).await;
        )+
    };
}

use run_rules;
