//! [`Transaction`]: what an account asks of the chain, and how it proves that it does.
//!
//! ```text
//!   transaction   chain id ‖ nonce ‖ last height ‖ signer ‖ fee ‖ body
//!       │             signed behind the tag `dytallix/tx/v1`, which is the context too
//!       ▼
//!   signed        transaction ‖ scheme ‖ public key, or none ‖ signature
//! ```
//!
//! Each transaction has one encoding and the decoder takes no other, so that what was signed can
//! not be written in another way: `docs/transactions.md` shows it byte by byte. The id is the hash
//! of what is signed, without the signature: who changes the signature does not make another
//! transaction.

mod admin;
mod codec;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::crypto::{Scheme, verify};
use crate::primitives::{Address, Amount, DecodeError, Domain, Hash, Height, Nonce};
use crate::state::Admin;

pub use admin::{AdminOperation, operation_hash};

/// What is signed begins with this, and signatures that take a context have it as theirs.
pub const SIGNING_TAG: &[u8] = b"dytallix/tx/v1";

/// Bodies of one batch.
pub const MOST_BODIES: usize = 64;

/// Attestations of one deployment or upgrade.
pub const MOST_ATTESTATIONS: usize = 8;

/// Bytes of one attestation.
pub const ATTESTATION_BYTES: usize = 8 << 10;

/// What an account asks of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transaction {
    /// The number of the chain that it is for.
    pub chain_id: u64,
    /// How many transactions the signer has sent before.
    pub nonce: Nonce,
    /// The last height at which it can be part of a block.
    pub valid_until: Height,
    /// Whose transaction it is: who signs and pays.
    pub signer: Address,
    /// What it may cost.
    pub fee: Fee,
    /// What is to be done.
    pub body: Body,
}

/// What a transaction may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fee {
    /// At most that much gas.
    pub gas_limit: u64,
    /// What each unit of gas costs; not below the chain's price.
    pub gas_price: Amount,
    /// What each unit of gas costs on top, for who proposes the block.
    pub tip: Amount,
    /// At most that much for storage, which comes back when it is freed.
    pub deposit_limit: Amount,
}

/// What a transaction does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Moves value to an account; to a contract only where its code receives value.
    Transfer {
        /// To whom.
        to: Address,
        /// How much.
        value: Amount,
    },
    /// Adds code that contracts can be made of, against a deposit.
    Upload {
        /// The module.
        code: Arc<[u8]>,
    },
    /// Makes a contract.
    Deploy(Deployment),
    /// Calls a method.
    Call {
        /// The contract.
        to: Address,
        /// The method's name.
        method: Arc<str>,
        /// The encoding of its parameters.
        arguments: Arc<[u8]>,
        /// What goes with it.
        value: Amount,
    },
    /// Gives a contract other code.
    Upgrade(Upgrade),
    /// Lets another key sign for the signer from now on.
    RotateKey {
        /// The scheme of the new key.
        scheme: u8,
        /// The new key.
        public_key: Arc<[u8]>,
        /// By the new key, over [`Transaction::rotation_bytes`]: whoever asks for it has it.
        signature: Arc<[u8]>,
    },
    /// Administers contracts, code, keys or the chain.
    Admin(AdminOperation),
    /// Does several things, all or nothing.
    Batch(Vec<Body>),
}

/// A contract to make.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deployment {
    /// Its code.
    pub code: CodeSource,
    /// The encoding of the parameters of `init`.
    pub arguments: Arc<[u8]>,
    /// Tells apart several contracts of the same deployer and code.
    pub salt: [u8; 32],
    /// What goes with it.
    pub value: Amount,
    /// Who may upgrade it.
    pub admin: Admin,
    /// What others say of the code; at most [`MOST_ATTESTATIONS`].
    pub attestations: Vec<Arc<[u8]>>,
}

/// Where the code of a deployment is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeSource {
    /// In the transaction.
    Module(Arc<[u8]>),
    /// In state, under this hash.
    Hash(Hash),
}

/// Other code for a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upgrade {
    /// The contract.
    pub contract: Address,
    /// The code, which state holds.
    pub code_hash: Hash,
    /// How storage comes from the old layout to the new one.
    pub migration: Migration,
    /// What others say of the code; at most [`MOST_ATTESTATIONS`].
    pub attestations: Vec<Arc<[u8]>>,
}

