//! The traps: what a reader or a translator would do in more than linear time if it were written
//! without care, each as a family of modules that grows with a number up to a limit of
//! `Limits::default()`. Where two numbers multiply, one of them is at its limit throughout.

use super::binary::*;

/// A family of modules.
pub(super) struct Case {
    /// What grows, and in what.
    pub(super) name: &'static str,
    /// The largest number; sizes are this and its half, quarter, eighth, sixteenth.
    pub(super) largest: u32,
    /// The module of a number.
    pub(super) module: fn(u32) -> Vec<u8>,
}

/// Operands, or locals, that a function may have beside a few others.
const SLOTS: u32 = 31_000;
/// Parameters and results that a type may have.
const ARITY: usize = 1_000;
/// Results, and parameters, in `Limits::contract()`.
const RESULTS: usize = 4;
const PARAMS: usize = 32;
/// Blocks that may be nested.
const NESTING: u32 = 9_984;

macro_rules! cases {
    ($($name:literal $largest:expr, $module:expr;)*) => {
        /// All of them: within functions, across functions, in the other sections.
        pub(super) const ALL: &[Case] =
            &[$(Case { name: $name, largest: $largest, module: $module }),*];
    };
}

cases! {
    "operands of a local that is written" SLOTS, aliases;
    "sums that wait, then branches" SLOTS, sums;
    "constants below blocks and loops" SLOTS, constants;
    "operands of locals below branches" SLOTS, operands;
    "one long expression" 1_500_000, expression;
    "code that cannot be reached" 1_500_000, unreachable;
    "nested blocks, a branch to each" NESTING, |n| nested(BLOCK, n);
    "nested loops, a branch to each" NESTING, |n| nested(LOOP, n);
    "nested ifs with both arms" NESTING, arms;
    "ifs in a row" 1_000_000, ifs;
    "branches that wait for one label" 1_000_000, branches;
    "labels of one br_table" 1_000_000, labels;
    "br_tables of 1,000 labels that carry 1,000" 64, wide_tables;
    "branches that carry 1,000" 24_000, |n| wide_branches(n, ARITY);
    "blocks of 1,000 parameters and results" 32_000, |n| wide_blocks(n, ARITY);
    "calls of 1,000 arguments and results" 64_000, |n| wide_calls(n, ARITY);
    "branches that carry 4, for contracts" 32_000, |n| wide_branches(n, RESULTS);
    "blocks of 4 parameters and results, for contracts" 32_000, |n| wide_blocks(n, RESULTS);
    "calls of 4 arguments and results, for contracts" 64_000, |n| wide_calls(n, RESULTS);
    "runs of locals, read" SLOTS, runs;
    "functions of 31,000 locals" 300_000, many_locals;
    "functions of 1,000 parameters" 30_000, |n| alike(n, ty(ARITY, 0), &body(0, &[]));
    "functions of 32 parameters, for contracts" 100_000, |n| alike(n, ty(PARAMS, 0), &body(0, &[]));
    "functions without code" 1_000_000, empty_functions;
    "calls of functions further on" 500_000, calls;
    "equal types" 1_000_000, equal_types;
    "types that differ at their ends" 10_000, long_types;
    "imports" 300_000, imports;
    "globals" 1_000_000, globals;
    "constant expressions of 9,999 operators" 160, const_exprs;
    "exports" 500_000, |n| exports(n, "");
    "exports with long names alike" 30_000, |n| exports(n, &"n".repeat(200));
    "element segments" 500_000, element_segments;
    "elements of one segment" 4_000_000, elements;
    "data segments" 500_000, data_segments;
    "custom sections" 1_000_000, |n| module(&[[0, 1, 0].repeat(n as usize)]);
}

fn many(piece: &[u8], n: u32) -> Vec<u8> {
    piece.repeat(n as usize)
}

fn numbered(n: u32, piece: impl FnMut(u32) -> Vec<u8>) -> Vec<u8> {
    (0..n).flat_map(piece).collect()
}

