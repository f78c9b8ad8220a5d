//! The handler of every op, in op order: from the op table and the rooms of this floor.

use core::marker::PhantomData;

#[cfg(dytallix_tail)]
use super::Context;
use super::Flow;
use super::calls::*;
use super::cells::*;
use super::control::*;
#[cfg(dytallix_tail)]
use super::dispatch::Pair;
use super::memory::*;
use super::numeric as num;
use super::numeric::{Binary, Compare, CompareBranch, Product, Shifted, StepBranch, Unary};
use super::reference::*;
use super::variable::*;
#[cfg(dytallix_tail)]
use crate::ir::for_each_pair;
use crate::ir::{Op, for_each_op};

/// Handler tables for one way of metering.
pub(super) struct Rows<G>(PhantomData<G>);

/// The type that a result goes to.
macro_rules! dest {
    (acc) => {
        ToAcc
    };
    (slot) => {
        ToSlot
    };
}

/// The address of a load, whose result is in field 0.
macro_rules! from {
    (S) => { At<S<1>> };
    (A) => { At<A> };
    (I) => { At<Zero> };
    (Sum) => { Sum<S<1>> };
    (SumA) => { Sum<A> };
    (Add) => { Plus<1, S<2>> };
    (AddA) => { Plus<1, A> };
    (Scale) => { Scaled<1, S<2>> };
    (ScaleA) => { Scaled<1, A> };
    (Left) => { Left<S<1>> };
    (LeftA) => { Left<A> };
}

/// The address of a store.
macro_rules! to {
    (S) => { At<S<0>> };
    (A) => { At<A> };
    (I) => { At<Zero> };
    (Sum) => { Sum<S<0>> };
    (Add) => { Plus<0, S<2>> };
    (AddA) => { Plus<0, A> };
    (Scale) => { Scaled<0, S<2>> };
    (ScaleA) => { Scaled<0, A> };
}

/// The handler of a kind, by its shape, operands and result.
macro_rules! handler {
    (binary $k:ident $g:ident [S S] $d:ident) => { Binary<num::$k, S<1>, S<2>, dest!($d)> };
    (binary $k:ident $g:ident [A S] $d:ident) => { Binary<num::$k, A, S<1>, dest!($d)> };
    (binary $k:ident $g:ident [S A] $d:ident) => { Binary<num::$k, S<1>, A, dest!($d)> };
    (binary $k:ident $g:ident [S I] $d:ident) => { Binary<num::$k, S<1>, I, dest!($d)> };
    (binary $k:ident $g:ident [A I] $d:ident) => { Binary<num::$k, A, I, dest!($d)> };
    (binary $k:ident $g:ident [I S] $d:ident) => { Binary<num::$k, I, S<1>, dest!($d)> };
    (binary $k:ident $g:ident [I A] $d:ident) => { Binary<num::$k, I, A, dest!($d)> };
    (commutative $($rest:tt)*) => { handler!(binary $($rest)*) };
    (shifted $k:ident $g:ident [S S] $d:ident) => { Shifted<num::$k, S<1>, S<2>, dest!($d)> };
    (shifted $k:ident $g:ident [S A] $d:ident) => { Shifted<num::$k, S<1>, A, dest!($d)> };
    (shifted $k:ident $g:ident [A S] $d:ident) => { Shifted<num::$k, A, S<1>, dest!($d)> };
    (product $k:ident $g:ident [S S] $d:ident) => { Product<num::$k, S<1>, dest!($d)> };
    (product $k:ident $g:ident [A S] $d:ident) => { Product<num::$k, A, dest!($d)> };
    (step $k:ident $g:ident [S] jump) => { StepBranch<num::$k, S<1>, $g> };
    (step $k:ident $g:ident [I] jump) => { StepBranch<num::$k, High<3>, $g> };
    ($s:ident $k:ident $g:ident [S S] jump) => { CompareBranch<num::$k, S<0>, S<1>, $g> };
    ($s:ident $k:ident $g:ident [A S] jump) => { CompareBranch<num::$k, A, S<0>, $g> };
    ($s:ident $k:ident $g:ident [S A] jump) => { CompareBranch<num::$k, S<0>, A, $g> };
    ($s:ident $k:ident $g:ident [S I] jump) => { CompareBranch<num::$k, S<0>, Cell<3>, $g> };
    ($s:ident $k:ident $g:ident [A I] jump) => { CompareBranch<num::$k, A, Cell<3>, $g> };
    (compare $k:ident $g:ident [S S] $d:ident) => { Compare<num::$k, S<1>, S<2>, dest!($d)> };
    (compare $k:ident $g:ident [A S] $d:ident) => { Compare<num::$k, A, S<1>, dest!($d)> };
    (compare $k:ident $g:ident [S A] $d:ident) => { Compare<num::$k, S<1>, A, dest!($d)> };
    (compare $k:ident $g:ident [S I] $d:ident) => { Compare<num::$k, S<1>, I, dest!($d)> };
    (compare $k:ident $g:ident [A I] $d:ident) => { Compare<num::$k, A, I, dest!($d)> };
    (unary $k:ident $g:ident [S] $d:ident) => { Unary<num::$k, S<1>, dest!($d)> };
    (unary $k:ident $g:ident [A] $d:ident) => { Unary<num::$k, A, dest!($d)> };
    (load $k:ident $g:ident [$x:ident] $d:ident) => { Load<$k, from!($x), dest!($d)> };
    (store $k:ident $g:ident [$x:ident S] none) => { Store<$k, to!($x), S<1>> };
    (store $k:ident $g:ident [$x:ident A] none) => { Store<$k, to!($x), A> };
    (store $k:ident $g:ident [$x:ident I] none) => { Store<$k, to!($x), Short> };
    (store_float $k:ident $g:ident [$x:ident A] none) => { Store<$k, to!($x), A> };
    (select $k:ident $g:ident [S] $d:ident) => { $k<S<3>, dest!($d)> };
    (select $k:ident $g:ident [A] $d:ident) => { $k<A, dest!($d)> };
    (branch $k:ident $g:ident [S] none) => { $k<S<0>, $g> };
    (branch $k:ident $g:ident [A] none) => { $k<A, $g> };
    (source $k:ident $g:ident [S] none) => { $k<S<1>, $g> };
    (source $k:ident $g:ident [A] none) => { $k<A, $g> };
    (source $k:ident $g:ident [I] none) => { $k<Cell<2>, $g> };
    (dest $k:ident $g:ident [] $d:ident) => { $k<dest!($d)> };
    (fixed $k:ident $g:ident [] none) => { $k<$g> };
}

