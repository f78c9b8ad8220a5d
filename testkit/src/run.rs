//! Deployments and calls, as they go through the runtime.

use std::rc::Rc;

use dytallix::chain::{Call, Deploy};
use dytallix::primitives::Domain;
use dytallix::{Address as ChainAddress, Amount, Hash};
use dytallix_abi::{Abi, Address, Admin, CallStatus, HostTrap};

use crate::failure::{Cause, Failure};
use crate::transaction::{Mode, Transaction};
use crate::world::{World, cause_of, not_admitted};
use crate::{section, text};

/// A call to make.
#[derive(Clone, Debug)]
pub(crate) struct CallRequest {
    pub(crate) mode: Mode,
    pub(crate) from: Option<Address>,
    pub(crate) to: Address,
    pub(crate) method: String,
    pub(crate) arguments: Vec<u8>,
    pub(crate) value: u128,
    pub(crate) gas: Option<u64>,
}

/// A contract to deploy.
#[derive(Clone, Debug)]
pub(crate) struct DeployRequest {
    pub(crate) code: Vec<u8>,
    pub(crate) from: Option<Address>,
    pub(crate) salt: Option<[u8; 32]>,
    pub(crate) arguments: Vec<u8>,
    pub(crate) value: u128,
    pub(crate) admin: Admin,
    pub(crate) gas: Option<u64>,
}

impl World {
    /// Makes a call; what the method returned.
    pub(crate) fn call(&mut self, request: CallRequest) -> Result<Vec<u8>, Failure> {
        let from = self.take_sender(request.from);
        let gas_limit = request.gas.unwrap_or(self.gas);
        let abi = self.abi(&request.to);
        let what = self.describe(&request, from, abi.as_deref());
        let call = Call::new(from.into(), request.to.into(), &request.method, gas_limit)
            .arguments(&*request.arguments)
            .value(Amount::new(request.value));
        let height = self.height();
        let receipt = match request.mode {
            Mode::Call | Mode::Deploy => self.runtime.call(&call),
            Mode::View => self.runtime.view(&call),
            Mode::Simulate => self.runtime.simulate(&call),
        };
        let receipt = match receipt {
            Ok(receipt) => receipt,
            Err(error) => return Err(self.fail(not_admitted(what, error))),
        };
        let result = match receipt.is_success() {
            true => Ok(receipt.output.clone()),
            false => {
                let cause = cause_of(self, &receipt, gas_limit, abi.as_deref());
                let hint = self.hint(&cause, &request, from, abi.as_deref());
                Err(self.fail(Failure::new(what, cause).hint(hint)))
            }
        };
        self.keep(Transaction {
            mode: request.mode,
            from,
            contract: Some(request.to),
            method: request.method,
            arguments: request.arguments,
            value: request.value,
            gas_limit,
            height,
            receipt,
            abi,
        });
        result
    }

    /// Deploys a contract; its address.
    pub(crate) fn deploy(&mut self, request: DeployRequest) -> Result<Address, Failure> {
        let from = self.take_sender(request.from);
        let gas_limit = request.gas.unwrap_or(self.gas);
        let abi = section::find_abi(&request.code).map(Rc::new);
        let name = |address: &Address| self.name(address);
        let what = format!(
            "deployment of {}({}) by {}",
            abi.as_deref().map_or("a contract", |abi| &abi.name),
            text::arguments(abi.as_deref(), "init", &request.arguments, &name),
            self.name(&from),
        );
        let salt = request.salt.unwrap_or_else(|| self.free_salt(from, &request.code));
        let deploy = Deploy::new(from.into(), request.code, gas_limit)
            .salt(salt)
            .arguments(&*request.arguments)
            .value(Amount::new(request.value))
            .admin(request.admin.into());
        let height = self.height();
        let receipt = match self.runtime.deploy(&deploy) {
            Ok(receipt) => receipt,
            Err(error) => return Err(self.fail(not_admitted(what, error))),
        };
        let contract = receipt.contract.map(Address::from);
        let cause = cause_of(self, &receipt, gas_limit, abi.as_deref());
        if let Some(contract) = contract {
            self.label_contract(contract, abi.as_deref());
        }
        self.keep(Transaction {
            mode: Mode::Deploy,
            from,
            contract,
            method: "init".into(),
            arguments: request.arguments,
            value: request.value,
            gas_limit,
            height,
            receipt,
            abi: abi.clone(),
        });
        contract.ok_or_else(|| {
            let hint = self.general_hint(&cause, from, request.value);
            self.fail(Failure::new(what, cause).hint(hint))
        })
    }