fn aliases(n: u32) -> Vec<u8> {
    let pushed = many(&[GET, 0], n / 2);
    let mixed = many(&[CONST, 1, SET, 0, GET, 0], n / 2);
    let written = many(&[CONST, 1, SET, 0], n);
    function(1, &[&pushed, &written, &mixed, &written, &many(&[DROP], n / 2 * 2)])
}

fn sums(n: u32) -> Vec<u8> {
    let pushed = many(&[GET, 0, CONST, 1, ADD], n);
    let branches = many(&[GET, 0, BR_IF, 0], n);
    let code = [&[BLOCK, EMPTY][..], &pushed, &branches, &many(&[DROP], n), &[END]];
    function(1, &code)
}

fn constants(n: u32) -> Vec<u8> {
    let blocks = many(&[BLOCK, EMPTY, END, LOOP, EMPTY, END], n);
    function(0, &[&many(&[CONST, 1], n), &blocks, &many(&[DROP], n)])
}

fn operands(n: u32) -> Vec<u8> {
    let unit = [GET, 0, GET, 1, BR_IF, 0, DROP, GET, 0];
    let code = [&[BLOCK, EMPTY][..], &many(&unit, n), &many(&[DROP], n), &[END]];
    function(2, &code)
}

fn expression(n: u32) -> Vec<u8> {
    function(1, &[&[GET, 0], &many(&[GET, 0, MUL, CONST, 1, ADD], n / 2), &[DROP]])
}

fn unreachable(n: u32) -> Vec<u8> {
    function(1, &[&[UNREACHABLE], &many(&[ADD, DROP, BLOCK, EMPTY, END], n)])
}

fn nested(block: u8, n: u32) -> Vec<u8> {
    let begin = numbered(n, |depth| [&[block, EMPTY, GET, 0][..], &op(BR_IF, depth)].concat());
    function(1, &[&begin, &many(&[END], n)])
}

fn arms(n: u32) -> Vec<u8> {
    function(1, &[&many(&[GET, 0, IF, EMPTY], n), &many(&[ELSE, END], n)])
}

fn ifs(n: u32) -> Vec<u8> {
    function(1, &[&many(&[GET, 0, IF, EMPTY, ELSE, END], n)])
}

fn branches(n: u32) -> Vec<u8> {
    function(1, &[&[BLOCK, EMPTY], &many(&[GET, 0, BR_IF, 0], n), &[END]])
}

fn labels(n: u32) -> Vec<u8> {
    let table = [op(BR_TABLE, n - 1), numbered(n, |label| leb(label % 1_000))].concat();
    function(1, &[&many(&[BLOCK, EMPTY], 1_000), &[GET, 0], &table, &many(&[END], 1_000)])
}

/// Types of nothing to nothing, of nothing to `arity`, of `arity` to `arity`; the first function
/// has code, the others are there to be called.
fn wide(arity: usize, code: &[&[u8]]) -> Vec<u8> {
    let types = [ty(0, 0), ty(0, arity), ty(arity, arity)];
    let callee = body(0, &[&[UNREACHABLE]]);
    functions(&types, &[body(1, code), callee.clone(), callee])
}

fn wide_tables(n: u32) -> Vec<u8> {
    let table = [op(BR_TABLE, 999), numbered(1_000, |label| leb(label + 1))].concat();
    let unit = [&[BLOCK, EMPTY, CALL, 1, GET, 0][..], &table, &[END]].concat();
    let (begin, end) = (many(&[BLOCK, 1], 1_001), many(&[END], 1_001));
    let drops = many(&[DROP], ARITY as u32);
    wide(ARITY, &[&begin, &many(&unit, n), &[CALL, 1], &end, &drops])
}

fn wide_branches(n: u32, arity: usize) -> Vec<u8> {
    let branches = many(&[GET, 0, BR_IF, 0], n);
    let drops = many(&[DROP], arity as u32 + 1);
    wide(arity, &[&[GET, 0, BLOCK, 1, CALL, 1], &branches, &[END], &drops])
}

