//! [`HostTable`]: host functions that a chain adds to the table of the ABI.
//!
//! A row is a typed closure with a name, a price and effects. Arguments are read from the guest's
//! memory and paid for by their bytes before the closure runs, so that a function says what it
//! does and nothing about pointers.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use dytallix_abi::{AbiType, Effect, HostFn, HostTrap};
use sha3::{Digest, Sha3_256};

use super::calls::MOST_ARGUMENTS;
use super::context::BlockContext;
use super::frame::{Env, Stop, within};
use crate::gas::{GasDimension, HostPrice};
use crate::primitives::{Address, Amount, Hash};
use crate::state::Overlay;
use crate::wasm::{FuncType, ValType};

/// Numbers of the chain's own functions begin here, above those of the ABI's table.
pub(super) const OWN: u32 = 1 << 16;

/// Traps of the chain's own functions have numbers from here on.
pub const OWN_TRAPS: u32 = 1_000;

/// The host functions of a chain: those of the ABI, always, and its own.
///
/// A chain's own functions are imported from the module `env` like the others. Their names, types,
/// prices and effects are part of what [`HostTable::content_id`] names; the closures are the
/// chain's code, and have to be deterministic as the rest.
///
/// ```
/// use dytallix::abi::Effect;
/// use dytallix::gas::HostPrice;
/// use dytallix::host::{Buffer, HostContext, HostTable, HostTrapped};
///
/// let mut table = HostTable::new();
/// table.add(
///     "oracle_price",
///     HostPrice::new(500, 10),
///     &[Effect::ReadState],
///     |_: &mut HostContext<'_, '_, '_>, symbol: Vec<u8>, out: Buffer| match &symbol[..] {
///         b"DYT/USD" => Ok((out, 1_250_000_u64.to_le_bytes().to_vec())),
///         _ => Err(HostTrapped::new(1_001)),
///     },
/// )?;
/// assert!(table.add("storage_get", HostPrice::new(1, 0), &[], |_: &mut HostContext<'_, '_, '_>| Ok(())).is_err());
/// # Ok::<(), dytallix::host::HostTableError>(())
/// ```
#[derive(Default)]
pub struct HostTable {
    rows: Vec<Row>,
}

/// A function of a chain's own.
pub(super) struct Row {
    name: Box<str>,
    price: HostPrice,
    effects: Box<[Effect]>,
    params: Vec<AbiType>,
    results: Vec<AbiType>,
    function: Boxed,
}

type Boxed = Arc<dyn Fn(&Row, &mut Env<'_, '_>, &[u64]) -> Result<Option<u64>, Stop> + Send + Sync>;

/// Why a function cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostTableError {
    /// There is one of that name: of the ABI or of the chain's own.
    Duplicate(String),
    /// A name is 1 to 64 bytes of `a-z`, `0-9` and `_`.
    Name(String),
    /// It has no base price: work has to be paid for.
    Unpriced(String),
    /// It takes more than 16 numbers.
    Arguments(String),
}

/// Refuses to go on: the guest traps with this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostTrapped(Stopped);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    Own(u32),
    Abi(HostTrap),
    OutOfGas,
}

impl HostTrapped {
    /// A trap with a number of the chain's own; below [`OWN_TRAPS`] it counts from there.
    #[must_use]
    pub const fn new(code: u32) -> Self {
        let code = if code < OWN_TRAPS { OWN_TRAPS.saturating_add(code) } else { code };
        HostTrapped(Stopped::Own(code))
    }
}

impl From<HostTrap> for HostTrapped {
    fn from(trap: HostTrap) -> Self {
        HostTrapped(Stopped::Abi(trap))
    }
}

impl From<HostTrapped> for Stop {
    fn from(HostTrapped(stopped): HostTrapped) -> Self {
        match stopped {
            Stopped::Own(code) => Stop::OwnTrap(code),
            Stopped::Abi(trap) => Stop::Trap(trap),
            Stopped::OutOfGas => Stop::OutOfGas,
        }
    }
}

/// What a function of a chain's own may see and do.
pub struct HostContext<'c, 'e, 's> {
    env: &'c mut Env<'e, 's>,
    writes: bool,
}

impl<'s> HostContext<'_, '_, 's> {
    /// The contract that calls.
    #[must_use]
    pub fn contract(&self) -> Address {
        self.env.frame.contract
    }

    /// Who called that contract.
    #[must_use]
    pub fn caller(&self) -> Address {
        self.env.frame.sender.caller
    }

    /// The account that signed the transaction.
    #[must_use]
    pub fn signer(&self) -> Address {
        self.env.context.signer
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> &BlockContext {
        &self.env.context.block
    }

    /// State, to be read.
    #[must_use]
    pub fn state(&self) -> &Overlay<'s> {
        self.env.overlay
    }

