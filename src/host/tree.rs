//! The frames that are open: who may call whom, and what becomes of state when a frame ends.
//!
//! ```text
//!   outermost ─▶ [ frame │ checkpoint ] [ frame │ checkpoint ] … ◀─ running
//!                                 ▲ success: commit into the frame below
//!                                 └ anything else: revert to the checkpoint
//! ```
//!
//! A list on the heap: its depth is bounded by `CallLimits::depth` and never by a native stack.

use alloc::vec::Vec;

use dytallix_abi::{CallStatus, HostTrap};

use super::frame::Frame;
use super::outcome::Fault;
use crate::primitives::Address;
use crate::state::{Checkpoint, Overlay, StateError};

/// The open frames, outermost first.
#[derive(Debug, Default)]
pub(super) struct CallTree {
    open: Vec<OpenFrame>,
}

#[derive(Debug)]
struct OpenFrame {
    frame: Frame,
    checkpoint: Checkpoint,
    /// Whether the call that this frame waits for may lead back into its contract.
    reentry: bool,
}

/// How a frame ended, as far as state is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameEnd {
    /// The method returned.
    Success,
    /// It reverted, with data.
    Reverted,
    /// It trapped.
    Trapped,
    /// It ran out of gas.
    OutOfGas,
}

/// Why a call does not begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The caller learns this status and goes on.
    Status(CallStatus),
    /// What the callee was given does not pay for its code: all of it is used up.
    Unpaid,
    /// The caller traps.
    Trap(HostTrap),
    /// The store failed.
    Fault(Fault),
}

impl CallTree {
    /// The running frame.
    pub(super) fn running(&mut self) -> Option<&mut Frame> {
        self.open.last_mut().map(|open| &mut open.frame)
    }

    /// How many frames are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Says whether the call that the running frame asks for may lead back into its contract.
    pub(super) fn set_reentry(&mut self, allowed: bool) {
        if let Some(running) = self.open.last_mut() {
            running.reentry = allowed;
        }
    }

    /// Whether a call may enter `contract`: it is not running, or each of its open frames has
    /// opened the call that it waits for to re-entry.
    pub(super) fn may_enter(&self, contract: &Address) -> bool {
        let mut same = self.open.iter().filter(|open| open.frame.contract == *contract);
        same.all(|open| open.reentry)
    }

    /// Opens a frame, whose changes are those since `checkpoint`.
    pub(super) fn push(&mut self, checkpoint: Checkpoint, frame: Frame) {
        self.open.push(OpenFrame { frame, checkpoint, reentry: false });
    }

    /// Closes the running frame: keeps or undoes its changes, and hands its data to the frame
    /// below. Returns the status of the call and its data; a trap and running out of gas leave no
    /// data.
    pub(super) fn pop(
        &mut self,
        overlay: &mut Overlay<'_>,
        end: FrameEnd,
    ) -> (CallStatus, Vec<u8>) {
        let OpenFrame { frame, checkpoint, .. } = self.open.pop().expect("a frame is open");
        let (status, keeps_data) = match end {
            FrameEnd::Success => (CallStatus::Success, true),
            FrameEnd::Reverted => (CallStatus::Reverted, true),
            FrameEnd::Trapped => (CallStatus::Trapped, false),
            FrameEnd::OutOfGas => (CallStatus::OutOfGas, false),
        };
        match end {
            FrameEnd::Success => overlay.commit(checkpoint),
            _ => overlay.revert(checkpoint),
        }
        (status, if keeps_data { frame.output } else { Vec::new() })
    }
}

/// The gas that a callee gets: what the caller asks for, and at most 63/64 of what the caller has
/// left.
pub(super) fn callee_gas(left: u64, asked: u64) -> u64 {
    asked.min(left - left.div_ceil(64))
}

