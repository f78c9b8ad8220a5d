//! Pairs: two neighbouring ops that are run by one handler.
//!
//! A dispatch costs about as much as what most ops do. The second op of a pair is reached without
//! one, and nothing else changes: the cells of both stay as they are, and only the first cell of
//! the first op names the handler of the pair. So the second is still an op of its own, which
//! branches may lead to and traps may name.
//!
//! The list is what was met most often, side by side, in loops of the benchmark's kernels and in
//! the code of large modules of others. `docs/performance.md` has what it brought.

use super::op::{Op, OpKind, Operand, Shape};
#[allow(unused_imports, reason = "the list names those that it happens to need")]
use Operand::{A, Add, AddA, I, Left, LeftA, S, Scale, ScaleA, Sum, SumA};

/// Calls `$m!` with every pair: each first op with those that follow it, as `First shape [operands]
/// result => Second shape [operands] result, …;`.
///
/// A result is `acc`, or `slot` where it is stored too, or `jump` for a relation that branches, or
/// `none`.
#[rustfmt::skip]
macro_rules! for_each_pair {
    ($m:ident) => {
        $m! {
            I32Add commutative [A I] acc =>
                I32And commutative [A I] acc, I32Load8U load [A] slot, I32Store store [I A] none,
                I32Store store [S A] none, BrTable branch [A] none;
            I32Add commutative [A I] slot =>
                I32ShrU binary [S I] slot, I64ShrU binary [S I] acc, I32Load load [S] slot,
                I32Load8U load [S] acc, I32Load8U load [Sum] acc, I32Store store [S A] none,
                Copy fixed [] none, Const32 fixed [] none, Call fixed [] none;
            I32Add commutative [A S] acc =>
                I32Ne compare [A I] jump, I32Store store [S A] none;
            I32Add commutative [A S] slot =>
                I32Add commutative [A S] slot, I32Add commutative [S I] acc,
                I32Add commutative [S I] slot, I32Add commutative [S S] slot,
                I32And commutative [S I] acc, I32Rotl binary [S I] slot, I32LtU compare [S A] acc,
                I32Load load [A] slot, I32Load load [I] acc, I32Load load [S] acc,
                I32Load load [SumA] acc, I32Load load [Sum] acc, I32Load load [Sum] slot,
                I64Load load [A] slot, I32Load8U load [A] acc, I32Load8U load [Sum] acc,
                I32Store store [S S] none, Copy fixed [] none, Copy2 fixed [] none,
                BrUnless branch [S] none;
            I32Add commutative [S I] acc =>
                I32Add commutative [A S] slot, I32And commutative [A I] acc,
                I32Load load [AddA] acc, I32Store store [AddA S] none, I32Store store [S A] none,
                GlobalSet source [A] none;
            I32Add commutative [S I] slot =>
                I32Add commutative [A S] acc, I32Add commutative [S I] slot,
                I32Mul commutative [S I] acc, I32And commutative [A I] acc,
                I32And commutative [A I] slot, I64Xor commutative [S S] acc,
                F64Mul binary [S S] acc, I32AddShl shifted [S S] slot, I32LtU compare [A S] jump,
                I32LtU compare [S S] jump, I32StepNe step [I] jump, I32StepLtU step [S] jump,
                I32Load load [S] slot, I32Load load [Scale] slot, F64Load load [A] acc,
                F64Load load [A] slot, I32Store store [S A] none, Copy fixed [] none,
                Copy2 fixed [] none, Const32 fixed [] none, StoreAcc fixed [] none,
                Br fixed [] none, BrTable branch [A] none, Call fixed [] none;
            I32Add commutative [S S] acc =>
                I32Add commutative [A I] acc;
            I32Add commutative [S S] slot =>
                I32LtU compare [A I] jump, I64Load load [SumA] acc, I32Load8U load [A] slot,
                Copy2 fixed [] none;
            I32Sub binary [A I] slot =>
                GlobalSet source [A] none;
            I32Mul commutative [A I] acc =>
                I32Add commutative [A S] slot, I32And commutative [A I] slot,
                I32Store store [Sum A] none;
            I32Mul commutative [S I] acc =>
                I32Add commutative [A I] slot, I32Add commutative [A S] acc,
                I32Add commutative [A S] slot, I32Xor commutative [A S] slot;
            I32Mul commutative [S I] slot =>
                I32Add commutative [S I] acc;
            I32And commutative [A I] acc =>
                I32Add commutative [A I] acc, I32Add commutative [A I] slot,
                I32Or commutative [A S] acc, I32Shl binary [A I] slot, I32LtU compare [A I] jump,
                I32GtU compare [A I] jump, I32LeU compare [A I] jump, I32Load load [LeftA] slot,
                I32AddShl shifted [S A] acc;
            I32And commutative [A I] slot =>
                I32Add commutative [S I] slot, I32Shl binary [S I] slot, I32WrapI64 unary [S] slot;
            I32And commutative [A S] acc =>
                I32Xor commutative [A S] acc;
            I32And commutative [A S] slot =>
                I32And commutative [S S] acc, BrUnless branch [A] none;
            I32And commutative [S I] acc =>
                I32Add commutative [A I] acc, I32Shl binary [A I] slot, Const32 fixed [] none,
                Select select [A] slot,
                I32AddShl shifted [S A] acc;
            I32And commutative [S S] acc =>
                I32Xor commutative [A S] slot;
            I32Or commutative [A I] acc =>
                I32Store store [S A] none, I32Store8 store [S A] none, I32Store16 store [S A] none;
            I32Or commutative [A S] acc =>
                I32Store store [S A] none, BrIf branch [A] none;
            I32Or commutative [S I] acc =>
                I64Add commutative [A S] slot;
            I32Xor commutative [A S] acc =>
                I32Add commutative [A S] slot, I32And commutative [A I] acc;
            I32Xor commutative [A S] slot =>
                I32Add commutative [S I] slot, I32Rotl binary [S I] slot;
            I32Xor commutative [S S] acc =>
                Copy fixed [] none;
            I32Shl binary [A I] acc =>
                I64Store store [A S] none;
            I32Shl binary [A I] slot =>
                I32Add commutative [S I] acc, I64Load load [A] slot;
            I32Shl binary [S I] acc =>
                I32Store store [A S] none;
            I32Shl binary [S I] slot =>
                I32Add commutative [A I] slot, I32Add commutative [S I] acc;
            I32ShrU binary [A I] slot =>
                I32And commutative [S I] acc;
            I32ShrU binary [S I] slot =>
                I32And commutative [S I] acc, BrUnless branch [A] none;
            I32Rotl binary [A I] slot =>
                I32XorRotl shifted [S S] slot;
            I32Rotl binary [S I] slot =>
                I32XorRotl shifted [S S] slot;
            I64Add commutative [A I] slot =>
                I64Mul commutative [A I] acc, I64GtU compare [A I] jump;
            I64Add commutative [A S] acc =>
                I64Add commutative [A S] acc, I64Add commutative [A S] slot,
                I64Store store [S A] none, Return1 source [A] none;
            I64Add commutative [A S] slot =>
                I32Add commutative [S I] slot, I64Add commutative [A S] slot,
                I64Add commutative [S I] slot, I64Mul commutative [S S] slot,
                I64ShrU binary [A I] slot, I64LtU compare [A S] acc, I64LtU compare [A S] slot,
                I64LtU compare [S S] acc, I32StepNe step [S] jump, I64Load load [S] acc,
                I64Load load [S] slot;
            I64Add commutative [S I] slot =>
                I64Ne compare [A I] jump, I64GtU compare [A I] jump, Call fixed [] none;
            I64Add commutative [S S] acc =>
                Return1 source [A] none;
            I64Mul commutative [A I] acc =>
                I64RemU binary [A I] acc, I64ShrU binary [A I] acc, I64Rotl binary [A I] slot;
            I64Mul commutative [A I] slot =>
                I64ShrU binary [A I] acc;
            I64Mul commutative [A S] slot =>
                I64ShrU binary [S I] slot, I64Load load [Sum] slot;
            I64Mul commutative [S I] acc =>
                I64ShrU binary [A I] acc;
            I64Mul commutative [S I] slot =>
                I32Or commutative [S I] acc;
            I64Mul commutative [S S] slot =>
                I64MulAdd product [S S] acc, I64LtU compare [S S] acc;
            I64RemU binary [A I] acc =>
                I64Add commutative [A I] slot;
            I64And commutative [A I] acc =>
                I64Or commutative [A S] slot, I64Eq compare [A I] acc;
            I64And commutative [A I] slot =>
                I64ShrU binary [S I] acc, I64OrShrU shifted [S S] acc;
            I64And commutative [A S] acc =>
                I64Xor commutative [A S] acc, I64Xor commutative [A S] slot;
            I64And commutative [S I] acc =>
                I64Shl binary [A I] slot, I64OrShl shifted [S A] acc, I64OrShl shifted [S A] slot;
            I64And commutative [S I] slot =>
                I64Mul commutative [A S] slot, I64And commutative [S I] slot;
            I64Or commutative [A S] acc =>
                I64Or commutative [A S] acc;
            I64Or commutative [A S] slot =>
                I64ShrU binary [S I] acc;
            I64Xor commutative [A I] acc =>
                I64And commutative [A S] acc;
            I64Xor commutative [A S] acc =>
                I64Add commutative [A S] slot, I64Mul commutative [A I] acc,
                I64Xor commutative [A S] slot, I64Store store [S A] none;
            I64Xor commutative [A S] slot =>
                I64Load load [S] slot, I64Store store [S A] none;
            I64Xor commutative [S I] acc =>
                I64And commutative [A S] acc;
            I64Xor commutative [S S] acc =>
                I64Mul commutative [A I] acc, I64Store store [S A] none;
            I64Shl binary [A I] slot =>
                I64And commutative [S I] acc, I64OrShrU shifted [S S] acc;
            I64ShrU binary [A I] acc =>
                I32WrapI64 unary [A] acc, I32WrapI64 unary [A] slot;
            I64ShrU binary [A I] slot =>
                I64XorRotl shifted [S S] slot;
            I64ShrU binary [S I] acc =>
                I64And commutative [A I] acc, I64And commutative [A I] slot,
                I32WrapI64 unary [A] acc;
            I64ShrU binary [S I] slot =>
                I64Mul commutative [A S] slot, I64MulAdd product [A S] slot;
            I64Rotl binary [A I] slot =>
                I32StepNe step [S] jump, Br fixed [] none;
            I64Rotl binary [S A] acc =>
                I64Store store [S A] none;
            I64Rotl binary [S I] slot =>
                Br fixed [] none;
            F64Add binary [S A] acc =>
                F64Gt compare [A I] acc, F64Gt compare [A I] jump, F64Store store_float [A A] none;
            F64Add binary [S A] slot =>
                F64Add binary [S S] acc, F64Mul binary [A S] slot, F64Store store_float [S A] none;
            F64Add binary [S S] acc =>
                F64MulAdd product [A S] slot;
            F64Sub binary [S A] slot =>
                F64MulAdd product [A S] slot, F64Load load [Sum] slot;
            F64Sub binary [S S] acc =>
                F64Add binary [S A] slot;
            F64Mul binary [A I] acc =>
                F64Add binary [S A] slot;
            F64Mul binary [A S] slot =>
                F64Add binary [S A] acc, F64Add binary [S S] acc, F64Load load [A] acc;
            F64Mul binary [S A] acc =>
                F64Div binary [I A] slot;
            F64Mul binary [S A] slot =>
                F64Mul binary [S S] slot;
            F64Mul binary [S S] acc =>
                F64Mul binary [A S] slot, F64MulAdd product [A S] acc, F64SubMul product [A S] acc;
            F64Mul binary [S S] slot =>
                F64Add binary [S A] acc, F64Mul binary [S S] slot, F64Load load [Sum] acc;
            F64Div binary [I A] slot =>
                F64SubMul product [A S] acc;
            I32AddShl shifted [S A] acc =>
                I32Add commutative [A I] acc, I32Add commutative [A I] slot,
                I32Load load [SumA] acc, I32Load load [SumA] slot;
            I32AddShl shifted [S A] slot =>
                I32Load load [A] slot;
            I32AddShl shifted [S S] acc =>
                I32Load load [A] slot,
                I32Add commutative [A I] acc, I32Add commutative [A I] slot,
                I32Load load [SumA] acc, I32Load load [SumA] slot;
            I32AddShl shifted [S S] slot =>
                Copy fixed [] none;
            I32XorShrU shifted [S S] acc =>
                I32Add commutative [A S] acc, I32Add commutative [A S] slot;
            I32XorShrU shifted [S S] slot =>
                I32Xor commutative [A S] acc, I32StepNe step [I] jump;
            I32XorRotl shifted [S S] acc =>
                I32Add commutative [A S] slot;
            I32XorRotl shifted [S S] slot =>
                I32XorShrU shifted [S S] acc, I32XorRotl shifted [S S] acc;
            I64AddShl shifted [S A] slot =>
                I64Store store [S A] none;
            I64OrShl shifted [S A] acc =>
                I64Or commutative [A S] slot;
            I64OrShl shifted [S A] slot =>
                I64And commutative [S I] acc;
            I64OrShrU shifted [S S] acc =>
                I64Add commutative [A S] slot, I64Or commutative [A S] acc;
            I64XorShl shifted [S A] slot =>
                I64XorShrU shifted [S A] slot;
            I64XorShrU shifted [S A] slot =>
                I64Mul commutative [A I] acc, I64Mul commutative [A I] slot,
                I32WrapI64 unary [A] acc;
            I64XorShrU shifted [S S] slot =>
                I64XorShl shifted [S A] slot;
            I64XorRotl shifted [S S] slot =>
                I64And commutative [A I] acc;
            I64MulAdd product [A S] acc =>
                I64Add commutative [A S] acc;
            I64MulAdd product [A S] slot =>
                I64AddShl shifted [S A] slot;
            I64MulAdd product [S S] acc =>
                I64Add commutative [A S] acc;
            F64MulAdd product [A S] acc =>
                F64Store store_float [A A] none;
            F64MulAdd product [A S] slot =>
                F64Mul binary [A S] slot, F64Sqrt unary [A] acc, F64Load load [Sum] acc,
                Const32 fixed [] none;
            F64SubMul product [A S] acc =>
                F64Store store_float [S A] none;
            I32Ne compare [S A] acc =>
                I32Add commutative [A S] slot;
            I32LtU compare [S A] acc =>
                Select select [A] slot;
            I32LtU compare [S S] acc =>
                I32AddShl shifted [S A] slot;
            I32GtS compare [A I] acc =>
                Const32 fixed [] none;
            I32GtS compare [S I] acc =>
                Const32 fixed [] none;
            I64Eq compare [A I] acc =>
                Const32 fixed [] none;
            I64LtU compare [A S] acc =>
                I64Add commutative [A S] acc, I64Add commutative [A S] slot;
            I64LtU compare [S S] acc =>
                I64Add commutative [A S] slot, I64Shl binary [A I] slot;
            I64GtU compare [S S] acc =>
                Select select [A] acc;
            F64Gt compare [A I] acc =>
                BrUnless branch [A] none;
            I32Eqz unary [A] acc =>
                I32Add commutative [A S] slot;
            I32Eqz unary [S] acc =>
                I32Or commutative [A S] acc;
            I32WrapI64 unary [A] acc =>
                I32Mul commutative [A I] acc, I32And commutative [A I] acc,
                I32And commutative [A I] slot, BrTable branch [A] none;
            I32WrapI64 unary [A] slot =>
                I32Add commutative [S I] slot, I32Shl binary [A I] slot;
            I32WrapI64 unary [S] slot =>
                I32ShrU binary [A I] slot;
            F64Sqrt unary [A] acc =>
                F64Mul binary [S A] acc;
            I32Load load [A] acc =>
                I32Load load [A] slot, I32Store store [S A] none;
            I32Load load [A] slot =>
                I32And commutative [S I] acc, I32GeU compare [A I] jump, I32Load load [S] acc,
                I32Load load [S] slot, I32Load8U load [S] acc, Copy fixed [] none,
                Copy2 fixed [] none, Const32 fixed [] none, BrIf branch [A] none,
                BrUnless branch [A] none;
            I32Load load [AddA] acc =>
                I32Add commutative [A S] slot, I32Store store [S A] none;
            I32Load load [I] acc =>
                I32Add commutative [A I] acc, I32Ne compare [S A] jump;
            I32Load load [LeftA] slot =>
                I32XorShrU shifted [S S] slot, Copy fixed [] none, Copy2 fixed [] none;
            I32Load load [Left] acc =>
                I64Xor commutative [A S] acc;
            I32Load load [S] acc =>
                I32Add commutative [A I] acc, I32Add commutative [A I] slot,
                I32Add commutative [A S] acc, I32Add commutative [A S] slot,
                I32Sub binary [A I] slot, I32Mul commutative [A I] acc, I32GeS compare [S A] jump,
                I32Load load [A] acc, I32Load load [A] slot, I32Load8U load [A] acc,
                I32Store store [S A] none, BrIf branch [A] none, BrUnless branch [A] none;
            I32Load load [S] slot =>
                I32Add commutative [A I] acc, I32Add commutative [A I] slot,
                I32Add commutative [A S] slot, I32Add commutative [S I] slot,
                I32Mul commutative [S I] acc, I32And commutative [A I] acc,
                I32AddShl shifted [S S] acc, I32Ne compare [A S] jump, I32LtU compare [A S] jump,
                I32GtU compare [A I] slot, I32GtU compare [A S] jump, I32LeS compare [A I] jump,
                I32LeU compare [A S] jump, I32Load load [A] acc, I32Load load [A] slot,
                I32Load load [S] acc, I32Load load [S] slot, I32Load8U load [A] acc,
                I32Load8U load [S] acc, I32Store store [S A] none, I32Store store [S I] none,
                I32Store store [S S] none, Copy fixed [] none, Copy2 fixed [] none,
                Const32 fixed [] none, Br fixed [] none, BrIf branch [A] none,
                BrUnless branch [A] none, Call fixed [] none;
            I32Load load [Scale] slot =>
                Copy fixed [] none;
            I32Load load [SumA] acc =>
                I32Add commutative [A S] slot;
            I32Load load [Sum] acc =>
                I32Add commutative [A S] slot, I64Rotl binary [S A] acc;
            I32Load load [Sum] slot =>
                I32Add commutative [S I] slot, I32Rotl binary [A I] slot, I32GtU compare [S A] jump;
            I64Load load [A] slot =>
                I32Load load [Sum] acc, BrUnless64 branch [A] none;
            I64Load load [Left] slot =>
                I64Add commutative [A I] slot;
            I64Load load [S] acc =>
                I64Add commutative [A S] slot, I64Store store [S A] none;
            I64Load load [S] slot =>
                I32Add commutative [S S] slot, I64Add commutative [A S] slot,
                I64Xor commutative [A I] acc, I64Xor commutative [A S] acc,
                I64Xor commutative [S I] acc, I64Load load [S] acc, I64Load load [S] slot;
            I64Load load [SumA] acc =>
                I64Mul commutative [A S] slot;
            I64Load load [Sum] acc =>
                I64Mul commutative [A S] slot, I64MulAdd product [A S] acc;
            I64Load load [Sum] slot =>
                I64Load load [Sum] acc;
            F64Load load [A] acc =>
                F64Add binary [S A] acc, F64Sub binary [S A] slot;
            F64Load load [A] slot =>
                F64Mul binary [S S] acc, F64Load load [A] slot;
            F64Load load [S] acc =>
                F64Mul binary [A I] acc;
            F64Load load [S] slot =>
                I32Add commutative [S I] slot, F64Mul binary [S S] acc;
            F64Load load [Sum] acc =>
                F64Sub binary [S A] slot;
            F64Load load [Sum] slot =>
                F64Mul binary [S A] slot;
            I32Load8U load [A] acc =>
                I32Test negated [A I] jump, I32NoTest negated [A I] jump, BrIf branch [A] none,
                BrUnless branch [A] none;
            I32Load8U load [A] slot =>
                I32Add commutative [A I] slot, I32And commutative [A I] acc,
                I32Eq compare [A I] jump;
            I32Load8U load [Add] acc =>
                I32Add commutative [A I] acc;
            I32Load8U load [S] acc =>
                I32And commutative [A I] acc, I64Xor commutative [A S] acc,
                I32Eq compare [A I] jump, I32Ne compare [A I] jump, I32Ne compare [S A] acc,
                I32Test negated [A I] jump, I32NoTest negated [A I] jump,
                I32Store8 store [S A] none, BrIf branch [A] none, BrUnless branch [A] none,
                BrTable branch [A] none;
            I32Load8U load [Sum] acc =>
                I32And commutative [A I] acc, I32Xor commutative [A S] acc, I32Ne compare [S A] acc,
                I32Eqz unary [A] acc;
            I32Load8U load [Sum] slot =>
                I32Load8U load [Sum] acc;
            I32Load16U load [S] acc =>
                I32And commutative [A I] acc, I32Or commutative [A I] acc;
            I32Store store [A S] none =>
                I32Load load [I] acc;
            I32Store store [AddA S] none =>
                Br fixed [] none;
            I32Store store [I A] none =>
                Br fixed [] none;
            I32Store store [I S] none =>
                I32Add commutative [S I] acc;
            I32Store store [S A] none =>
                I32Add commutative [S I] slot, I32Load load [S] acc, I32Load load [S] slot,
                I32Load8U load [S] acc, I32Store store [S A] none, I32Store store [S S] none,
                Copy fixed [] none, Copy2 fixed [] none, Const32 fixed [] none, Br fixed [] none,
                BrIf branch [A] none, BrUnless branch [A] none, Return fixed [] none;
            I32Store store [S I] none =>
                I32Add commutative [S I] slot, I32Load load [S] slot, I32Store store [S I] none,
                I32Store store [S S] none, Const32 fixed [] none, Br fixed [] none;
            I32Store store [S S] none =>
                I32Add commutative [S I] acc, I32Add commutative [S I] slot, I32Load load [S] acc,
                I32Load load [S] slot, I32Store store [S S] none, Copy fixed [] none,
                Const32 fixed [] none, Br fixed [] none, Return fixed [] none;
            I32Store store [Scale S] none =>
                I32Add commutative [S I] slot;
            I32Store store [Sum A] none =>
                I32Add commutative [S I] slot;
            I64Store store [A S] none =>
                I32Shl binary [S I] acc;
            I64Store store [S A] none =>
                I32Add commutative [S I] slot, I64Mul commutative [S S] slot,
                I64Xor commutative [S I] acc, I64Xor commutative [S S] acc, I32Load load [S] slot,
                I64Load load [S] acc, I64Load load [S] slot, Copy fixed [] none,
                Const32 fixed [] none, Return fixed [] none;
            I64Store store [S I] none =>
                I32Add commutative [S I] slot, I64Store store [S I] none;
            I64Store store [S S] none =>
                I64Store store [S S] none, Const32 fixed [] none;
            F64Store store_float [A A] none =>
                F64Load load [S] slot, Copy fixed [] none;
            F64Store store_float [S A] none =>
                I32Add commutative [S I] slot, F64Load load [S] acc;
            I32Store8 store [S A] none =>
                I32Add commutative [S I] slot;
            I32Store8 store [S I] none =>
                Const32 fixed [] none;
            I32Store8 store [Sum I] none =>
                I32Add commutative [S S] slot;
            Copy fixed [] none =>
                I32Add commutative [A I] slot, I32Add commutative [S I] slot,
                I32And commutative [A S] acc, I32And commutative [A S] slot,
                I32Rotl binary [S I] slot, I32Ne compare [S S] jump, I32StepNe step [I] jump,
                I32Load load [S] slot, I32Load8U load [Add] acc, Const32 fixed [] none,
                StoreAcc fixed [] none, Br fixed [] none, BrUnless branch [S] none,
                Call fixed [] none;
            Copy2 fixed [] none =>
                I32Add commutative [S I] slot, I32Xor commutative [S S] acc,
                I32LtS compare [S S] jump, I32LtU compare [S I] jump, I64Eq compare [S S] jump,
                I32StepNe step [I] jump, Copy fixed [] none, Copy2 fixed [] none,
                Const32 fixed [] none, Call fixed [] none;
            Const32 fixed [] none =>
                I32Add commutative [A I] slot, I32Add commutative [S I] acc,
                I32Add commutative [S I] slot, I64Add commutative [S I] slot,
                I32Eq compare [S S] jump, I32GtU compare [S I] jump, I64LtU compare [S I] jump,
                I32StepNe step [I] jump, I32Load load [S] acc, I32Load load [S] slot,
                I64Load load [Left] slot, I32Load8U load [S] acc, I32Store store [S I] none,
                I32Store store [S S] none, Copy fixed [] none, Copy2 fixed [] none,
                Const32 fixed [] none, Const64 fixed [] none, Select select [A] acc,
                Select select [A] slot, Select select [S] acc, Select select [S] slot,
                Br fixed [] none, BrUnless branch [S] none, Return1 source [S] none,
                Call fixed [] none;
            Const64 fixed [] none =>
                I64Store store [S S] none;
            StoreAcc fixed [] none =>
                I32Add commutative [S I] slot, I32Load load [S] acc, I32Load load [S] slot,
                I32Store store [S A] none, Copy fixed [] none, Copy2 fixed [] none,
                Const32 fixed [] none, Br fixed [] none, BrIf branch [A] none, BrIf branch [S] none,
                BrUnless branch [A] none;
            Select select [A] acc =>
                I32And commutative [A S] slot, I64Add commutative [A S] slot,
                Return1 source [A] none;
            Select select [A] slot =>
                I32Add commutative [S I] slot, I32Shl binary [A I] acc, I32Ne compare [A I] jump,
                I32LtU compare [S A] acc, I32Store store [S A] none, Const32 fixed [] none,
                Br fixed [] none;
            Select select [S] acc =>
                I32Store store [S A] none;
            Select select [S] slot =>
                Const32 fixed [] none;
            GlobalGet dest [] acc =>
                I32Sub binary [A I] slot;
            GlobalSet source [A] none =>
                I32Load load [S] slot, Const32 fixed [] none, Return fixed [] none,
                Return1 source [S] none;
        }
    };
}
#[cfg(dytallix_tail)]
pub(crate) use for_each_pair;