    /// The first salt, counted from 0, whose address is free.
    fn free_salt(&self, deployer: Address, code: &[u8]) -> [u8; 32] {
        let (deployer, code) = (ChainAddress::from(deployer), Hash::of(Domain::Code, &[code]));
        let mut salt = [0; 32];
        let mut number = 0_u64;
        while self.contract(&ChainAddress::of_contract(&deployer, &code, &salt).into()).is_some() {
            number += 1;
            salt[..8].copy_from_slice(&number.to_le_bytes());
        }
        salt
    }

    /// A call as `Token.transfer(to: bob, amount: 5) by alice`.
    fn describe(&self, request: &CallRequest, from: Address, abi: Option<&Abi>) -> String {
        let name = |address: &Address| self.name(address);
        let CallRequest { to, method, arguments, value, .. } = request;
        let arguments = text::arguments(abi, method, arguments, &name);
        let value = match value {
            0 => String::new(),
            value => format!(" with {value}"),
        };
        format!("{}.{method}({arguments}){value} by {}", name(to), name(&from))
    }

    /// What may be the reason why a call failed.
    fn hint(
        &self,
        cause: &Cause,
        request: &CallRequest,
        from: Address,
        abi: Option<&Abi>,
    ) -> Option<String> {
        let Cause::Ended(ended) = cause else { return None };
        let CallRequest { to, method, value, mode, .. } = request;
        let trap = ended.trap.as_ref().and_then(|trap| HostTrap::from_code(trap.code));
        let is_payable =
            abi.and_then(|abi| abi.method(method)).is_some_and(|method| method.payable);
        match (ended.status, abi) {
            (CallStatus::NotFound, _) if self.contract(to).is_none() => {
                Some(format!("there is no contract at {}", self.name(to)))
            }
            (CallStatus::NotFound, Some(abi)) => {
                let callable =
                    abi.methods.iter().filter(|m| dytallix_abi::is_callable_name(&m.name));
                let names: Vec<&str> = callable.map(|method| &*method.name).collect();
                Some(format!("it has no method `{method}`; it has: {}", names.join(", ")))
            }
            (CallStatus::NotFound, None) => Some(format!("it has no method `{method}`")),
            (CallStatus::NotPermitted, _) if *value > 0 && !is_payable => {
                Some(format!("`{method}` is not payable: send no value"))
            }
            (CallStatus::Trapped, _) if trap == Some(HostTrap::ReadOnly) && *mode == Mode::View => {
                Some("a view can change nothing: make it a call".into())
            }
            _ => self.general_hint(cause, from, *value),
        }
    }

    /// What may be the reason why a deployment or a call failed.
    fn general_hint(&self, cause: &Cause, from: Address, value: u128) -> Option<String> {
        let Cause::Ended(ended) = cause else { return None };
        match ended.status {
            CallStatus::OutOfGas => {
                Some("give more with `gas`, `with_gas` or `Suite::builder().gas(…)`".into())
            }
            CallStatus::Balance => {
                let balance = self.account(&from).balance;
                Some(format!("{} has {balance} and sends {value}: `deal`", self.name(&from)))
            }
            CallStatus::NotPermitted if value > 0 => {
                Some("`init` is not payable: send no value".into())
            }
            _ => None,
        }
    }
}
