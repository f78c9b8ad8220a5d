//! The one table of register ops.
//!
//! A row names a *kind*, its *shape* (which operand classes it comes in) and the types it reads and
//! writes. A kind and a variant of its shape make an [`Op`], the number that dispatch goes by. From
//! this table derive the enum, the encoder, the disassembler, the verifier and the `vm` floor's
//! handler tables.
//!
//! Operand classes: `S` a frame slot, `A` the accumulator (integer or float, by type), `I` an
//! immediate. Every op that produces a value leaves it in the accumulator of its type; the `to
//! slot` half of the variants also stores it.

/// Calls `$m!` with every row: `Kind shape(input -> output) "doc";`.
macro_rules! for_each_op {
    ($m:ident) => {
        $m! {
            // Integer arithmetic.
            I32Add commutative(u32 -> u32) "a + b";
            I32Sub binary(u32 -> u32) "a - b";
            I32Mul commutative(u32 -> u32) "a * b";
            I32DivS binary(u32 -> u32) "a / b, signed; traps on zero and overflow";
            I32DivU binary(u32 -> u32) "a / b, unsigned; traps on zero";
            I32RemS binary(u32 -> u32) "a % b, signed; traps on zero";
            I32RemU binary(u32 -> u32) "a % b, unsigned; traps on zero";
            I32And commutative(u32 -> u32) "a & b";
            I32Or commutative(u32 -> u32) "a | b";
            I32Xor commutative(u32 -> u32) "a ^ b";
            I32Shl binary(u32 -> u32) "a << (b mod 32)";
            I32ShrS binary(u32 -> u32) "a >> (b mod 32), signed";
            I32ShrU binary(u32 -> u32) "a >> (b mod 32), unsigned";
            I32Rotl binary(u32 -> u32) "a rotated left by b";
            I32Rotr binary(u32 -> u32) "a rotated right by b";
            I64Add commutative(u64 -> u64) "a + b";
            I64Sub binary(u64 -> u64) "a - b";
            I64Mul commutative(u64 -> u64) "a * b";
            I64DivS binary(u64 -> u64) "a / b, signed; traps on zero and overflow";
            I64DivU binary(u64 -> u64) "a / b, unsigned; traps on zero";
            I64RemS binary(u64 -> u64) "a % b, signed; traps on zero";
            I64RemU binary(u64 -> u64) "a % b, unsigned; traps on zero";
            I64And commutative(u64 -> u64) "a & b";
            I64Or commutative(u64 -> u64) "a | b";
            I64Xor commutative(u64 -> u64) "a ^ b";
            I64Shl binary(u64 -> u64) "a << (b mod 64)";
            I64ShrS binary(u64 -> u64) "a >> (b mod 64), signed";
            I64ShrU binary(u64 -> u64) "a >> (b mod 64), unsigned";
            I64Rotl binary(u64 -> u64) "a rotated left by b";
            I64Rotr binary(u64 -> u64) "a rotated right by b";
            // Float arithmetic; NaN results are the positive canonical NaN.
            F32Add binary(f32 -> f32) "a + b";
            F32Sub binary(f32 -> f32) "a - b";
            F32Mul binary(f32 -> f32) "a * b";
            F32Div binary(f32 -> f32) "a / b";
            F32Min binary(f32 -> f32) "minimum, -0 below +0";
            F32Max binary(f32 -> f32) "maximum, +0 above -0";
            F32Copysign binary(f32 -> f32) "a with the sign of b";
            F64Add binary(f64 -> f64) "a + b";
            F64Sub binary(f64 -> f64) "a - b";
            F64Mul binary(f64 -> f64) "a * b";
            F64Div binary(f64 -> f64) "a / b";
            F64Min binary(f64 -> f64) "minimum, -0 below +0";
            F64Max binary(f64 -> f64) "maximum, +0 above -0";
            F64Copysign binary(f64 -> f64) "a with the sign of b";
            // Two operators as one: a shift by a constant, or a product, that is an operand.
            I32AddShl shifted(u32 -> u32) "a + (b << k)";
            I32AddShrU shifted(u32 -> u32) "a + (b >> k), unsigned";
            I32OrShl shifted(u32 -> u32) "a | (b << k)";
            I32OrShrU shifted(u32 -> u32) "a | (b >> k), unsigned";
            I32XorShl shifted(u32 -> u32) "a ^ (b << k)";
            I32XorShrU shifted(u32 -> u32) "a ^ (b >> k), unsigned";
            I32XorRotl shifted(u32 -> u32) "a ^ (b rotated left by k)";
            I64AddShl shifted(u64 -> u64) "a + (b << k)";
            I64AddShrU shifted(u64 -> u64) "a + (b >> k), unsigned";
            I64OrShl shifted(u64 -> u64) "a | (b << k)";
            I64OrShrU shifted(u64 -> u64) "a | (b >> k), unsigned";
            I64XorShl shifted(u64 -> u64) "a ^ (b << k)";
            I64XorShrU shifted(u64 -> u64) "a ^ (b >> k), unsigned";
            I64XorRotl shifted(u64 -> u64) "a ^ (b rotated left by k)";
            I32MulAdd product(u32 -> u32) "a * b + c";
            I64MulAdd product(u64 -> u64) "a * b + c";
            F64MulAdd product(f64 -> f64) "a * b + c, rounded twice";
            F64MulSub product(f64 -> f64) "a * b - c, rounded twice";
            F64SubMul product(f64 -> f64) "c - a * b, rounded twice";
            // Comparisons, as a value or as a branch.
            I32Eq compare(u32 -> u32) "a = b";
            I32Ne compare(u32 -> u32) "a ≠ b";
            I32LtS compare(u32 -> u32) "a < b, signed";
            I32LtU compare(u32 -> u32) "a < b, unsigned";
            I32GtS compare(u32 -> u32) "a > b, signed";
            I32GtU compare(u32 -> u32) "a > b, unsigned";
            I32LeS compare(u32 -> u32) "a ≤ b, signed";
            I32LeU compare(u32 -> u32) "a ≤ b, unsigned";
            I32GeS compare(u32 -> u32) "a ≥ b, signed";
            I32GeU compare(u32 -> u32) "a ≥ b, unsigned";
            I64Eq compare(u64 -> u32) "a = b";
            I64Ne compare(u64 -> u32) "a ≠ b";
            I64LtS compare(u64 -> u32) "a < b, signed";
            I64LtU compare(u64 -> u32) "a < b, unsigned";
            I64GtS compare(u64 -> u32) "a > b, signed";
            I64GtU compare(u64 -> u32) "a > b, unsigned";
            I64LeS compare(u64 -> u32) "a ≤ b, signed";
            I64LeU compare(u64 -> u32) "a ≤ b, unsigned";
            I64GeS compare(u64 -> u32) "a ≥ b, signed";
            I64GeU compare(u64 -> u32) "a ≥ b, unsigned";
            I32Test negated(u32 -> u32) "a & b ≠ 0";
            I32NoTest negated(u32 -> u32) "a & b = 0";
            I64Test negated(u64 -> u32) "a & b ≠ 0";
            I64NoTest negated(u64 -> u32) "a & b = 0";
            F32Eq compare(f32 -> u32) "a = b";
            F32Ne compare(f32 -> u32) "a ≠ b";
            F32Lt compare(f32 -> u32) "a < b";
            F32Gt compare(f32 -> u32) "a > b";
            F32Le compare(f32 -> u32) "a ≤ b";
            F32Ge compare(f32 -> u32) "a ≥ b";
            F32NotLt negated(f32 -> u32) "not a < b";
            F32NotGt negated(f32 -> u32) "not a > b";
            F32NotLe negated(f32 -> u32) "not a ≤ b";
            F32NotGe negated(f32 -> u32) "not a ≥ b";
            F64Eq compare(f64 -> u32) "a = b";
            F64Ne compare(f64 -> u32) "a ≠ b";
            F64Lt compare(f64 -> u32) "a < b";
            F64Gt compare(f64 -> u32) "a > b";
            F64Le compare(f64 -> u32) "a ≤ b";
            F64Ge compare(f64 -> u32) "a ≥ b";
            F64NotLt negated(f64 -> u32) "not a < b";
            F64NotGt negated(f64 -> u32) "not a > b";
            F64NotLe negated(f64 -> u32) "not a ≤ b";
            F64NotGe negated(f64 -> u32) "not a ≥ b";
            // A counter goes on, and decides about a jump: `a := a + step`, then the relation.
            I32StepEq step(u32 -> u32) "a + step = b";
            I32StepNe step(u32 -> u32) "a + step ≠ b";
            I32StepLtS step(u32 -> u32) "a + step < b, signed";
            I32StepLtU step(u32 -> u32) "a + step < b, unsigned";
            I32StepGtS step(u32 -> u32) "a + step > b, signed";
            I32StepGtU step(u32 -> u32) "a + step > b, unsigned";
            I32StepLeS step(u32 -> u32) "a + step ≤ b, signed";
            I32StepLeU step(u32 -> u32) "a + step ≤ b, unsigned";
            I32StepGeS step(u32 -> u32) "a + step ≥ b, signed";
            I32StepGeU step(u32 -> u32) "a + step ≥ b, unsigned";
            // Unary operators and conversions.
            I32Clz unary(u32 -> u32) "leading zeros";
            I32Ctz unary(u32 -> u32) "trailing zeros";
            I32Popcnt unary(u32 -> u32) "ones";
            I32Eqz unary(u32 -> u32) "a = 0";
            I32Extend8S unary(u32 -> u32) "sign-extends 8 bits";
            I32Extend16S unary(u32 -> u32) "sign-extends 16 bits";
            I64Clz unary(u64 -> u64) "leading zeros";
            I64Ctz unary(u64 -> u64) "trailing zeros";
            I64Popcnt unary(u64 -> u64) "ones";
            I64Eqz unary(u64 -> u32) "a = 0; also ref.is_null";
            I64Extend8S unary(u64 -> u64) "sign-extends 8 bits";
            I64Extend16S unary(u64 -> u64) "sign-extends 16 bits";
            I64Extend32S unary(u64 -> u64) "sign-extends 32 bits; also i64.extend_i32_s";
            I32WrapI64 unary(u64 -> u32) "low 32 bits";
            F32Abs unary(f32 -> f32) "clears the sign";
            F32Neg unary(f32 -> f32) "flips the sign";
            F32Ceil unary(f32 -> f32) "rounds up";
            F32Floor unary(f32 -> f32) "rounds down";
            F32Trunc unary(f32 -> f32) "rounds towards zero";
            F32Nearest unary(f32 -> f32) "rounds half to even";
            F32Sqrt unary(f32 -> f32) "square root";
            F64Abs unary(f64 -> f64) "clears the sign";
            F64Neg unary(f64 -> f64) "flips the sign";
            F64Ceil unary(f64 -> f64) "rounds up";
            F64Floor unary(f64 -> f64) "rounds down";
            F64Trunc unary(f64 -> f64) "rounds towards zero";
            F64Nearest unary(f64 -> f64) "rounds half to even";
            F64Sqrt unary(f64 -> f64) "square root";
            I32TruncF32S unary(f32 -> u32) "to signed; traps out of range";
            I32TruncF32U unary(f32 -> u32) "to unsigned; traps out of range";
            I32TruncF64S unary(f64 -> u32) "to signed; traps out of range";
            I32TruncF64U unary(f64 -> u32) "to unsigned; traps out of range";
            I64TruncF32S unary(f32 -> u64) "to signed; traps out of range";
            I64TruncF32U unary(f32 -> u64) "to unsigned; traps out of range";
            I64TruncF64S unary(f64 -> u64) "to signed; traps out of range";
            I64TruncF64U unary(f64 -> u64) "to unsigned; traps out of range";
            I32TruncSatF32S unary(f32 -> u32) "to signed, saturating";
            I32TruncSatF32U unary(f32 -> u32) "to unsigned, saturating";
            I32TruncSatF64S unary(f64 -> u32) "to signed, saturating";
            I32TruncSatF64U unary(f64 -> u32) "to unsigned, saturating";
            I64TruncSatF32S unary(f32 -> u64) "to signed, saturating";
            I64TruncSatF32U unary(f32 -> u64) "to unsigned, saturating";
            I64TruncSatF64S unary(f64 -> u64) "to signed, saturating";
            I64TruncSatF64U unary(f64 -> u64) "to unsigned, saturating";
            F32ConvertI32S unary(u32 -> f32) "from signed";
            F32ConvertI32U unary(u32 -> f32) "from unsigned";
            F32ConvertI64S unary(u64 -> f32) "from signed";
            F32ConvertI64U unary(u64 -> f32) "from unsigned";
            F64ConvertI32S unary(u32 -> f64) "from signed";
            F64ConvertI32U unary(u32 -> f64) "from unsigned";
            F64ConvertI64S unary(u64 -> f64) "from signed";
            F64ConvertI64U unary(u64 -> f64) "from unsigned";
            F32DemoteF64 unary(f64 -> f32) "narrows";
            F64PromoteF32 unary(f32 -> f64) "widens";
            // Linear memory 0.
            I32Load load(u32 -> u32) "32 bits";
            I64Load load(u32 -> u64) "64 bits";
            F32Load load(u32 -> f32) "32 bits";
            F64Load load(u32 -> f64) "64 bits";
            I32Load8S load(u32 -> u32) "8 bits, signed";
            I32Load8U load(u32 -> u32) "8 bits, unsigned; also i64.load8_u";
            I32Load16S load(u32 -> u32) "16 bits, signed";
            I32Load16U load(u32 -> u32) "16 bits, unsigned; also i64.load16_u";
            I64Load8S load(u32 -> u64) "8 bits, signed";
            I64Load16S load(u32 -> u64) "16 bits, signed";
            I64Load32S load(u32 -> u64) "32 bits, signed";
            I32Store store(u32 -> u32) "32 bits; also i64.store32";
            I64Store store(u64 -> u64) "64 bits";
            F32Store store_float(f32 -> f32) "32 bits";
            F64Store store_float(f64 -> f64) "64 bits";
            I32Store8 store(u32 -> u32) "8 bits; also i64.store8";
            I32Store16 store(u32 -> u32) "16 bits; also i64.store16";
            // Moves.
            Copy fixed(u64 -> u64) "f0 := f1";
            Copy2 fixed(u64 -> u64) "f0 := f1, then f2 := f3";
            CopySpan fixed(u64 -> u64) "f2 slots from f1 to f0, which may overlap";
            Const32 fixed(u64 -> u64) "f0 := high half, zero-extended";
            Const64 fixed(u64 -> u64) "f0 := second cell";
            StoreAcc fixed(u64 -> u64) "f0 := integer accumulator";
            StoreFacc fixed(f64 -> f64) "f0 := float accumulator";
            Select select(u64 -> u64) "cond ≠ 0 ? a : b";
            FSelect select(f64 -> f64) "cond ≠ 0 ? a : b";
            // Control. Each carries the gas of the regions that it enters.
            Br fixed(u64 -> u64) "jumps";
            BrIf branch(u32 -> u32) "jumps where cond ≠ 0";
            BrUnless branch(u32 -> u32) "jumps where cond = 0";
            BrIf64 branch(u64 -> u64) "jumps where the 64-bit cond ≠ 0";
            BrUnless64 branch(u64 -> u64) "jumps where the 64-bit cond = 0";
            BrTable branch(u32 -> u32) "jumps by index";
            Charge fixed(u64 -> u64) "charges a region that was cut for its size";
            Unreachable fixed(u64 -> u64) "traps";
            OutOfGas fixed(u64 -> u64) "ends a replay";
            Return fixed(u64 -> u64) "returns; results are in place";
            Return1 source(u64 -> u64) "returns one integer or reference";
            FReturn1 source(f64 -> f64) "returns one float";
            Call fixed(u64 -> u64) "calls a function of this module";
            CallImport fixed(u64 -> u64) "calls an imported function";
            CallIndirect fixed(u64 -> u64) "calls through a table";
            ReturnCall fixed(u64 -> u64) "tail call of a function of this module";
            ReturnCallImport fixed(u64 -> u64) "tail call of an imported function";
            ReturnCallIndirect fixed(u64 -> u64) "tail call through a table";
            Exit fixed(u64 -> u64) "leaves the machine: the outermost activation has returned";
            Boundary fixed(u64 -> u64) "returns into another instance";
            Probe fixed(u64 -> u64) "notes the native stack pointer";
            // Globals.
            GlobalGet dest(u64 -> u64) "own global, integer or reference";
            FGlobalGet dest(f64 -> f64) "own global, float";
            GlobalGetImported dest(u64 -> u64) "imported global, integer or reference";
            FGlobalGetImported dest(f64 -> f64) "imported global, float";
            GlobalSet source(u64 -> u64) "own global, integer or reference";
            FGlobalSet source(f64 -> f64) "own global, float";
            GlobalSetImported source(u64 -> u64) "imported global, integer or reference";
            FGlobalSetImported source(f64 -> f64) "imported global, float";
            // Memory and tables as a whole.
            MemorySize dest(u32 -> u32) "pages";
            MemoryGrow fixed(u64 -> u64) "f0 := grow by f1 pages";
            MemoryCopy fixed(u64 -> u64) "f2 bytes from f1 to f0";
            MemoryFill fixed(u64 -> u64) "f2 bytes at f0 with f1";
            MemoryInit fixed(u64 -> u64) "f2 bytes of a segment from f1 to f0";
            DataDrop fixed(u64 -> u64) "drops a data segment";
            TableGet fixed(u64 -> u64) "f0 := element f1";
            TableSet fixed(u64 -> u64) "element f0 := f1";
            TableSize fixed(u64 -> u64) "f0 := elements";
            TableGrow fixed(u64 -> u64) "f0 := grow by f2 elements of f1";
            TableFill fixed(u64 -> u64) "f2 elements at f0 with f1";
            TableCopy fixed(u64 -> u64) "f2 elements from f1 to f0";
            TableInit fixed(u64 -> u64) "f2 elements of a segment from f1 to f0";
            ElemDrop fixed(u64 -> u64) "drops an element segment";
            RefFunc fixed(u64 -> u64) "f0 := reference to a function";
        }
    };
}
pub(crate) use for_each_op;

