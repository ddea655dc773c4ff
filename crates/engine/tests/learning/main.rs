//! Learning, whole: from messages to memories over the fakes, with rules and with a scripted model.

mod contradicting;
mod deciding;
mod echoing;
mod ending;
mod failing;
mod forgetting;
mod house;
mod leaning;
mod model;
mod order;
mod refusing;
