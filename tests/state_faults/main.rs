//! Committed state when its disk fails: after every failure, what is opened again is the last
//! committed block or the one in progress, whole, and goes on as if nothing had happened.
//!
//! A script of openings, blocks, drops and steps of pruning runs once in memory, which says what
//! there has to be after each step, and once on a sound disk to count what it does to it; then once
//! for each operation and each way to fail there. Restores of a snapshot are treated in the same
//! way. The other half is about damage: bytes and pages of a file, and rows that are lost or
//! changed.

mod damage;
#[path = "../support/fault.rs"]
mod fault;
mod faults;
mod restores;
mod scripts;
mod workload;