/// What an op does with its result.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "named as in the table")]
enum Form {
    acc,
    slot,
    jump,
    none,
}

/// The op of a row.
const fn find(kind: OpKind, shape: Shape, operands: &[Operand], form: Form) -> Op {
    assert!(kind.shape() as u8 == shape as u8, "the row names the kind's shape");
    let index = shape.pattern_of(operands);
    match form {
        Form::acc => Op::value(kind, index, false),
        Form::slot => Op::value(kind, index, true),
        Form::jump => Op::compare_branch(kind, index),
        Form::none => Op::new(kind, index),
    }
}

macro_rules! pairs {
    ($($a:ident $ashape:ident $ao:tt $aform:ident =>
       $($b:ident $bshape:ident $bo:tt $bform:ident),*;)*) => {
        /// Both ops of each pair.
        const PAIRS: &[[Op; 2]] = &[$($([
            find!($a $ashape $ao $aform),
            find!($b $bshape $bo $bform),
        ],)*)*];
    };
}
macro_rules! find {
    ($k:ident $shape:ident [$($o:ident)*] $form:ident) => {
        find(OpKind::$k, Shape::$shape, &[$($o),*], Form::$form)
    };
}
for_each_pair!(pairs);

const OPS: usize = Op::COUNT as usize;

/// Rows and columns that the matrix has room for.
const FIRSTS: usize = 192;
const SECONDS: usize = 256;

