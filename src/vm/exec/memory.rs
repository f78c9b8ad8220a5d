//! Loads, stores and bulk operators of linear memory. Memory is little-endian on every machine.

use core::marker::PhantomData;

use super::cells::{Dest, Lane, Metering, Regs, S, Source};
use super::dispatch::Handler;
use super::{Flow, Trapped};
use crate::ir::OpKind;

/// How an access says where: an address that wraps in 32 bits, and an offset that does not.
pub(in crate::vm) trait Address {
    fn get(r: &Regs, scale: u32) -> (u32, u32);
}

/// An operand, and the offset in the high half of the second cell.
pub(in crate::vm) struct At<X>(PhantomData<X>);
/// An operand plus the high half of the second cell.
pub(in crate::vm) struct Sum<X>(PhantomData<X>);
/// The slot that field `F` names plus an index, and the offset in field 3.
pub(in crate::vm) struct Plus<const F: usize, X>(PhantomData<X>);
/// The same with the index scaled.
pub(in crate::vm) struct Scaled<const F: usize, X>(PhantomData<X>);

impl<X: Source> Address for At<X> {
    #[inline(always)]
    fn get(r: &Regs, _: u32) -> (u32, u32) {
        (X::get::<u32>(r), r.high(1))
    }
}

impl<X: Source> Address for Sum<X> {
    #[inline(always)]
    fn get(r: &Regs, _: u32) -> (u32, u32) {
        (X::get::<u32>(r).wrapping_add(r.high(1)), 0)
    }
}

impl<const F: usize, X: Source> Address for Plus<F, X> {
    #[inline(always)]
    fn get(r: &Regs, _: u32) -> (u32, u32) {
        let address = S::<F>::get::<u32>(r).wrapping_add(X::get::<u32>(r));
        (address, u32::from(r.field(3)))
    }
}

impl<const F: usize, X: Source> Address for Scaled<F, X> {
    #[inline(always)]
    fn get(r: &Regs, scale: u32) -> (u32, u32) {
        let address = S::<F>::get::<u32>(r).wrapping_add(X::get::<u32>(r) << scale);
        (address, u32::from(r.field(3)))
    }
}

/// An index scaled, and the offset in the high half of the second cell.
pub(in crate::vm) struct Left<X>(PhantomData<X>);

impl<X: Source> Address for Left<X> {
    #[inline(always)]
    fn get(r: &Regs, scale: u32) -> (u32, u32) {
        (X::get::<u32>(r) << scale, r.high(1))
    }
}

/// `d = memory[address + offset]`.
pub(in crate::vm) struct Load<O, X, D>(PhantomData<(O, X, D)>);
/// `memory[address + offset] = value`.
pub(in crate::vm) struct Store<O, X, Y>(PhantomData<(O, X, Y)>);

pub(in crate::vm) trait LoadOp {
    const SCALE: u32;
    type Out: Lane;
    fn load(r: &Regs, address: u32, offset: u32) -> Result<Self::Out, Trapped>;
}

pub(in crate::vm) trait StoreOp {
    const SCALE: u32;
    type In: Lane;
    fn store(r: &mut Regs, address: u32, offset: u32, value: Self::In) -> Result<(), Trapped>;
}

impl<O: LoadOp, X: Address, D: Dest> Handler for Load<O, X, D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (address, offset) = X::get(r, O::SCALE);
        match O::load(r, address, offset) {
            Ok(value) => {
                D::put(r, value);
                r.skip(2);
                Flow::Next
            }
            Err(why) => Flow::Exit(why),
        }
    }
}

impl<O: StoreOp, X: Address, Y: Source> Handler for Store<O, X, Y> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let (address, offset) = X::get(r, O::SCALE);
        let value = Y::get::<O::In>(r);
        match O::store(r, address, offset, value) {
            Ok(()) => {
                r.skip(2);
                Flow::Next
            }
            Err(why) => Flow::Exit(why),
        }
    }
}

