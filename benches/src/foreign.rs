//! Kernels that none of us wrote: modules from npm packages, which `benches/foreign/fetch.sh` puts
//! beside this package, each driven through its own exports as its package does it.
//!
//! A driver writes its input into the module's memory, calls, reads what came out and folds it into
//! the checksum that engines are compared by. Results that the module can undo are undone and
//! compared too. Imports only give zeroes: none is needed on the way.

use crate::Error;
use crate::engines::{Loaded, Machine, Value};
use crate::kernels::Kernel;
use std::path::Path;

/// A module and how it is driven.
struct Foreign {
    name: &'static str,
    family: &'static str,
    size: i32,
    driver: Driver,
}

/// Makes an instance ready to run.
pub(crate) type Driver = fn(Box<dyn Machine>) -> Result<Box<dyn Loaded>, Error>;

/// Those of the script that have no need of an operating system or of JavaScript.
const ALL: &[Foreign] = &[
    Foreign { name: "lz4", family: "foreign", size: 10, driver: Lz4::driver },
    Foreign { name: "secp256k1", family: "foreign", size: 6, driver: Secp256k1::driver },
    Foreign { name: "source_map", family: "foreign", size: 6, driver: SourceMap::driver },
    Foreign { name: "xxhash", family: "foreign", size: 500, driver: XxHash::driver },
    Foreign { name: "zstd", family: "foreign", size: 2, driver: Zstd::driver },
];

/// The kernels whose modules are there, and the names of the others.
pub(crate) fn kernels(folder: &Path) -> (Vec<Kernel>, Vec<&'static str>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for &Foreign { name, family, size, driver } in ALL {
        match std::fs::read(folder.join(name).with_extension("wasm")) {
            Ok(wasm) => {
                let driver = Some(driver);
                found.push(Kernel { name, family, wasm: wasm.into(), size, driver });
            }
            Err(_) => missing.push(name),
        }
    }
    (found, missing)
}

fn i32s<const N: usize>(values: [u32; N]) -> [Value; N] {
    values.map(|value| Value::I32(value as i32))
}

/// A call that gives an i32.
fn ask(machine: &mut dyn Machine, name: &str, arguments: &[Value]) -> Result<u32, Error> {
    match machine.call(name, arguments)? {
        Some(Value::I32(value)) => Ok(value as u32),
        other => Err(format!("`{name}` gave {other:?}").into()),
    }
}

fn fold(sum: i64, bytes: &[u8]) -> i64 {
    bytes.iter().fold(sum, |sum, &byte| (sum ^ i64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// Text of words that repeat, with numbers that do not: what compressors are made for.
fn prose(length: usize) -> Vec<u8> {
    const WORDS: [&str; 12] = [
        "block", "of", "the", "contract", "state", "and", "a", "transfer", "to", "account", "gas",
        "was",
    ];
    let (mut text, mut random) = (Vec::with_capacity(length + 16), 1_u64);
    while text.len() < length {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        let word = (random >> 40) as usize % (WORDS.len() + 2);
        match WORDS.get(word) {
            Some(word) => text.extend(word.bytes()),
            None => text.extend((random >> 32 & 0xffff).to_string().bytes()),
        }
        text.push(b' ');
    }
    text.truncate(length);
    text
}

/// LZ4 in Rust (`lz4-wasm`): compresses and decompresses text.
struct Lz4 {
    machine: Box<dyn Machine>,
    text: Vec<u8>,
}

impl Lz4 {
    fn driver(machine: Box<dyn Machine>) -> Result<Box<dyn Loaded>, Error> {
        Ok(Box::new(Lz4 { machine, text: prose(64 << 10) }))
    }

    /// Calls a function from slice to vector; it frees its input. Gives address and length.
    fn convert(&mut self, name: &str, at: u32, length: u32) -> Result<[u32; 2], Error> {
        let machine = &mut *self.machine;
        let down = [Value::I32(-16)];
        let result = ask(machine, "__wbindgen_add_to_stack_pointer", &down)?;
        machine.call(name, &i32s([result, at, length]))?;
        let mut bytes = [0; 8];
        machine.read("memory", result, &mut bytes)?;
        machine.call("__wbindgen_add_to_stack_pointer", &i32s([16]))?;
        let word = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|i| bytes[at + i]));
        Ok([word(0), word(4)])
    }
}

impl Loaded for Lz4 {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let mut sum = 0;
        for _ in 0..n {
            let length = self.text.len() as u32;
            let input = ask(&mut *self.machine, "__wbindgen_malloc", &i32s([length]))?;
            self.machine.write("memory", input, &self.text)?;
            let [packed, size] = self.convert("compress", input, length)?;
            let [output, length] = self.convert("decompress", packed, size)?;
            let mut text = vec![0; length as usize];
            self.machine.read("memory", output, &mut text)?;
            self.machine.call("__wbindgen_free", &i32s([output, length]))?;
            if text != self.text {
                return Err("what was compressed is not what comes out".into());
            }
            sum = fold(sum, &size.to_le_bytes());
        }
        Ok(sum)
    }
}

