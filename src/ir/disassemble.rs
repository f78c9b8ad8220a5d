//! Listings: cells → ops with their operands. Reads code that was translated with
//! [`HandlerTable::identity`].
//!
//! [`HandlerTable::identity`]: super::HandlerTable::identity

use alloc::vec::Vec;
use core::fmt;

use super::cell::{unpack, unpack_half};
use super::code::{Code, HEADER_WORDS};
use super::op::{Class, Op, OpKind, Operand, Shape};
use super::pair::Pair;

/// One piece of an op.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// A slot that is written.
    Write(u16),
    /// Several slots that are written.
    WriteSpan(u16, u16),
    /// A slot that is read.
    Read(u16),
    /// Several slots that are read.
    ReadSpan(u16, u16),
    /// The accumulator of a class.
    Acc(Class),
    /// An immediate of a class.
    Imm(Class, u64),
    /// An offset that is added to an address.
    Offset(u32),
    /// A number of bits by which the operand before it is shifted.
    Shift(u32),
    /// An index: what it counts, its value.
    Index(&'static str, u32),
    /// A branch target, as a word of the buffer, and the gas of the region there.
    Target(usize, u32),
    /// Gas of the region that follows.
    Gas(u32),
}

/// One op of a listing.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its first word in the buffer.
    pub word: usize,
    /// The op.
    pub op: Op,
    /// Cells that it takes.
    pub cells: usize,
    /// Its operands.
    pub parts: Vec<Part>,
    /// The pair that it makes with the next, where one handler runs both.
    pub pair: Option<Pair>,
}

/// Lists the ops of a function, or of nothing where it has no code. Stops at a cell that is no op.
pub fn disassemble(code: &Code, function: u32) -> Vec<Line> {
    let Some(range) = code.range(function) else { return Vec::new() };
    let words = code.words();
    let mut lines = Vec::new();
    let mut word = range.start + HEADER_WORDS;
    while word < range.end {
        let number = u16::try_from(words[word]).ok();
        let pair = number.and_then(Pair::from_number);
        let Some(op) = number.and_then(Op::from_number).or(pair.map(|p| p.ops()[0])) else { break };
        let fields = words.get(word + 1).copied().unwrap_or(0);
        let cells = op.cells(fields);
        let Some(body) = words.get(word..word + cells).filter(|_| word + cells <= range.end) else {
            break;
        };
        lines.push(Line { word, op, cells, parts: parts(op, word, body), pair });
        word += cells;
    }
    lines
}

fn target(word: usize, cell: u64) -> Part {
    let [distance, gas] = unpack_half(cell);
    let words = (distance as i32 / 8) as isize;
    Part::Target(word.wrapping_add_signed(words), gas)
}

fn parts(op: Op, word: usize, cells: &[u64]) -> Vec<Part> {
    let kind = op.kind();
    let fields = cells.get(1).map_or([0; 4], |&c| unpack(c));
    let half = cells.get(1).map_or(0, |&c| unpack_half(c)[1]);
    let mut out = Vec::new();
    if kind.shape() == Shape::fixed || kind == OpKind::BrTable {
        fixed_parts(kind, word, cells, &mut out);
        return out;
    }
    let branch = op.is_compare_branch() || kind.shape() == Shape::branch;
    if op.stores_result() {
        out.push(Part::Write(fields[0]));
    } else if kind.shape().has_result() && !branch {
        out.push(Part::Acc(kind.output()));
    }
    if kind.shape() == Shape::step {
        out.push(Part::Write(fields[0]));
        out.extend([Part::Read(fields[0]), Part::Imm(Class::u32, unpack_half(cells[3])[0].into())]);
    }
    let store = matches!(kind.shape(), Shape::store | Shape::store_float);
    let base = usize::from(!store);
    let mut field = match kind.shape() {
        Shape::step => 1,
        _ => usize::from(!branch && !store),
    };
    for (i, &operand) in op.pattern().iter().enumerate() {
        let class = if store && i == 0 { Class::u32 } else { kind.input() };
        match operand {
            Operand::S if kind.shape() == Shape::select => out.push(Part::Read(fields[3])),
            Operand::S if kind.shape() == Shape::product => out.push(Part::Read(fields[1 + i])),
            Operand::S => out.push(Part::Read(fields[if store { i } else { field }])),
            Operand::A if kind.shape() == Shape::select => out.push(Part::Acc(Class::u32)),
            Operand::A => out.push(Part::Acc(class)),
            Operand::I => out.extend(immediate(op, class, i, &fields, half, cells)),
            address => out.extend(address_parts(kind, address, fields[base], &fields, half)),
        }
        field += usize::from(operand == Operand::S);
    }
    let plain = matches!(op.pattern().first(), Some(Operand::S | Operand::A | Operand::I));
    match kind.shape() {
        Shape::select => out.extend([Part::Read(fields[1]), Part::Read(fields[2])]),
        Shape::load | Shape::store | Shape::store_float if plain => out.push(Part::Offset(half)),
        Shape::load | Shape::store | Shape::store_float => {}
        Shape::shifted => out.push(Part::Shift(fields[3].into())),
        Shape::product => out.push(Part::Read(fields[3])),
        Shape::source if matches!(kind, OpKind::Return1 | OpKind::FReturn1) => {}
        Shape::source => out.push(Part::Index("global", half)),
        Shape::dest if kind != OpKind::MemorySize => out.push(Part::Index("global", half)),
        _ if branch => out.extend([target(word, cells[2]), Part::Gas(half)]),
        _ => {}
    }
    out
}