fn wide_blocks(n: u32, arity: usize) -> Vec<u8> {
    wide(arity, &[&[CALL, 1], &many(&[BLOCK, 2, END], n), &many(&[DROP], arity as u32)])
}

fn wide_calls(n: u32, arity: usize) -> Vec<u8> {
    wide(arity, &[&[CALL, 1], &many(&[CALL, 2], n), &many(&[DROP], arity as u32)])
}

fn runs(n: u32) -> Vec<u8> {
    let n = n / 2 * 2;
    let declared = [leb(n), many(&[1, I32, 1, 0x7E], n / 2)].concat();
    let reads = numbered(n, |local| [op(GET, n - 1 - local), vec![DROP]].concat());
    functions(&[ty(0, 0)], &[[declared, reads, vec![END]].concat()])
}

/// `n` functions of the first type, with the same body.
fn alike(n: u32, ty: Vec<u8>, body: &[u8]) -> Vec<u8> {
    module(&[section(1, &[vec![1], ty].concat()), equal(3, n, &[0]), equal(10, n, &sized(body))])
}

fn many_locals(n: u32) -> Vec<u8> {
    alike(n, ty(0, 0), &body(SLOTS, &[]))
}

fn empty_functions(n: u32) -> Vec<u8> {
    alike(n, ty(0, 0), &body(0, &[]))
}

fn calls(n: u32) -> Vec<u8> {
    let code = entries(10, n, |number| sized(&body(0, &[&op(CALL, n - 1 - number)])));
    module(&[section(1, &[vec![1], ty(0, 0)].concat()), equal(3, n, &[0]), code])
}

fn equal_types(n: u32) -> Vec<u8> {
    module(&[equal(1, n, &ty(0, 0)), section(3, &[1, 0]), section(10, &[1, 2, 0, END])])
}

fn long_types(n: u32) -> Vec<u8> {
    let types = entries(1, n, |number| {
        let bits = (0..14).map(|bit| if number >> bit & 1 == 0 { I32 } else { 0x7E });
        [vec![0x60], leb(214), vec![I32; 200], bits.collect(), vec![0]].concat()
    });
    module(&[types, section(3, &[1, 0]), section(10, &[1, 2, 0, END])])
}

fn name(number: u32) -> [u8; 8] {
    std::array::from_fn(|digit| b'a' + (number >> (digit * 4) & 15) as u8)
}

fn imports(n: u32) -> Vec<u8> {
    let import = |number| [&[1, b'm', 8][..], &name(number), &[0, 0]].concat();
    module(&[section(1, &[vec![1], ty(0, 0)].concat()), entries(2, n, import)])
}

fn globals(n: u32) -> Vec<u8> {
    module(&[equal(6, n, &[I32, 0, CONST, 0, END])])
}

fn const_exprs(n: u32) -> Vec<u8> {
    let sum = [&[I32, 0, CONST, 0][..], &many(&[CONST, 1, ADD], 4_999), &[END]].concat();
    module(&[equal(6, n, &sum)])
}

fn exports(n: u32, alike: &str) -> Vec<u8> {
    let export = |number| {
        [leb(alike.len() as u32 + 8), alike.into(), name(number).to_vec(), vec![2, 0]].concat()
    };
    module(&[section(5, &[1, 0, 1]), entries(7, n, export)])
}

fn table() -> Vec<u8> {
    section(4, &[1, 0x70, 0, 1])
}

fn element_segments(n: u32) -> Vec<u8> {
    module(&[table(), equal(9, n, &[0, CONST, 0, END, 0])])
}

fn elements(n: u32) -> Vec<u8> {
    let segment = [&[1, 1, 0][..], &leb(n), &many(&[0], n)].concat();
    let types = section(1, &[vec![1], ty(0, 0)].concat());
    let code = section(10, &[1, 2, 0, END]);
    module(&[types, section(3, &[1, 0]), table(), section(9, &segment), code])
}

fn data_segments(n: u32) -> Vec<u8> {
    module(&[section(5, &[1, 0, 1]), equal(11, n, &[0, CONST, 0, END, 0])])
}
