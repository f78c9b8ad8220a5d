//! The seam to the embedder: host functions.
//!
//! The machine knows one trait, [`Host`], always as `dyn`: a handler that is generic over an
//! embedder's type would be compiled in the embedder's crate, at its settings. [`HostTable`] makes
//! a host from typed closures.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::memory::Memory;
use super::trap::TrapCode;
use crate::wasm::{FuncType, ValType};

/// Functions that the embedder offers to guests.
pub trait Host {
    /// The number by which [`Host::call`] knows the function that satisfies an import, or `None`
    /// where there is none of that name. A type that differs from `ty` is an error of the link, so
    /// say the type you have.
    fn resolve(&self, module: &str, name: &str) -> Option<(u32, FuncType)>;

    /// Calls function `function`. Arguments and results are in `call`.
    ///
    /// # Errors
    ///
    /// See [`HostError`]: a trap, out of gas, a wish to be suspended, or a fault.
    fn call(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<(), HostError>;
}

/// Why a host function did not return.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum HostError {
    /// The guest traps with [`TrapCode::Host`] and this code.
    Trap(u32),
    /// The guest's gas does not pay for it: everything is used up.
    OutOfGas,
    /// Execution stops here and is resumed later with results.
    Suspend,
    /// Ours or the disk's doing: the guest never sees it.
    Fault(String),
}

/// A host with no functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

impl Host for NoHost {
    fn resolve(&self, _: &str, _: &str) -> Option<(u32, FuncType)> {
        None
    }

    fn call(&mut self, function: u32, _: &mut HostCall<'_>) -> Result<(), HostError> {
        Err(HostError::Fault(alloc::format!("there is no host function {function}")))
    }
}

/// One call of a host function: argument and result slots, the caller's memory, gas.
pub struct HostCall<'a> {
    slots: &'a mut [u64],
    memory: Option<&'a mut Memory>,
    gas: &'a mut u64,
}

impl<'a> HostCall<'a> {
    pub(super) fn new(
        slots: &'a mut [u64],
        memory: Option<&'a mut Memory>,
        gas: &'a mut u64,
    ) -> Self {
        HostCall { slots, memory, gas }
    }

    /// Bits of an argument; an i32 or f32 in the low half.
    ///
    /// # Panics
    ///
    /// When the function's type has no such parameter or result.
    #[inline]
    pub fn arg(&self, index: usize) -> u64 {
        self.slots[index]
    }

    /// Sets the bits of a result.
    ///
    /// # Panics
    ///
    /// When the function's type has no such parameter or result.
    #[inline]
    pub fn set_result(&mut self, index: usize, bits: u64) {
        self.slots[index] = bits;
    }

    /// Contents of the calling instance's memory 0; empty where it has none.
    #[inline]
    pub fn memory(&mut self) -> &mut [u8] {
        match &mut self.memory {
            Some(memory) => memory.bytes_mut(),
            None => &mut [],
        }
    }

    /// Gas left to the guest.
    #[inline]
    pub fn gas_left(&self) -> u64 {
        *self.gas
    }

    /// Charges gas.
    ///
    /// # Errors
    ///
    /// [`HostError::OutOfGas`] where less is left; pass it on.
    #[inline]
    pub fn charge(&mut self, gas: u64) -> Result<(), HostError> {
        *self.gas = self.gas.checked_sub(gas).ok_or(HostError::OutOfGas)?;
        Ok(())
    }
}

/// A type that crosses the border of a typed host function.
pub trait HostType: Sized + 'static {
    /// Its WebAssembly type.
    const TYPE: ValType;
    /// From the bits of a slot.
    fn from_bits(bits: u64) -> Self;
    /// As the bits of a slot.
    fn into_bits(self) -> u64;
}

macro_rules! host_types {
    ($($ty:ty: $val:ident, |$bits:ident| $from:expr, |$value:ident| $into:expr;)*) => {
        $(
            impl HostType for $ty {
                const TYPE: ValType = ValType::$val;
                #[inline]
                fn from_bits($bits: u64) -> Self { $from }
                #[inline]
                fn into_bits(self) -> u64 { let $value = self; $into }
            }
        )*
    };
}

host_types! {
    i32: I32, |bits| bits as i32, |value| u64::from(value as u32);
    u32: I32, |bits| bits as u32, |value| u64::from(value);
    i64: I64, |bits| bits as i64, |value| value as u64;
    u64: I64, |bits| bits, |value| value;
    f32: F32, |bits| f32::from_bits(bits as u32), |value| u64::from(value.to_bits());
    f64: F64, |bits| f64::from_bits(bits), |value| value.to_bits();
}

