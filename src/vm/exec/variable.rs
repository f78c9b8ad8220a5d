//! Moves between slots, constants, `select` and globals.

use core::marker::PhantomData;

use super::Flow;
use super::cells::{Dest, Lane, Metering, Regs, Source};
use super::dispatch::Handler;

/// Defines handlers with fields of their own that always go on to the next op.
macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident $cells:literal |$r:ident| $work:expr;)*) => {
        $(
            $(#[$doc])*
            pub(in crate::vm) struct $name<G>(PhantomData<G>);
            impl<G: Metering> Handler for $name<G> {
                #[inline(always)]
                fn run($r: &mut Regs) -> Flow {
                    $work;
                    $r.skip($cells);
                    Flow::Next
                }
            }
        )*
    };
}

moves! {
    /// One slot.
    Copy 2 |r| { let value = r.slot(1); r.set_slot(0, value) };
    /// One slot, then another.
    Copy2 2 |r| {
        let value = r.slot(1);
        r.set_slot(0, value);
        let value = r.slot(3);
        r.set_slot(2, value);
    };
    /// Several slots, which may overlap.
    CopySpan 2 |r| {
        let (to, from, count) = (r.field(0), r.field(1), r.field(2));
        r.copy_slots(to, from, count);
    };
    /// A constant of 32 bits.
    Const32 2 |r| { let bits = r.high(1); r.set_slot(0, u64::from(bits)) };
    /// A constant of 64 bits.
    Const64 3 |r| { let bits = r.cell(2); r.set_slot(0, bits) };
    /// The integer accumulator.
    StoreAcc 2 |r| { let bits = r.acc; r.set_slot(0, bits) };
    /// The float accumulator.
    StoreFacc 2 |r| { let bits = r.facc.to_bits(); r.set_slot(0, bits) };
}

macro_rules! selects {
    ($($name:ident $lane:ty;)*) => {
        $(
            /// One of two slots.
            pub(in crate::vm) struct $name<X, D>(PhantomData<(X, D)>);
            impl<X: Source, D: Dest> Handler for $name<X, D> {
                #[inline(always)]
                fn run(r: &mut Regs) -> Flow {
                    let condition = X::get::<u32>(r);
                    let (a, b) = (r.slot(1), r.slot(2));
                    let value = if condition != 0 { a } else { b };
                    D::put(r, <$lane>::from_slot(value));
                    r.skip(2);
                    Flow::Next
                }
            }
        )*
    };
}

selects! {
    Select u64;
    FSelect f64;
}

macro_rules! globals {
    ($($get:ident $set:ident $lane:ty, $read:ident $write:ident;)*) => {
        $(
            /// Reads a global.
            pub(in crate::vm) struct $get<D>(PhantomData<D>);
            impl<D: Dest> Handler for $get<D> {
                #[inline(always)]
                fn run(r: &mut Regs) -> Flow {
                    let index = r.high(1);
                    let value = r.$read(index);
                    D::put(r, <$lane>::from_slot(value));
                    r.skip(2);
                    Flow::Next
                }
            }

            /// Writes a global.
            pub(in crate::vm) struct $set<X, G>(PhantomData<(X, G)>);
            impl<X: Source, G: Metering> Handler for $set<X, G> {
                #[inline(always)]
                fn run(r: &mut Regs) -> Flow {
                    let value = X::get::<$lane>(r).into_slot();
                    let index = r.high(1);
                    r.$write(index, value);
                    r.skip(2 + usize::from(X::IMMEDIATE));
                    Flow::Next
                }
            }
        )*
    };
}

globals! {
    GlobalGet GlobalSet u64, global set_global;
    FGlobalGet FGlobalSet f64, global set_global;
    GlobalGetImported GlobalSetImported u64, imported_global set_imported_global;
    FGlobalGetImported FGlobalSetImported f64, imported_global set_imported_global;
}

impl Regs {
    #[inline(always)]
    fn imported_global(&mut self, index: u32) -> u64 {
        self.ctx().imported_global(index)
    }

    #[inline(always)]
    fn set_imported_global(&mut self, index: u32, value: u64) {
        self.ctx().set_imported_global(index, value);
    }
}
