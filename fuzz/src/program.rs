//! Programs that go somewhere: the second generator.
//!
//! Modules of `wasm-smith` are valid, and any operator follows any other; but most of their calls
//! end soon, in a trap or in a loop without a step. These have counted loops, addresses at and
//! around the ends of memory, branches that carry values, calls of each other and tables of
//! functions. They are written as text.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};

/// A number type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ty {
    I32,
    I64,
    F32,
    F64,
}

use Ty::{F32, F64, I32, I64};

const TYPES: [Ty; 4] = [I32, I64, F32, F64];
/// How deep operands and statements nest.
const DEPTH: u32 = 5;

impl Ty {
    fn name(self) -> &'static str {
        match self {
            I32 => "i32",
            I64 => "i64",
            F32 => "f32",
            F64 => "f64",
        }
    }
}

/// Operators by what they take: names after the type's.
const INT_BINARY: &[&str] = &[
    "add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr", "div_s",
    "div_u", "rem_s", "rem_u",
];
const FLOAT_BINARY: &[&str] = &["add", "sub", "mul", "div", "min", "max", "copysign"];
const INT_UNARY: &[&str] = &["clz", "ctz", "popcnt", "extend8_s", "extend16_s"];
const FLOAT_UNARY: &[&str] = &["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"];
const INT_COMPARE: &[&str] =
    &["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
const FLOAT_COMPARE: &[&str] = &["eq", "ne", "lt", "gt", "le", "ge"];
/// Conversions: result, operand, name.
const CONVERSIONS: &[(Ty, Ty, &str)] = &[
    (I32, I64, "i32.wrap_i64"),
    (I64, I32, "i64.extend_i32_s"),
    (I64, I32, "i64.extend_i32_u"),
    (I64, I64, "i64.extend32_s"),
    (I32, F32, "i32.trunc_f32_s"),
    (I32, F64, "i32.trunc_sat_f64_u"),
    (I64, F64, "i64.trunc_f64_u"),
    (I64, F32, "i64.trunc_sat_f32_s"),
    (F32, I32, "f32.convert_i32_s"),
    (F64, I64, "f64.convert_i64_u"),
    (F32, I32, "f32.reinterpret_i32"),
    (F64, I64, "f64.reinterpret_i64"),
    (I32, F32, "i32.reinterpret_f32"),
    (I64, F64, "i64.reinterpret_f64"),
    (F32, F64, "f32.demote_f64"),
    (F64, F32, "f64.promote_f32"),
];
/// Loads and stores: type, name.
const LOADS: &[(Ty, &str)] = &[
    (I32, "i32.load"),
    (I32, "i32.load8_s"),
    (I32, "i32.load16_u"),
    (I64, "i64.load"),
    (I64, "i64.load32_s"),
    (I64, "i64.load8_u"),
    (F32, "f32.load"),
    (F64, "f64.load"),
];
const STORES: &[(Ty, &str)] = &[
    (I32, "i32.store"),
    (I32, "i32.store8"),
    (I64, "i64.store"),
    (I64, "i64.store16"),
    (F32, "f32.store"),
    (F64, "f64.store"),
];

/// Parameters and results of a function.
type Signature = (Vec<Ty>, Vec<Ty>);

/// One module being written.
struct Writer<'u, 'b> {
    u: &'u mut Unstructured<'b>,
    text: String,
    functions: Vec<Signature>,
    /// The function at hand.
    current: usize,
    /// Types of the locals of the function at hand, parameters first; the last three count loops.
    locals: Vec<Ty>,
    results: Vec<Ty>,
    /// What a branch to each label carries, the innermost last.
    labels: Vec<Vec<Ty>>,
    /// Loops around the place at hand.
    loops: usize,
    /// Operators that the function may still have.
    room: i32,
    globals: Vec<Ty>,
    pages: u32,
}

/// A module as text.
///
/// # Errors
///
/// The bytes do not suffice.
pub(crate) fn write(u: &mut Unstructured<'_>) -> Result<String> {
    let signature =
        |u: &mut Unstructured<'_>| -> Result<Signature> { Ok((types(u, 4)?, types(u, 3)?)) };
    let count = u.int_in_range(1..=5)?;
    let functions = (0..count).map(|_| signature(u)).collect::<Result<Vec<_>>>()?;
    let pages = u.int_in_range(1..=2)?;
    let globals = types(u, 4)?;
    let mut writer = Writer {
        u,
        text: String::new(),
        functions,
        current: 0,
        locals: Vec::new(),
        results: Vec::new(),
        labels: Vec::new(),
        loops: 0,
        room: 0,
        globals,
        pages,
    };
    writer.module()?;
    Ok(writer.text)
}

fn types(u: &mut Unstructured<'_>, most: usize) -> Result<Vec<Ty>> {
    (0..u.int_in_range(0..=most)?).map(|_| u.choose(&TYPES).copied()).collect()
}

fn list(word: &str, types: &[Ty]) -> String {
    let names: String = types.iter().map(|ty| format!(" {}", ty.name())).collect();
    if types.is_empty() { String::new() } else { format!("({word}{names})") }
}

impl Writer<'_, '_> {
    fn say(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push(' ');
        self.room -= 1;
    }

    fn module(&mut self) -> Result<()> {
        let _ = write!(self.text, "(module (memory (export \"m\") {} 4) ", self.pages);
        for (i, ty) in self.globals.clone().into_iter().enumerate() {
            let name = ty.name();
            let _ =
                write!(self.text, "(global (export \"g{i}\") (mut {name}) ({name}.const {i})) ");
        }
        let count = self.functions.len();
        let _ = write!(self.text, "(table {} 12 funcref) (elem (i32.const 1) func", count + 2);
        for i in 0..count {
            let _ = write!(self.text, " {i}");
        }
        self.text.push_str(") ");
        for i in 0..count {
            self.function(i)?;
        }
        self.text.push(')');
        Ok(())
    }

    fn function(&mut self, index: usize) -> Result<()> {
        self.current = index;
        let (params, results) = self.functions[index].clone();
        let _ = write!(
            self.text,
            "\n(func (export \"f{index}\") {} {} ",
            list("param", &params),
            list("result", &results)
        );
        let mut own = types(self.u, 4)?;
        own.extend([I32; 3]);
        self.text.push_str(&list("local", &own));
        self.locals = [params, own].concat();
        self.results = results.clone();
        self.labels = vec![results.clone()];
        self.loops = 0;
        self.room = *self.u.choose(&[20, 60, 200, 600])?;
        while self.room > 0 {
            self.statement(DEPTH)?;
        }
        for ty in results {
            self.value(ty, 1)?;
        }
        self.text.push(')');
        Ok(())
    }

    fn constant(&mut self, ty: Ty) -> Result<()> {
        let bits: u64 = match self.u.int_in_range(0..=5u8)? {
            0 | 1 => self.u.int_in_range(0..=8)?,
            2 => u64::MAX - self.u.int_in_range(0..=2)?,
            3 => 0x8000_0000_8000_0000,
            4 => 0x7ff8_0000_7fc0_0001,
            _ => self.u.arbitrary()?,
        };
        let text = match ty {
            I32 => format!("i32.const {}", bits as i32),
            I64 => format!("i64.const {}", bits as i64),
            F32 => format!("i32.const {} f32.reinterpret_i32", bits as i32),
            F64 if bits < 9 => format!("f64.const {bits}"),
            F64 => format!("i64.const {} f64.reinterpret_i64", bits as i64),
        };
        self.say(&text);
        Ok(())
    }

    /// A local of a type, where there is one.
    fn local(&mut self, ty: Ty, writable: bool) -> Result<Option<usize>> {
        let end = self.locals.len() - if writable { 3 } else { 0 };
        let fitting: Vec<usize> = (0..end).filter(|i| self.locals[*i] == ty).collect();
        if fitting.is_empty() { Ok(None) } else { self.u.choose(&fitting).map(|i| Some(*i)) }
    }

    /// An address: anywhere in the first page, or at an end of memory.
    fn address(&mut self, depth: u32) -> Result<()> {
        if self.u.ratio(1, 4)? {
            let pages = self.u.int_in_range(0..=self.pages + 1)?;
            let before = self.u.int_in_range(0..=9u32)?;
            let address = (pages << 16).wrapping_sub(before) as i32;
            self.say(&format!("i32.const {address}"));
            return Ok(());
        }
        self.value(I32, depth)?;
        self.say("i32.const 65535 i32.and");
        Ok(())
    }

    fn offset(&mut self) -> Result<String> {
        Ok(match self.u.int_in_range(0..=5u8)? {
            0 => format!(" offset={}", self.u.int_in_range(1..=16u32)?),
            1 => format!(" offset={}", (self.pages << 16) - self.u.int_in_range(0..=9)?),
            _ => String::new(),
        })
    }

    /// Pushes a value of a type.
    fn value(&mut self, ty: Ty, depth: u32) -> Result<()> {
        let kind = self.u.int_in_range(0..=15u8)?;
        if depth == 0 || self.room <= 0 || kind < 4 {
            return match self.local(ty, false)? {
                Some(local) if kind % 4 != 0 => {
                    self.say(&format!("local.get {local}"));
                    Ok(())
                }
                _ => self.constant(ty),
            };
        }
        match kind {
            4..=6 => self.binary(ty, depth - 1),
            7 => self.unary(ty, depth - 1),
            8 if ty == I32 => self.comparison(depth - 1),
            8 | 9 => self.conversion(ty, depth - 1),
            10 => {
                let loads: Vec<_> = LOADS.iter().filter(|(of, _)| *of == ty).collect();
                let name = self.u.choose(&loads)?.1;
                self.address(depth - 1)?;
                let offset = self.offset()?;
                self.say(&format!("{name}{offset}"));
                Ok(())
            }
            11 => self.select(ty, depth - 1),
            12 => match self.local(ty, true)? {
                Some(local) => {
                    self.value(ty, depth - 1)?;
                    self.say(&format!("local.tee {local}"));
                    Ok(())
                }
                None => self.constant(ty),
            },
            13 => self.arms(ty, depth - 1),
            14 => self.block(ty, depth - 1),
            _ => self.global_or_size(ty),
        }
    }

    fn binary(&mut self, ty: Ty, depth: u32) -> Result<()> {
        let names = if matches!(ty, I32 | I64) { INT_BINARY } else { FLOAT_BINARY };
        let name = *self.u.choose(names)?;
        self.value(ty, depth)?;
        self.value(ty, depth)?;
        self.say(&format!("{}.{name}", ty.name()));
        Ok(())
    }

    fn unary(&mut self, ty: Ty, depth: u32) -> Result<()> {
        let names = if matches!(ty, I32 | I64) { INT_UNARY } else { FLOAT_UNARY };
        let name = *self.u.choose(names)?;
        self.value(ty, depth)?;
        self.say(&format!("{}.{name}", ty.name()));
        Ok(())
    }

    /// Pushes 0 or 1.
    fn comparison(&mut self, depth: u32) -> Result<()> {
        let ty = *self.u.choose(&TYPES)?;
        let integer = matches!(ty, I32 | I64);
        self.value(ty, depth)?;
        if integer && self.u.ratio(1, 4)? {
            self.say(&format!("{}.eqz", ty.name()));
            return Ok(());
        }
        self.value(ty, depth)?;
        let name = *self.u.choose(if integer { INT_COMPARE } else { FLOAT_COMPARE })?;
        self.say(&format!("{}.{name}", ty.name()));
        Ok(())
    }

    fn conversion(&mut self, ty: Ty, depth: u32) -> Result<()> {
        let fitting: Vec<_> = CONVERSIONS.iter().filter(|(to, ..)| *to == ty).collect();
        let (_, from, name) = **self.u.choose(&fitting)?;
        self.value(from, depth)?;
        self.say(name);
        Ok(())
    }

    fn select(&mut self, ty: Ty, depth: u32) -> Result<()> {
        self.value(ty, depth)?;
        self.value(ty, depth)?;
        self.comparison(depth)?;
        self.say("select");
        Ok(())
    }

    fn arms(&mut self, ty: Ty, depth: u32) -> Result<()> {
        self.comparison(depth)?;
        self.say(&format!("if (result {})", ty.name()));
        self.labels.push(vec![ty]);
        self.value(ty, depth)?;
        self.say("else");
        self.value(ty, depth)?;
        self.labels.pop();
        self.say("end");
        Ok(())
    }

    /// A block that gives a value, perhaps by a branch that leaves others behind.
    fn block(&mut self, ty: Ty, depth: u32) -> Result<()> {
        let below = types(self.u, 2)?;
        self.say(&format!("block (result {})", ty.name()));
        self.labels.push(vec![ty]);
        for other in &below {
            self.value(*other, depth)?;
        }
        self.value(ty, depth)?;
        self.branch_if(depth)?;
        for _ in 0..=below.len() {
            self.say("drop");
        }
        self.value(ty, depth)?;
        self.labels.pop();
        self.say("end");
        Ok(())
    }

    /// A branch to the innermost label, whose values are there.
    fn branch_if(&mut self, depth: u32) -> Result<()> {
        self.comparison(depth)?;
        self.say("br_if 0");
        Ok(())
    }

    fn global_or_size(&mut self, ty: Ty) -> Result<()> {
        let fitting: Vec<usize> =
            (0..self.globals.len()).filter(|i| self.globals[*i] == ty).collect();
        if let Ok(global) = self.u.choose(&fitting) {
            let text = format!("global.get {global}");
            self.say(&text);
        } else if ty == I32 {
            self.say("memory.size");
        } else {
            self.constant(ty)?;
        }
        Ok(())
    }

    fn statement(&mut self, depth: u32) -> Result<()> {
        let kind = self.u.int_in_range(0..=15u8)?;
        match kind {
            0..=3 => self.assign(depth),
            4 | 5 => {
                let (ty, name) = *self.u.choose(STORES)?;
                self.address(depth - 1)?;
                self.value(ty, depth - 1)?;
                let offset = self.offset()?;
                self.say(&format!("{name}{offset}"));
                Ok(())
            }
            6 | 7 if depth > 1 && self.loops < 3 => self.counted_loop(depth - 1),
            8 if depth > 1 => self.exits(depth - 1),
            9 if depth > 1 => self.table_of_labels(depth - 1),
            10 | 11 => self.call(depth - 1),
            12 => self.bulk(depth - 1),
            13 if depth > 1 => {
                self.comparison(depth - 1)?;
                self.say("if");
                self.labels.push(Vec::new());
                self.statement(depth - 1)?;
                if self.u.ratio(1, 2)? {
                    self.say("else");
                    self.statement(depth - 1)?;
                }
                self.labels.pop();
                self.say("end");
                Ok(())
            }
            14 => self.leave(depth - 1),
            _ => {
                let ty = *self.u.choose(&TYPES)?;
                self.value(ty, depth)?;
                self.say("drop");
                Ok(())
            }
        }
    }

    fn assign(&mut self, depth: u32) -> Result<()> {
        let ty = *self.u.choose(&TYPES)?;
        self.value(ty, depth)?;
        let global = self.globals.iter().position(|of| *of == ty);
        let text = match (self.local(ty, true)?, global) {
            (Some(local), _) if self.u.ratio(3, 4)? => format!("local.set {local}"),
            (_, Some(global)) => format!("global.set {global}"),
            (Some(local), None) => format!("local.set {local}"),
            (None, None) => "drop".into(),
        };
        self.say(&text);
        Ok(())
    }

    /// A loop of some turns, in a local of its own; a few go on and on.
    fn counted_loop(&mut self, depth: u32) -> Result<()> {
        let counter = self.locals.len() - 1 - self.loops;
        let turns = self.u.int_in_range(1..=12)?;
        self.say(&format!("i32.const {turns} local.set {counter} loop"));
        self.labels.push(Vec::new());
        self.loops += 1;
        for _ in 0..self.u.int_in_range(1..=3)? {
            self.statement(depth)?;
        }
        self.loops -= 1;
        self.labels.pop();
        let step = if self.u.ratio(1, 16)? { 0 } else { 1 };
        let test = *self.u.choose(&["", "i32.const 0 i32.ne ", "i32.const 0 i32.gt_s "])?;
        self.say(&format!(
            "local.get {counter} i32.const {step} i32.sub local.tee {counter} {test}br_if 0 end"
        ));
        Ok(())
    }

    /// A block of several results, left by branches that carry them from where they happen to be.
    fn exits(&mut self, depth: u32) -> Result<()> {
        let carried = types(self.u, 3)?;
        let below = types(self.u, 2)?;
        self.say(&format!("block {}", list("result", &carried)));
        self.labels.push(carried.clone());
        for ty in below.iter().chain(&carried) {
            self.value(*ty, depth)?;
        }
        self.branch_if(depth)?;
        for _ in 0..below.len() + carried.len() {
            self.say("drop");
        }
        self.statement(depth)?;
        for ty in &carried {
            self.value(*ty, depth)?;
        }
        self.labels.pop();
        self.say("end");
        self.take(&carried)
    }

    /// Pops values into locals and globals.
    fn take(&mut self, values: &[Ty]) -> Result<()> {
        for ty in values.iter().rev() {
            let text = match self.local(*ty, true)? {
                Some(local) => format!("local.set {local}"),
                None => "drop".into(),
            };
            self.say(&text);
        }
        Ok(())
    }

    fn table_of_labels(&mut self, depth: u32) -> Result<()> {
        let carried = types(self.u, 2)?;
        let result = list("result", &carried);
        self.say(&format!("block {result} block {result} block {result}"));
        for _ in 0..3 {
            self.labels.push(carried.clone());
        }
        for ty in &carried {
            self.value(*ty, depth)?;
        }
        self.value(I32, depth)?;
        self.say("i32.const 3 i32.and br_table 0 1 2 1 end");
        for _ in 0..2 {
            self.labels.pop();
            self.take(&carried)?;
            self.statement(depth)?;
            for ty in &carried {
                self.value(*ty, depth)?;
            }
            self.say("end");
        }
        self.labels.pop();
        self.take(&carried)
    }

    /// A call, direct or through the table: mostly of a function that comes later, so that most
    /// call trees end.
    fn call(&mut self, depth: u32) -> Result<()> {
        let last = self.functions.len() - 1;
        let first = if self.u.ratio(7, 8)? { last.min(self.current + 1) } else { 0 };
        let index = self.u.int_in_range(first..=last)?;
        if index == self.current && !self.u.ratio(1, 8)? {
            return self.assign(depth + 1);
        }
        let (params, results) = self.functions[index].clone();
        for ty in &params {
            self.value(*ty, depth)?;
        }
        let tail = results == self.results && self.u.ratio(1, 4)?;
        let name = if tail { "return_call" } else { "call" };
        if self.u.ratio(1, 3)? {
            let at = index as i32 + i32::from(!self.u.ratio(1, 8)?);
            let (params, results) = (list("param", &params), list("result", &results));
            self.say(&format!("i32.const {at} {name}_indirect {params} {results}"));
        } else {
            self.say(&format!("{name} {index}"));
        }
        if tail { Ok(()) } else { self.take(&results) }
    }

    fn bulk(&mut self, depth: u32) -> Result<()> {
        match self.u.int_in_range(0..=2u8)? {
            0 => {
                let number = self.u.int_in_range(0..=2u8)?;
                self.say(&format!("i32.const {}", number));
                self.say("memory.grow drop");
            }
            1 => {
                self.address(depth)?;
                self.value(I32, depth)?;
                let number = self.u.int_in_range(0..=130u8)?;
                self.say(&format!("i32.const {} memory.fill", number));
            }
            _ => {
                self.address(depth)?;
                self.address(depth)?;
                let number = self.u.int_in_range(0..=130u8)?;
                self.say(&format!("i32.const {} memory.copy", number));
            }
        }
        Ok(())
    }

    /// Leaves the function or a block under a condition.
    fn leave(&mut self, depth: u32) -> Result<()> {
        let depth_of_label = self.u.int_in_range(0..=self.labels.len() - 1)?;
        let carried = self.labels[self.labels.len() - 1 - depth_of_label].clone();
        for ty in &carried {
            self.value(*ty, depth)?;
        }
        self.comparison(depth)?;
        self.say(&format!("br_if {depth_of_label}"));
        for _ in &carried {
            self.say("drop");
        }
        Ok(())
    }
}
