//! References and tables.

use core::marker::PhantomData;

use super::cells::{Metering, Regs};
use super::dispatch::Handler;
use super::memory::dynamic;
use super::{Flow, Trapped};

/// Defines handlers that read and write slots through the context, and may trap.
macro_rules! accesses {
    ($($name:ident |$r:ident| $work:expr;)*) => {
        $(
            /// See the op table.
            pub(in crate::vm) struct $name<G>(PhantomData<G>);
            impl<G: Metering> Handler for $name<G> {
                #[inline(always)]
                fn run($r: &mut Regs) -> Flow {
                    let result: Result<(), Trapped> = $work;
                    match result {
                        Ok(()) => {
                            $r.skip(2);
                            Flow::Next
                        }
                        Err(why) => Flow::Exit(why),
                    }
                }
            }
        )*
    };
}

accesses! {
    TableGet |r| {
        let (table, index) = (r.high(1), r.slot(1) as u32);
        r.ctx().table_get(table, index).map(|value| r.set_slot(0, value))
    };
    TableSet |r| {
        let (table, index, value) = (r.high(1), r.slot(0) as u32, r.slot(1));
        r.ctx().table_set(table, index, value)
    };
    TableSize |r| {
        let table = r.high(1);
        let size = r.ctx().table_size(table);
        r.set_slot(0, u64::from(size));
        Ok(())
    };
    ElemDrop |r| {
        let segment = r.low(1);
        r.ctx().elem_drop(segment);
        Ok(())
    };
    RefFunc |r| {
        let function = r.high(1);
        let reference = r.ctx().ref_func(function);
        r.set_slot(0, reference);
        Ok(())
    };
}

dynamic! {
    TableGrow |r| {
        let (value, delta, table) = (r.slot(1), r.slot(2) as u32, r.low(2));
        r.ctx().table_grow(table, delta, value).map(|old| r.set_slot(0, u64::from(old)))
    }, cost in 2, 3 cells;
    TableFill |r| {
        let (to, value, count) = (r.slot(0) as u32, r.slot(1), r.slot(2) as u32);
        let table = r.low(2);
        r.ctx().table_fill(table, to, value, count)
    }, cost in 2, 3 cells;
    TableCopy |r| {
        let (to, from, count) = (r.slot(0) as u32, r.slot(1) as u32, r.slot(2) as u32);
        let (to_table, from_table) = (r.low(2), r.low(3));
        r.ctx().table_copy(to_table, from_table, to, from, count)
    }, cost in 2, 4 cells;
    TableInit |r| {
        let (to, from, count) = (r.slot(0) as u32, r.slot(1) as u32, r.slot(2) as u32);
        let (table, segment) = (r.low(2), r.low(3));
        r.ctx().table_init(table, segment, to, from, count)
    }, cost in 2, 4 cells;
}
