//! The handler of every op, in op order: from the op table and the rooms of this floor.

use core::marker::PhantomData;

#[cfg(dytallix_tail)]
use super::Context;
use super::Flow;
use super::calls::*;
use super::cells::*;
use super::control::*;
use super::memory::*;
use super::numeric as num;
use super::numeric::{Binary, Compare, CompareBranch, Product, Shifted, StepBranch, Unary};
use super::reference::*;
use super::variable::*;
use crate::ir::{Op, for_each_op};

/// Handler tables for one way of metering.
pub(super) struct Rows<G>(PhantomData<G>);

/// The handlers of one row, in variant order, each through `$h!`.
macro_rules! row {
    (binary $k:ident $h:ident $g:ident) => {
        &[
            $h!(Binary<num::$k, S<1>, S<2>, ToAcc>), $h!(Binary<num::$k, S<1>, S<2>, ToSlot>),
            $h!(Binary<num::$k, A, S<1>, ToAcc>), $h!(Binary<num::$k, A, S<1>, ToSlot>),
            $h!(Binary<num::$k, S<1>, A, ToAcc>), $h!(Binary<num::$k, S<1>, A, ToSlot>),
            $h!(Binary<num::$k, S<1>, I, ToAcc>), $h!(Binary<num::$k, S<1>, I, ToSlot>),
            $h!(Binary<num::$k, A, I, ToAcc>), $h!(Binary<num::$k, A, I, ToSlot>),
            $h!(Binary<num::$k, I, S<1>, ToAcc>), $h!(Binary<num::$k, I, S<1>, ToSlot>),
            $h!(Binary<num::$k, I, A, ToAcc>), $h!(Binary<num::$k, I, A, ToSlot>),
        ]
    };
    (commutative $k:ident $h:ident $g:ident) => {
        &[
            $h!(Binary<num::$k, S<1>, S<2>, ToAcc>), $h!(Binary<num::$k, S<1>, S<2>, ToSlot>),
            $h!(Binary<num::$k, A, S<1>, ToAcc>), $h!(Binary<num::$k, A, S<1>, ToSlot>),
            $h!(Binary<num::$k, S<1>, I, ToAcc>), $h!(Binary<num::$k, S<1>, I, ToSlot>),
            $h!(Binary<num::$k, A, I, ToAcc>), $h!(Binary<num::$k, A, I, ToSlot>),
        ]
    };
    (shifted $k:ident $h:ident $g:ident) => {
        &[
            $h!(Shifted<num::$k, S<1>, S<2>, ToAcc>), $h!(Shifted<num::$k, S<1>, S<2>, ToSlot>),
            $h!(Shifted<num::$k, S<1>, A, ToAcc>), $h!(Shifted<num::$k, S<1>, A, ToSlot>),
            $h!(Shifted<num::$k, A, S<1>, ToAcc>), $h!(Shifted<num::$k, A, S<1>, ToSlot>),
        ]
    };
    (product $k:ident $h:ident $g:ident) => {
        &[
            $h!(Product<num::$k, S<1>, ToAcc>), $h!(Product<num::$k, S<1>, ToSlot>),
            $h!(Product<num::$k, A, ToAcc>), $h!(Product<num::$k, A, ToSlot>),
        ]
    };
    (step $k:ident $h:ident $g:ident) => {
        &[$h!(StepBranch<num::$k, S<1>, $g>), $h!(StepBranch<num::$k, High<3>, $g>)]
    };
    (compare $k:ident $h:ident $g:ident) => {
        &[
            $h!(Compare<num::$k, S<1>, S<2>, ToAcc>), $h!(Compare<num::$k, S<1>, S<2>, ToSlot>),
            $h!(Compare<num::$k, A, S<1>, ToAcc>), $h!(Compare<num::$k, A, S<1>, ToSlot>),
            $h!(Compare<num::$k, S<1>, A, ToAcc>), $h!(Compare<num::$k, S<1>, A, ToSlot>),
            $h!(Compare<num::$k, S<1>, I, ToAcc>), $h!(Compare<num::$k, S<1>, I, ToSlot>),
            $h!(Compare<num::$k, A, I, ToAcc>), $h!(Compare<num::$k, A, I, ToSlot>),
            $h!(CompareBranch<num::$k, S<0>, S<1>, $g>), $h!(CompareBranch<num::$k, A, S<0>, $g>),
            $h!(CompareBranch<num::$k, S<0>, A, $g>), $h!(CompareBranch<num::$k, S<0>, Cell<3>, $g>),
            $h!(CompareBranch<num::$k, A, Cell<3>, $g>),
        ]
    };
    (negated $k:ident $h:ident $g:ident) => {
        &[
            $h!(CompareBranch<num::$k, S<0>, S<1>, $g>), $h!(CompareBranch<num::$k, A, S<0>, $g>),
            $h!(CompareBranch<num::$k, S<0>, A, $g>), $h!(CompareBranch<num::$k, S<0>, Cell<3>, $g>),
            $h!(CompareBranch<num::$k, A, Cell<3>, $g>),
        ]
    };
    (unary $k:ident $h:ident $g:ident) => {
        &[
            $h!(Unary<num::$k, S<1>, ToAcc>), $h!(Unary<num::$k, S<1>, ToSlot>),
            $h!(Unary<num::$k, A, ToAcc>), $h!(Unary<num::$k, A, ToSlot>),
        ]
    };
    (load $k:ident $h:ident $g:ident) => {
        &[
            $h!(Load<$k, At<S<1>>, ToAcc>), $h!(Load<$k, At<S<1>>, ToSlot>),
            $h!(Load<$k, At<A>, ToAcc>), $h!(Load<$k, At<A>, ToSlot>),
            $h!(Load<$k, At<Zero>, ToAcc>), $h!(Load<$k, At<Zero>, ToSlot>),
            $h!(Load<$k, Sum<S<1>>, ToAcc>), $h!(Load<$k, Sum<S<1>>, ToSlot>),
            $h!(Load<$k, Sum<A>, ToAcc>), $h!(Load<$k, Sum<A>, ToSlot>),
            $h!(Load<$k, Plus<1, S<2>>, ToAcc>), $h!(Load<$k, Plus<1, S<2>>, ToSlot>),
            $h!(Load<$k, Plus<1, A>, ToAcc>), $h!(Load<$k, Plus<1, A>, ToSlot>),
            $h!(Load<$k, Scaled<1, S<2>>, ToAcc>), $h!(Load<$k, Scaled<1, S<2>>, ToSlot>),
            $h!(Load<$k, Scaled<1, A>, ToAcc>), $h!(Load<$k, Scaled<1, A>, ToSlot>),
        ]
    };
    (store $k:ident $h:ident $g:ident) => {
        &[
            $h!(Store<$k, At<S<0>>, S<1>>), $h!(Store<$k, At<S<0>>, A>),
            $h!(Store<$k, At<S<0>>, Short>), $h!(Store<$k, At<A>, S<1>>),
            $h!(Store<$k, At<A>, Short>), $h!(Store<$k, At<Zero>, S<1>>),
            $h!(Store<$k, At<Zero>, A>), $h!(Store<$k, At<Zero>, Short>),
            $h!(Store<$k, Sum<S<0>>, S<1>>), $h!(Store<$k, Sum<S<0>>, A>),
            $h!(Store<$k, Sum<S<0>>, Short>),
            $h!(Store<$k, Plus<0, S<2>>, S<1>>), $h!(Store<$k, Plus<0, S<2>>, Short>),
            $h!(Store<$k, Plus<0, A>, S<1>>), $h!(Store<$k, Plus<0, A>, Short>),
            $h!(Store<$k, Scaled<0, S<2>>, S<1>>), $h!(Store<$k, Scaled<0, S<2>>, Short>),
            $h!(Store<$k, Scaled<0, A>, S<1>>), $h!(Store<$k, Scaled<0, A>, Short>),
        ]
    };
    (store_float $k:ident $h:ident $g:ident) => {
        &[
            $h!(Store<$k, At<S<0>>, A>), $h!(Store<$k, At<A>, A>), $h!(Store<$k, At<Zero>, A>),
            $h!(Store<$k, Sum<S<0>>, A>), $h!(Store<$k, Plus<0, S<2>>, A>),
            $h!(Store<$k, Plus<0, A>, A>), $h!(Store<$k, Scaled<0, S<2>>, A>),
            $h!(Store<$k, Scaled<0, A>, A>),
        ]
    };
    (select $k:ident $h:ident $g:ident) => {
        &[
            $h!($k<S<3>, ToAcc>), $h!($k<S<3>, ToSlot>), $h!($k<A, ToAcc>), $h!($k<A, ToSlot>),
        ]
    };
    (branch $k:ident $h:ident $g:ident) => { &[$h!($k<S<0>, $g>), $h!($k<A, $g>)] };
    (source $k:ident $h:ident $g:ident) => {
        &[$h!($k<S<1>, $g>), $h!($k<A, $g>), $h!($k<Cell<2>, $g>)]
    };
    (dest $k:ident $h:ident $g:ident) => { &[$h!($k<ToAcc>), $h!($k<ToSlot>)] };
    (fixed $k:ident $h:ident $g:ident) => { &[$h!($k<$g>)] };
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