/// The handlers of one row, in variant order, each through `$h!`.
macro_rules! row {
    (@values $s:ident $k:ident $h:ident $g:ident $($p:tt)*) => {
        &[$($h!(handler!($s $k $g $p acc)), $h!(handler!($s $k $g $p slot))),*]
    };
    (@plain $s:ident $k:ident $h:ident $g:ident $form:ident $($p:tt)*) => {
        &[$($h!(handler!($s $k $g $p $form))),*]
    };
    (binary $k:ident $h:ident $g:ident) => {
        row!(@values binary $k $h $g [S S] [A S] [S A] [S I] [A I] [I S] [I A])
    };
    (commutative $k:ident $h:ident $g:ident) => {
        row!(@values commutative $k $h $g [S S] [A S] [S I] [A I])
    };
    (shifted $k:ident $h:ident $g:ident) => { row!(@values shifted $k $h $g [S S] [S A] [A S]) };
    (product $k:ident $h:ident $g:ident) => { row!(@values product $k $h $g [S S] [A S]) };
    (step $k:ident $h:ident $g:ident) => { row!(@plain step $k $h $g jump [S] [I]) };
    (compare $k:ident $h:ident $g:ident) => {
        &[
            $h!(handler!(compare $k $g [S S] acc)), $h!(handler!(compare $k $g [S S] slot)),
            $h!(handler!(compare $k $g [A S] acc)), $h!(handler!(compare $k $g [A S] slot)),
            $h!(handler!(compare $k $g [S A] acc)), $h!(handler!(compare $k $g [S A] slot)),
            $h!(handler!(compare $k $g [S I] acc)), $h!(handler!(compare $k $g [S I] slot)),
            $h!(handler!(compare $k $g [A I] acc)), $h!(handler!(compare $k $g [A I] slot)),
            $h!(handler!(compare $k $g [S S] jump)), $h!(handler!(compare $k $g [A S] jump)),
            $h!(handler!(compare $k $g [S A] jump)), $h!(handler!(compare $k $g [S I] jump)),
            $h!(handler!(compare $k $g [A I] jump)),
        ]
    };
    (negated $k:ident $h:ident $g:ident) => {
        row!(@plain negated $k $h $g jump [S S] [A S] [S A] [S I] [A I])
    };
    (unary $k:ident $h:ident $g:ident) => { row!(@values unary $k $h $g [S] [A]) };
    (load $k:ident $h:ident $g:ident) => {
        row!(@values load $k $h $g
            [S] [A] [I] [Sum] [SumA] [Add] [AddA] [Scale] [ScaleA] [Left] [LeftA])
    };
    (store $k:ident $h:ident $g:ident) => {
        row!(@plain store $k $h $g none
            [S S] [S A] [S I] [A S] [A I] [I S] [I A] [I I] [Sum S] [Sum A] [Sum I] [Add S] [Add I]
            [AddA S] [AddA I] [Scale S] [Scale I] [ScaleA S] [ScaleA I])
    };
    (store_float $k:ident $h:ident $g:ident) => {
        row!(@plain store_float $k $h $g none
            [S A] [A A] [I A] [Sum A] [Add A] [AddA A] [Scale A] [ScaleA A])
    };
    (select $k:ident $h:ident $g:ident) => { row!(@values select $k $h $g [S] [A]) };
    (branch $k:ident $h:ident $g:ident) => { row!(@plain branch $k $h $g none [S] [A]) };
    (source $k:ident $h:ident $g:ident) => { row!(@plain source $k $h $g none [S] [A] [I]) };
    (dest $k:ident $h:ident $g:ident) => { row!(@values dest $k $h $g []) };
    (fixed $k:ident $h:ident $g:ident) => { row!(@plain fixed $k $h $g none []) };
}