/// The value type that an operand or a result has inside register code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types, reason = "named as the Rust types that handlers compute with")]
pub enum Class {
    /// 32-bit integer, zero-extended in its slot.
    u32,
    /// 64-bit integer or reference.
    u64,
    /// 32-bit float, its bits zero-extended in its slot.
    f32,
    /// 64-bit float.
    f64,
}

impl Class {
    /// Whether values of this class live in the float accumulator.
    pub const fn is_float(self) -> bool {
        matches!(self, Class::f32 | Class::f64)
    }

    /// Whether an immediate of this class takes a cell of its own.
    pub const fn is_wide(self) -> bool {
        matches!(self, Class::u64 | Class::f64)
    }
}

/// Where an operand of an op comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// A frame slot.
    S,
    /// The accumulator of the operand's type.
    A,
    /// An immediate in the code.
    I,
    /// An address: a slot plus an immediate, in 32 bits.
    Sum,
    /// The same with the accumulator.
    SumA,
    /// An address: a slot plus a slot, in 32 bits, plus an offset of 16 bits.
    Add,
    /// The same with the accumulator as the second.
    AddA,
    /// An address: a slot plus a slot shifted left by the kind's scale, plus an offset of 16 bits.
    Scale,
    /// The same with the accumulator as the one that is shifted.
    ScaleA,
    /// An address: a slot shifted left by the kind's scale, plus an offset.
    Left,
    /// The same with the accumulator.
    LeftA,
}