macro_rules! loads {
    ($($name:ident $out:ty: $raw:ident as $via:ty;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl LoadOp for $name {
                const SCALE: u32 = OpKind::$name.scale();
                type Out = $out;
                #[inline(always)]
                fn load(r: &Regs, address: u32, offset: u32) -> Result<$out, Trapped> {
                    let bytes = r.load::<{ size_of::<$raw>() }>(address, offset)?;
                    Ok(<$out>::from_slot($raw::from_le_bytes(bytes) as $via as u64))
                }
            }
        )*
    };
}

loads! {
    I32Load u32: u32 as u32;
    I64Load u64: u64 as u64;
    F32Load f32: u32 as u32;
    F64Load f64: u64 as u64;
    I32Load8S u32: i8 as u32;
    I32Load8U u32: u8 as u32;
    I32Load16S u32: i16 as u32;
    I32Load16U u32: u16 as u32;
    I64Load8S u64: i8 as u64;
    I64Load16S u64: i16 as u64;
    I64Load32S u64: i32 as u64;
}

macro_rules! stores {
    ($($name:ident $from:ty: $raw:ty;)*) => {
        $(
            pub(in crate::vm) struct $name;
            impl StoreOp for $name {
                const SCALE: u32 = OpKind::$name.scale();
                type In = $from;
                #[inline(always)]
                fn store(
                    r: &mut Regs,
                    address: u32,
                    offset: u32,
                    value: $from,
                ) -> Result<(), Trapped> {
                    r.store(address, offset, (value.into_slot() as $raw).to_le_bytes())
                }
            }
        )*
    };
}

stores! {
    I32Store u32: u32;
    I64Store u64: u64;
    F32Store f32: u32;
    F64Store f64: u64;
    I32Store8 u32: u8;
    I32Store16 u32: u16;
}

/// Pages of memory 0.
pub(in crate::vm) struct MemorySize<D>(PhantomData<D>);

impl<D: Dest> Handler for MemorySize<D> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let pages = (r.memory_len() >> 16) as u32;
        D::put(r, pages);
        r.skip(2);
        Flow::Next
    }
}

/// Defines handlers for operators whose work is done in the context, with a price that depends on
/// their operands.
macro_rules! dynamic {
    ($($name:ident |$r:ident| $work:expr, cost in $cell:literal, $cells:literal cells;)*) => {
        $(
            /// See the op table.
            pub(in crate::vm) struct $name<G>(PhantomData<G>);
            impl<G: Metering> Handler for $name<G> {
                #[inline(always)]
                fn run($r: &mut Regs) -> Flow {
                    // Gas travels in the context: the address of a local would end tail calls.
                    let gas = $r.gas;
                    $r.ctx().gas = gas;
                    let result: Result<(), Trapped> = $work;
                    $r.gas = $r.ctx().gas;
                    if let Err(why) = result {
                        return Flow::Exit(why);
                    }
                    $r.reload_memory();
                    if !$r.charge::<G>($cell) {
                        return Flow::Exit(Trapped::OutOfGasRegion);
                    }
                    $r.skip($cells);
                    Flow::Next
                }
            }
        )*
    };
}
pub(super) use dynamic;

dynamic! {
    MemoryGrow |r| {
        let delta = r.slot(1) as u32;
        r.ctx().memory_grow(delta).map(|old| r.set_slot(0, u64::from(old)))
    }, cost in 1, 2 cells;
    MemoryCopy |r| {
        let (to, from, count) = (r.slot(0) as u32, r.slot(1) as u32, r.slot(2) as u32);
        r.ctx().memory_copy(to, from, count)
    }, cost in 2, 3 cells;
    MemoryFill |r| {
        let (to, byte, count) = (r.slot(0) as u32, r.slot(1) as u8, r.slot(2) as u32);
        r.ctx().memory_fill(to, byte, count)
    }, cost in 2, 3 cells;
    MemoryInit |r| {
        let (to, from, count) = (r.slot(0) as u32, r.slot(1) as u32, r.slot(2) as u32);
        let segment = r.low(2);
        r.ctx().memory_init(segment, to, from, count)
    }, cost in 2, 3 cells;
}

/// Drops a data segment.
pub(in crate::vm) struct DataDrop<G>(PhantomData<G>);

impl<G: Metering> Handler for DataDrop<G> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        let segment = r.low(1);
        r.ctx().data_drop(segment);
        r.skip(2);
        Flow::Next
    }
}