/// Ops as first and as second ones, and the pair of each two, by number plus one.
struct Matrix {
    /// Row of each op, or 0.
    row: [u8; OPS],
    /// Column of each op, or 0.
    column: [u8; OPS],
    pairs: [[u16; SECONDS]; FIRSTS],
}

static MATRIX: Matrix = {
    let mut matrix = Matrix { row: [0; OPS], column: [0; OPS], pairs: [[0; SECONDS]; FIRSTS] };
    let (mut rows, mut columns, mut pair) = (0, 0, 0);
    while pair < PAIRS.len() {
        let [first, second] = PAIRS[pair];
        let (first, second) = (first.number() as usize, second.number() as usize);
        if matrix.row[first] == 0 {
            rows += 1;
            matrix.row[first] = rows;
        }
        if matrix.column[second] == 0 {
            columns += 1;
            matrix.column[second] = columns;
        }
        pair += 1;
        matrix.pairs[matrix.row[first] as usize][matrix.column[second] as usize] = pair as u16;
    }
    matrix
};

/// Two neighbouring ops with a handler of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair(u16);

impl Pair {
    /// How many pairs there are.
    pub const COUNT: u16 = PAIRS.len() as u16;

    /// The pair of two ops, if it is one.
    #[inline]
    pub fn of(first: Op, second: Op) -> Option<Pair> {
        let row = MATRIX.row[usize::from(first.number())];
        let column = MATRIX.column[usize::from(second.number())];
        MATRIX.pairs[usize::from(row)][usize::from(column)].checked_sub(1).map(Pair)
    }

    /// Its number among the words of a handler table: those of ops come first.
    #[inline]
    pub const fn number(self) -> u16 {
        Op::COUNT + self.0
    }

    /// The pair with this number.
    pub fn from_number(number: u16) -> Option<Pair> {
        number.checked_sub(Op::COUNT).filter(|&pair| pair < Pair::COUNT).map(Pair)
    }

    /// Its two ops.
    pub fn ops(self) -> [Op; 2] {
        PAIRS[usize::from(self.0)]
    }

    /// Every pair.
    pub fn all() -> impl Iterator<Item = Pair> {
        (0..Pair::COUNT).map(Pair)
    }
}