/// Which operand classes an op comes in. The variants of a shape are numbered densely: operand
/// pattern first, then, for shapes with a result, whether the result is also stored to a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types, reason = "named as in the table")]
pub enum Shape {
    /// `a ∘ b` in all operand classes but both immediate.
    binary,
    /// `a ∘ b` where order does not matter.
    commutative,
    /// `a ∘ (b shifted by a constant)`.
    shifted,
    /// `a * b ∘ c`, where `c` is a slot.
    product,
    /// A relation: as a value, then as a branch.
    compare,
    /// A relation as a branch only: it is no operator of WebAssembly.
    negated,
    /// Adds a constant to a slot, which is then the left side of a relation that branches.
    step,
    /// One operand, one result.
    unary,
    /// Address operand, one result.
    load,
    /// Address and value operands.
    store,
    /// Address operand; the value is in the float accumulator (in a slot or as a constant it is
    /// bits like any other).
    store_float,
    /// Condition operand, two slots, one result.
    select,
    /// Condition operand only.
    branch,
    /// One operand, no result.
    source,
    /// One result, no operand.
    dest,
    /// Fields with a meaning of their own.
    fixed,
}

use Operand::{A, Add, AddA, I, Left, LeftA, S, Scale, ScaleA, Sum, SumA};

/// Operand patterns of [`Shape::binary`].
const BINARY: &[&[Operand]] = &[&[S, S], &[A, S], &[S, A], &[S, I], &[A, I], &[I, S], &[I, A]];
const COMMUTATIVE: &[&[Operand]] = &[&[S, S], &[A, S], &[S, I], &[A, I]];
const COMPARE: &[&[Operand]] = &[&[S, S], &[A, S], &[S, A], &[S, I], &[A, I]];
const SHIFTED: &[&[Operand]] = &[&[S, S], &[S, A], &[A, S]];
const PRODUCT: &[&[Operand]] = &[&[S, S], &[A, S]];
const STEP: &[&[Operand]] = &[&[S], &[I]];
const UNARY: &[&[Operand]] = &[&[S], &[A]];
const SOURCE: &[&[Operand]] = &[&[S], &[A], &[I]];
#[rustfmt::skip]
const LOAD: &[&[Operand]] = &[
    &[S], &[A], &[I], &[Sum], &[SumA], &[Add], &[AddA], &[Scale], &[ScaleA], &[Left], &[LeftA],
];
#[rustfmt::skip]
const STORE: &[&[Operand]] = &[
    &[S, S], &[S, A], &[S, I], &[A, S], &[A, I], &[I, S], &[I, A], &[I, I],
    &[Sum, S], &[Sum, A], &[Sum, I], &[Add, S], &[Add, I], &[AddA, S], &[AddA, I],
    &[Scale, S], &[Scale, I], &[ScaleA, S], &[ScaleA, I],
];
#[rustfmt::skip]
const STORE_FLOAT: &[&[Operand]] = &[
    &[S, A], &[A, A], &[I, A], &[Sum, A], &[Add, A], &[AddA, A], &[Scale, A], &[ScaleA, A],
];
const NONE: &[&[Operand]] = &[&[]];

