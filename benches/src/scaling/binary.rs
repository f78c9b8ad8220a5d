//! Modules as bytes: the worst are made of pieces that a text format would take too long to read.

/// A LEB128 number, unsigned.
pub(super) fn leb(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A section with these contents.
pub(super) fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    [&[id][..], &leb(contents.len() as u32), contents].concat()
}

/// A section of `count` entries, which `entry` writes.
pub(super) fn entries(id: u8, count: u32, mut entry: impl FnMut(u32) -> Vec<u8>) -> Vec<u8> {
    let mut contents = leb(count);
    (0..count).for_each(|number| contents.extend(entry(number)));
    section(id, &contents)
}

/// A section of `count` equal entries.
pub(super) fn equal(id: u8, count: u32, entry: &[u8]) -> Vec<u8> {
    section(id, &[leb(count), entry.repeat(count as usize)].concat())
}

/// A module of these sections.
pub(super) fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [b"\0asm\x01\0\0\0", &sections.concat()[..]].concat()
}

/// The type of functions from `params` to `results` times i32.
pub(super) fn ty(params: usize, results: usize) -> Vec<u8> {
    let list = |count: usize| [leb(count as u32), vec![I32; count]].concat();
    [vec![0x60], list(params), list(results)].concat()
}

/// A body with its size before it.
pub(super) fn sized(body: &[u8]) -> Vec<u8> {
    [leb(body.len() as u32), body.to_vec()].concat()
}

/// A module of these types whose functions, one for each body, are of the first ones.
pub(super) fn functions(types: &[Vec<u8>], bodies: &[Vec<u8>]) -> Vec<u8> {
    module(&[
        entries(1, types.len() as u32, |number| types[number as usize].clone()),
        entries(3, bodies.len() as u32, leb),
        entries(10, bodies.len() as u32, |number| sized(&bodies[number as usize])),
    ])
}

/// The same with one function that has no parameters, no results and `locals` locals of type i32,
/// and with `code` in it.
pub(super) fn function(locals: u32, code: &[&[u8]]) -> Vec<u8> {
    functions(&[ty(0, 0)], &[body(locals, code)])
}

/// A body of locals and pieces of code.
pub(super) fn body(locals: u32, code: &[&[u8]]) -> Vec<u8> {
    let declared = match locals {
        0 => vec![0],
        _ => [vec![1], leb(locals), vec![I32]].concat(),
    };
    [declared, code.concat(), vec![END]].concat()
}

/// An operator with one index.
pub(super) fn op(code: u8, index: u32) -> Vec<u8> {
    [vec![code], leb(index)].concat()
}

pub(super) const I32: u8 = 0x7F;
pub(super) const UNREACHABLE: u8 = 0x00;
pub(super) const BLOCK: u8 = 0x02;
pub(super) const LOOP: u8 = 0x03;
pub(super) const IF: u8 = 0x04;
pub(super) const ELSE: u8 = 0x05;
pub(super) const END: u8 = 0x0B;
pub(super) const BR_IF: u8 = 0x0D;
pub(super) const BR_TABLE: u8 = 0x0E;
pub(super) const CALL: u8 = 0x10;
pub(super) const DROP: u8 = 0x1A;
pub(super) const GET: u8 = 0x20;
pub(super) const SET: u8 = 0x21;
/// The block type without parameters and results.
pub(super) const EMPTY: u8 = 0x40;
pub(super) const CONST: u8 = 0x41;
pub(super) const ADD: u8 = 0x6A;
pub(super) const MUL: u8 = 0x6C;