    /// State, to be changed.
    ///
    /// # Errors
    ///
    /// [`HostTrap::ReadOnly`] where the row declares neither [`Effect::WriteState`] nor
    /// [`Effect::EmitEvent`]. With one of them the function does not run in a read-only frame at
    /// all.
    pub fn state_mut(&mut self) -> Result<&mut Overlay<'s>, HostTrapped> {
        if self.writes { Ok(self.env.overlay) } else { Err(HostTrap::ReadOnly.into()) }
    }

    /// Charges gas beyond the price of the row: before the work that it pays for.
    ///
    /// # Errors
    ///
    /// Where less is left; pass it on.
    pub fn charge(&mut self, gas: u64) -> Result<(), HostTrapped> {
        self.env.take(GasDimension::Compute, gas).map_err(|_| HostTrapped(Stopped::OutOfGas))
    }
}

/// Room of the guest for an output: a pointer and a capacity.
#[derive(Clone, Copy, Debug)]
pub struct Buffer {
    out: u32,
    capacity: u32,
}

/// A type that a function of a chain's own takes.
pub trait HostArgument: Sized {
    /// The numbers that it is made of.
    const PARAMS: &'static [AbiType];
    /// The bytes that it moves, as the numbers say.
    #[doc(hidden)]
    fn bytes(slots: &[u64]) -> u64;
    /// Reads it.
    #[doc(hidden)]
    fn read(guest: &HostMemory<'_, '_>, slots: &[u64]) -> Result<Self, HostTrapped>;
}

/// The guest's memory, as arguments read it.
pub struct HostMemory<'a, 'g>(&'a super::guest::Guest<'g>, u32);

impl HostMemory<'_, '_> {
    fn array<const N: usize>(&self, pointer: u64) -> Result<[u8; N], HostTrapped> {
        self.0.array(pointer as u32).map_err(|_| HostTrap::MemoryOutOfBounds.into())
    }
}

macro_rules! scalars {
    ($($ty:ty: $abi:ident;)*) => { $(
        impl HostArgument for $ty {
            const PARAMS: &'static [AbiType] = &[AbiType::$abi];
            fn bytes(_: &[u64]) -> u64 { 0 }
            fn read(_: &HostMemory<'_, '_>, slots: &[u64]) -> Result<Self, HostTrapped> {
                Ok(slots[0] as $ty)
            }
        }
    )* };
}

scalars! { u32: I32; i32: I32; u64: I64; i64: I64; }

macro_rules! fixed {
    ($($ty:ty: $length:literal, |$bytes:ident| $from:expr;)*) => { $(
        impl HostArgument for $ty {
            const PARAMS: &'static [AbiType] = &[AbiType::I32];
            fn bytes(_: &[u64]) -> u64 { $length }
            fn read(guest: &HostMemory<'_, '_>, slots: &[u64]) -> Result<Self, HostTrapped> {
                let $bytes = guest.array::<$length>(slots[0])?;
                Ok($from)
            }
        }
    )* };
}

fixed! {
    Address: 32, |bytes| Address::from_bytes(bytes);
    Hash: 32, |bytes| Hash::from_bytes(bytes);
    Amount: 16, |bytes| Amount::from_le_bytes(bytes);
}

impl HostArgument for Vec<u8> {
    const PARAMS: &'static [AbiType] = &[AbiType::I32, AbiType::I32];

    fn bytes(slots: &[u64]) -> u64 {
        slots[1]
    }

    fn read(guest: &HostMemory<'_, '_>, slots: &[u64]) -> Result<Self, HostTrapped> {
        let length = slots[1] as u32;
        within(length, guest.1, HostTrap::DataLength)
            .map_err(|_| HostTrapped::from(HostTrap::DataLength))?;
        let bytes = guest.0.bytes(slots[0] as u32, length);
        Ok(bytes.map_err(|_| HostTrapped::from(HostTrap::MemoryOutOfBounds))?.to_vec())
    }
}

impl HostArgument for Buffer {
    const PARAMS: &'static [AbiType] = &[AbiType::I32, AbiType::I32];

    fn bytes(slots: &[u64]) -> u64 {
        slots[1]
    }

    fn read(guest: &HostMemory<'_, '_>, slots: &[u64]) -> Result<Self, HostTrapped> {
        let (out, capacity) = (slots[0] as u32, slots[1] as u32);
        let room = guest.0.bytes(out, capacity);
        room.map_err(|_| HostTrapped::from(HostTrap::MemoryOutOfBounds))?;
        Ok(Buffer { out, capacity })
    }
}