impl Shape {
    /// Operand patterns, in variant order.
    pub const fn patterns(self) -> &'static [&'static [Operand]] {
        match self {
            Shape::binary => BINARY,
            Shape::commutative => COMMUTATIVE,
            Shape::shifted => SHIFTED,
            Shape::product => PRODUCT,
            Shape::step => STEP,
            Shape::compare | Shape::negated => COMPARE,
            Shape::unary | Shape::select | Shape::branch => UNARY,
            Shape::source => SOURCE,
            Shape::load => LOAD,
            Shape::store => STORE,
            Shape::store_float => STORE_FLOAT,
            Shape::dest | Shape::fixed => NONE,
        }
    }

    /// The number of the pattern with these operands, which is one of the shape's.
    pub const fn pattern_of(self, operands: &[Operand]) -> u16 {
        let patterns = self.patterns();
        let mut index = 0;
        while !same(patterns[index], operands) {
            index += 1;
        }
        index as u16
    }

    /// Whether the variants come in pairs: result in the accumulator only, result also in a slot.
    pub const fn has_result(self) -> bool {
        !matches!(
            self,
            Shape::negated
                | Shape::step
                | Shape::store
                | Shape::store_float
                | Shape::branch
                | Shape::source
                | Shape::fixed
        )
    }

    /// Number of variants.
    pub const fn variants(self) -> u16 {
        let patterns = self.patterns().len() as u16;
        match self {
            Shape::compare => patterns * 3,
            _ if self.has_result() => patterns * 2,
            _ => patterns,
        }
    }
}

