//! `Transfer`, `Upload`, `Deploy` and `Call`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::{GasClass, Status};

use super::{Run, Step, Stop};
use crate::chain::governance::Governor;
use crate::chain::receipt::BodyResult;
use crate::chain::transaction::{CodeSource, Deployment};
use crate::gas::GasDimension;
use crate::host::{Entry, Interface};
use crate::primitives::{Address, Amount, Domain, Hash};
use crate::state::ContractInfo;

impl Run<'_, '_, '_> {
    /// Moves value; to a contract only where its code receives value.
    pub(super) fn transfer(&mut self, to: &Address, value: Amount) -> Step<BodyResult> {
        let price = self.rules.protocol.prices.of(GasClass::Transfer).total(0);
        self.charge(GasDimension::StateWrite, price)?;
        self.charge_account(to, value != Amount::ZERO)?;
        let info = self.overlay.load_account(to)?.contract.clone();
        if let Some(info) = info {
            let paused = &self.rules.parameters.pauses.contracts;
            if paused.binary_search(to).is_ok() {
                return Err(Stop::Failed(Status::Paused));
            }
            let receives = self.interface(info.code_hash)?.permissions().receive;
            if info.migrating || !receives {
                return Err(Stop::Failed(Status::NotPermitted));
            }
        }
        let signer = self.signer();
        self.overlay.transfer(&signer, to, value)?;
        Ok(BodyResult::new(Status::Success, Vec::new(), None))
    }

    /// Adds code; the output is its hash.
    pub(super) fn upload(&mut self, code: &Arc<[u8]>) -> Step<BodyResult> {
        let price = self.rules.protocol.prices.deploy.total(code.len() as u64);
        self.charge(GasDimension::StateWrite, price)?;
        let hash = Hash::of(Domain::Code, &[code]);
        self.add_code(hash, code)?;
        Ok(BodyResult::new(Status::Success, hash.as_bytes().to_vec(), None))
    }

    /// Adds code that can be a contract, unless it is there, against a deposit. The price of
    /// deployment, which has been paid, is that of translating it.
    fn add_code(&mut self, hash: Hash, code: &Arc<[u8]>) -> Step<()> {
        let info = self.overlay.load_code_info(&hash)?;
        self.overlay.mark_loaded_code(&hash)?;
        if info.is_some() {
            return Ok(());
        }
        let contract = self.machine.compile(code).map_err(|_| Stop::Failed(Status::CodeRefused))?;
        let signer = self.signer();
        self.overlay.add_code(hash, code.clone(), signer)?;
        self.machine.remember(hash, contract);
        let deposit = self.rules.protocol.policy.code_deposit_of(code.len() as u64);
        let deposit = deposit.ok_or(Stop::Failed(Status::Deposit))?;
        self.count_deposit(deposit)?;
        let taken = self.overlay.take_code_deposit(&hash, &signer, deposit);
        taken.map_err(|error| self.of_deposit(error))
    }

    /// The interface of code that state holds, whose loading is paid.
    pub(super) fn interface(&mut self, code_hash: Hash) -> Step<Interface> {
        let info = self.overlay.load_code_info(&code_hash)?;
        let length = info.ok_or(Stop::Failed(Status::NoCode))?.length;
        let is_warm = self.overlay.is_warm_code(&code_hash);
        let price = self.rules.protocol.prices.load_of(length.into(), is_warm);
        self.charge(GasDimension::StateRead, price)?;
        self.overlay.mark_loaded_code(&code_hash)?;
        match self.machine.load(self.overlay, code_hash)? {
            Ok(contract) => Ok(contract.interface().clone()),
            Err(_) => Err(Stop::Failed(Status::CodeInadmissible)),
        }
    }

    /// Makes a contract and runs its `init`.
    pub(super) fn deploy(&mut self, deployment: &Deployment) -> Step<BodyResult> {
        let prices = &self.rules.protocol.prices;
        let price = match &deployment.code {
            CodeSource::Module(code) => prices.deploy.total(code.len() as u64),
            CodeSource::Hash(_) => prices.deploy.total(0),
        };
        self.charge(GasDimension::StateWrite, price)?;
        let code_hash = deployment.code_hash();
        if let CodeSource::Module(code) = &deployment.code {
            self.add_code(code_hash, code)?;
        }
        let interface = self.interface(code_hash)?;
        if !interface.has_init() && !deployment.arguments.is_empty() {
            return Err(Stop::Failed(Status::NoInit));
        }
        let signer = self.signer();
        let address = Address::of_contract(&signer, &code_hash, &deployment.salt);
        self.charge_account(&address, true)?;
        let height = self.rules.block.height;
        let info = ContractInfo::deployed(code_hash, signer, height);
        let info = info.admin(deployment.admin.clone());
        self.overlay
            .create_contract(&address, ContractInfo { schema: interface.schema(), ..info })?;
        let outcome =
            self.enter(address, Entry::Init, deployment.arguments.clone(), deployment.value)?;
        let status = Status::from(outcome.status);
        let contract = status.is_success().then_some(address);
        Ok(BodyResult::new(status, outcome.output, contract))
    }

    /// Calls a method.
    pub(super) fn call(
        &mut self,
        to: &Address,
        method: &str,
        arguments: Arc<[u8]>,
        value: Amount,
    ) -> Step<BodyResult> {
        let governs = self.rules.parameters.governor == Governor::Account(*to);
        if self.rules.parameters.pauses.calls && !governs {
            return Err(Stop::Failed(Status::Paused));
        }
        let entry = Entry::Method(method.as_bytes().into());
        let outcome = self.enter(*to, entry, arguments, value)?;
        Ok(BodyResult::new(outcome.status.into(), outcome.output, None))
    }
}
