//! `Upgrade`: other code, the migration of storage and the check of the schema, all or nothing.
//!
//! ```text
//!   authority ─▶ new code, version + 1, history ─▶ migrate ─┬ done ─────▶ open again
//!                                                           └ 1: more ─▶ between versions:
//!                                                              the same upgrade goes on
//! ```

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::{GasClass, Status};

use super::{Run, Step, Stop};
use crate::chain::governance::{announced, approvals, clear_announcement, clear_approvals};
use crate::chain::receipt::BodyResult;
use crate::chain::transaction::{Body, Migration, Upgrade, operation_hash};
use crate::gas::GasDimension;
use crate::host::Entry;
use crate::primitives::{Address, Hash};
use crate::state::{Admin, ContractInfo, View};

/// What `migrate` returns where it wants to be called again, by the same upgrade in another
/// transaction. Anything else, nothing above all, says that it is done.
pub const MIGRATE_MORE: &[u8] = &[1];

/// Bytes of a version in a history, at most.
const HISTORY_BYTES: usize = 32 + 5 + 10 + 32;

impl Run<'_, '_, '_> {
    pub(super) fn upgrade(&mut self, upgrade: &Upgrade, body: &Body) -> Step<BodyResult> {
        let Upgrade { contract, code_hash, migration, .. } = upgrade;
        let (script, arguments) = match migration {
            Migration::Code(arguments) => (*code_hash, arguments),
            Migration::Script { code_hash, arguments } => (*code_hash, arguments),
        };
        let price = self.rules.protocol.prices.of(GasClass::Create);
        self.charge(GasDimension::StateWrite, price.total(64 + arguments.len() as u64))?;
        self.charge_account(contract, true)?;
        let info = self.contract(contract)?;
        self.authorize(contract, &info, body)?;
        let schema = self.interface(*code_hash)?.schema();
        // A script that has nothing to run is a mistake.
        if matches!(migration, Migration::Script { .. })
            && self.interface(script)?.migrate().is_none()
        {
            return Err(Stop::Failed(Status::NoInit));
        }
        let (height, signer) = (self.rules.block.height, self.signer());
        let past = View::history(self.overlay, contract)?;
        // A migration that wanted more goes on; other code for it begins anew.
        let goes_on = info.migrating && info.code_hash == *code_hash;
        let old_schema = match past.last() {
            Some(last) if goes_on => last.schema,
            _ => info.schema,
        };
        let is_known = past.iter().any(|past| past.code_hash == *code_hash);
        if schema < old_schema && !is_known {
            return Err(Stop::Failed(Status::SchemaRefused));
        }
        if !goes_on {
            // The whole history is a row, which is written again.
            self.charge_own_record(HISTORY_BYTES * (past.len() + 1))?;
            self.overlay.upgrade_contract(contract, *code_hash, schema, height, signer)?;
        }
        let input: Vec<u8> = [&old_schema.to_le_bytes()[..], arguments].concat();
        let entry = Entry::Migrate(script);
        let outcome = self.enter(*contract, entry, Arc::from(input), Default::default())?;
        let status = match Status::from(outcome.status) {
            // The contract is there, so what is not found is `migrate`.
            Status::NotFound => Status::NoInit,
            status => status,
        };
        if status.is_success() {
            // A migration that changed the code once more has had the last word.
            let now = self.contract(contract)?;
            if now.schema != schema && now.code_hash == *code_hash {
                return Err(Stop::Failed(Status::SchemaRefused));
            }
            self.overlay.set_migrating(contract, outcome.output == MIGRATE_MORE)?;
        }
        Ok(BodyResult::new(status, outcome.output, None))
    }

    /// The record of a contract.
    pub(super) fn contract(&mut self, address: &Address) -> Step<ContractInfo> {
        let info = self.overlay.load_account(address)?.contract.clone();
        info.ok_or(Stop::Failed(Status::NotFound))
    }

    /// Whether the signer may do this to a contract, as its admin says. What was announced and
    /// approved is used up.
    pub(super) fn authorize(
        &mut self,
        contract: &Address,
        info: &ContractInfo,
        body: &Body,
    ) -> Step<()> {
        let signer = self.signer();
        let require = |holds, status| if holds { Ok(()) } else { Err(Stop::Failed(status)) };
        let operation: Hash = operation_hash(contract, info.version, &info.admin, body);
        let height = self.rules.block.height;
        match &info.admin {
            Admin::None | Admin::Itself => Err(Stop::Failed(Status::NotAdmin)),
            Admin::Key(admin) => require(*admin == signer, Status::NotAdmin),
            Admin::TimeLock { admin, delay } => {
                require(*admin == signer, Status::NotAdmin)?;
                self.charge_own_record(0)?;
                let since = announced(self.overlay, contract, &operation)?;
                let from = since.and_then(|since| since.number().checked_add(*delay));
                require(from.is_some_and(|from| from <= height.number()), Status::TimeLocked)?;
                Ok(clear_announcement(self.overlay, height, contract, &operation)?)
            }
            Admin::Threshold { needed, admins } => {
                require(admins.binary_search(&signer).is_ok(), Status::NotAdmin)?;
                self.charge_own_record(0)?;
                let approved = approvals(self.overlay, contract, &operation)?;
                let others = approved.iter().filter(|&account| *account != signer);
                // Who is no admin any more does not count.
                let others = others.filter(|&account| admins.binary_search(account).is_ok());
                require(others.count() + 1 >= *needed as usize, Status::TooFewApprovals)?;
                Ok(clear_approvals(self.overlay, height, contract, &operation)?)
            }
        }
    }
}
