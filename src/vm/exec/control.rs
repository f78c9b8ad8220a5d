//! Branches. Each charges the region that it enters.

use core::marker::PhantomData;

use super::cells::{Metering, Regs, Source};
use super::dispatch::Handler;
use super::{Flow, Trapped};

/// Takes the edge of a conditional branch of `cells` cells: the jump by cell 2, or the fall-through
/// charged in cell 1.
#[inline(always)]
pub(super) fn branch<G: Metering>(r: &mut Regs, taken: bool, cells: usize) -> Flow {
    if taken {
        if !r.charge::<G>(2) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        r.jump(2);
    } else {
        if !r.charge::<G>(1) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        r.skip(cells);
    }
    Flow::Next
}

macro_rules! conditionals {
    ($($name:ident $lane:ty: |$a:ident| $taken:expr;)*) => {
        $(
            /// Jumps by the truth of one operand.
            pub(in crate::vm) struct $name<X, G>(PhantomData<(X, G)>);
            impl<X: Source, G: Metering> Handler for $name<X, G> {
                #[inline(always)]
                fn run(r: &mut Regs) -> Flow {
                    let $a = X::get::<$lane>(r);
                    branch::<G>(r, $taken, 3)
                }
            }
        )*
    };
}

conditionals! {
    BrIf u32: |a| a != 0;
    BrUnless u32: |a| a == 0;
    BrIf64 u64: |a| a != 0;
    BrUnless64 u64: |a| a == 0;
}

/// Jumps.
pub(in crate::vm) struct Br<G>(PhantomData<G>);

impl<G: Metering> Handler for Br<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        if !r.charge::<G>(1) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        r.jump(1);
        Flow::Next
    }
}

/// Jumps by index; the last entry is the default.
pub(in crate::vm) struct BrTable<X, G>(PhantomData<(X, G)>);

impl<X: Source, G: Metering> Handler for BrTable<X, G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let index = X::get::<u32>(r);
        let last = r.high(1) - 1;
        let entry = 2 + if index < last { index } else { last } as usize;
        if !r.charge::<G>(entry) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        r.jump(entry);
        Flow::Next
    }
}

/// Charges a region that was cut for its size.
pub(in crate::vm) struct Charge<G>(PhantomData<G>);

impl<G: Metering> Handler for Charge<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        if !r.charge::<G>(1) {
            return Flow::Exit(Trapped::OutOfGasRegion);
        }
        r.skip(2);
        Flow::Next
    }
}

macro_rules! exits {
    ($($name:ident $why:ident;)*) => {
        $(
            /// Leaves the machine.
            pub(in crate::vm) struct $name<G>(PhantomData<G>);
            impl<G: Metering> Handler for $name<G> {
                #[inline(always)]
                fn run(_: &mut Regs) -> Flow {
                    Flow::Exit(Trapped::$why)
                }
            }
        )*
    };
}

exits! {
    Unreachable Unreachable;
    OutOfGas OutOfGas;
    Exit Done;
}

/// Notes the native stack pointer, by the address of a local of a function that is not inlined.
pub(in crate::vm) struct Probe<G>(PhantomData<G>);

impl<G: Metering> Handler for Probe<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let here = native_stack();
        r.ctx().probe = here;
        r.skip(1);
        Flow::Next
    }
}

#[inline(never)]
fn native_stack() -> usize {
    let local = 0u8;
    core::hint::black_box(&raw const local) as usize
}
