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

use dytallix_abi::{CallFlags, CallStatus, HostTrap};

use super::frame::{CallRequest, Frame};
use super::outcome::Fault;
use crate::primitives::{Address, Amount, Hash};
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

    /// Whether a call may begin, and with which code. Checked in this order: depth, balance,
    /// contract, re-entry, payment. Whether the code has the method is for its owner to see.
    pub(super) fn admit(
        &mut self,
        overlay: &mut Overlay<'_>,
        caller: &Address,
        request: &CallRequest,
        depth_limit: u32,
    ) -> Result<Hash, Refusal> {
        if self.open.len() >= depth_limit as usize {
            return Err(Refusal::Trap(HostTrap::CallDepth));
        }
        if overlay.load_account(caller)?.balance < request.value {
            return Err(Refusal::Status(CallStatus::Balance));
        }
        let contract = overlay.load_account(&request.to)?.contract.as_ref();
        let code_hash = contract.ok_or(Refusal::Status(CallStatus::NotFound))?.code_hash;
        if let Some(running) = self.open.last_mut() {
            running.reentry = request.flags.contains(CallFlags::ALLOW_REENTRY);
        }
        let mut same = self.open.iter().filter(|open| open.frame.contract == request.to);
        if !same.all(|open| open.reentry) {
            return Err(Refusal::Status(CallStatus::ReentryRefused));
        }
        // A method is payable only where its ABI says so, and no ABI is read yet.
        if request.value != Amount::ZERO {
            return Err(Refusal::Status(CallStatus::NotPermitted));
        }
        Ok(code_hash)
    }

    /// Opens a frame. What happens from here on is undone unless the frame ends well.
    pub(super) fn push(&mut self, overlay: &mut Overlay<'_>, frame: Frame) {
        let checkpoint = overlay.checkpoint();
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
    use crate::primitives::{Domain, Height};
    use crate::state::tests::empty_state;
    use crate::state::{Block, ContractInfo, MemoryStore, State};

    const DEPTH: u32 = 4;

    fn address(n: u8) -> Address {
        Address::from_bytes([n; 32])
    }

    fn code() -> Hash {
        Hash::of(Domain::Code, &[b"code"])
    }

    fn frame(n: u8) -> Frame {
        Frame::new(address(n), address(0), [].into(), false)
    }

    fn request(to: u8, flags: CallFlags) -> CallRequest {
        let (method, input) = (b"method".to_vec(), [].into());
        CallRequest { to: address(to), method, input, value: Amount::ZERO, gas: 0, flags }
    }

    /// Contracts at 1, 2 and 3; 9 is an account with a balance and no code.
    fn store() -> State<MemoryStore> {
        let mut state = empty_state();
        let mut overlay = Overlay::new(&state);
        overlay.add_code(code(), (*b"code").into(), address(0)).expect("memory");
        for n in 1..=3 {
            let info = ContractInfo::deployed(code(), address(0), Height::new(1));
            overlay.create_contract(&address(n), info).expect("memory");
        }
        overlay.credit(&address(9), Amount::new(5)).expect("small");
        let changes = overlay.changes();
        state.commit(Block::new(Height::new(1), &changes)).expect("memory");
        state
    }

    fn status(status: CallStatus) -> Result<Hash, Refusal> {
        Err(Refusal::Status(status))
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
            tree.push(&mut overlay, frame(1));
            tree.push(&mut overlay, frame(2));
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
            tree.push(&mut overlay, frame(1));
            tree.running().expect("open").output = b"data".to_vec();
            assert_eq!(tree.pop(&mut overlay, end), expected);
        }
    }

    #[test]
    fn reentry_is_refused_unless_every_frame_of_the_contract_has_opened() {
        use CallFlags as F;
        // Frames by contract, each with the flag of the call that it waits for; then who is called.
        type Case<'a> = (&'a [(u8, F)], u8, bool);
        let cases: &[Case<'_>] = &[
            (&[(1, F::NONE)], 2, true),
            (&[(1, F::NONE)], 1, false),
            (&[(1, F::ALLOW_REENTRY)], 1, true),
            (&[(1, F::NONE), (2, F::NONE)], 1, false),
            (&[(1, F::NONE), (2, F::ALLOW_REENTRY)], 1, false),
            (&[(1, F::ALLOW_REENTRY), (2, F::NONE)], 1, true),
            (&[(1, F::ALLOW_REENTRY), (2, F::NONE)], 2, false),
            (&[(1, F::ALLOW_REENTRY), (2, F::NONE), (1, F::NONE)], 1, false),
            (&[(1, F::ALLOW_REENTRY), (2, F::NONE), (1, F::ALLOW_REENTRY)], 1, true),
        ];
        let store = store();
        for (frames, to, allowed) in cases {
            let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
            for (at, (n, _)) in frames.iter().enumerate() {
                if let Some((caller, flags)) = at.checked_sub(1).map(|below| frames[below]) {
                    let admitted =
                        tree.admit(&mut overlay, &address(caller), &request(*n, flags), DEPTH);
                    assert_eq!(admitted, Ok(code()));
                }
                tree.push(&mut overlay, frame(*n));
            }
            let (caller, flags) = frames[frames.len() - 1];
            let outcome = tree.admit(&mut overlay, &address(caller), &request(*to, flags), DEPTH);
            let refused = status(CallStatus::ReentryRefused);
            assert_eq!(outcome, if *allowed { Ok(code()) } else { refused }, "{frames:?} {to}");
        }
    }

    #[test]
    fn a_contract_that_has_ended_can_be_called_again() {
        let store = store();
        let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
        tree.push(&mut overlay, frame(1));
        for _ in 0..2 {
            let wanted = request(2, CallFlags::NONE);
            assert_eq!(tree.admit(&mut overlay, &address(1), &wanted, DEPTH), Ok(code()));
            tree.push(&mut overlay, frame(2));
            tree.pop(&mut overlay, FrameEnd::Trapped);
        }
    }

    #[test]
    fn depth_traps_the_caller_at_the_limit_and_not_below() {
        let store = store();
        let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
        let wanted = request(1, CallFlags::ALLOW_REENTRY);
        for _ in 0..4 {
            assert_eq!(tree.admit(&mut overlay, &address(1), &wanted, DEPTH), Ok(code()));
            tree.push(&mut overlay, frame(1));
        }
        let refused = Err(Refusal::Trap(HostTrap::CallDepth));
        assert_eq!(tree.admit(&mut overlay, &address(1), &wanted, DEPTH), refused);
    }

    #[test]
    fn a_call_needs_a_contract_and_may_send_nothing_yet() {
        let store = store();
        let (mut overlay, mut tree) = (Overlay::new(&store), CallTree::default());
        let mut call = |to: u8, value: u128| {
            let wanted = CallRequest { value: Amount::new(value), ..request(to, CallFlags::NONE) };
            tree.admit(&mut overlay, &address(9), &wanted, DEPTH)
        };
        assert_eq!(call(1, 0), Ok(code()));
        assert_eq!(call(9, 0), status(CallStatus::NotFound));
        assert_eq!(call(8, 0), status(CallStatus::NotFound));
        assert_eq!(call(1, 5), status(CallStatus::NotPermitted));
        assert_eq!(call(1, 6), status(CallStatus::Balance));
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
