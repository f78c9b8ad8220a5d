//! A case: one use of a host function in a loop of a contract, and the same loop without it.
//!
//! ```text
//!  method "full"                          method "empty"
//!  i = the number in the input            the same
//!  setup                                  the same
//!  loop uses times { before; turn }       loop uses times { before; instead }
//! ```
//!
//! The difference of both, in time and in gas, divided by the number of turns, is what one use
//! costs: the operands, the call operator and the function. What a transaction costs once, the
//! instance, its memory, the receipt, is in both and falls out.

use crate::Error;
use dytallix::abi::schema::{Abi, Method, Type, TypeId};
use dytallix::abi::{ABI_SECTION, AbiType, Capabilities, HostFn, MethodKind, Reentry};
use std::fmt::{Display, Write as _};

/// Where the number of the first turn is read to.
const START: u32 = 0;
/// Room for a key: up to 256 bytes.
pub(super) const KEY: u32 = 64;
/// Room for an address.
pub(super) const ADDRESS: u32 = 512;
/// Room for an amount.
pub(super) const AMOUNT: u32 = 560;
/// Room for outputs and values of up to 1 KiB.
pub(super) const OUT: u32 = 1_024;
/// Room for data of up to 60 KiB; with more pages as much as there is.
pub(super) const DATA: u32 = 4_096;

/// Spreads numbers over keys and addresses, so that neighbours are not neighbours in the store.
pub(super) const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// What the storage of a case's contract holds: values under the spread numbers from 0 on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    /// How many; a power of two.
    pub(super) count: u64,
    /// Bytes of each key.
    pub(super) key_bytes: usize,
    /// Bytes of each value.
    pub(super) value_bytes: usize,
}

impl Rows {
    /// Nothing.
    pub(super) const NONE: Rows = Rows { count: 0, key_bytes: 32, value_bytes: 0 };
    /// Many of 32 and 32 bytes.
    pub(super) const MANY: Rows = Rows { count: 1 << 14, key_bytes: 32, value_bytes: 32 };
    /// Some of 32 bytes and 64 KiB.
    pub(super) const LARGE: Rows = Rows { count: 1 << 8, key_bytes: 32, value_bytes: 64 << 10 };
    /// Many with keys as long as keys can be.
    pub(super) const LONG: Rows = Rows { count: 1 << 13, key_bytes: 256, value_bytes: 32 };

    /// The key of a number.
    pub(super) fn key(&self, number: u64) -> Vec<u8> {
        let mut key = number.wrapping_mul(SPREAD).to_le_bytes().to_vec();
        key.resize(self.key_bytes, 0);
        key
    }
}

/// Where a case is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Over a store in memory: state does not matter.
    Memory,
    /// Over a store in memory and over one in a file.
    Both,
    /// Over a store in memory, in a runtime that has not seen code or keys before.
    Fresh,
}

/// One use of a host function, to be measured.
pub(super) struct Case {
    pub(super) function: HostFn,
    /// What is special about the use.
    pub(super) what: String,
    /// Turns of the loop.
    pub(super) uses: u64,
    pub(super) place: Place,
    pub(super) rows: Rows,
    /// Bytes of the input.
    pub(super) input: usize,
    /// The module.
    pub(super) wasm: Vec<u8>,
}

/// A case that is being put together.
pub(super) struct Plan {
    function: HostFn,
    what: String,
    uses: u64,
    place: Place,
    rows: Rows,
    input: usize,
    pages: u32,
    data: Vec<(u32, Vec<u8>)>,
    setup: String,
    before: String,
    turn: String,
    instead: String,
}

impl Plan {
    /// `uses` uses of `function` with these operands: numbers, or code in parentheses.
    pub(super) fn new(
        function: HostFn,
        what: impl Into<String>,
        uses: u64,
        operands: &[&dyn Display],
    ) -> Plan {
        Plan {
            function,
            what: what.into(),
            uses,
            place: Place::Memory,
            rows: Rows::NONE,
            input: 8,
            pages: 1,
            data: Vec::new(),
            setup: String::new(),
            before: String::new(),
            turn: call(function, operands),
            instead: String::new(),
        }
    }

    /// Measured there.
    pub(super) fn place(mut self, place: Place) -> Plan {
        self.place = place;
        self
    }

    /// Over storage that holds these rows, in memory and in a file.
    pub(super) fn rows(mut self, rows: Rows) -> Plan {
        (self.rows, self.place) = (rows, Place::Both);
        self
    }

    /// With an input of that many bytes.
    pub(super) fn input(mut self, bytes: usize) -> Plan {
        self.input = bytes;
        self
    }

    /// With a memory of that many pages.
    pub(super) fn pages(mut self, pages: u32) -> Plan {
        self.pages = pages;
        self
    }

    /// With these bytes at that address.
    pub(super) fn data(mut self, at: u32, bytes: impl Into<Vec<u8>>) -> Plan {
        self.data.push((at, bytes.into()));
        self
    }

    /// With this code before the loop.
    pub(super) fn setup(mut self, code: impl AsRef<str>) -> Plan {
        self.setup.push_str(code.as_ref());
        self
    }

