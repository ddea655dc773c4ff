//! Models that fail or lie, over real HTTP: the engine learns through the real adapters from a scripted server, on
//! both wires, whole and streamed. Nothing ungrounded becomes a memory, nothing is lost silently, messages stay.

mod failing;
mod house;
mod lying;
mod replaying;
