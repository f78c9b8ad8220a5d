//! Contracts as they run in a chain, replayed on the stepper: the gas of every frame.
//!
//! ```text
//!   Runtime ─ observe_frames ─▶ Recorder ─▶ FrameRecording: what the host was asked and answered
//!                                                │
//!   stepper ◀── the recorded answers, played ────┴─▶ the same calls, the same gas, the same end?
//! ```
//!
//! What the host charges (its functions, the instance, loading, calls of other contracts) is the
//! host's and comes from the recording. Everything between two calls of the host is the stepper's:
//! it must make the same calls, with the same arguments over the same memory and exactly the same
//! gas left, and end in the same way with the same gas.

mod record;
mod replay;

pub use record::{Answer, End, FrameRecording, RecordedCall, Recorder};
pub use replay::{Mismatch, Replayer};
