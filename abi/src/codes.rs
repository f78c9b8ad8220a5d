//! Numbers that contracts, receipts and tools share. They are never renumbered and never reused.

macro_rules! numbered {
    (
        $(#[$meta:meta])*
        $name:ident: $repr:ident { $( $(#[doc = $doc:literal])* $variant:ident = $number:literal, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr($repr)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $doc])* $variant = $number, )*
        }

        impl $name {
            /// Every one, in order of definition.
            pub const ALL: &'static [$name] = &[$( $name::$variant, )*];

            /// Its number.
            #[must_use]
            pub const fn code(self) -> $repr {
                self as $repr
            }

            /// The one with this number, if there is one.
            #[must_use]
            pub const fn from_code(code: $repr) -> Option<$name> {
                match code { $( $number => Some($name::$variant), )* _ => None }
            }

            /// What it means, for people; never hashed and never stored.
            #[must_use]
            pub const fn docs(self) -> &'static [&'static str] {
                match self { $( $name::$variant => &[$( $doc, )*], )* }
            }
        }
    };
}

numbered! {
    /// A negative result of a host function: something that a contract can reasonably test for.
    ErrorCode: i64 {
        /// There is no such entry.
        Absent = -1,
    }
}

numbered! {
    /// How a call between contracts ended, as the caller sees it.
    CallStatus: i32 {
        /// The method returned.
        Success = 0,
        /// The callee ended itself by `revert`.
        Reverted = 1,
        /// The callee trapped.
        Trapped = 2,
        /// The callee used up the gas it was given.
        OutOfGas = 3,
        /// There is no contract at that address, or it has no such method.
        NotFound = 4,
        /// The caller has less than the value it wanted to send.
        Balance = 5,
        /// The callee is already running and has not been opened to re-entry.
        ReentryRefused = 6,
        /// The callee or the chain does not permit this call.
        NotPermitted = 7,
        /// The callee's code is no longer admissible under the chain's rules.
        CodeInadmissible = 8,
        /// The callee is between two versions.
        Migrating = 9,
        /// The chain's governor has paused the callee.
        Paused = 10,
    }
}

numbered! {
    /// What became of a transaction, or of a call from outside: the status of its receipt.
    ///
    /// Up to 49 the numbers are those of [`CallStatus`]. From 50 on a part of the transaction that
    /// is no call failed: it was paid for, and has changed nothing else. From 100 on the
    /// transaction was rejected: nothing was charged, and nothing has changed, the nonce neither.
    Status: u32 {
        /// Everything was done.
        Success = 0,
        /// The contract ended itself by `revert`; the output is what it reverted with.
        Reverted = 1,
        /// The contract trapped.
        Trapped = 2,
        /// The gas ran out.
        OutOfGas = 3,
        /// There is no contract at that address, or it has no such method.
        NotFound = 4,
        /// The signer has less than the value it wanted to send.
        Balance = 5,
        /// The contract is already running and has not been opened to re-entry.
        ReentryRefused = 6,
        /// The contract or the chain does not permit this call: it takes no value, say.
        NotPermitted = 7,
        /// The contract's code is no longer admissible under the chain's rules.
        CodeInadmissible = 8,
        /// The contract is between two versions: its upgrade has to be continued first.
        Migrating = 9,
        /// The chain's governor has paused this.
        Paused = 10,
        /// The storage deposit is above the transaction's limit, or above what the signer has.
        Deposit = 50,
        /// There is a contract at that address: the same code, deployer and salt.
        AddressTaken = 51,
        /// The code can not be a contract.
        CodeRefused = 52,
        /// There is no code of that hash.
        NoCode = 53,
        /// There are arguments for `init` or `migrate`, and the module has none.
        NoInit = 54,
        /// The signer may not administer that contract.
        NotAdmin = 55,
        /// What the time lock asks for was not announced, or not long enough ago.
        TimeLocked = 56,
        /// Too few admins have approved of it.
        TooFewApprovals = 57,
        /// The new code's schema is below that of the storage.
        SchemaRefused = 58,
        /// The signature by the new key is wrong, its scheme is not admitted, or the key does not
        /// have the scheme's length.
        KeyRefused = 59,
        /// Code that contracts refer to can not be removed.
        CodeInUse = 60,
        /// Only who brought the code may remove it.
        NotUploader = 61,
        /// Only the chain's governor may do this.
        NotGovernor = 62,
        /// The governor's command makes no sense: it does not decode, takes effect too early, asks
        /// for semantics that are not the next, or as many wait as may.
        CommandRefused = 63,
        /// A balance would exceed 2¹²⁸ − 1.
        BalanceOverflow = 64,
        /// It is not the encoding of a transaction.
        Malformed = 100,
        /// It was signed for another chain.
        WrongChain = 101,
        /// Its last height is over.
        Expired = 102,
        /// The nonce has been used.
        NonceUsed = 103,
        /// Transactions of the same signer with lower nonces are missing.
        NonceAhead = 104,
        /// The chain does not admit its signature scheme.
        SchemeNotAdmitted = 105,
        /// It has no public key, and none is registered for its signer.
        KeyMissing = 106,
        /// The public key is not that of the signer.
        KeyOfOther = 107,
        /// The signature is wrong.
        BadSignature = 108,
        /// It is longer than a transaction may be.
        TooLong = 109,
        /// Its gas limit is above that of a transaction.
        GasLimitTooHigh = 110,
        /// Its gas limit does not pay for the transaction itself.
        GasLimitTooLow = 111,
        /// Its gas price is below the chain's.
        GasPriceTooLow = 112,
        /// The signer has less than the fee may come to.
        CannotPay = 113,
        /// The fee may come to more than an amount can be.
        FeeOverflow = 114,
        /// A batch has no bodies, or more than it may have.
        BatchSize = 115,
        /// It carries attestations, and the chain's protocol has no use for them.
        Attestations = 116,
        /// Its arguments or the name of its method are longer than they may be.
        ArgumentsTooLong = 117,
        /// The block has no room for it.
        BlockFull = 118,
        /// The signer has sent as many transactions as can be counted.
        NonceExhausted = 119,
        /// The signer is a contract: none signs for it.
        SignerIsContract = 120,
    }
}

impl Status {
    /// Whether everything was done.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Status::Success)
    }

    /// The same as contracts see it, where a call can end so.
    #[must_use]
    pub const fn as_call(self) -> Option<CallStatus> {
        CallStatus::from_code(self.code() as i32)
    }

    /// Whether the transaction was rejected: nothing was charged.
    #[must_use]
    pub const fn is_rejected(self) -> bool {
        self.code() >= 100
    }
}

impl From<CallStatus> for Status {
    fn from(status: CallStatus) -> Self {
        match status {
            CallStatus::Success => Status::Success,
            CallStatus::Reverted => Status::Reverted,
            CallStatus::Trapped => Status::Trapped,
            CallStatus::OutOfGas => Status::OutOfGas,
            CallStatus::NotFound => Status::NotFound,
            CallStatus::Balance => Status::Balance,
            CallStatus::ReentryRefused => Status::ReentryRefused,
            CallStatus::NotPermitted => Status::NotPermitted,
            CallStatus::CodeInadmissible => Status::CodeInadmissible,
            CallStatus::Migrating => Status::Migrating,
            CallStatus::Paused => Status::Paused,
        }
    }
}

/// Calls end as transactions do, as far as both have the status.
impl PartialEq<CallStatus> for Status {
    fn eq(&self, other: &CallStatus) -> bool {
        *self == Status::from(*other)
    }
}

numbered! {
    /// Why a host function ended the frame that called it. The numbers continue those of the
    /// machine's own traps.
    HostTrap: u32 {
        /// A pointer or length reaches outside the guest's memory.
        MemoryOutOfBounds = 100,
        /// A function that changes state or emits was used in a read-only frame.
        ReadOnly = 101,
        /// A storage key is empty or longer than the limit.
        KeyLength = 102,
        /// A storage value is longer than the limit.
        ValueLength = 103,
        /// `offset + length` reaches beyond the input or the return data.
        RangeOutOfBounds = 104,
        /// Return or revert data is longer than the limit.
        ReturnLength = 105,
        /// Topics are not encoded as they must be, are too many, or one is too long.
        MalformedTopics = 106,
        /// The data of an event is longer than the limit.
        EventLength = 107,
        /// The arguments of a call are longer than the limit.
        ArgumentsLength = 108,
        /// A bit of `flags` has no meaning.
        UnknownFlags = 109,
        /// The tree of calls is as deep as it may be. This traps the caller and is not a status: as
        /// a status it would let an attacker make a victim's inner call fail unnoticed.
        CallDepth = 110,
        /// The tree of calls has as much memory as it may have; a trap for the same reason.
        TreeMemory = 111,
        /// The transaction has emitted as many events as it may.
        EventCount = 112,
        /// The contract has as many storage entries as it may.
        StorageItems = 113,
        /// The keys and values of the contract's storage have as many bytes as they may.
        StorageBytes = 114,
        /// The transaction has written to storage as often as it may.
        WriteCount = 115,
        /// The transaction holds as many transient bytes as it may.
        TransientBytes = 116,
        /// The data of a hash, the message of a signature, or a key or signature is longer than the
        /// limit.
        DataLength = 117,
        /// The text of a log is longer than the limit.
        LogLength = 118,
        /// The encoding of an admin is none.
        MalformedAdmin = 119,
        /// A balance would exceed 2¹²⁸ − 1.
        BalanceOverflow = 120,
    }
}

numbered! {
    /// First byte of revert data that the SDK writes by itself. Errors of a contract begin with the
    /// index of a variant, which is less than [`SdkError::FIRST`].
    SdkError: u8 {
        /// The arguments are not the canonical encoding of the method's parameters. Nothing
        /// follows.
        BadArguments = 0xF0,
        /// Arithmetic overflowed, or divided by zero. Nothing follows.
        ArithmeticOverflow = 0xF1,
        /// The contract panicked. The message follows, UTF-8 up to the end of the data.
        Panic = 0xF2,
        /// Bytes in storage do not decode as the type of their handle. Nothing follows.
        StoredBytes = 0xF3,
        /// A call failed whose success the contract relied on. Its status follows, four bytes
        /// little-endian, then the callee's return or revert data up to the end.
        CallFailed = 0xF4,
        /// Value was sent to a method that is not payable, or the caller may not do this. Nothing
        /// follows.
        NotPermitted = 0xF5,
    }
}

impl SdkError {
    /// The least number of these: enums of errors have fewer variants than this.
    pub const FIRST: u8 = 0xF0;
}

/// Flags of a call. Bits without a meaning trap, so that they can be given one later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CallFlags(u32);

impl CallFlags {
    /// No flag: the caller can not be re-entered while this call runs.
    pub const NONE: CallFlags = CallFlags(0);
    /// While this call runs, the calling contract may be entered again.
    pub const ALLOW_REENTRY: CallFlags = CallFlags(1);

    /// The flags with these bits, or `None` if a bit has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<CallFlags> {
        if bits & !CallFlags::ALLOW_REENTRY.0 == 0 { Some(CallFlags(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether every flag of `other` is set.
    #[must_use]
    pub const fn contains(self, other: CallFlags) -> bool {
        self.0 & other.0 == other.0
    }
}