/// libsecp256k1, in C (`tiny-secp256k1`): signs and verifies.
struct Secp256k1 {
    machine: Box<dyn Machine>,
    hash: u32,
    signature: u32,
    private: u32,
    public: u32,
}

/// Zeroes stand for the key while it is not needed; any number below the order is one.
const KEY: [u8; 32] = [7; 32];

impl Secp256k1 {
    fn driver(mut machine: Box<dyn Machine>) -> Result<Box<dyn Loaded>, Error> {
        machine.call("initializeContext", &[])?;
        let mut global = |name| machine.global(name).map(|at| at as u32);
        let (hash, signature) = (global("HASH_INPUT")?, global("SIGNATURE_INPUT")?);
        let (private, public) = (global("PRIVATE_INPUT")?, global("PUBLIC_KEY_INPUT")?);
        machine.write("memory", private, &KEY)?;
        if ask(&mut *machine, "pointFromScalar", &i32s([33]))? != 1 {
            return Err("no public key".into());
        }
        Ok(Box::new(Secp256k1 { machine, hash, signature, private, public }))
    }
}

impl Loaded for Secp256k1 {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let mut sum = i64::from(self.public != self.private);
        for number in 0..n {
            let message = [number as u8; 32];
            self.machine.write("memory", self.hash, &message)?;
            self.machine.write("memory", self.private, &KEY)?;
            self.machine.call("sign", &i32s([0]))?;
            let mut signature = [0; 64];
            self.machine.read("memory", self.signature, &mut signature)?;
            self.machine.write("memory", self.hash, &message)?;
            if ask(&mut *self.machine, "verify", &i32s([33, 1]))? != 1 {
                return Err("a signature does not verify".into());
            }
            sum = fold(sum, &signature);
        }
        Ok(sum)
    }
}

/// The parser of source maps, in Rust (`source-map`): Base64 digits to sorted mappings.
struct SourceMap {
    machine: Box<dyn Machine>,
    text: Vec<u8>,
}

impl SourceMap {
    fn driver(machine: Box<dyn Machine>) -> Result<Box<dyn Loaded>, Error> {
        // Lines of segments: some columns on, same file, one line on, some columns back and forth.
        let mut text = Vec::new();
        for line in 0..1_000_u32 {
            for segment in 0..16_u32 {
                let column = b"CEGIKMOQ"[((line * 5 + segment * 3) % 8) as usize];
                let to = b"ACDEF"[((line + segment) % 3) as usize];
                text.extend([column, b'A', if segment == 8 { b'C' } else { b'A' }, to, b',']);
            }
            text.push(b';');
        }
        Ok(Box::new(SourceMap { machine, text }))
    }
}