impl From<StateError> for Refusal {
    fn from(error: StateError) -> Self {
        Refusal::Fault(error.into())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Refusal::Fault(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::context::Sender;
    use crate::host::interface::Permissions;
    use crate::primitives::Amount;
    use crate::state::tests::{address, state_with_contracts};
    use crate::state::{MemoryStore, State};

    fn frame(n: u8) -> Frame {
        let sender = Sender { caller: address(0), value: Amount::ZERO };
        Frame::new(address(n), sender, [].into(), false, Permissions::default())
    }

    fn store() -> State<MemoryStore> {
        state_with_contracts(&[address(1), address(2), address(3)])
    }

    fn push(tree: &mut CallTree, overlay: &mut Overlay<'_>, n: u8) {
        let checkpoint = overlay.checkpoint();
        tree.push(checkpoint, frame(n));
    }

    #[test]
    fn success_commits_into_the_frame_below_and_its_failure_undoes_both() {
        let store = store();
        for (end, kept) in [
            (FrameEnd::Success, true),
            (FrameEnd::Reverted, false),
            (FrameEnd::Trapped, false),
            (FrameEnd::OutOfGas, false),
        ] {
            let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
            push(&mut tree, &mut overlay, 1);
            push(&mut tree, &mut overlay, 2);
            overlay.set_storage(&address(2), b"k", Some(b"v")).expect("memory");
            assert_eq!(tree.pop(&mut overlay, FrameEnd::Success).0, CallStatus::Success);
            assert!(!overlay.changes().is_empty());
            tree.pop(&mut overlay, end);
            assert_eq!(!overlay.changes().is_empty(), kept, "{end:?}");
        }
    }

    #[test]
    fn data_survives_success_and_revert_only() {
        let store = store();
        for (end, expected) in [
            (FrameEnd::Success, (CallStatus::Success, b"data".to_vec())),
            (FrameEnd::Reverted, (CallStatus::Reverted, b"data".to_vec())),
            (FrameEnd::Trapped, (CallStatus::Trapped, Vec::new())),
            (FrameEnd::OutOfGas, (CallStatus::OutOfGas, Vec::new())),
        ] {
            let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
            push(&mut tree, &mut overlay, 1);
            tree.running().expect("open").output = b"data".to_vec();
            assert_eq!(tree.pop(&mut overlay, end), expected);
        }
    }

    #[test]
    fn reentry_is_refused_unless_every_frame_of_the_contract_has_opened() {
        // Frames by contract, each with whether it has opened; then who is called.
        type Case<'a> = (&'a [(u8, bool)], u8, bool);
        let cases: &[Case<'_>] = &[
            (&[(1, false)], 2, true),
            (&[(1, false)], 1, false),
            (&[(1, true)], 1, true),
            (&[(1, false), (2, false)], 1, false),
            (&[(1, false), (2, true)], 1, false),
            (&[(1, true), (2, false)], 1, true),
            (&[(1, true), (2, false)], 2, false),
            (&[(1, true), (2, false), (1, false)], 1, false),
            (&[(1, true), (2, false), (1, true)], 1, true),
        ];
        let store = store();
        for (frames, to, allowed) in cases {
            let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
            for (n, reentry) in *frames {
                push(&mut tree, &mut overlay, *n);
                tree.set_reentry(*reentry);
            }
            assert_eq!(tree.may_enter(&address(*to)), *allowed, "{frames:?} {to}");
        }
    }

    #[test]
    fn a_callee_never_gets_more_than_63_of_64_parts() {
        let all = u64::MAX;
        for (left, asked, given) in [
            (0, all, 0),
            (1, all, 0),
            (63, all, 62),
            (64, all, 63),
            (65, all, 63),
            (6400, all, 6300),
            (6400, 6300, 6300),
            (6400, 6299, 6299),
            (6400, 0, 0),
            (all, all, all - (1 << 58)),
        ] {
            assert_eq!(callee_gas(left, asked), given, "{left} {asked}");
        }
    }
}
