//! Dispatch: the same handlers, expanded in up to three ways.
//!
//! * `tail`: each handler ends in a call of the next in tail position, which LLVM turns into a jump
//!   where `build.rs` says so. The registers are passed in machine registers: six integer arguments
//!   and one float fit on x86-64 (`sysv64`), and a seventh would go to the native stack and end
//!   sibling calls.
//! * `trampoline`: handlers return, a loop calls the next. Everywhere.
//! * `become`: as `tail`, with the compiler's guarantee; nightly only, checked in CI where a
//!   nightly is present.
//!
//! Rules for handlers: methods of `Regs` are inlined always (a call that sees the address of the
//! registers ends tail calls), no value with a destructor and no address-taken local alive at the
//! end, no panicking arithmetic, cold paths leave through [`Flow::Exit`].

#[cfg(dytallix_tail)]
use super::Context;
use super::cells::Regs;
use super::table::Rows;
use super::{Flow, Trapped};
use crate::ir;
use crate::vm::engine::Dispatch;

use alloc::vec::Vec;
#[cfg(dytallix_tail)]
use core::marker::PhantomData;

/// The body of an op.
pub(in crate::vm) trait Handler {
    fn run(r: &mut Regs) -> Flow;
}

/// Two ops in a row, the first of which always goes on to the second.
#[cfg(dytallix_tail)]
pub(in crate::vm) struct Pair<A, B>(PhantomData<(A, B)>);

#[cfg(dytallix_tail)]
impl<A: Handler, B: Handler> Handler for Pair<A, B> {
    #[inline(always)]
    fn run(r: &mut Regs) -> Flow {
        match A::run(r) {
            Flow::Next => B::run(r),
            exit => exit,
        }
    }
}

/// A handler of the trampoline.
type Step = fn(&mut Regs) -> Flow;

pub(super) fn step<H: Handler>(r: &mut Regs) -> Flow {
    H::run(r)
}

/// Addresses of the handlers for a way of dispatch, in op order, then those of pairs. The
/// trampoline has none of its own for pairs: it goes on to the second op.
pub(in crate::vm) fn addresses(dispatch: Dispatch, metered: bool) -> Vec<u64> {
    match dispatch {
        #[cfg(dytallix_tail)]
        Dispatch::Tail => {
            let rows = if metered { tail::METERED } else { tail::UNMETERED };
            let pairs = if metered { tail::METERED_PAIRS } else { tail::UNMETERED_PAIRS };
            rows.iter().chain(pairs).map(|&h| h as *const () as usize as u64).collect()
        }
        _ => {
            let rows = if metered { METERED } else { UNMETERED };
            let ops = rows.iter().copied();
            let pairs = ir::Pair::all().map(|p| rows[usize::from(p.ops()[0].number())]);
            ops.chain(pairs).map(|h| h as *const () as usize as u64).collect()
        }
    }
}

const METERED: &[Step] = &Rows::<super::cells::Metered>::STEPS;
const UNMETERED: &[Step] = &Rows::<super::cells::Unmetered>::STEPS;

/// Runs from `r.ip` until something leaves the machine. Gives why; the registers are saved in the
/// context.
pub(in crate::vm) fn run(r: Regs, dispatch: Dispatch) -> Trapped {
    match dispatch {
        #[cfg(dytallix_tail)]
        Dispatch::Tail => tail::run(r),
        _ => run_steps(r),
    }
}

fn run_steps(mut r: Regs) -> Trapped {
    loop {
        // SAFETY: the first cell of each op holds the address of its `Step`: code is translated
        // with the addresses of the engine's way of dispatch, and `ip` is always at an op.
        let next =
            unsafe { core::mem::transmute::<*const (), Step>(r.cell(0) as usize as *const ()) };
        if let Flow::Exit(why) = next(&mut r) {
            r.save();
            return why;
        }
    }
}

impl Regs {
    /// Saves the registers for the driver.
    #[inline(always)]
    fn save(&mut self) {
        let (ip, sp, gas) = (self.ip, self.sp, self.gas);
        let saved = &mut self.ctx().saved;
        saved.ip = ip;
        saved.sp = sp;
        saved.gas = gas;
    }
}

