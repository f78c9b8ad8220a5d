//! Recordings of frames, made while a runtime executes.

use std::sync::{Arc, Mutex, PoisonError};

use dytallix::CallStatus;
use dytallix::chain::CallTrap;
use dytallix::host::{FrameBegin, FrameEvent};

/// Memories are compared in pieces of that many bytes.
const PIECE: usize = 64;

/// A frame, from its beginning to its end.
#[derive(Clone, Debug)]
pub struct FrameRecording {
    /// Its module.
    pub module: Arc<[u8]>,
    /// The function `_initialize`, where there is one.
    pub initialize: Option<u32>,
    /// The function that it was opened for.
    pub entry: Option<u32>,
    /// Gas that it had.
    pub gas: u64,
    /// What of it the instance cost.
    pub instance_price: u64,
    /// Pages that the frames below held.
    pub held_pages: u64,
    /// Pages that all frames may hold.
    pub limit_pages: u64,
    /// Slots of the value stack that it could use.
    pub stack_slots: u64,
    /// How many frames were below it.
    pub depth: usize,
    /// What it asked the host.
    pub calls: Vec<RecordedCall>,
    /// How it ended.
    pub end: End,
}

/// A call of a host function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    /// The number of the function.
    pub function: u32,
    /// The bits of the arguments.
    pub arguments: Vec<u64>,
    /// Gas that was left before it.
    pub gas: u64,
    /// What `fingerprint` says of the memory before it.
    pub memory: u64,
    /// What came back; nothing where the frame ended instead.
    pub answer: Option<Answer>,
}

/// What came back of a call of a host function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The bits of the result.
    pub result: Option<u64>,
    /// Gas that was left.
    pub gas: u64,
    /// What had changed in memory: where, and the bytes that are there now.
    pub writes: Vec<(usize, Vec<u8>)>,
}

/// How a frame ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// What its caller sees.
    pub status: CallStatus,
    /// Gas that was left.
    pub gas: u64,
    /// Why and where it trapped, if it did.
    pub trap: Option<CallTrap>,
}

/// Records frames. Copies record to the same place.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Recordings>>);

#[derive(Default)]
struct Recordings {
    /// Frames that have not ended, with their memories at the last call.
    open: Vec<(FrameRecording, Vec<u8>)>,
    /// Frames that have, in the order of their ends.
    ended: Vec<FrameRecording>,
    /// Modules, so that a frame does not need a copy of its own.
    modules: Vec<Arc<[u8]>>,
}

impl Recorder {
    /// A recorder without frames.
    #[must_use]
    pub fn new() -> Recorder {
        Recorder::default()
    }

    /// Takes note of an event.
    pub fn hear(&self, event: &FrameEvent<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).hear(event);
    }

    /// The frames that have ended since the last time, in the order of their ends.
    ///
    /// # Panics
    ///
    /// Where a frame is still open.
    #[must_use]
    pub fn take(&self) -> Vec<FrameRecording> {
        let mut recordings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(recordings.open.is_empty(), "every frame that begins ends");
        std::mem::take(&mut recordings.ended)
    }
}

impl Recordings {
    fn hear(&mut self, event: &FrameEvent<'_>) {
        match event {
            FrameEvent::Begins(begin) => self.begin(begin),
            FrameEvent::Calls { function, arguments, gas, memory } => {
                let (frame, before) = self.open.last_mut().expect("a frame calls");
                before.clear();
                before.extend_from_slice(memory);
                frame.calls.push(RecordedCall {
                    function: *function,
                    arguments: arguments.to_vec(),
                    gas: *gas,
                    memory: fingerprint(memory),
                    answer: None,
                });
            }
            FrameEvent::GoesOn { result, gas, memory } => {
                let (frame, before) = self.open.last_mut().expect("a frame goes on");
                let call = frame.calls.last_mut().expect("it has called");
                assert_eq!(call.answer, None, "a call is answered once");
                let writes = differences(before, memory);
                call.answer = Some(Answer { result: *result, gas: *gas, writes });
            }
            FrameEvent::Ends { status, gas, trap } => {
                let (mut frame, _) = self.open.pop().expect("a frame ends");
                frame.end = End { status: *status, gas: *gas, trap: trap.cloned() };
                self.ended.push(frame);
            }
            other => unreachable!("an event that is not recorded: {other:?}"),
        }
    }

    fn begin(&mut self, begin: &FrameBegin<'_>) {
        let known = self.modules.iter().find(|module| ***module == *begin.module).cloned();
        let module = known.unwrap_or_else(|| {
            let module: Arc<[u8]> = begin.module.into();
            self.modules.push(module.clone());
            module
        });
        let frame = FrameRecording {
            module,
            initialize: begin.initialize,
            entry: begin.entry,
            gas: begin.gas,
            instance_price: begin.instance_price,
            held_pages: begin.memory.held_pages.into(),
            limit_pages: begin.memory.limit_pages.into(),
            stack_slots: begin.stack_slots,
            depth: self.open.len(),
            calls: Vec::new(),
            // Until it ends.
            end: End { status: CallStatus::Success, gas: 0, trap: None },
        };
        self.open.push((frame, Vec::new()));
    }
}

/// Where two memories differ, and what the second one has there.
fn differences(before: &[u8], after: &[u8]) -> Vec<(usize, Vec<u8>)> {
    assert_eq!(before.len(), after.len(), "a host function does not grow memory");
    let pieces = before.chunks(PIECE).zip(after.chunks(PIECE)).enumerate();
    let changed = pieces.filter(|(_, (before, after))| before != after);
    changed.map(|(index, (_, after))| (index * PIECE, after.to_vec())).collect()
}

/// A number that two memories do not share by chance.
#[must_use]
pub(super) fn fingerprint(memory: &[u8]) -> u64 {
    let words = memory.chunks_exact(8).map(|word| word.try_into().expect("eight bytes"));
    let add = |sum: u64, word| {
        (sum.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95)
    };
    words.fold(memory.len() as u64, add)
}