/// How storage comes from the old layout to the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Migration {
    /// By `migrate` of the new code, where it has one, with these arguments behind the old schema.
    Code(Arc<[u8]>),
    /// By `migrate` of a module that is used this once, with these arguments behind the old
    /// schema. The new code's own `migrate` does not run.
    Script {
        /// The code of the script, which state holds.
        code_hash: Hash,
        /// The arguments.
        arguments: Arc<[u8]>,
    },
}

/// A transaction and the proof that its signer wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedTransaction {
    /// The transaction.
    pub transaction: Transaction,
    /// The proof.
    pub authentication: Authentication,
}

/// The proof that a signer wants a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authentication {
    /// Number of the signature scheme.
    pub scheme: u8,
    /// The public key; none where it is registered.
    pub public_key: Option<Arc<[u8]>>,
    /// The signature over [`Transaction::signing_bytes`].
    pub signature: Arc<[u8]>,
}

impl Fee {
    /// At most `gas_limit` gas at `gas_price` each, without a tip and without anything for storage.
    #[must_use]
    pub const fn new(gas_limit: u64, gas_price: Amount) -> Fee {
        Fee { gas_limit, gas_price, tip: Amount::ZERO, deposit_limit: Amount::ZERO }
    }

    /// The same with a tip for each unit of gas.
    #[must_use]
    pub const fn tip(self, tip: Amount) -> Fee {
        Fee { tip, ..self }
    }

    /// The same with at most that much for storage.
    #[must_use]
    pub const fn deposit_limit(self, deposit_limit: Amount) -> Fee {
        Fee { deposit_limit, ..self }
    }

    /// What `gas` gas costs, tip included; none where no amount is so great.
    #[must_use]
    pub fn cost(&self, gas: u64) -> Option<Amount> {
        let price = self.gas_price.checked_add(self.tip)?;
        price.units().checked_mul(gas.into()).map(Amount::new)
    }
}

impl Body {
    /// A movement of value.
    #[must_use]
    pub const fn transfer(to: Address, value: Amount) -> Body {
        Body::Transfer { to, value }
    }

    /// A call without value.
    #[must_use]
    pub fn call(to: Address, method: &str, arguments: impl Into<Arc<[u8]>>) -> Body {
        let (method, arguments) = (method.into(), arguments.into());
        Body::Call { to, method, arguments, value: Amount::ZERO }
    }

    /// A call with this value, where it is a call; anything else stays as it is.
    #[must_use]
    pub fn value(self, value: Amount) -> Body {
        match self {
            Body::Call { to, method, arguments, .. } => Body::Call { to, method, arguments, value },
            Body::Deploy(deployment) => Body::Deploy(Deployment { value, ..deployment }),
            other => other,
        }
    }

    /// Its name, for people and metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Body::Transfer { .. } => "transfer",
            Body::Upload { .. } => "upload",
            Body::Deploy(_) => "deploy",
            Body::Call { .. } => "call",
            Body::Upgrade(_) => "upgrade",
            Body::RotateKey { .. } => "rotate_key",
            Body::Admin(_) => "admin",
            Body::Batch(_) => "batch",
        }
    }

    /// The bodies of a batch, or the body itself.
    #[must_use]
    pub fn parts(&self) -> &[Body] {
        match self {
            Body::Batch(bodies) => bodies,
            body => core::slice::from_ref(body),
        }
    }
}

impl Deployment {
    /// A contract of that code without arguments, salt and value, which nobody may upgrade.
    #[must_use]
    pub fn new(code: CodeSource) -> Deployment {
        Deployment {
            code,
            arguments: [].into(),
            salt: [0; 32],
            value: Amount::ZERO,
            admin: Admin::None,
            attestations: Vec::new(),
        }
    }

    /// The same with these arguments for `init`.
    #[must_use]
    pub fn arguments(self, arguments: impl Into<Arc<[u8]>>) -> Self {
        Deployment { arguments: arguments.into(), ..self }
    }

    /// The same with this salt.
    #[must_use]
    pub fn salt(self, salt: [u8; 32]) -> Self {
        Deployment { salt, ..self }
    }

    /// The same with this admin.
    #[must_use]
    pub fn admin(self, admin: Admin) -> Self {
        Deployment { admin, ..self }
    }