const fn same(a: &[Operand], b: &[Operand]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] as u8 == b[i] as u8 {
        i += 1;
    }
    i == a.len() && i == b.len()
}

macro_rules! define {
    ($($kind:ident $shape:ident($input:ident -> $output:ident) $doc:literal;)*) => {
        /// A row of the op table.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum OpKind { $(#[doc = $doc] $kind,)* }

        impl OpKind {
            /// Every kind, in table order.
            pub const ALL: &'static [OpKind] = &[$(OpKind::$kind),*];

            /// The name in listings.
            pub const fn name(self) -> &'static str {
                match self { $(OpKind::$kind => stringify!($kind),)* }
            }

            /// The documentation line.
            pub const fn doc(self) -> &'static str {
                match self { $(OpKind::$kind => $doc,)* }
            }

            /// The operand classes it comes in.
            pub const fn shape(self) -> Shape {
                match self { $(OpKind::$kind => Shape::$shape,)* }
            }

            /// Class of its operands (of a store: of the value).
            pub const fn input(self) -> Class {
                match self { $(OpKind::$kind => Class::$input,)* }
            }

            /// Class of its result.
            pub const fn output(self) -> Class {
                match self { $(OpKind::$kind => Class::$output,)* }
            }
        }
    };
}
for_each_op!(define);

