//! [`HostFn`]: the rows of the table as values.

/// A type that a host function takes or returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AbiType {
    /// 32 bits: pointers, lengths, flags, statuses.
    I32,
    /// 64 bits: gas, and results that are a length or an error code.
    I64,
}

/// A parameter of a host function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Its name in the table.
    pub name: &'static str,
    /// Its type.
    pub ty: AbiType,
}

/// How a host function is priced: the runtime's schedule has one line (base and per 64 bytes) for
/// each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum GasClass {
    /// A fact about the running call, of fixed size.
    Context = 1,
    /// Moves bytes between the guest and a buffer of the host.
    Copy = 2,
    /// Looks a key up in state; the bytes are the key's and the value's.
    StorageRead = 3,
    /// Changes a key in state; the bytes are the key's and the value's.
    StorageWrite = 4,
    /// Adds an event; the bytes are those of topics and data.
    Event = 5,
    /// Calls another contract; the bytes are those of method and arguments.
    Call = 6,
    /// Reads a record of an account or a block.
    Account = 7,
    /// Looks for the next key in state; the bytes are those of prefix, place and key.
    StorageScan = 8,
    /// Reads or changes a key that lives as long as the transaction.
    Transient = 9,
    /// Makes or changes a contract; the bytes are those of the arguments.
    Create = 10,
    /// Moves value between accounts.
    Transfer = 11,
    /// Hashes with Keccak-f\[1600\]: Keccak-256 and SHA3-256.
    Keccak = 12,
    /// Hashes with SHA-256.
    Sha256 = 13,
    /// Hashes with BLAKE3.
    Blake3 = 14,
    /// Checks a signature; the bytes are the message's. What the check itself costs depends on the
    /// scheme.
    Verify = 15,
    /// Ends the frame from inside of a host function; the bytes are those of the data.
    EndFrame = 16,
}

/// What a host function does beyond computing, which is what analysers ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Effect {
    /// Reads contract state.
    ReadState = 1,
    /// Changes contract state: refused in a read-only frame.
    WriteState = 2,
    /// Emits an event: refused in a read-only frame.
    EmitEvent = 3,
    /// Runs another contract.
    CallOut = 4,
    /// Ends the frame.
    EndFrame = 5,
    /// Reads the arguments, which anybody can choose.
    ReadInput = 6,
    /// Reads what another contract returned.
    ReadReturn = 7,
    /// Reads who calls: a source of authority.
    ReadAuthority = 8,
    /// Reads a fact about the block, which its proposer has some power over: weak as entropy.
    ReadBlock = 9,
    /// Checks a signature: a source of authority.
    CheckSignature = 10,
    /// Changes code: refused in a read-only frame.
    UpgradeCode = 11,
    /// Makes a contract: refused in a read-only frame.
    CreateContract = 12,
}

macro_rules! define_host_fn {
    ($(
        $(#[doc = $doc:literal])*
        $variant:ident = $number:literal:
            $name:ident($($param:ident: $ty:ident),* $(,)?) $(-> $result:ident)?;
        gas $gas:ident; effects [$($effect:ident),*]; since $since:literal;
    )*) => {
        /// A host function. The numbers are stable and never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum HostFn {
            $( $(#[doc = $doc])* $variant = $number, )*
        }

        impl HostFn {
            /// Every host function, in order of number.
            pub const ALL: &'static [HostFn] = &[$( HostFn::$variant, )*];

            /// The host function of this number, if there is one.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<HostFn> {
                match number { $( $number => Some(HostFn::$variant), )* _ => None }
            }

            /// The name that contracts import.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( HostFn::$variant => stringify!($name), )* }
            }

            /// The parameters, in order.
            #[must_use]
            pub const fn params(self) -> &'static [Param] {
                match self {
                    $( HostFn::$variant => &[
                        $( Param { name: stringify!($param), ty: abi_type!($ty) }, )*
                    ], )*
                }
            }

            /// The results: none or one.
            #[must_use]
            pub const fn results(self) -> &'static [AbiType] {
                match self { $( HostFn::$variant => &[$( abi_type!($result) )?], )* }
            }

            /// How it is priced.
            #[must_use]
            pub const fn gas_class(self) -> GasClass {
                match self { $( HostFn::$variant => GasClass::$gas, )* }
            }

            /// What it does beyond computing.
            #[must_use]
            pub const fn effects(self) -> &'static [Effect] {
                match self { $( HostFn::$variant => &[$( Effect::$effect, )*], )* }
            }

            /// The ABI version that brought it.
            #[must_use]
            pub const fn since(self) -> u32 {
                match self { $( HostFn::$variant => $since, )* }
            }

            /// Its documentation, by line of the table.
            #[must_use]
            pub const fn docs(self) -> &'static [&'static str] {
                match self { $( HostFn::$variant => &[$( $doc, )*], )* }
            }
        }
    };
}

macro_rules! abi_type {
    (i32) => {
        AbiType::I32
    };
    (i64) => {
        AbiType::I64
    };
}

crate::for_each_host_fn! { define_host_fn }

impl HostFn {
    /// The host function of this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<HostFn> {
        HostFn::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// Its stable number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// Whether a read-only frame may use it. A call out is allowed: its callee is read-only too.
    #[must_use]
    pub fn allowed_read_only(self) -> bool {
        let effects = self.effects();
        if effects.contains(&Effect::CallOut) {
            return !effects.contains(&Effect::CreateContract);
        }
        !effects.iter().any(|e| matches!(e, Effect::WriteState | Effect::EmitEvent))
    }
}

impl GasClass {
    /// Every class, in order of number.
    pub const ALL: &'static [GasClass] = &[
        GasClass::Context,
        GasClass::Copy,
        GasClass::StorageRead,
        GasClass::StorageWrite,
        GasClass::Event,
        GasClass::Call,
        GasClass::Account,
        GasClass::StorageScan,
        GasClass::Transient,
        GasClass::Create,
        GasClass::Transfer,
        GasClass::Keccak,
        GasClass::Sha256,
        GasClass::Blake3,
        GasClass::Verify,
        GasClass::EndFrame,
    ];
}