/// The parts of an address of more than one piece.
fn address_parts(
    kind: OpKind,
    operand: Operand,
    base: u16,
    fields: &[u16; 4],
    half: u32,
) -> Vec<Part> {
    let mut out = match operand {
        Operand::SumA | Operand::LeftA => Vec::from([Part::Acc(Class::u32)]),
        _ => Vec::from([Part::Read(base)]),
    };
    match operand {
        Operand::Sum | Operand::SumA => out.push(Part::Imm(Class::u32, half.into())),
        Operand::Add | Operand::Scale => out.push(Part::Read(fields[2])),
        Operand::Left | Operand::LeftA => {
            return Vec::from([out[0], Part::Shift(kind.scale()), Part::Offset(half)]);
        }
        _ => out.push(Part::Acc(Class::u32)),
    }
    if matches!(operand, Operand::Scale | Operand::ScaleA) {
        out.push(Part::Shift(kind.scale()));
    }
    if !matches!(operand, Operand::Sum | Operand::SumA) {
        out.push(Part::Offset(fields[3].into()));
    }
    out
}

fn immediate(
    op: Op,
    class: Class,
    index: usize,
    fields: &[u16; 4],
    half: u32,
    cells: &[u64],
) -> Option<Part> {
    let bits = match op.kind().shape() {
        // A constant address is in the offset.
        Shape::load => return None,
        Shape::store | Shape::store_float if index == 0 => return None,
        Shape::store => i64::from(fields[1] as i16) as u64,
        Shape::source => cells[2],
        Shape::step => unpack_half(cells[3])[1].into(),
        _ if op.is_compare_branch() => cells[3],
        _ if class.is_wide() => cells[2],
        _ => u64::from(half),
    };
    Some(Part::Imm(class, bits))
}