impl OpKind {
    /// By how many bits an access shifts the index of [`Operand::Scale`]: as elements of its width
    /// lie, and bytes as fields of 32-bit elements.
    pub const fn scale(self) -> u32 {
        use OpKind as K;
        match self {
            K::I32Load16S | K::I32Load16U | K::I64Load16S | K::I32Store16 => 1,
            K::I64Load | K::F64Load | K::I64Store | K::F64Store => 3,
            _ => 2,
        }
    }
}

const KINDS: usize = OpKind::ALL.len();

/// First op number of each kind; the last entry is the number of ops.
const BASE: [u16; KINDS + 1] = {
    let mut base = [0; KINDS + 1];
    let mut i = 0;
    while i < KINDS {
        base[i + 1] = base[i] + OpKind::ALL[i].shape().variants();
        i += 1;
    }
    base
};

/// A register op: a kind in one variant of its shape.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Op(u16);

impl Op {
    /// How many ops there are.
    pub const COUNT: u16 = BASE[KINDS];

    /// The op of a kind and a variant.
    #[inline]
    pub const fn new(kind: OpKind, variant: u16) -> Op {
        debug_assert!(variant < kind.shape().variants());
        Op(BASE[kind as usize] + variant)
    }

    /// The op of a kind without variants.
    #[inline]
    pub const fn fixed(kind: OpKind) -> Op {
        Op(BASE[kind as usize])
    }

