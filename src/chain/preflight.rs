//! Preflight of an upgrade: what it would come to, on state as it is now, without a trace.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::receipt::Receipt;
use super::requests::Call;
use super::runtime::{Error, OpenBlock};
use super::transaction::{Body, Transaction, Upgrade, operation_hash};
use crate::crypto::Scheme;
use crate::host::{Interface, Permissions};
use crate::primitives::{Address, Hash};
use crate::state::{Admin, Overlay, Store, View};

/// What an upgrade would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preflight {
    /// What the transaction would come to.
    pub receipt: Receipt,
    /// The contract's version, schema and code now.
    pub before: VersionInfo,
    /// The same after it, where it would succeed.
    pub after: Option<VersionInfo>,
    /// What the new code can do and the old one can not, and the other way round; none where one
    /// of them can not be loaded.
    pub difference: Option<InterfaceDifference>,
    /// Who may upgrade the contract.
    pub admin: Admin,
    /// The hash that admins announce or approve of: see [`operation_hash`].
    pub operation: Hash,
    /// For each invariant, the call before and after: the same order.
    pub invariants: Vec<Invariant>,
}

/// A version of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionInfo {
    /// Counts upgrades.
    pub version: u32,
    /// Version of the layout of its storage.
    pub schema: u32,
    /// Hash of its code.
    pub code_hash: Hash,
    /// Whether it waits for its migration to go on.
    pub migrating: bool,
}

/// In what the interfaces of two modules differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InterfaceDifference {
    /// Methods that are gone.
    pub methods_lost: Vec<String>,
    /// Methods that are new.
    pub methods_gained: Vec<String>,
    /// Names of what the code may ask for and could not before.
    pub permissions_gained: Vec<&'static str>,
    /// Names of what the code may no longer ask for.
    pub permissions_lost: Vec<&'static str>,
}

/// A read-only call that says something of a contract, before and after an upgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invariant {
    /// What it came to before.
    pub before: Receipt,
    /// What it came to after.
    pub after: Receipt,
}

impl Invariant {
    /// Whether both came to the same.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.before.status == self.after.status && self.before.output == self.after.output
    }
}

impl<S: Store> OpenBlock<'_, S> {
    /// What a transaction with an upgrade, alone or as the last of a batch, would come to as the
    /// next of the block. Its signature is not looked at. `invariants` are called, read-only,
    /// before and after it. None where there is no upgrade in it, or no such contract.
    ///
    /// # Errors
    ///
    /// Only faults.
    pub fn preflight(
        &mut self,
        transaction: &Transaction,
        scheme: Scheme,
        invariants: &[Call],
    ) -> Result<Option<Preflight>, Error> {
        let last = transaction.body.parts().last();
        let Some(body @ Body::Upgrade(upgrade)) = last else {
            return Ok(None);
        };
        let Upgrade { contract, code_hash, .. } = upgrade;
        let info = View::account(self.overlay(), contract)?.and_then(|account| account.contract);
        let (Some(info), Some(before)) = (info, version_of(self.overlay(), contract)?) else {
            return Ok(None);
        };
        let old = invariants.iter().map(|call| self.view(call)).collect::<Result<Vec<_>, _>>()?;
        let (receipt, rest) = self.simulate_then(transaction, scheme, |fork, calls| {
            let after = version_of(fork, contract)?;
            let new = invariants.iter().map(|call| calls.view(fork, call));
            let new = new.collect::<Result<Vec<_>, _>>()?;
            let difference = calls.difference(fork, &info.code_hash, code_hash)?;
            Ok((after, new, difference))
        })?;
        let (after, new, difference) = rest;
        let pair = |(before, after)| Invariant { before, after };
        Ok(Some(Preflight {
            after: after.filter(|_| receipt.is_success()),
            receipt,
            before,
            difference,
            operation: operation_hash(contract, info.version, &info.admin, body),
            admin: info.admin,
            invariants: old.into_iter().zip(new).map(pair).collect(),
        }))
    }
}

/// The version of a contract, as an overlay has it.
fn version_of(overlay: &Overlay<'_>, contract: &Address) -> Result<Option<VersionInfo>, Error> {
    let info = View::account(overlay, contract)?.and_then(|account| account.contract);
    Ok(info.map(|info| VersionInfo {
        version: info.version,
        schema: info.schema,
        code_hash: info.code_hash,
        migrating: info.migrating,
    }))
}

impl InterfaceDifference {
    /// In what `new` differs from `old`.
    #[must_use]
    pub fn between(old: &Interface, new: &Interface) -> InterfaceDifference {
        let missing = |here: &Interface, there: &Interface| {
            let gone = here.methods().filter(|name| there.methods().all(|other| other != *name));
            gone.map(ToString::to_string).collect()
        };
        let allowed = |of: &Interface, not: &Interface| {
            let pairs = names(of.permissions()).into_iter().zip(names(not.permissions()));
            let only = pairs.filter(|((_, here), (_, there))| *here && !there);
            only.map(|((name, _), _)| name).collect()
        };
        InterfaceDifference {
            methods_lost: missing(old, new),
            methods_gained: missing(new, old),
            permissions_gained: allowed(new, old),
            permissions_lost: allowed(old, new),
        }
    }
}

/// What code may ask for, by name.
fn names(permissions: &Permissions) -> [(&'static str, bool); 5] {
    let Permissions { call, delegate, upgrade, receive, create } = *permissions;
    [
        ("call", call),
        ("delegate", delegate),
        ("upgrade", upgrade),
        ("receive", receive),
        ("create", create),
    ]
}
