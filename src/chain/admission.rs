//! Admission: what has to hold before a transaction is charged for anything.
//!
//! ```text
//!   check_form      the transaction and the rules alone
//!   key_of, verify  the signature, by the key that state knew when the block began
//!   check_state     the signer's account as it is now
//! ```
//!
//! Each says with a [`Status`] why not. What is rejected costs nothing and changes nothing.

use alloc::sync::Arc;

use dytallix_abi::Status;

use super::governance::registered_key;
use super::rules::BlockRules;
use super::transaction::{
    Body, Fee, MOST_BODIES, Migration, SIGNING_TAG, SignedTransaction, Transaction,
};
use crate::crypto::{KeyCache, Scheme, verify};
use crate::host::signature_kind;
use crate::primitives::{Address, Domain, Hash};
use crate::state::{Account, Auth, Overlay, StateError, StoreError, View};

/// A public key that is to open an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) scheme: Scheme,
    pub(crate) public_key: Arc<[u8]>,
    /// The address that is made from it, hashed once: it is compared wherever the transaction is
    /// executed, ahead or not.
    address: Address,
    /// Whether it is taken for that of every signer: a simulation has no signature.
    is_assumed: bool,
}

impl Key {
    pub(crate) fn new(scheme: Scheme, public_key: Arc<[u8]>) -> Key {
        let address = Address::of_account(scheme.number(), &public_key);
        Key { scheme, public_key, address, is_assumed: false }
    }

    /// A key of that scheme that opens every account, for simulations.
    pub(crate) fn assumed(scheme: Scheme) -> Key {
        Key { is_assumed: true, ..Key::new(scheme, [].into()) }
    }

    /// The hash by which accounts know a key that is not in their address.
    pub(crate) fn hash(scheme: u8, public_key: &[u8]) -> Hash {
        Hash::of(Domain::PublicKey, &[&[scheme], public_key])
    }

    /// Whether it opens the account at `address`.
    pub(crate) fn opens(&self, address: &Address, auth: Option<Auth>) -> bool {
        let number = self.scheme.number();
        match auth {
            _ if self.is_assumed => true,
            Some(auth) => {
                auth.scheme == number && auth.key_hash == Key::hash(number, &self.public_key)
            }
            None => self.address == *address,
        }
    }
}

/// What a transaction costs before it does anything: its bytes and its signature.
pub(crate) fn intrinsic_gas(rules: &BlockRules, scheme: Scheme, bytes: usize) -> (u64, u64) {
    let prices = &rules.protocol.prices;
    let signature = prices.signature(signature_kind(scheme)).total(bytes as u64);
    (prices.transaction.total(bytes as u64), signature)
}

/// Whether a transaction of that many bytes is in order, its signature and signer apart.
pub(crate) fn check_form(
    signed: &SignedTransaction,
    bytes: usize,
    rules: &BlockRules,
) -> Result<Scheme, Status> {
    let Transaction { chain_id, valid_until, fee, body, .. } = &signed.transaction;
    let (policy, scheme) = (&rules.protocol.policy, signed.authentication.scheme);
    let require = |holds, status| if holds { Ok(()) } else { Err(status) };
    require(*chain_id == rules.block.chain_id, Status::WrongChain)?;
    require(*valid_until >= rules.block.height, Status::Expired)?;
    require(bytes <= policy.transaction_bytes as usize, Status::TooLong)?;
    require(rules.parameters.admits(scheme), Status::SchemeNotAdmitted)?;
    let scheme = Scheme::from_number(scheme).ok_or(Status::SchemeNotAdmitted)?;
    require(fee.gas_limit <= policy.transaction_gas, Status::GasLimitTooHigh)?;
    let (base, signature) = intrinsic_gas(rules, scheme, bytes);
    require(fee.gas_limit >= base.saturating_add(signature), Status::GasLimitTooLow)?;
    require(fee.gas_price >= policy.min_gas_price, Status::GasPriceTooLow)?;
    require(fee.cost(fee.gas_limit).is_some(), Status::FeeOverflow)?;
    if let Body::Batch(bodies) = body {
        require((1..=MOST_BODIES).contains(&bodies.len()), Status::BatchSize)?;
        let is_nested = bodies.iter().any(|body| matches!(body, Body::Batch(_)));
        require(!is_nested, Status::Malformed)?;
    }
    body.parts().iter().try_for_each(|body| check_body(body, rules))?;
    Ok(scheme)
}

