//! The operator table: one row per WebAssembly operator, the source of everything that is said per
//! operator.
//!
//! A row reads: doc line · opcode · `Name { immediate: Kind, … }` · text name · shape · gas class ·
//! features it needs. An opcode behind a prefix byte is written `0xPP_SSSS`. Shapes:
//!
//! * `plain [A B -> C]`: pops and pushes these types and nothing more is to be said;
//! * `load [bytes type]`, `store [bytes type]`: the address type comes from the memory that
//!   `memarg` names;
//! * `special []`: has a method of its own in `validate/`.
//!
//! From this table come [`Operator`](super::Operator), [`OperatorKind`](super::OperatorKind), the
//! decoder, the validation of plain operators, gas classes, feature checks and the printer. An
//! operator is added here first; the compiler then names the doors to open.

/// Calls `$callback!` with the rows of the operator table.
macro_rules! for_each_operator {
    ($callback:ident) => {
        $callback! {
        // Control.
        /// Traps.
        0x00 Unreachable {} "unreachable" special [] Unreachable [];
        /// Does nothing.
        0x01 Nop {} "nop" special [] Free [];
        /// Begins a block; a branch to it leaves it.
        0x02 Block { blockty: BlockType } "block" special [] Free [];
        /// Begins a loop; a branch to it begins it anew.
        0x03 Loop { blockty: BlockType } "loop" special [] Free [];
        /// Pops a condition and runs the one or the other arm.
        0x04 If { blockty: BlockType } "if" special [] Branch [];
        /// Ends the first arm of an `if` and begins the second.
        0x05 Else {} "else" special [] Free [];
        /// Ends a block, a function body or a constant expression.
        0x0B End {} "end" special [] Free [];
        /// Branches.
        0x0C Br { relative_depth: Label } "br" special [] Branch [];
        /// Branches if the popped condition is not zero.
        0x0D BrIf { relative_depth: Label } "br_if" special [] Branch [];
        /// Branches to the label that the popped index selects.
        0x0E BrTable { targets: BrTable<'a> } "br_table" special [] BranchTable [];
        /// Returns from the function.
        0x0F Return {} "return" special [] Return [];

        // Calls.
        /// Calls a function.
        0x10 Call { function_index: FunctionIndex } "call" special [] Call [];
        /// Calls the function that a table holds at the popped index.
        0x11 CallIndirect { type_index: TypeIndex, table_index: CallTable } "call_indirect"
            special [] CallIndirect [];
        /// Calls a function in place of the running one.
        0x12 ReturnCall { function_index: FunctionIndex } "return_call" special [] Call [TAIL_CALL];
        /// Calls a function out of a table in place of the running one.
        0x13 ReturnCallIndirect { type_index: TypeIndex, table_index: CallTable } "return_call_indirect"
            special [] CallIndirect [TAIL_CALL];

        // Parametric.
        /// Pops a value.
        0x1A Drop {} "drop" special [] Free [];
        /// Selects one of two numbers by the popped condition.
        0x1B Select {} "select" special [] Select [];
        /// Selects one of two values of the given type by the popped condition.
        0x1C TypedSelect { ty: SelectType } "select" special [] Select [REFERENCE_TYPES];

        // Variables.
        /// Pushes a local.
        0x20 LocalGet { local_index: LocalIndex } "local.get" special [] LocalGet [];
        /// Pops into a local.
        0x21 LocalSet { local_index: LocalIndex } "local.set" special [] LocalSet [];
        /// Copies the top value into a local.
        0x22 LocalTee { local_index: LocalIndex } "local.tee" special [] LocalSet [];
        /// Pushes a global.
        0x23 GlobalGet { global_index: GlobalIndex } "global.get" special [] Global [];
        /// Pops into a global.
        0x24 GlobalSet { global_index: GlobalIndex } "global.set" special [] Global [];

        // Table elements.
        /// Pushes an element of a table.
        0x25 TableGet { table: TableIndex } "table.get" special [] TableAccess [REFERENCE_TYPES];
        /// Pops into an element of a table.
        0x26 TableSet { table: TableIndex } "table.set" special [] TableAccess [REFERENCE_TYPES];

        // Loads and stores.
        /// Loads 4 bytes.
        0x28 I32Load { memarg: MemArg } "i32.load" load [4 I32] Load [];
        /// Loads 8 bytes.
        0x29 I64Load { memarg: MemArg } "i64.load" load [8 I64] Load [];
        /// Loads 4 bytes.
        0x2A F32Load { memarg: MemArg } "f32.load" load [4 F32] Load [FLOATS];
        /// Loads 8 bytes.
        0x2B F64Load { memarg: MemArg } "f64.load" load [8 F64] Load [FLOATS];
        /// Loads 1 byte, sign-extended.
        0x2C I32Load8S { memarg: MemArg } "i32.load8_s" load [1 I32] Load [];
        /// Loads 1 byte, zero-extended.
        0x2D I32Load8U { memarg: MemArg } "i32.load8_u" load [1 I32] Load [];
        /// Loads 2 bytes, sign-extended.
        0x2E I32Load16S { memarg: MemArg } "i32.load16_s" load [2 I32] Load [];
        /// Loads 2 bytes, zero-extended.
        0x2F I32Load16U { memarg: MemArg } "i32.load16_u" load [2 I32] Load [];
        /// Loads 1 byte, sign-extended.
        0x30 I64Load8S { memarg: MemArg } "i64.load8_s" load [1 I64] Load [];
        /// Loads 1 byte, zero-extended.
        0x31 I64Load8U { memarg: MemArg } "i64.load8_u" load [1 I64] Load [];
        /// Loads 2 bytes, sign-extended.
        0x32 I64Load16S { memarg: MemArg } "i64.load16_s" load [2 I64] Load [];
        /// Loads 2 bytes, zero-extended.
        0x33 I64Load16U { memarg: MemArg } "i64.load16_u" load [2 I64] Load [];
        /// Loads 4 bytes, sign-extended.
        0x34 I64Load32S { memarg: MemArg } "i64.load32_s" load [4 I64] Load [];
        /// Loads 4 bytes, zero-extended.
        0x35 I64Load32U { memarg: MemArg } "i64.load32_u" load [4 I64] Load [];
        /// Stores 4 bytes.
        0x36 I32Store { memarg: MemArg } "i32.store" store [4 I32] Store [];
        /// Stores 8 bytes.
        0x37 I64Store { memarg: MemArg } "i64.store" store [8 I64] Store [];
        /// Stores 4 bytes.
        0x38 F32Store { memarg: MemArg } "f32.store" store [4 F32] Store [FLOATS];
        /// Stores 8 bytes.
        0x39 F64Store { memarg: MemArg } "f64.store" store [8 F64] Store [FLOATS];
        /// Stores the low byte.
        0x3A I32Store8 { memarg: MemArg } "i32.store8" store [1 I32] Store [];
        /// Stores the low 2 bytes.
        0x3B I32Store16 { memarg: MemArg } "i32.store16" store [2 I32] Store [];
        /// Stores the low byte.
        0x3C I64Store8 { memarg: MemArg } "i64.store8" store [1 I64] Store [];
        /// Stores the low 2 bytes.
        0x3D I64Store16 { memarg: MemArg } "i64.store16" store [2 I64] Store [];
        /// Stores the low 4 bytes.
        0x3E I64Store32 { memarg: MemArg } "i64.store32" store [4 I64] Store [];
        /// Pushes the size of a memory in pages.
        0x3F MemorySize { mem: MemoryByte } "memory.size" special [] MemorySize [];
        /// Grows a memory; pushes its former size in pages, or −1.
        0x40 MemoryGrow { mem: MemoryByte } "memory.grow" special [] MemoryGrow [];

        // Constants.
        /// Pushes a constant.
        0x41 I32Const { value: I32 } "i32.const" plain [-> I32] Const [];
        /// Pushes a constant.
        0x42 I64Const { value: I64 } "i64.const" plain [-> I64] Const [];
        /// Pushes a constant, given as its bits.
        0x43 F32Const { value: F32Bits } "f32.const" plain [-> F32] Const [FLOATS];
        /// Pushes a constant, given as its bits.
        0x44 F64Const { value: F64Bits } "f64.const" plain [-> F64] Const [FLOATS];

        // Comparisons of i32.
        /// Whether the operand is zero.
        0x45 I32Eqz {} "i32.eqz" plain [I32 -> I32] Compare [];
        /// Equal.
        0x46 I32Eq {} "i32.eq" plain [I32 I32 -> I32] Compare [];
        /// Not equal.
        0x47 I32Ne {} "i32.ne" plain [I32 I32 -> I32] Compare [];
        /// Less, signed.
        0x48 I32LtS {} "i32.lt_s" plain [I32 I32 -> I32] Compare [];
        /// Less, unsigned.
        0x49 I32LtU {} "i32.lt_u" plain [I32 I32 -> I32] Compare [];
        /// Greater, signed.
        0x4A I32GtS {} "i32.gt_s" plain [I32 I32 -> I32] Compare [];
        /// Greater, unsigned.
        0x4B I32GtU {} "i32.gt_u" plain [I32 I32 -> I32] Compare [];
        /// Less or equal, signed.
        0x4C I32LeS {} "i32.le_s" plain [I32 I32 -> I32] Compare [];
        /// Less or equal, unsigned.
        0x4D I32LeU {} "i32.le_u" plain [I32 I32 -> I32] Compare [];
        /// Greater or equal, signed.
        0x4E I32GeS {} "i32.ge_s" plain [I32 I32 -> I32] Compare [];
        /// Greater or equal, unsigned.
        0x4F I32GeU {} "i32.ge_u" plain [I32 I32 -> I32] Compare [];

        // Comparisons of i64.
        /// Whether the operand is zero.
        0x50 I64Eqz {} "i64.eqz" plain [I64 -> I32] Compare [];
        /// Equal.
        0x51 I64Eq {} "i64.eq" plain [I64 I64 -> I32] Compare [];
        /// Not equal.
        0x52 I64Ne {} "i64.ne" plain [I64 I64 -> I32] Compare [];
        /// Less, signed.
        0x53 I64LtS {} "i64.lt_s" plain [I64 I64 -> I32] Compare [];
        /// Less, unsigned.
        0x54 I64LtU {} "i64.lt_u" plain [I64 I64 -> I32] Compare [];
        /// Greater, signed.
        0x55 I64GtS {} "i64.gt_s" plain [I64 I64 -> I32] Compare [];
        /// Greater, unsigned.
        0x56 I64GtU {} "i64.gt_u" plain [I64 I64 -> I32] Compare [];
        /// Less or equal, signed.
        0x57 I64LeS {} "i64.le_s" plain [I64 I64 -> I32] Compare [];
        /// Less or equal, unsigned.
        0x58 I64LeU {} "i64.le_u" plain [I64 I64 -> I32] Compare [];
        /// Greater or equal, signed.
        0x59 I64GeS {} "i64.ge_s" plain [I64 I64 -> I32] Compare [];
        /// Greater or equal, unsigned.
        0x5A I64GeU {} "i64.ge_u" plain [I64 I64 -> I32] Compare [];

        // Comparisons of f32.
        /// Equal; false on NaN.
        0x5B F32Eq {} "f32.eq" plain [F32 F32 -> I32] FloatCompare [FLOATS];
        /// Not equal; true on NaN.
        0x5C F32Ne {} "f32.ne" plain [F32 F32 -> I32] FloatCompare [FLOATS];
        /// Less; false on NaN.
        0x5D F32Lt {} "f32.lt" plain [F32 F32 -> I32] FloatCompare [FLOATS];
        /// Greater; false on NaN.
        0x5E F32Gt {} "f32.gt" plain [F32 F32 -> I32] FloatCompare [FLOATS];
        /// Less or equal; false on NaN.
        0x5F F32Le {} "f32.le" plain [F32 F32 -> I32] FloatCompare [FLOATS];
        /// Greater or equal; false on NaN.
        0x60 F32Ge {} "f32.ge" plain [F32 F32 -> I32] FloatCompare [FLOATS];

        // Comparisons of f64.
        /// Equal; false on NaN.
        0x61 F64Eq {} "f64.eq" plain [F64 F64 -> I32] FloatCompare [FLOATS];
        /// Not equal; true on NaN.
        0x62 F64Ne {} "f64.ne" plain [F64 F64 -> I32] FloatCompare [FLOATS];
        /// Less; false on NaN.
        0x63 F64Lt {} "f64.lt" plain [F64 F64 -> I32] FloatCompare [FLOATS];
        /// Greater; false on NaN.
        0x64 F64Gt {} "f64.gt" plain [F64 F64 -> I32] FloatCompare [FLOATS];
        /// Less or equal; false on NaN.
        0x65 F64Le {} "f64.le" plain [F64 F64 -> I32] FloatCompare [FLOATS];
        /// Greater or equal; false on NaN.
        0x66 F64Ge {} "f64.ge" plain [F64 F64 -> I32] FloatCompare [FLOATS];

        // Arithmetic of i32.
        /// Number of leading zero bits.
        0x67 I32Clz {} "i32.clz" plain [I32 -> I32] IntCount [];
        /// Number of trailing zero bits.
        0x68 I32Ctz {} "i32.ctz" plain [I32 -> I32] IntCount [];
        /// Number of one bits.
        0x69 I32Popcnt {} "i32.popcnt" plain [I32 -> I32] IntCount [];
        /// Sum, wrapping.
        0x6A I32Add {} "i32.add" plain [I32 I32 -> I32] IntSimple [];
        /// Difference, wrapping.
        0x6B I32Sub {} "i32.sub" plain [I32 I32 -> I32] IntSimple [];
        /// Product, wrapping.
        0x6C I32Mul {} "i32.mul" plain [I32 I32 -> I32] IntMul [];
        /// Quotient, signed; traps on zero and on overflow.
        0x6D I32DivS {} "i32.div_s" plain [I32 I32 -> I32] IntDiv [];
        /// Quotient, unsigned; traps on zero.
        0x6E I32DivU {} "i32.div_u" plain [I32 I32 -> I32] IntDiv [];
        /// Remainder, signed; traps on zero.
        0x6F I32RemS {} "i32.rem_s" plain [I32 I32 -> I32] IntDiv [];
        /// Remainder, unsigned; traps on zero.
        0x70 I32RemU {} "i32.rem_u" plain [I32 I32 -> I32] IntDiv [];
        /// Bitwise and.
        0x71 I32And {} "i32.and" plain [I32 I32 -> I32] IntSimple [];
        /// Bitwise or.
        0x72 I32Or {} "i32.or" plain [I32 I32 -> I32] IntSimple [];
        /// Bitwise exclusive or.
        0x73 I32Xor {} "i32.xor" plain [I32 I32 -> I32] IntSimple [];
        /// Shift left, the count modulo the width.
        0x74 I32Shl {} "i32.shl" plain [I32 I32 -> I32] IntShift [];
        /// Shift right, signed.
        0x75 I32ShrS {} "i32.shr_s" plain [I32 I32 -> I32] IntShift [];
        /// Shift right, unsigned.
        0x76 I32ShrU {} "i32.shr_u" plain [I32 I32 -> I32] IntShift [];
        /// Rotate left.
        0x77 I32Rotl {} "i32.rotl" plain [I32 I32 -> I32] IntShift [];
        /// Rotate right.
        0x78 I32Rotr {} "i32.rotr" plain [I32 I32 -> I32] IntShift [];

        // Arithmetic of i64.
        /// Number of leading zero bits.
        0x79 I64Clz {} "i64.clz" plain [I64 -> I64] IntCount [];
        /// Number of trailing zero bits.
        0x7A I64Ctz {} "i64.ctz" plain [I64 -> I64] IntCount [];
        /// Number of one bits.
        0x7B I64Popcnt {} "i64.popcnt" plain [I64 -> I64] IntCount [];
        /// Sum, wrapping.
        0x7C I64Add {} "i64.add" plain [I64 I64 -> I64] IntSimple [];
        /// Difference, wrapping.
        0x7D I64Sub {} "i64.sub" plain [I64 I64 -> I64] IntSimple [];
        /// Product, wrapping.
        0x7E I64Mul {} "i64.mul" plain [I64 I64 -> I64] IntMul [];
        /// Quotient, signed; traps on zero and on overflow.
        0x7F I64DivS {} "i64.div_s" plain [I64 I64 -> I64] IntDiv [];
        /// Quotient, unsigned; traps on zero.
        0x80 I64DivU {} "i64.div_u" plain [I64 I64 -> I64] IntDiv [];
        /// Remainder, signed; traps on zero.
        0x81 I64RemS {} "i64.rem_s" plain [I64 I64 -> I64] IntDiv [];
        /// Remainder, unsigned; traps on zero.
        0x82 I64RemU {} "i64.rem_u" plain [I64 I64 -> I64] IntDiv [];
        /// Bitwise and.
        0x83 I64And {} "i64.and" plain [I64 I64 -> I64] IntSimple [];
        /// Bitwise or.
        0x84 I64Or {} "i64.or" plain [I64 I64 -> I64] IntSimple [];
        /// Bitwise exclusive or.
        0x85 I64Xor {} "i64.xor" plain [I64 I64 -> I64] IntSimple [];
        /// Shift left, the count modulo the width.
        0x86 I64Shl {} "i64.shl" plain [I64 I64 -> I64] IntShift [];
        /// Shift right, signed.
        0x87 I64ShrS {} "i64.shr_s" plain [I64 I64 -> I64] IntShift [];
        /// Shift right, unsigned.
        0x88 I64ShrU {} "i64.shr_u" plain [I64 I64 -> I64] IntShift [];
        /// Rotate left.
        0x89 I64Rotl {} "i64.rotl" plain [I64 I64 -> I64] IntShift [];
        /// Rotate right.
        0x8A I64Rotr {} "i64.rotr" plain [I64 I64 -> I64] IntShift [];

        // Arithmetic of f32.
        /// Absolute value; keeps NaN bits.
        0x8B F32Abs {} "f32.abs" plain [F32 -> F32] FloatSign [FLOATS];
        /// Negation; keeps NaN bits.
        0x8C F32Neg {} "f32.neg" plain [F32 -> F32] FloatSign [FLOATS];
        /// Rounds up.
        0x8D F32Ceil {} "f32.ceil" plain [F32 -> F32] FloatRound [FLOATS];
        /// Rounds down.
        0x8E F32Floor {} "f32.floor" plain [F32 -> F32] FloatRound [FLOATS];
        /// Rounds towards zero.
        0x8F F32Trunc {} "f32.trunc" plain [F32 -> F32] FloatRound [FLOATS];
        /// Rounds to nearest, ties to even.
        0x90 F32Nearest {} "f32.nearest" plain [F32 -> F32] FloatRound [FLOATS];
        /// Square root.
        0x91 F32Sqrt {} "f32.sqrt" plain [F32 -> F32] FloatSqrt [FLOATS];
        /// Sum.
        0x92 F32Add {} "f32.add" plain [F32 F32 -> F32] FloatAdd [FLOATS];
        /// Difference.
        0x93 F32Sub {} "f32.sub" plain [F32 F32 -> F32] FloatAdd [FLOATS];
        /// Product.
        0x94 F32Mul {} "f32.mul" plain [F32 F32 -> F32] FloatMul [FLOATS];
        /// Quotient.
        0x95 F32Div {} "f32.div" plain [F32 F32 -> F32] FloatDiv [FLOATS];
        /// Lesser; NaN if either is.
        0x96 F32Min {} "f32.min" plain [F32 F32 -> F32] FloatMinMax [FLOATS];
        /// Greater; NaN if either is.
        0x97 F32Max {} "f32.max" plain [F32 F32 -> F32] FloatMinMax [FLOATS];
        /// The first operand with the sign of the second.
        0x98 F32Copysign {} "f32.copysign" plain [F32 F32 -> F32] FloatSign [FLOATS];

        // Arithmetic of f64.
        /// Absolute value; keeps NaN bits.
        0x99 F64Abs {} "f64.abs" plain [F64 -> F64] FloatSign [FLOATS];
        /// Negation; keeps NaN bits.
        0x9A F64Neg {} "f64.neg" plain [F64 -> F64] FloatSign [FLOATS];
        /// Rounds up.
        0x9B F64Ceil {} "f64.ceil" plain [F64 -> F64] FloatRound [FLOATS];
        /// Rounds down.
        0x9C F64Floor {} "f64.floor" plain [F64 -> F64] FloatRound [FLOATS];
        /// Rounds towards zero.
        0x9D F64Trunc {} "f64.trunc" plain [F64 -> F64] FloatRound [FLOATS];
        /// Rounds to nearest, ties to even.
        0x9E F64Nearest {} "f64.nearest" plain [F64 -> F64] FloatRound [FLOATS];
        /// Square root.
        0x9F F64Sqrt {} "f64.sqrt" plain [F64 -> F64] FloatSqrt [FLOATS];
        /// Sum.
        0xA0 F64Add {} "f64.add" plain [F64 F64 -> F64] FloatAdd [FLOATS];
        /// Difference.
        0xA1 F64Sub {} "f64.sub" plain [F64 F64 -> F64] FloatAdd [FLOATS];
        /// Product.
        0xA2 F64Mul {} "f64.mul" plain [F64 F64 -> F64] FloatMul [FLOATS];
        /// Quotient.
        0xA3 F64Div {} "f64.div" plain [F64 F64 -> F64] FloatDiv [FLOATS];
        /// Lesser; NaN if either is.
        0xA4 F64Min {} "f64.min" plain [F64 F64 -> F64] FloatMinMax [FLOATS];
        /// Greater; NaN if either is.
        0xA5 F64Max {} "f64.max" plain [F64 F64 -> F64] FloatMinMax [FLOATS];
        /// The first operand with the sign of the second.
        0xA6 F64Copysign {} "f64.copysign" plain [F64 F64 -> F64] FloatSign [FLOATS];

        // Conversions.
        /// The low 32 bits.
        0xA7 I32WrapI64 {} "i32.wrap_i64" plain [I64 -> I32] IntSimple [];
        /// Truncates, signed; traps on NaN and out of range.
        0xA8 I32TruncF32S {} "i32.trunc_f32_s" plain [F32 -> I32] FloatToInt [FLOATS];
        /// Truncates, unsigned; traps on NaN and out of range.
        0xA9 I32TruncF32U {} "i32.trunc_f32_u" plain [F32 -> I32] FloatToInt [FLOATS];
        /// Truncates, signed; traps on NaN and out of range.
        0xAA I32TruncF64S {} "i32.trunc_f64_s" plain [F64 -> I32] FloatToInt [FLOATS];
        /// Truncates, unsigned; traps on NaN and out of range.
        0xAB I32TruncF64U {} "i32.trunc_f64_u" plain [F64 -> I32] FloatToInt [FLOATS];
        /// Sign-extends.
        0xAC I64ExtendI32S {} "i64.extend_i32_s" plain [I32 -> I64] IntSimple [];
        /// Zero-extends.
        0xAD I64ExtendI32U {} "i64.extend_i32_u" plain [I32 -> I64] IntSimple [];
        /// Truncates, signed; traps on NaN and out of range.
        0xAE I64TruncF32S {} "i64.trunc_f32_s" plain [F32 -> I64] FloatToInt [FLOATS];
        /// Truncates, unsigned; traps on NaN and out of range.
        0xAF I64TruncF32U {} "i64.trunc_f32_u" plain [F32 -> I64] FloatToInt [FLOATS];
        /// Truncates, signed; traps on NaN and out of range.
        0xB0 I64TruncF64S {} "i64.trunc_f64_s" plain [F64 -> I64] FloatToInt [FLOATS];
        /// Truncates, unsigned; traps on NaN and out of range.
        0xB1 I64TruncF64U {} "i64.trunc_f64_u" plain [F64 -> I64] FloatToInt [FLOATS];
        /// Converts, signed.
        0xB2 F32ConvertI32S {} "f32.convert_i32_s" plain [I32 -> F32] IntToFloat [FLOATS];
        /// Converts, unsigned.
        0xB3 F32ConvertI32U {} "f32.convert_i32_u" plain [I32 -> F32] IntToFloat [FLOATS];
        /// Converts, signed.
        0xB4 F32ConvertI64S {} "f32.convert_i64_s" plain [I64 -> F32] IntToFloat [FLOATS];
        /// Converts, unsigned.
        0xB5 F32ConvertI64U {} "f32.convert_i64_u" plain [I64 -> F32] IntToFloat [FLOATS];
        /// Rounds to the narrower type.
        0xB6 F32DemoteF64 {} "f32.demote_f64" plain [F64 -> F32] FloatToFloat [FLOATS];
        /// Converts, signed.
        0xB7 F64ConvertI32S {} "f64.convert_i32_s" plain [I32 -> F64] IntToFloat [FLOATS];
        /// Converts, unsigned.
        0xB8 F64ConvertI32U {} "f64.convert_i32_u" plain [I32 -> F64] IntToFloat [FLOATS];
        /// Converts, signed.
        0xB9 F64ConvertI64S {} "f64.convert_i64_s" plain [I64 -> F64] IntToFloat [FLOATS];
        /// Converts, unsigned.
        0xBA F64ConvertI64U {} "f64.convert_i64_u" plain [I64 -> F64] IntToFloat [FLOATS];
        /// Widens.
        0xBB F64PromoteF32 {} "f64.promote_f32" plain [F32 -> F64] FloatToFloat [FLOATS];
        /// The same bits.
        0xBC I32ReinterpretF32 {} "i32.reinterpret_f32" plain [F32 -> I32] Reinterpret [FLOATS];
        /// The same bits.
        0xBD I64ReinterpretF64 {} "i64.reinterpret_f64" plain [F64 -> I64] Reinterpret [FLOATS];
        /// The same bits.
        0xBE F32ReinterpretI32 {} "f32.reinterpret_i32" plain [I32 -> F32] Reinterpret [FLOATS];
        /// The same bits.
        0xBF F64ReinterpretI64 {} "f64.reinterpret_i64" plain [I64 -> F64] Reinterpret [FLOATS];

        // Sign extension.
        /// Sign-extends the low 8 bits.
        0xC0 I32Extend8S {} "i32.extend8_s" plain [I32 -> I32] IntSimple [SIGN_EXTENSION];
        /// Sign-extends the low 16 bits.
        0xC1 I32Extend16S {} "i32.extend16_s" plain [I32 -> I32] IntSimple [SIGN_EXTENSION];
        /// Sign-extends the low 8 bits.
        0xC2 I64Extend8S {} "i64.extend8_s" plain [I64 -> I64] IntSimple [SIGN_EXTENSION];
        /// Sign-extends the low 16 bits.
        0xC3 I64Extend16S {} "i64.extend16_s" plain [I64 -> I64] IntSimple [SIGN_EXTENSION];
        /// Sign-extends the low 32 bits.
        0xC4 I64Extend32S {} "i64.extend32_s" plain [I64 -> I64] IntSimple [SIGN_EXTENSION];

        // References.
        /// Pushes a null reference.
        0xD0 RefNull { hty: HeapType } "ref.null" special [] Ref [REFERENCE_TYPES];
        /// Whether the reference is null.
        0xD1 RefIsNull {} "ref.is_null" special [] Ref [REFERENCE_TYPES];
        /// Pushes a reference to a function.
        0xD2 RefFunc { function_index: FunctionIndex } "ref.func" special [] Ref [REFERENCE_TYPES];

        // Saturating truncation.
        /// Truncates, signed; saturates.
        0xFC_0000 I32TruncSatF32S {} "i32.trunc_sat_f32_s"
            plain [F32 -> I32] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, unsigned; saturates.
        0xFC_0001 I32TruncSatF32U {} "i32.trunc_sat_f32_u"
            plain [F32 -> I32] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, signed; saturates.
        0xFC_0002 I32TruncSatF64S {} "i32.trunc_sat_f64_s"
            plain [F64 -> I32] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, unsigned; saturates.
        0xFC_0003 I32TruncSatF64U {} "i32.trunc_sat_f64_u"
            plain [F64 -> I32] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, signed; saturates.
        0xFC_0004 I64TruncSatF32S {} "i64.trunc_sat_f32_s"
            plain [F32 -> I64] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, unsigned; saturates.
        0xFC_0005 I64TruncSatF32U {} "i64.trunc_sat_f32_u"
            plain [F32 -> I64] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, signed; saturates.
        0xFC_0006 I64TruncSatF64S {} "i64.trunc_sat_f64_s"
            plain [F64 -> I64] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];
        /// Truncates, unsigned; saturates.
        0xFC_0007 I64TruncSatF64U {} "i64.trunc_sat_f64_u"
            plain [F64 -> I64] FloatToInt [FLOATS SATURATING_FLOAT_TO_INT];

        // Bulk memory and tables.
        /// Copies from a data segment into a memory.
        0xFC_0008 MemoryInit { data_index: DataIndex, mem: MemoryIndex } "memory.init"
            special [] BulkMemory [BULK_MEMORY];
        /// Forgets a data segment.
        0xFC_0009 DataDrop { data_index: DataIndex } "data.drop"
            special [] SegmentDrop [BULK_MEMORY];
        /// Copies within or between memories.
        0xFC_000A MemoryCopy { dst_mem: MemoryIndex, src_mem: MemoryIndex } "memory.copy"
            special [] BulkMemory [BULK_MEMORY];
        /// Fills a part of a memory with a byte.
        0xFC_000B MemoryFill { mem: MemoryIndex } "memory.fill" special [] BulkMemory [BULK_MEMORY];
        /// Copies from an element segment into a table.
        0xFC_000C TableInit { elem_index: ElemIndex, table: TableIndex } "table.init"
            special [] BulkTable [BULK_MEMORY];
        /// Forgets an element segment.
        0xFC_000D ElemDrop { elem_index: ElemIndex } "elem.drop"
            special [] SegmentDrop [BULK_MEMORY];
        /// Copies within or between tables.
        0xFC_000E TableCopy { dst_table: TableIndex, src_table: TableIndex } "table.copy"
            special [] BulkTable [BULK_MEMORY];
        /// Grows a table; pushes its former size, or −1.
        0xFC_000F TableGrow { table: TableIndex } "table.grow"
            special [] TableGrow [REFERENCE_TYPES];
        /// Pushes the size of a table.
        0xFC_0010 TableSize { table: TableIndex } "table.size"
            special [] TableSize [REFERENCE_TYPES];
        /// Fills a part of a table with a value.
        0xFC_0011 TableFill { table: TableIndex } "table.fill"
            special [] BulkTable [REFERENCE_TYPES];

        }
    };
}

pub(super) use for_each_operator;