impl Loaded for SourceMap {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let machine = &mut *self.machine;
        let mut sum = 0;
        for _ in 0..n {
            let length = self.text.len() as u32;
            let input = ask(machine, "allocate_mappings", &i32s([length]))?;
            machine.write("memory", input, &self.text)?;
            let mappings = ask(machine, "parse_mappings", &i32s([input]))?;
            if mappings == 0 {
                let error = ask(machine, "get_last_error", &[])?;
                return Err(format!("mappings are refused: {error}").into());
            }
            machine.call("compute_column_spans", &i32s([mappings]))?;
            let mut bytes = [0; 32];
            machine.read("memory", mappings, &mut bytes)?;
            sum = fold(sum, &bytes);
            machine.call("free_mappings", &i32s([mappings]))?;
        }
        Ok(sum)
    }
}

/// xxHash, written in WebAssembly itself (`xxhash-wasm`): the 64-bit hash of 60 KB.
struct XxHash(Box<dyn Machine>);

impl XxHash {
    const LENGTH: u32 = 60_000;

    fn driver(mut machine: Box<dyn Machine>) -> Result<Box<dyn Loaded>, Error> {
        machine.write("mem", 0, &prose(Self::LENGTH as usize))?;
        Ok(Box::new(XxHash(machine)))
    }
}

impl Loaded for XxHash {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let mut sum = 0;
        for _ in 0..n {
            let [at, length] = i32s([0, Self::LENGTH]);
            match self.0.call("xxh64", &[at, length, Value::I64(sum)])? {
                Some(Value::I64(hash)) => sum = hash,
                other => return Err(format!("`xxh64` gave {other:?}").into()),
            }
        }
        Ok(sum)
    }
}

/// Zstandard, in C (`@bokuweb/zstd-wasm`): compresses and decompresses text. Its exports have the
/// short names that its build gave them.
struct Zstd {
    machine: Box<dyn Machine>,
    text: Vec<u8>,
    input: u32,
    packed: u32,
    bound: u32,
    output: u32,
}

impl Zstd {
    const MEMORY: &'static str = "f";
    const CONSTRUCTORS: &'static str = "g";
    const BOUND: &'static str = "i";
    const COMPRESS: &'static str = "m";
    const DECOMPRESS: &'static str = "r";
    const MALLOC: &'static str = "s";

    fn driver(mut machine: Box<dyn Machine>) -> Result<Box<dyn Loaded>, Error> {
        let text = prose(128 << 10);
        let length = text.len() as u32;
        machine.call(Self::CONSTRUCTORS, &[])?;
        let bound = ask(&mut *machine, Self::BOUND, &i32s([length]))?;
        let mut malloc = |size| ask(&mut *machine, Self::MALLOC, &i32s([size]));
        let (input, packed, output) = (malloc(length)?, malloc(bound)?, malloc(length)?);
        machine.write(Self::MEMORY, input, &text)?;
        Ok(Box::new(Zstd { machine, text, input, packed, bound, output }))
    }
}

impl Loaded for Zstd {
    fn run(&mut self, n: i32) -> Result<i64, Error> {
        let machine = &mut *self.machine;
        let length = self.text.len() as u32;
        let mut sum = 0;
        for _ in 0..n {
            let to = i32s([self.packed, self.bound, self.input, length, 3]);
            let size = ask(machine, Self::COMPRESS, &to)?;
            let back = i32s([self.output, length, self.packed, size]);
            let mut text = vec![0; self.text.len()];
            let written = ask(machine, Self::DECOMPRESS, &back)?;
            machine.read(Self::MEMORY, self.output, &mut text)?;
            if written != length || text != self.text {
                return Err("what was compressed is not what comes out".into());
            }
            machine.write(Self::MEMORY, self.output, &[0; 64])?;
            sum = fold(sum, &size.to_le_bytes());
        }
        Ok(sum)
    }
}