/// A table of all handlers of type `$ty` through `$h!`.
macro_rules! table {
    ($h:ident $ty:ty; $($kind:ident $shape:ident($input:ident -> $output:ident) $doc:literal;)*) => {{
        let rows: &[&[$ty]] = &[$(row!($shape $kind $h G)),*];
        let mut table: [$ty; Op::COUNT as usize] = [rows[0][0]; Op::COUNT as usize];
        let (mut row, mut next) = (0, 0);
        while row < rows.len() {
            let mut column = 0;
            while column < rows[row].len() {
                table[next] = rows[row][column];
                next += 1;
                column += 1;
            }
            row += 1;
        }
        assert!(next == Op::COUNT as usize, "every op has its handler");
        table
    }};
}

macro_rules! step {
    ($handler:ty) => {
        super::dispatch::step::<$handler> as fn(&mut Regs) -> Flow
    };
}

macro_rules! steps {
    ($($rows:tt)*) => { table!(step fn(&mut Regs) -> Flow; $($rows)*) };
}
impl<G: Metering> Rows<G> {
    pub(super) const STEPS: [fn(&mut Regs) -> Flow; Op::COUNT as usize] = for_each_op!(steps);
}

#[cfg(all(dytallix_tail, target_arch = "x86_64"))]
type Tail =
    unsafe extern "sysv64" fn(*const u64, *mut u64, *mut u8, u64, u64, *mut Context, f64) -> u64;
#[cfg(all(dytallix_tail, not(target_arch = "x86_64")))]
type Tail = unsafe extern "C" fn(*const u64, *mut u64, *mut u8, u64, u64, *mut Context, f64) -> u64;

#[cfg(dytallix_tail)]
macro_rules! tail {
    ($handler:ty) => {
        super::dispatch::tail::<$handler> as Tail
    };
}

#[cfg(dytallix_tail)]
macro_rules! tails {
    ($($rows:tt)*) => { table!(tail Tail; $($rows)*) };
}

#[cfg(dytallix_tail)]
impl<G: Metering> Rows<G> {
    pub(super) const TAILS: [Tail; Op::COUNT as usize] = for_each_op!(tails);
}

#[cfg(dytallix_tail)]
macro_rules! pairs {
    ($($a:ident $ashape:ident $ao:tt $aform:ident =>
       $($b:ident $bshape:ident $bo:tt $bform:ident),*;)*) => {
        &[$($(tail!(
            Pair<handler!($ashape $a G $ao $aform), handler!($bshape $b G $bo $bform)>
        ),)*)*]
    };
}

#[cfg(dytallix_tail)]
impl<G: Metering> Rows<G> {
    pub(super) const PAIRS: &[Tail] = for_each_pair!(pairs);
}
