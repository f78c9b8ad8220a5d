//! Numbers of the section: tags, kinds and capabilities. They are never reused.

/// What a contract may do, as it says itself. The chain refuses what is not declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Capabilities(u32);

impl Capabilities {
    /// Nothing but computing on its own storage.
    pub const NONE: Capabilities = Capabilities(0);
    /// May call other contracts.
    pub const CALL: Capabilities = Capabilities(1);
    /// May run the code of others on its own storage (`delegatecall`).
    pub const DELEGATE: Capabilities = Capabilities(2);
    /// May replace its own code.
    pub const UPGRADE: Capabilities = Capabilities(4);
    /// May be sent value.
    pub const RECEIVE_VALUE: Capabilities = Capabilities(8);
    /// May create contracts.
    pub const CREATE: Capabilities = Capabilities(16);

    /// Each with its name in the JSON view, in order of bits.
    pub const ALL: &'static [(Capabilities, &'static str)] = &[
        (Capabilities::CALL, "call"),
        (Capabilities::DELEGATE, "delegate"),
        (Capabilities::UPGRADE, "upgrade"),
        (Capabilities::RECEIVE_VALUE, "receive_value"),
        (Capabilities::CREATE, "create"),
    ];

    /// The capabilities with these bits, or `None` if a bit has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Capabilities> {
        if bits < 32 { Some(Capabilities(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Capabilities) -> Capabilities {
        Capabilities(self.0 | other.0)
    }

    /// Whether every one of `other` is among these.
    #[must_use]
    pub const fn contains(self, other: Capabilities) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What a method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum MethodKind {
    /// The constructor, `init`: runs once, at deployment.
    Init = 0,
    /// Changes state.
    Call = 1,
    /// Reads only.
    View = 2,
    /// `migrate`: runs during an upgrade. Its input is the old version of the layout as a `u32`,
    /// then its parameters; the version is not among `params`.
    Migrate = 3,
}

impl MethodKind {
    /// Its number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The one with this number, if there is one.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<MethodKind> {
        match code {
            0 => Some(MethodKind::Init),
            1 => Some(MethodKind::Call),
            2 => Some(MethodKind::View),
            3 => Some(MethodKind::Migrate),
            _ => None,
        }
    }

    /// Its name in the JSON view.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            MethodKind::Init => "init",
            MethodKind::Call => "call",
            MethodKind::View => "view",
            MethodKind::Migrate => "migrate",
        }
    }
}

/// Whether a method may be entered while its contract is already running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Reentry {
    /// It may not.
    #[default]
    Refuse = 0,
    /// It may. A view of which this is said may be read while the contract is mid-call.
    Allow = 1,
}

impl Reentry {
    /// Its number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The one with this number, if there is one.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Reentry> {
        match code {
            0 => Some(Reentry::Refuse),
            1 => Some(Reentry::Allow),
            _ => None,
        }
    }

    /// Its name in the JSON view.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Reentry::Refuse => "refuse",
            Reentry::Allow => "allow",
        }
    }
}

/// First byte of an entry of the table of types.
pub(crate) mod tag {
    pub(crate) const BOOL: u8 = 0;
    pub(crate) const U8: u8 = 1;
    pub(crate) const U16: u8 = 2;
    pub(crate) const U32: u8 = 3;
    pub(crate) const U64: u8 = 4;
    pub(crate) const U128: u8 = 5;
    pub(crate) const I8: u8 = 6;
    pub(crate) const I16: u8 = 7;
    pub(crate) const I32: u8 = 8;
    pub(crate) const I64: u8 = 9;
    pub(crate) const I128: u8 = 10;
    pub(crate) const STRING: u8 = 11;
    pub(crate) const BYTES: u8 = 12;
    pub(crate) const ADDRESS: u8 = 13;
    pub(crate) const HASH: u8 = 14;
    pub(crate) const OPTION: u8 = 15;
    pub(crate) const LIST: u8 = 16;
    pub(crate) const ARRAY: u8 = 17;
    pub(crate) const SET: u8 = 18;
    pub(crate) const MAP: u8 = 19;
    pub(crate) const TUPLE: u8 = 20;
    pub(crate) const STRUCT: u8 = 21;
    pub(crate) const ENUM: u8 = 22;
}

/// The byte that says what a storage handle is.
pub(crate) mod storage {
    pub(crate) const ITEM: u8 = 0;
    pub(crate) const MAP: u8 = 1;
    pub(crate) const LIST: u8 = 2;
}