/// What a function of a chain's own returns.
pub trait HostAnswer {
    /// The types of its results: none or one.
    const RESULTS: &'static [AbiType];
    /// Writes what goes to the guest's memory; the result.
    #[doc(hidden)]
    fn finish(self, guest: &mut HostOutput<'_, '_>) -> Option<u64>;
}

/// The guest's memory, as answers write it.
pub struct HostOutput<'a, 'g>(&'a mut super::guest::Guest<'g>);

impl HostAnswer for () {
    const RESULTS: &'static [AbiType] = &[];
    fn finish(self, _: &mut HostOutput<'_, '_>) -> Option<u64> {
        None
    }
}

impl HostAnswer for i32 {
    const RESULTS: &'static [AbiType] = &[AbiType::I32];
    fn finish(self, _: &mut HostOutput<'_, '_>) -> Option<u64> {
        Some(u64::from(self as u32))
    }
}

impl HostAnswer for i64 {
    const RESULTS: &'static [AbiType] = &[AbiType::I64];
    fn finish(self, _: &mut HostOutput<'_, '_>) -> Option<u64> {
        Some(self as u64)
    }
}

/// Bytes for the guest's buffer: the result is their length, and nothing is written where that
/// exceeds the capacity.
impl HostAnswer for (Buffer, Vec<u8>) {
    const RESULTS: &'static [AbiType] = &[AbiType::I64];
    fn finish(self, guest: &mut HostOutput<'_, '_>) -> Option<u64> {
        let (Buffer { out, capacity }, bytes) = self;
        if bytes.len() <= capacity as usize {
            // The buffer has been seen to be the guest's, and the bytes fit into it.
            guest.0.write(out, &bytes).ok()?;
        }
        Some(bytes.len() as u64)
    }
}

/// A closure that can stand in a [`HostTable`]: `Fn(&mut HostContext, A, B, …) -> Result<R,
/// HostTrapped>`.
pub trait OwnFunction<Arguments>: Send + Sync + Sized + 'static {
    /// The numbers that it takes.
    #[doc(hidden)]
    fn params() -> Vec<AbiType>;
    /// The types of its results.
    #[doc(hidden)]
    fn results() -> &'static [AbiType];
    /// The bytes that its arguments move.
    #[doc(hidden)]
    fn moved(slots: &[u64]) -> u64;
    /// Reads the arguments, calls it and writes the answer.
    #[doc(hidden)]
    fn run(&self, call: OwnCall<'_, '_, '_>) -> Result<Option<u64>, HostTrapped>;
}

/// One call of a function of a chain's own.
pub struct OwnCall<'c, 'e, 's> {
    env: &'c mut Env<'e, 's>,
    writes: bool,
    slots: &'c [u64],
}

macro_rules! own_functions {
    ($(($($arg:ident),*))*) => { $(
        impl<Own, Answer, $($arg),*> OwnFunction<($($arg,)* PhantomData<Answer>,)> for Own
        where
            Own: Fn(&mut HostContext<'_, '_, '_> $(, $arg)*) -> Result<Answer, HostTrapped>
                + Send + Sync + 'static,
            Answer: HostAnswer,
            $($arg: HostArgument,)*
        {
            fn params() -> Vec<AbiType> {
                let lists: &[&[AbiType]] = &[$($arg::PARAMS),*];
                lists.concat()
            }

            fn results() -> &'static [AbiType] {
                Answer::RESULTS
            }

            #[allow(unused_mut, unused_variables, unused_assignments, reason = "without arguments")]
            fn moved(slots: &[u64]) -> u64 {
                let (mut bytes, mut rest) = (0_u64, slots);
                $(
                    let (these, others) = rest.split_at($arg::PARAMS.len());
                    bytes = bytes.saturating_add($arg::bytes(these));
                    rest = others;
                )*
                bytes
            }

            #[allow(non_snake_case, reason = "named after its type parameter")]
            #[allow(unused_mut, unused_variables, unused_assignments, reason = "without arguments")]
            fn run(&self, call: OwnCall<'_, '_, '_>) -> Result<Option<u64>, HostTrapped> {
                let OwnCall { env, writes, slots } = call;
                let guest = HostMemory(&env.guest, env.rules.call_limits.data_bytes);
                let mut rest = slots;
                $(
                    let (these, others) = rest.split_at($arg::PARAMS.len());
                    let $arg = $arg::read(&guest, these)?;
                    rest = others;
                )*
                let answer = self(&mut HostContext { env: &mut *env, writes } $(, $arg)*)?;
                Ok(answer.finish(&mut HostOutput(&mut env.guest)))
            }
        }
    )* };
}

own_functions! {
    () (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, G)
}