    /// The value-producing op of a kind with this operand pattern.
    #[inline]
    pub const fn value(kind: OpKind, pattern: u16, to_slot: bool) -> Op {
        Op(BASE[kind as usize] + pattern * 2 + to_slot as u16)
    }

    /// The branching op of a relation with this operand pattern.
    #[inline]
    pub const fn compare_branch(kind: OpKind, pattern: u16) -> Op {
        let skip = match kind.shape() {
            Shape::compare => COMPARE.len() as u16 * 2,
            _ => 0,
        };
        Op(BASE[kind as usize] + skip + pattern)
    }

    /// The same op with its result also stored to the slot of field 0.
    #[inline]
    pub const fn to_slot(self) -> Op {
        Op(self.0 + 1)
    }

    /// Its number, below [`Op::COUNT`].
    #[inline]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The op with this number.
    pub fn from_number(number: u16) -> Option<Op> {
        (number < Op::COUNT).then_some(Op(number))
    }

    /// Its kind.
    pub fn kind(self) -> OpKind {
        OpKind::ALL[BASE.partition_point(|&b| b <= self.0) - 1]
    }

    /// Its variant within the kind's shape.
    pub fn variant(self) -> u16 {
        self.0 - BASE[self.kind() as usize]
    }

    /// Whether this is the branching form of a relation.
    pub fn is_compare_branch(self) -> bool {
        match self.kind().shape() {
            Shape::compare => self.variant() >= COMPARE.len() as u16 * 2,
            shape => matches!(shape, Shape::negated | Shape::step),
        }
    }

