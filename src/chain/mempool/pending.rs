//! [`Pending`]: a transaction as a mempool knows it.

use dytallix_abi::Status;

use super::{Reason, Removed};
use crate::chain::transaction::SignedTransaction;
use crate::primitives::{Address, Amount, Hash, Height, Nonce};
use crate::state::Bytes;

/// A transaction as a mempool knows it: encoded, with what decides its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// The transaction with its authentication, encoded.
    pub raw: Bytes,
    /// Its id.
    pub id: Hash,
    /// Whose it is.
    pub signer: Address,
    /// Its nonce.
    pub nonce: Nonce,
    /// What it pays per gas to come sooner.
    pub tip: Amount,
    /// Its gas limit.
    pub gas_limit: u64,
    /// What its gas may cost, tip included.
    pub cost: Amount,
    /// The last height at which it can be part of a block.
    pub valid_until: Height,
}

impl Pending {
    /// The transaction that these bytes encode.
    ///
    /// # Errors
    ///
    /// [`Status::Malformed`] where they encode none, [`Status::FeeOverflow`] where no amount is as
    /// great as what it may cost.
    pub fn decode(raw: &Bytes) -> Result<Pending, Status> {
        let signed = SignedTransaction::decode(raw).map_err(|_| Status::Malformed)?;
        let (id, transaction) = (signed.id(), signed.transaction);
        let fee = transaction.fee;
        Ok(Pending {
            raw: raw.clone(),
            id,
            signer: transaction.signer,
            nonce: transaction.nonce,
            tip: fee.tip,
            gas_limit: fee.gas_limit,
            cost: fee.cost(fee.gas_limit).ok_or(Status::FeeOverflow)?,
            valid_until: transaction.valid_until,
        })
    }

    /// The tip that another transaction of the same nonce has to have to take its place: a tenth
    /// more, rounded up, and at least 1 more. None where no amount is so great.
    #[must_use]
    pub fn tip_to_replace(&self) -> Option<Amount> {
        let more = self.tip.units().div_ceil(10).max(1);
        self.tip.checked_add(Amount::new(more))
    }

    /// That it is out.
    pub(super) fn removed(&self, reason: Reason) -> Removed {
        Removed { id: self.id, signer: self.signer, nonce: self.nonce, reason }
    }
}