fn check_body(body: &Body, rules: &BlockRules) -> Result<(), Status> {
    let limit = rules.protocol.call_limits.argument_bytes as usize;
    let (arguments, attestations): (&[u8], &[_]) = match body {
        Body::Deploy(deployment) => (&deployment.arguments, &deployment.attestations),
        Body::Upgrade(upgrade) => match &upgrade.migration {
            Migration::Code(arguments) | Migration::Script { arguments, .. } => {
                (arguments, &upgrade.attestations)
            }
        },
        Body::Call { arguments, method, .. } => {
            if method.len() > dytallix_abi::METHOD_NAME_BYTES as usize {
                return Err(Status::ArgumentsTooLong);
            }
            (arguments, &[])
        }
        _ => (&[], &[]),
    };
    if arguments.len() > limit {
        return Err(Status::ArgumentsTooLong);
    }
    // What they mean is for a protocol to say that has a use for them; there is none yet.
    if !attestations.is_empty() && !rules.protocol.policy.attestations {
        return Err(Status::Attestations);
    }
    Ok(())
}

/// The key that a transaction brings; none where it brings none, or its scheme has no name.
pub(crate) fn own_key(signed: &SignedTransaction) -> Option<Key> {
    let authentication = &signed.authentication;
    let scheme = Scheme::from_number(authentication.scheme)?;
    Some(Key::new(scheme, authentication.public_key.clone()?))
}

/// The key that a transaction is signed by, as state knows it before the block: its own, or the
/// one that is registered.
pub(crate) fn key_of(
    view: &dyn View,
    signed: &SignedTransaction,
    scheme: Scheme,
) -> Result<Result<Key, Status>, StoreError> {
    if let Some(key) = own_key(signed) {
        return Ok(Ok(key));
    }
    let registered = registered_key(view, &signed.transaction.signer)?;
    let registered = registered.filter(|(number, _)| *number == scheme.number());
    let registered = registered.map(|(_, key)| Key::new(scheme, key.into()));
    Ok(registered.ok_or(Status::KeyMissing))
}

/// Whether the signature is one of the transaction by that key. Where the lengths are wrong nothing
/// is computed.
pub(crate) fn check_signature(
    signed: &SignedTransaction,
    key: &Key,
    cache: Option<&mut KeyCache>,
) -> Result<(), Status> {
    let message = signed.transaction.signing_bytes();
    let context = if key.scheme.takes_context() { SIGNING_TAG } else { &[] };
    let signature = &signed.authentication.signature;
    let is_right = match cache {
        Some(cache) => cache.verify(key.scheme, &key.public_key, &message, context, signature),
        None => verify(key.scheme, &key.public_key, &message, context, signature),
    };
    if is_right { Ok(()) } else { Err(Status::BadSignature) }
}

/// Whether the signer's account, as it is now, can send the transaction and pay for it.
pub(crate) fn check_state(
    overlay: &mut Overlay<'_>,
    transaction: &Transaction,
    key: &Key,
) -> Result<Result<(), Status>, StateError> {
    let account = overlay.load_account(&transaction.signer)?;
    Ok(check_account(account, transaction, key))
}

pub(crate) fn check_account(
    account: &Account,
    transaction: &Transaction,
    key: &Key,
) -> Result<(), Status> {
    let Transaction { signer, nonce, fee, .. } = transaction;
    if account.contract.is_some() {
        return Err(Status::SignerIsContract);
    }
    if !key.opens(signer, account.auth) {
        return Err(Status::KeyOfOther);
    }
    if *nonce < account.nonce {
        return Err(Status::NonceUsed);
    }
    if *nonce > account.nonce {
        return Err(Status::NonceAhead);
    }
    if nonce.next().is_none() {
        return Err(Status::NonceExhausted);
    }
    let Some(cost) = Fee::cost(fee, fee.gas_limit) else { return Err(Status::FeeOverflow) };
    if account.balance < cost { Err(Status::CannotPay) } else { Ok(()) }
}