    /// Whether the result is also stored to a slot.
    pub fn stores_result(self) -> bool {
        let shape = self.kind().shape();
        shape.has_result() && !self.is_compare_branch() && self.variant() % 2 == 1
    }

    /// Its operand classes.
    pub fn pattern(self) -> &'static [Operand] {
        let shape = self.kind().shape();
        let index = match shape {
            Shape::compare if self.is_compare_branch() => self.variant() - COMPARE.len() as u16 * 2,
            _ if shape.has_result() => self.variant() / 2,
            _ => self.variant(),
        };
        shape.patterns()[usize::from(index)]
    }

    /// Cells that the op takes, given the cell after its handler (a `br_table` reads its length
    /// there).
    pub fn cells(self, fields: u64) -> usize {
        use OpKind as K;
        let kind = self.kind();
        let immediate = self.pattern().contains(&Operand::I);
        let wide = usize::from(immediate && kind.input().is_wide());
        match kind.shape() {
            Shape::step => 4,
            _ if self.is_compare_branch() => 3 + usize::from(immediate),
            Shape::binary | Shape::commutative | Shape::compare => 2 + wide,
            Shape::source => 2 + usize::from(immediate),
            Shape::branch if kind == K::BrTable => 2 + super::cell::unpack_half(fields)[1] as usize,
            Shape::branch => 3,
            Shape::fixed => match kind {
                K::Unreachable | K::OutOfGas | K::Exit | K::Boundary | K::Probe => 1,
                K::Const64 | K::Call | K::CallImport | K::CallIndirect => 3,
                K::ReturnCall | K::ReturnCallImport | K::ReturnCallIndirect => 3,
                K::MemoryCopy | K::MemoryFill | K::MemoryInit => 3,
                K::TableGrow | K::TableFill => 3,
                K::TableCopy | K::TableInit => 4,
                _ => 2,
            },
            _ => 2,
        }
    }
}