fn fixed_parts(kind: OpKind, word: usize, cells: &[u64], out: &mut Vec<Part>) {
    use OpKind as K;
    use Part::{Gas, Imm, Index, Read, ReadSpan, Target, Write, WriteSpan};
    let f = cells.get(1).map_or([0; 4], |&c| unpack(c));
    let [low, high] = cells.get(1).map_or([0; 2], |&c| unpack_half(c));
    let [low2, high2] = cells.get(2).map_or([0; 2], |&c| unpack_half(c));
    let low3 = cells.get(3).map_or(0, |&c| unpack_half(c)[0]);
    match kind {
        K::Copy => out.extend([Write(f[0]), Read(f[1])]),
        K::Copy2 => out.extend([Write(f[0]), Read(f[1]), Write(f[2]), Read(f[3])]),
        K::CopySpan => out.extend([WriteSpan(f[0], f[2]), ReadSpan(f[1], f[2])]),
        K::Const32 => out.extend([Write(f[0]), Imm(Class::u32, u64::from(high))]),
        K::Const64 => out.extend([Write(f[0]), Imm(Class::u64, cells[2])]),
        K::StoreAcc => out.extend([Write(f[0]), Part::Acc(Class::u64)]),
        K::StoreFacc => out.extend([Write(f[0]), Part::Acc(Class::f64)]),
        K::Br => out.push(target(word, cells[1])),
        K::BrTable => {
            let index = if cells[0] as u16 == Op::new(K::BrTable, 0).number() {
                Read(f[0])
            } else {
                Part::Acc(Class::u32)
            };
            out.push(index);
            out.extend(cells[2..].iter().map(|&c| target(word, c)));
        }
        K::Charge => out.push(Gas(high)),
        K::Return => out.push(Read(f[0])),
        K::Call => {
            let Target(to, _) = target(word, cells[2]) else { return };
            out.extend([Index("frame", u32::from(f[0])), Index("entry", to as u32), Gas(high2)]);
        }
        K::CallImport => {
            out.extend([Index("frame", u32::from(f[0])), Index("import", low2), Gas(high2)]);
        }
        K::CallIndirect => out.extend([
            Index("frame", u32::from(f[0])),
            Read(f[1]),
            Index("type", high),
            Index("table", low2),
            Gas(high2),
        ]),
        K::ReturnCall => {
            let Target(to, _) = target(word, cells[2]) else { return };
            out.extend([ReadSpan(f[0], f[3]), Index("entry", to as u32)]);
        }
        K::ReturnCallImport => out.extend([ReadSpan(f[0], f[3]), Index("import", low2)]),
        K::ReturnCallIndirect => out.extend([
            ReadSpan(f[0], f[3]),
            Read(f[1]),
            Index("type", high2),
            Index("table", low2),
        ]),
        K::MemoryGrow => out.extend([Write(f[0]), Read(f[1]), Gas(high)]),
        K::MemoryCopy | K::MemoryFill => {
            out.extend([Read(f[0]), Read(f[1]), Read(f[2]), Gas(high2)]);
        }
        K::MemoryInit => {
            out.extend([Read(f[0]), Read(f[1]), Read(f[2]), Index("data", low2), Gas(high2)]);
        }
        K::DataDrop => out.push(Index("data", low)),
        K::ElemDrop => out.push(Index("element", low)),
        K::TableGet => out.extend([Write(f[0]), Read(f[1]), Index("table", high)]),
        K::TableSet => out.extend([Read(f[0]), Read(f[1]), Index("table", high)]),
        K::TableSize => out.extend([Write(f[0]), Index("table", high)]),
        K::TableGrow => {
            out.extend([Write(f[0]), Read(f[1]), Read(f[2]), Index("table", low2), Gas(high2)]);
        }
        K::TableFill => {
            out.extend([Read(f[0]), Read(f[1]), Read(f[2]), Index("table", low2), Gas(high2)]);
        }
        K::TableCopy => {
            out.extend([Read(f[0]), Read(f[1]), Read(f[2])]);
            out.extend([Index("table", low2), Index("table", low3), Gas(high2)]);
        }
        K::TableInit => {
            out.extend([Read(f[0]), Read(f[1]), Read(f[2])]);
            out.extend([Index("table", low2), Index("element", low3), Gas(high2)]);
        }
        K::RefFunc => out.extend([Write(f[0]), Index("function", high)]),
        _ => {}
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Part::Write(slot) => write!(f, "s{slot} ="),
            Part::WriteSpan(slot, count) => write!(f, "s{slot}..+{count} ="),
            Part::Read(slot) => write!(f, "s{slot}"),
            Part::ReadSpan(slot, count) => write!(f, "s{slot}..+{count}"),
            Part::Acc(class) => f.write_str(if class.is_float() { "facc" } else { "acc" }),
            Part::Imm(Class::u32, bits) => write!(f, "{}", bits as i32),
            Part::Imm(Class::u64, bits) => write!(f, "{}", bits as i64),
            Part::Imm(Class::f32, bits) => write!(f, "{:?}", f32::from_bits(bits as u32)),
            Part::Imm(Class::f64, bits) => write!(f, "{:?}", f64::from_bits(bits)),
            Part::Offset(offset) => write!(f, "+{offset}"),
            Part::Shift(bits) => write!(f, "by {bits}"),
            Part::Index(what, index) => write!(f, "{what}={index}"),
            Part::Target(word, gas) => write!(f, "->{word} [{gas}]"),
            Part::Gas(gas) => write!(f, "[{gas}]"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let branch = if self.op.is_compare_branch() { "Br" } else { "" };
        write!(f, "{branch}{}", self.op.kind().name())?;
        for part in &self.parts {
            write!(f, " {part}")?;
        }
        if self.pair.is_some() {
            f.write_str(" &")?;
        }
        Ok(())
    }
}