impl HostTable {
    /// The functions of the ABI, and none of the chain's own.
    #[must_use]
    pub fn new() -> Self {
        HostTable::default()
    }

    /// Adds a function that a contract imports as `env.name`.
    ///
    /// # Errors
    ///
    /// See [`HostTableError`].
    ///
    /// # Gas
    ///
    /// `price`, over the bytes of all arguments that are pointers, before they are read.
    pub fn add<Arguments, F: OwnFunction<Arguments>>(
        &mut self,
        name: &str,
        price: HostPrice,
        effects: &[Effect],
        function: F,
    ) -> Result<(), HostTableError> {
        let spelled = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if !(1..=64).contains(&name.len()) || !name.bytes().all(spelled) {
            return Err(HostTableError::Name(name.to_string()));
        }
        if HostFn::from_name(name).is_some() || self.position(name).is_some() {
            return Err(HostTableError::Duplicate(name.to_string()));
        }
        if price.base == 0 {
            return Err(HostTableError::Unpriced(name.to_string()));
        }
        let (params, results) = (F::params(), F::results().to_vec());
        if params.len() > MOST_ARGUMENTS {
            return Err(HostTableError::Arguments(name.to_string()));
        }
        let function: Boxed = Arc::new(move |row, env, slots| {
            env.take(GasDimension::Compute, row.price.total(F::moved(slots)))?;
            if row.writes() {
                env.require_writable()?;
            }
            Ok(function.run(OwnCall { env, writes: row.writes(), slots })?)
        });
        let (name, effects) = (name.into(), effects.into());
        self.rows.push(Row { name, price, effects, params, results, function });
        Ok(())
    }

    /// SHA3-256 over a tag and the rows in order: names, types, prices and effects.
    #[must_use]
    pub fn content_id(&self) -> [u8; 32] {
        let mut hash = Sha3_256::new();
        hash.update(b"dytallix/host-table/1\0");
        hash.update(dytallix_abi::ABI_VERSION.to_le_bytes());
        for row in &self.rows {
            let kinds = |types: &[AbiType]| -> Vec<u8> {
                let kinds = types.iter().map(|ty| matches!(ty, AbiType::I64).into());
                core::iter::once(types.len() as u8).chain(kinds).collect()
            };
            hash.update([row.name.len() as u8]);
            hash.update(row.name.as_bytes());
            hash.update(kinds(&row.params));
            hash.update(kinds(&row.results));
            hash.update(row.price.base.to_le_bytes());
            hash.update(row.price.per_64_bytes.to_le_bytes());
            hash.update([row.effects.len() as u8]);
            row.effects.iter().for_each(|&effect| hash.update([effect as u8]));
        }
        hash.finalize().into()
    }

    pub(super) fn position(&self, name: &str) -> Option<u32> {
        let at = self.rows.iter().position(|row| &*row.name == name)?;
        u32::try_from(at).ok()
    }

    pub(super) fn row(&self, at: u32) -> Option<&Row> {
        self.rows.get(at as usize)
    }
}

impl Row {
    /// How many numbers it takes.
    pub(super) fn slots(&self) -> usize {
        self.params.len()
    }

    /// Its type as a module spells it.
    pub(super) fn ty(&self) -> FuncType {
        func_type(&self.params, &self.results)
    }

    pub(super) fn call(&self, env: &mut Env<'_, '_>, slots: &[u64]) -> Result<Option<u64>, Stop> {
        (self.function)(self, env, slots)
    }

    fn writes(&self) -> bool {
        self.effects.iter().any(|e| matches!(e, Effect::WriteState | Effect::EmitEvent))
    }
}

/// A type of the table as a module spells it.
pub(super) fn func_type(params: &[AbiType], results: &[AbiType]) -> FuncType {
    let value = |ty: &AbiType| match ty {
        AbiType::I32 => ValType::I32,
        AbiType::I64 => ValType::I64,
    };
    let params: Vec<ValType> = params.iter().map(value).collect();
    let results: Vec<ValType> = results.iter().map(value).collect();
    FuncType::new(&params, &results)
}

impl fmt::Debug for HostTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.rows.iter().map(|row| &row.name)).finish()
    }
}

impl fmt::Display for HostTableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HostTableError::Duplicate(name) => write!(f, "there is a host function `{name}`"),
            HostTableError::Name(name) => {
                write!(f, "`{name}` is no name: 1 to 64 of a-z, 0-9 and _")
            }
            HostTableError::Unpriced(name) => write!(f, "the host function `{name}` has no price"),
            HostTableError::Arguments(name) => {
                write!(f, "the host function `{name}` takes more than {MOST_ARGUMENTS} numbers")
            }
        }
    }
}

impl core::error::Error for HostTableError {}