/// What a typed host function may return.
pub trait HostResult {
    /// Its result types.
    fn types() -> Vec<ValType>;
    /// Writes the results.
    fn write(self, call: &mut HostCall<'_>);
}

impl HostResult for () {
    fn types() -> Vec<ValType> {
        Vec::new()
    }
    #[inline]
    fn write(self, _: &mut HostCall<'_>) {}
}

impl<T: HostType> HostResult for T {
    fn types() -> Vec<ValType> {
        alloc::vec![T::TYPE]
    }
    #[inline]
    fn write(self, call: &mut HostCall<'_>) {
        call.set_result(0, self.into_bits());
    }
}

type Boxed<T> = Box<dyn Fn(&mut T, &mut HostCall<'_>) -> Result<(), HostError> + Send + Sync>;

/// A closure that can stand in a [`HostTable`]: `Fn(&mut T, &mut HostCall, A, B, …) -> Result<R,
/// HostError>`.
pub trait HostFunction<T, Args>: Send + Sync + 'static {
    /// Its parameter and result types.
    fn ty() -> FuncType;
    /// As the table keeps it.
    fn boxed(self) -> Boxed<T>;
}

macro_rules! host_functions {
    ($(($($arg:ident $index:tt),*))*) => {
        $(
            impl<T, F, R, $($arg),*> HostFunction<T, ($($arg,)* R,)> for F
            where
                F: Fn(&mut T, &mut HostCall<'_> $(, $arg)*) -> Result<R, HostError>
                    + Send + Sync + 'static,
                R: HostResult,
                $($arg: HostType,)*
            {
                fn ty() -> FuncType {
                    FuncType::new(&[$($arg::TYPE),*], &R::types())
                }

                fn boxed(self) -> Boxed<T> {
                    Box::new(move |state, call| {
                        $(
                            #[allow(non_snake_case, reason = "named after its type parameter")]
                            let $arg = $arg::from_bits(call.arg($index));
                        )*
                        let result = self(state, call $(, $arg)*)?;
                        result.write(call);
                        Ok(())
                    })
                }
            }
        )*
    };
}

host_functions! {
    ()
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, G 5)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7, J 8)
    (A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7, J 8, K 9)
}

struct Row<T> {
    module: Box<str>,
    name: Box<str>,
    ty: FuncType,
    function: Boxed<T>,
}

/// Host functions as typed closures over a state of type `T`.
///
/// ```
/// use dytallix::vm::{HostCall, HostError, HostTable};
///
/// let mut table = HostTable::<Vec<i32>>::new();
/// table.add("env", "push", |state: &mut Vec<i32>, call: &mut HostCall<'_>, value: i32| {
///     call.charge(10)?;
///     state.push(value);
///     Ok(state.len() as i32)
/// })?;
/// # Ok::<(), dytallix::vm::DuplicateHostFunction>(())
/// ```
pub struct HostTable<T> {
    rows: Vec<Row<T>>,
}

/// A host function of this name is in the table already.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DuplicateHostFunction {
    /// Module name and function name.
    pub name: String,
}

impl core::fmt::Display for DuplicateHostFunction {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "host function {} is in the table already", self.name)
    }
}

impl core::error::Error for DuplicateHostFunction {}

impl<T> Default for HostTable<T> {
    fn default() -> Self {
        HostTable { rows: Vec::new() }
    }
}

impl<T> HostTable<T> {
    /// An empty table.
    pub fn new() -> Self {
        HostTable::default()
    }

    /// Adds a function.
    ///
    /// # Errors
    ///
    /// When the table has one of that name.
    pub fn add<Args, F: HostFunction<T, Args>>(
        &mut self,
        module: &str,
        name: &str,
        function: F,
    ) -> Result<(), DuplicateHostFunction> {
        if self.rows.iter().any(|r| &*r.module == module && &*r.name == name) {
            return Err(DuplicateHostFunction { name: alloc::format!("{module}.{name}") });
        }
        let (module, name) = (module.into(), name.into());
        self.rows.push(Row { module, name, ty: F::ty(), function: function.boxed() });
        Ok(())
    }

    /// A host that runs these functions on `state`.
    pub fn with<'a>(&'a self, state: &'a mut T) -> BoundHost<'a, T> {
        BoundHost { table: self, state }
    }
}

/// A [`HostTable`] with the state that its functions work on.
pub struct BoundHost<'a, T> {
    table: &'a HostTable<T>,
    state: &'a mut T,
}

impl<T> Host for BoundHost<'_, T> {
    fn resolve(&self, module: &str, name: &str) -> Option<(u32, FuncType)> {
        let rows = &self.table.rows;
        let index = rows.iter().position(|r| &*r.module == module && &*r.name == name)?;
        Some((index as u32, rows[index].ty.clone()))
    }

    #[inline]
    fn call(&mut self, function: u32, call: &mut HostCall<'_>) -> Result<(), HostError> {
        (self.table.rows[function as usize].function)(self.state, call)
    }
}

impl HostError {
    /// The trap code that the guest ends with, where it does.
    pub fn trap_code(&self) -> Option<TrapCode> {
        match self {
            HostError::Trap(_) => Some(TrapCode::Host),
            HostError::OutOfGas => Some(TrapCode::OutOfGas),
            HostError::Suspend | HostError::Fault(_) => None,
        }
    }
}