#[cfg(dytallix_tail)]
mod tail {
    use super::*;

    /// Runs the ops from `ip` on. Result: a [`Trapped`] as a number.
    #[cfg(target_arch = "x86_64")]
    type Tail = unsafe extern "sysv64" fn(
        *const u64,
        *mut u64,
        *mut u8,
        u64,
        u64,
        *mut Context,
        f64,
    ) -> u64;
    #[cfg(not(target_arch = "x86_64"))]
    type Tail =
        unsafe extern "C" fn(*const u64, *mut u64, *mut u8, u64, u64, *mut Context, f64) -> u64;

    pub(super) const METERED: &[Tail] = &Rows::<super::super::cells::Metered>::TAILS;
    pub(super) const UNMETERED: &[Tail] = &Rows::<super::super::cells::Unmetered>::TAILS;
    pub(super) const METERED_PAIRS: &[Tail] = Rows::<super::super::cells::Metered>::PAIRS;
    pub(super) const UNMETERED_PAIRS: &[Tail] = Rows::<super::super::cells::Unmetered>::PAIRS;

    #[cfg(not(dytallix_become))]
    macro_rules! goto {
        ($call:expr) => {
            return $call
        };
    }
    // Never expanded by a stable compiler, which checks the feature gate after expansion.
    #[cfg(dytallix_become)]
    macro_rules! goto {
        ($call:expr) => {
            become $call
        };
    }

    macro_rules! tail_functions {
        ($abi:literal) => {
            /// # Safety
            ///
            /// `ip` is at an op of code translated for tail dispatch, the other registers belong to
            /// it.
            pub(in crate::vm::exec) unsafe extern $abi fn tail<H: Handler>(
                ip: *const u64,
                sp: *mut u64,
                mem: *mut u8,
                acc: u64,
                gas: u64,
                ctx: *mut Context,
                facc: f64,
            ) -> u64 {
                let mut r = Regs { ip, sp, mem, acc, gas, ctx, facc };
                match H::run(&mut r) {
                    Flow::Next => {
                        // SAFETY: as in `run_steps`, with handlers of this form.
                        unsafe {
                            let next = core::mem::transmute::<*const (), Tail>(
                                r.cell(0) as usize as *const (),
                            );
                            goto!(next(r.ip, r.sp, r.mem, r.acc, r.gas, r.ctx, r.facc))
                        }
                    }
                    // SAFETY: `leave` only saves registers.
                    Flow::Exit(why) => unsafe {
                        goto!(leave(r.ip, r.sp, r.mem, why as u64, r.gas, r.ctx, r.facc))
                    },
                }
            }

            /// # Safety
            ///
            /// `ctx` is the run's context.
            #[cold]
            #[inline(never)]
            unsafe extern $abi fn leave(
                ip: *const u64,
                sp: *mut u64,
                mem: *mut u8,
                why: u64,
                gas: u64,
                ctx: *mut Context,
                facc: f64,
            ) -> u64 {
                Regs { ip, sp, mem, acc: 0, gas, ctx, facc }.save();
                // Where the compiler sees that this is the argument, handlers keep it in a register
                // that they have to save, in place of leaving by a jump.
                core::hint::black_box(why)
            }
        };
    }
    #[cfg(target_arch = "x86_64")]
    tail_functions!("sysv64");
    #[cfg(not(target_arch = "x86_64"))]
    tail_functions!("C");

    pub(super) fn run(r: Regs) -> Trapped {
        // SAFETY: the driver put `r` at an op of code translated for this engine, with its
        // registers.
        let why = unsafe {
            let first = core::mem::transmute::<*const (), Tail>(r.cell(0) as usize as *const ());
            first(r.ip, r.sp, r.mem, r.acc, r.gas, r.ctx, r.facc)
        };
        Trapped::from_number(why)
    }
}
#[cfg(dytallix_tail)]
pub(super) use tail::tail;