    /// With this code before each use, which is not measured.
    pub(super) fn before(mut self, code: impl AsRef<str>) -> Plan {
        self.before.push_str(code.as_ref());
        self
    }

    /// With the number of the turn, below `count`, as the first bytes of the key.
    pub(super) fn fresh_key(self, count: u64) -> Plan {
        self.before(spread_at(KEY, count))
    }

    /// With the number of the turn, below `count`, as the first bytes of the address.
    pub(super) fn fresh_address(self, count: u64, tail: u8) -> Plan {
        self.before(spread_at(ADDRESS, count)).data(ADDRESS, [tail; 32])
    }

    /// With this code for the use.
    pub(super) fn turn(mut self, code: String) -> Plan {
        self.turn = code;
        self
    }

    /// Measured against this code, which the loop runs in place of the use.
    pub(super) fn instead(mut self, code: String) -> Plan {
        self.instead = code;
        self
    }

    /// The case with its module.
    ///
    /// # Errors
    /// Code that is none.
    pub(super) fn build(self) -> Result<Case, Error> {
        let mut text = imports();
        let Plan { function, what, uses, place, rows, input, .. } = self;
        writeln!(text, "(memory (export \"memory\") {})", self.pages)?;
        for (at, bytes) in &self.data {
            writeln!(text, "(data (i32.const {at}) \"{}\")", escaped(bytes))?;
        }
        for (name, turn) in [("full", &self.turn), ("empty", &self.instead)] {
            writeln!(
                text,
                "(func (export \"{name}\") (local $i i64) (local $end i64) (local $n i32)
                   (call $input_copy (i32.const {START}) (i32.const 0) (i32.const 8))
                   (local.set $i (i64.load (i32.const {START})))
                   (local.set $end (i64.add (local.get $i) (i64.const {uses})))
                   {}
                   (loop $turn
                     {}
                     {turn}
                     (local.set $i (i64.add (local.get $i) (i64.const 1)))
                     (br_if $turn (i64.lt_u (local.get $i) (local.get $end)))))",
                self.setup, self.before,
            )?;
        }
        writeln!(text, "(@custom \"{ABI_SECTION}\" \"{}\"))", escaped(&abi(&["empty", "full"])?))?;
        let wasm = wat::parse_str(&text).map_err(|error| format!("{what}: {error}\n{text}"))?;
        Ok(Case { function, what, uses, place, rows, input, wasm })
    }
}

/// Code that writes the spread number of the turn, below `count`, to an address.
fn spread_at(address: u32, count: u64) -> String {
    let (mask, spread) = (count - 1, SPREAD as i64);
    format!(
        "(i64.store (i32.const {address})
           (i64.mul (i64.and (local.get $i) (i64.const {mask})) (i64.const {spread})))"
    )
}

/// Code that calls a host function and drops its result. Operands are numbers, or code in
/// parentheses.
pub(super) fn call(function: HostFn, operands: &[&dyn Display]) -> String {
    let mut text = format!("(call ${}", function.name());
    for (operand, param) in operands.iter().zip(function.params()) {
        let operand = operand.to_string();
        let _ = match operand.starts_with('(') {
            true => write!(text, " {operand}"),
            false => write!(text, " ({}.const {operand})", spell(&param.ty)),
        };
    }
    text.push(')');
    match function.results() {
        [] => text,
        _ => format!("(drop {text})"),
    }
}

/// The imports of every host function, in a module that is still open.
pub(super) fn imports() -> String {
    let mut text = String::from("(module\n");
    for function in HostFn::ALL {
        let params: Vec<&str> = function.params().iter().map(|param| spell(&param.ty)).collect();
        let results: Vec<&str> = function.results().iter().map(spell).collect();
        let (name, params, results) = (function.name(), params.join(" "), results.join(" "));
        let _ = writeln!(
            text,
            "(import \"env\" \"{name}\" (func ${name} (param {params}) (result {results})))"
        );
    }
    text
}

fn spell(ty: &AbiType) -> &'static str {
    match ty {
        AbiType::I32 => "i32",
        AbiType::I64 => "i64",
    }
}

/// Bytes as the text format has them.
pub(super) fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\{byte:02x}");
        text
    })
}

/// An ABI section with every capability and these methods, which are in order.
pub(super) fn abi(methods: &[&str]) -> Result<Vec<u8>, Error> {
    let method = |name: &&str| Method {
        name: (*name).into(),
        kind: MethodKind::Call,
        payable: true,
        reentry: Reentry::Refuse,
        params: Vec::new(),
        returns: TypeId(0),
        docs: String::new(),
    };
    let all = Capabilities::ALL.iter().fold(Capabilities::NONE, |all, (one, _)| all.with(*one));
    let abi = Abi {
        name: "Case".into(),
        schema: 0,
        capabilities: all,
        types: vec![Type::Tuple(Vec::new())],
        methods: methods.iter().map(method).collect(),
        events: Vec::new(),
        errors: Vec::new(),
        storage: Vec::new(),
        docs: String::new(),
    };
    Ok(abi.encode().map_err(|error| format!("an ABI: {error}"))?)
}
