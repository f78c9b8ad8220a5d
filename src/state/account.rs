//! What state holds for one address, and for one code hash.

use alloc::vec::Vec;

use dytallix_abi::MOST_ADMINS;

use crate::primitives::{Address, Amount, Hash, Height, Nonce};

/// An account: of a key, of a contract, or not yet of either.
///
/// The default account (nothing sent, nothing owned, no contract) is the same as no account: stores
/// never hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// How many transactions it has sent.
    pub nonce: Nonce,
    /// What it owns.
    pub balance: Amount,
    /// The key that opens it; none means the key that its address was made from.
    pub auth: Option<Auth>,
    /// The contract that lives here, if one does.
    pub contract: Option<ContractInfo>,
}

/// The key that opens an account, where it is not the one in the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Auth {
    /// Number of the signature scheme.
    pub scheme: u8,
    /// Hash of the public key.
    pub key_hash: Hash,
}

/// The record of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractInfo {
    /// Hash of its code.
    pub code_hash: Hash,
    /// Counts upgrades; the first code is version 1.
    pub version: u32,
    /// Version of the layout of its storage, as its code counts it.
    pub schema: u32,
    /// Who may upgrade it.
    pub admin: Admin,
    /// Who deployed it.
    pub deployer: Address,
    /// The block that deployed it.
    pub deployed_height: Height,
    /// Whether it is between two versions: its storage is no longer of the old layout and not yet
    /// of the new one, so that nobody may call it.
    pub migrating: bool,
    /// What the security analysis said of its code; none where none was made.
    pub analysis: Option<Analysis>,
    /// What was paid for the storage that it uses.
    pub deposit: Amount,
    /// How much storage it uses.
    pub usage: Usage,
}

/// Who may upgrade a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Admin {
    /// Nobody, for good.
    None,
    /// An account.
    Key(Address),
    /// An account, from a height on that is announced that many blocks before.
    TimeLock {
        /// The account.
        admin: Address,
        /// Blocks between announcement and effect.
        delay: u64,
    },
    /// Any `needed` of some accounts, which are in ascending order.
    Threshold {
        /// How many of them.
        needed: u32,
        /// The accounts, ascending and each once.
        admins: Vec<Address>,
    },
    /// The contract itself.
    Itself,
}

/// What the security analysis of a contract's code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Analysis {
    /// Version of the analyser.
    pub version: u32,
    /// The score, in basis points: 0 to 10,000.
    pub score: u16,
    /// Hash of the report.
    pub report: Hash,
}

/// How much storage a contract uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Entries.
    pub items: u64,
    /// Bytes of their keys and values.
    pub bytes: u64,
}

/// The record of code that state holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeInfo {
    /// Contracts that run it or have declared it.
    pub references: u64,
    /// Its length in bytes.
    pub length: u32,
    /// Who brought it.
    pub uploader: Address,
    /// What was paid for holding it.
    pub deposit: Amount,
}

/// A version that a contract had before an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PastVersion {
    /// Hash of its code.
    pub code_hash: Hash,
    /// Version of the layout of its storage.
    pub schema: u32,
    /// The block that replaced it by the next version.
    pub height: Height,
    /// Who replaced it.
    pub by: Address,
}

impl Account {
    /// Whether it is the same as no account.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Account::default()
    }
}

impl Auth {
    /// The key of that hash, for signatures of `scheme`.
    #[must_use]
    pub const fn new(scheme: u8, key_hash: Hash) -> Self {
        Auth { scheme, key_hash }
    }
}

impl ContractInfo {
    /// The record of a contract that has just been deployed and that nobody may upgrade.
    #[must_use]
    pub const fn deployed(code_hash: Hash, deployer: Address, height: Height) -> Self {
        ContractInfo {
            code_hash,
            version: 1,
            schema: 0,
            admin: Admin::None,
            deployer,
            deployed_height: height,
            migrating: false,
            analysis: None,
            deposit: Amount::ZERO,
            usage: Usage { items: 0, bytes: 0 },
        }
    }

    /// Whether it can be stored: what is not sound would not be read back.
    pub(crate) fn is_sound(&self) -> bool {
        self.admin.is_sound() && self.analysis.is_none_or(|analysis| analysis.score <= 10_000)
    }

    /// The same with this admin.
    #[must_use]
    pub fn admin(self, admin: Admin) -> Self {
        ContractInfo { admin, ..self }
    }

    /// The same with this analysis.
    #[must_use]
    pub fn analysis(self, analysis: Analysis) -> Self {
        ContractInfo { analysis: Some(analysis), ..self }
    }
}

impl Admin {
    /// Any `needed` of `admins`; none where that is no threshold: no admins, one of them twice, or
    /// `needed` not from 1 to their number.
    #[must_use]
    pub fn threshold(needed: u32, mut admins: Vec<Address>) -> Option<Admin> {
        admins.sort_unstable();
        let admin = Admin::Threshold { needed, admins };
        admin.is_sound().then_some(admin)
    }

    /// Whether a threshold is one.
    pub(crate) fn is_sound(&self) -> bool {
        let Admin::Threshold { needed, admins } = self else { return true };
        admins.is_sorted_by(|a, b| a < b)
            && *needed > 0
            && *needed as usize <= admins.len()
            && admins.len() <= MOST_ADMINS
    }
}

/// As contracts spell it. What decodes is sound.
impl From<dytallix_abi::Admin> for Admin {
    fn from(admin: dytallix_abi::Admin) -> Self {
        use dytallix_abi::Admin as A;
        match admin {
            A::None => Admin::None,
            A::Key(admin) => Admin::Key(admin.into()),
            A::TimeLock { admin, delay } => Admin::TimeLock { admin: admin.into(), delay },
            A::Threshold { needed, admins } => {
                let admins = admins.into_iter().map(Address::from).collect();
                Admin::Threshold { needed, admins }
            }
            A::Itself => Admin::Itself,
        }
    }
}

impl Analysis {
    /// What analyser `version` said: a score in basis points and the hash of its report.
    #[must_use]
    pub const fn new(version: u32, score: u16, report: Hash) -> Self {
        Analysis { version, score, report }
    }
}

impl Usage {
    /// The usage of that many entries and bytes.
    #[must_use]
    pub const fn new(items: u64, bytes: u64) -> Self {
        Usage { items, bytes }
    }

    /// The usage after an entry changed from `previous` bytes (key and value) to `next`; none where
    /// that is no usage.
    pub(crate) fn replaced(self, previous: Option<u64>, next: Option<u64>) -> Option<Usage> {
        let items = self.items.checked_sub(previous.is_some().into())?;
        let bytes = self.bytes.checked_sub(previous.unwrap_or(0))?;
        Some(Usage {
            items: items.checked_add(next.is_some().into())?,
            bytes: bytes.checked_add(next.unwrap_or(0))?,
        })
    }
}

impl CodeInfo {
    /// The record of `length` bytes of code that nothing refers to yet.
    #[must_use]
    pub const fn uploaded(length: u32, uploader: Address) -> Self {
        CodeInfo { references: 0, length, uploader, deposit: Amount::ZERO }
    }
}

impl PastVersion {
    /// The version that `info` describes, replaced by `by` at `height`.
    #[must_use]
    pub const fn of(info: &ContractInfo, height: Height, by: Address) -> Self {
        PastVersion { code_hash: info.code_hash, schema: info.schema, height, by }
    }
}
