//! The verifier: what the interpreter takes for granted about register code, checked.
//!
//! It reads code translated with the identity table, in debug and fuzz builds. A failure is a bug
//! of the translator, never a property of the guest's module.

use alloc::collections::BTreeSet;
use core::fmt;

use super::code::{Code, HEADER_WORDS};
use super::disassemble::{Part, disassemble};
use super::op::OpKind;

/// What is wrong, and at which word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// Word of the op in the code buffer.
    pub word: usize,
    /// What does not hold.
    pub what: &'static str,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (word {})", self.what, self.word)
    }
}

/// Checks every function: ops tile its range, slots lie in its frame, branches lead to ops, the
/// last op ends a path.
///
/// # Errors
///
/// The first thing that does not hold.
pub fn verify(code: &Code) -> Result<(), VerifyError> {
    let entries: BTreeSet<usize> = code.entries.iter().map(|&e| e as usize).collect();
    for index in 0..code.entries.len() as u32 {
        verify_function(code, code.imported + index, &entries)?;
    }
    Ok(())
}

fn verify_function(
    code: &Code,
    function: u32,
    entries: &BTreeSet<usize>,
) -> Result<(), VerifyError> {
    let range = code.range(function).unwrap_or_default();
    let frame = code.frame_slots(function).unwrap_or(0);
    let fail = |word: usize, what: &'static str| Err(VerifyError { word, what });
    let lines = disassemble(code, function);
    let starts: BTreeSet<usize> = lines.iter().map(|l| l.word).collect();
    let Some(last) = lines.last() else { return fail(range.start, "function without ops") };
    if last.word + last.cells != range.end {
        return fail(last.word, "ops do not tile the function");
    }
    if !ends_path(last.op.kind()) {
        return fail(last.word, "the last op falls off the function");
    }
    let header = u32::from(code.header_slot(function).unwrap_or(0));
    if header + HEADER_WORDS as u32 > frame {
        return fail(range.start, "frame without room for its header");
    }
    for (i, line) in lines.iter().enumerate() {
        if let Some(pair) = line.pair
            && lines.get(i + 1).is_none_or(|next| next.op != pair.ops()[1])
        {
            return fail(line.word, "the second op of a pair is another");
        }
        for part in &line.parts {
            let inside = match *part {
                Part::Write(slot) | Part::Read(slot) => u32::from(slot) < frame,
                Part::WriteSpan(slot, count) | Part::ReadSpan(slot, count) => {
                    u32::from(slot) + u32::from(count) <= frame
                }
                Part::Index("frame", slot) => slot <= frame,
                Part::Index("entry", word) => entries.contains(&(word as usize)),
                Part::Target(word, _) => starts.contains(&word),
                _ => true,
            };
            if !inside {
                return fail(line.word, "operand outside its range");
            }
            if let Part::Write(slot) = *part
                && (header..header + 2).contains(&u32::from(slot))
            {
                return fail(line.word, "op overwrites the frame header");
            }
        }
    }
    Ok(())
}

fn ends_path(kind: OpKind) -> bool {
    use OpKind as K;
    matches!(
        kind,
        K::Br
            | K::BrTable
            | K::Unreachable
            | K::OutOfGas
            | K::Return
            | K::Return1
            | K::FReturn1
            | K::ReturnCall
            | K::ReturnCallImport
            | K::ReturnCallIndirect
    )
}