    /// The hash of its code.
    #[must_use]
    pub fn code_hash(&self) -> Hash {
        match &self.code {
            CodeSource::Module(code) => Hash::of(Domain::Code, &[code]),
            CodeSource::Hash(hash) => *hash,
        }
    }

    /// The address of the contract, where `deployer` makes it.
    #[must_use]
    pub fn address(&self, deployer: &Address) -> Address {
        Address::of_contract(deployer, &self.code_hash(), &self.salt)
    }
}

impl Upgrade {
    /// That code for that contract, with arguments for its `migrate`.
    #[must_use]
    pub fn new(contract: Address, code_hash: Hash, arguments: impl Into<Arc<[u8]>>) -> Upgrade {
        let migration = Migration::Code(arguments.into());
        Upgrade { contract, code_hash, migration, attestations: Vec::new() }
    }

    /// The same with a script that migrates.
    #[must_use]
    pub fn script(self, code_hash: Hash, arguments: impl Into<Arc<[u8]>>) -> Upgrade {
        let migration = Migration::Script { code_hash, arguments: arguments.into() };
        Upgrade { migration, ..self }
    }
}

impl Transaction {
    /// A transaction that can be part of any block from now on.
    #[must_use]
    pub fn new(chain_id: u64, nonce: u64, signer: Address, fee: Fee, body: Body) -> Transaction {
        let (nonce, valid_until) = (Nonce::new(nonce), Height::new(u64::MAX));
        Transaction { chain_id, nonce, valid_until, signer, fee, body }
    }

    /// The same, valid up to that height.
    #[must_use]
    pub fn valid_until(self, height: Height) -> Transaction {
        Transaction { valid_until: height, ..self }
    }

    /// What the signer signs: [`SIGNING_TAG`] ‖ the encoding.
    #[must_use]
    pub fn signing_bytes(&self) -> Vec<u8> {
        [SIGNING_TAG, &self.encode()].concat()
    }

    /// Its id: the hash of what is signed.
    #[must_use]
    pub fn id(&self) -> Hash {
        Hash::of(Domain::Transaction, &[&self.signing_bytes()])
    }

    /// What a new key signs to take over: `dytallix/rotate/v1` ‖ chain id, nonce (eight bytes
    /// little-endian each) ‖ signer ‖ scheme ‖ new key.
    #[must_use]
    pub fn rotation_bytes(&self, scheme: u8, public_key: &[u8]) -> Vec<u8> {
        let (chain_id, nonce) = (self.chain_id.to_le_bytes(), self.nonce.number().to_le_bytes());
        let signer: &[u8] = self.signer.as_bytes();
        [ROTATION_TAG, &chain_id, &nonce, signer, &[scheme], public_key].concat()
    }

    /// The transaction with a signature of [`Transaction::signing_bytes`].
    #[must_use]
    pub fn signed(
        self,
        scheme: Scheme,
        public_key: Option<&[u8]>,
        signature: impl Into<Arc<[u8]>>,
    ) -> SignedTransaction {
        let public_key = public_key.map(Arc::from);
        let (scheme, signature) = (scheme.number(), signature.into());
        let authentication = Authentication { scheme, public_key, signature };
        SignedTransaction { transaction: self, authentication }
    }
}

impl SignedTransaction {
    /// The id of the transaction.
    #[must_use]
    pub fn id(&self) -> Hash {
        self.transaction.id()
    }

    /// Whether the signature is one of the transaction by that key. Whether the key is the
    /// signer's is another question.
    #[must_use]
    pub fn is_signed_by(&self, scheme: Scheme, public_key: &[u8]) -> bool {
        let message = self.transaction.signing_bytes();
        let context = if scheme.takes_context() { SIGNING_TAG } else { &[] };
        verify(scheme, public_key, &message, context, &self.authentication.signature)
    }

    /// The transaction that these bytes encode, with its authentication.
    ///
    /// # Errors
    ///
    /// Where they are not the one encoding of a transaction.
    pub fn decode(bytes: &[u8]) -> Result<SignedTransaction, DecodeError> {
        codec::decode_signed(bytes)
    }
}

/// What a new key signs begins with this, and signatures that take a context have it as theirs.
pub const ROTATION_TAG: &[u8] = b"dytallix/rotate/v1";
