//! Contracts for tests, written as lists of what they do.
//!
//! A [`Script`] is one method: each step is a use of a host function with operands that are known
//! when the contract is made; what a step comes to is kept, and [`Script::results`] returns it,
//! four bytes a step. The input, if it is read, lies at address 0 of the memory.

use std::fmt::Write;

use dytallix::abi::{ABI_SECTION, Abi, AbiType, HostFn};

/// Where the input is read to; the first 32 bytes are often an address.
pub(crate) const INPUT: u32 = 0;
/// Where outputs of fixed size go.
pub(crate) const OUT: u32 = 1_024;
/// Where results are kept, four bytes each.
const RESULTS: u32 = 2_048;
/// Where constants lie.
const DATA: u32 = 8_192;

/// What one method does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    data: Vec<u8>,
    locals: String,
    body: String,
    results: u32,
}

/// An operand of a host function.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op<'a> {
    /// A number.
    N(i64),
    /// A pointer to these bytes.
    At(&'a [u8]),
    /// A pointer to these bytes and their length.
    Bytes(&'a [u8]),
}

impl Script {
    pub(crate) fn new() -> Script {
        Script::default()
    }

    /// Reads the whole input to [`INPUT`].
    pub(crate) fn read_input(mut self) -> Script {
        self.body.push_str("(call $input_copy (i32.const 0) (i32.const 0) (call $input_size))\n");
        self
    }

    /// Uses a host function; where it has a result, keeps its low four bytes.
    pub(crate) fn call(mut self, function: HostFn, operands: &[Op<'_>]) -> Script {
        let mut numbers = Vec::new();
        for operand in operands {
            match operand {
                Op::N(number) => numbers.push(*number),
                Op::At(bytes) => numbers.push(self.place(bytes).into()),
                Op::Bytes(bytes) => {
                    numbers.push(self.place(bytes).into());
                    numbers.push(i64::try_from(bytes.len()).expect("short"));
                }
            }
        }
        assert_eq!(numbers.len(), function.params().len(), "{}", function.name());
        let mut text = format!("(call ${}", function.name());
        for (number, param) in numbers.iter().zip(function.params()) {
            let ty = if param.ty == AbiType::I32 { "i32" } else { "i64" };
            write!(text, " ({ty}.const {number})").expect("a string");
        }
        text.push(')');
        match function.results() {
            [] => self.body.push_str(&text),
            [AbiType::I32] => self.keep(&text),
            _ => self.keep(&format!("(i32.wrap_i64 {text})")),
        }
        self.body.push('\n');
        self
    }

    /// Declares locals.
    pub(crate) fn locals(mut self, wat: &str) -> Script {
        self.locals.push_str(wat);
        self
    }

    /// Any code.
    pub(crate) fn code(mut self, wat: &str) -> Script {
        self.body.push_str(wat);
        self.body.push('\n');
        self
    }

    /// Keeps an `i32` that this code leaves.
    pub(crate) fn keep_code(mut self, wat: &str) -> Script {
        self.keep(wat);
        self
    }

    /// Returns what was kept.
    pub(crate) fn results(mut self) -> Script {
        let length = 4 * self.results;
        writeln!(self.body, "(call $set_return (i32.const {RESULTS}) (i32.const {length}))")
            .expect("a string");
        self
    }

    /// Returns the data of the last call.
    pub(crate) fn returned(self) -> Script {
        self.code(
            "(call $return_copy (i32.const 1024) (i32.const 0) (call $return_size))
             (call $set_return (i32.const 1024) (call $return_size))",
        )
    }

    /// Returns `length` bytes from [`OUT`] on.
    pub(crate) fn output(self, length: u32) -> Script {
        self.code(&format!("(call $set_return (i32.const {OUT}) (i32.const {length}))"))
    }

    /// Sets a key of storage.
    pub(crate) fn set(self, key: &[u8], value: &[u8]) -> Script {
        self.call(HostFn::StorageSet, &[Op::Bytes(key), Op::Bytes(value)])
    }

    /// Emits an event without topics.
    pub(crate) fn emit(self, data: &[u8]) -> Script {
        self.call(HostFn::EmitEvent, &[Op::Bytes(&[0; 4]), Op::Bytes(data)])
    }

    /// Calls a method of the contract whose address is at [`INPUT`], with all gas.
    pub(crate) fn call_input(
        self,
        method: &str,
        arguments: &[u8],
        value: u128,
        flags: i64,
    ) -> Script {
        let to = Op::N(INPUT.into());
        self.external(to, method, arguments, value, flags)
    }

    /// Calls a method of a contract, with all gas.
    pub(crate) fn external(
        self,
        to: Op<'_>,
        method: &str,
        arguments: &[u8],
        value: u128,
        flags: i64,
    ) -> Script {
        let (method, arguments) = (Op::Bytes(method.as_bytes()), Op::Bytes(arguments));
        let value = value.to_le_bytes();
        let operands = [to, method, arguments, Op::At(&value), Op::N(-1), Op::N(flags)];
        self.call(HostFn::ExternalCall, &operands)
    }

    fn keep(&mut self, wat: &str) {
        let at = RESULTS + 4 * self.results;
        writeln!(self.body, "(i32.store (i32.const {at}) {wat})").expect("a string");
        self.results += 1;
    }

    fn place(&mut self, bytes: &[u8]) -> u32 {
        let at = DATA + u32::try_from(self.data.len()).expect("small");
        self.data.extend_from_slice(bytes);
        at
    }
}

/// A contract with these exported methods and a memory of `pages`.
pub(crate) fn contract(pages: u32, methods: &[(&str, Script)]) -> Vec<u8> {
    let mut text = String::from("(module\n");
    for function in HostFn::ALL {
        let spell = |ty: &AbiType| if *ty == AbiType::I32 { "i32" } else { "i64" };
        write!(text, "(import \"env\" \"{0}\" (func ${0}", function.name()).expect("a string");
        function.params().iter().for_each(|p| write!(text, "(param {})", spell(&p.ty)).unwrap());
        function.results().iter().for_each(|ty| write!(text, "(result {})", spell(ty)).unwrap());
        text.push_str("))\n");
    }
    writeln!(text, "(memory (export \"memory\") {pages})").expect("a string");
    // The constants of each method have a segment of their own, put in place when it begins.
    for (at, (name, script)) in methods.iter().enumerate() {
        let data: String = script.data.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let length = script.data.len();
        writeln!(text, "(data $d{at} \"{data}\")").expect("a string");
        writeln!(
            text,
            "(func (export \"{name}\") {}\n(memory.init $d{at} (i32.const {DATA}) \
             (i32.const 0) (i32.const {length}))\n{})",
            script.locals, script.body
        )
        .expect("a string");
    }
    text.push(')');
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The module with this ABI section at its end.
pub(crate) fn with_abi(mut module: Vec<u8>, abi: &Abi) -> Vec<u8> {
    let section = abi.encode().expect("the ABI is sound");
    let name = ABI_SECTION.as_bytes();
    let mut content = vec![u8::try_from(name.len()).expect("short")];
    content.extend_from_slice(name);
    content.extend_from_slice(&section);
    module.push(0);
    let mut length = content.len();
    while length >= 0x80 {
        module.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    module.push(length as u8);
    module.extend_from_slice(&content);
    module
}

/// The results that [`Script::results`] returned.
pub(crate) fn results(output: &[u8]) -> Vec<i32> {
    let numbers = output.chunks(4);
    numbers.map(|four| i32::from_le_bytes(four.try_into().expect("four bytes"))).collect()
}
