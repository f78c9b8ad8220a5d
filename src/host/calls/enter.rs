//! From a wish to call to an open frame, or to the reason why not.
//!
//! In this order: depth · the caller's permission · balance · the contract or code · the price of
//! loading it · whether it is admissible · the method · re-entry · whether it takes value · the
//! memory of the tree. Then a checkpoint, value, and a frame.

use alloc::sync::Arc;

use dytallix_abi::{CallFlags, CallStatus, HostTrap};

use super::Run;
use super::activation::Activation;
use crate::gas::GasDimension;
use crate::host::context::Sender;
use crate::host::frame::{CallRequest, Creation, Frame, Target};
use crate::host::interface::{Method, Permissions};
use crate::host::machine::Contract;
use crate::host::observe::{FrameBegin, FrameEvent};
use crate::host::tree::Refusal;
use crate::primitives::{Address, Amount, Hash};
use crate::state::{ContractInfo, StateError};
use crate::vm::MemoryBudget;

/// What a frame is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A method by its name, or `init` of a contract that the call makes.
    Method,
    /// `init` of a contract that is there.
    Init,
    /// `migrate` of some code, for a contract that changes its own.
    Migrate,
}

/// A frame that is about to be opened.
pub(super) struct Opening {
    pub(super) frame: Frame,
    pub(super) code: Arc<Contract>,
    /// The function to run; none where making the instance is all.
    pub(super) entry: Option<u32>,
    /// Gas that it is given, and what is left of it.
    pub(super) gas: (u64, u64),
    /// Whose balance the value comes from, if it moves.
    pub(super) payer: Option<Address>,
    /// The record of the contract that is to be made.
    pub(super) creation: Option<ContractInfo>,
}

/// What a call found: whose storage, which code.
struct Found {
    contract: Address,
    code_hash: Hash,
    creation: Option<Creation>,
}

impl Run<'_, '_, '_> {
    /// Opens a frame, or says why not.
    pub(super) fn enter(
        &mut self,
        request: CallRequest,
        purpose: Purpose,
        caller: Address,
        gas: u64,
        read_only: bool,
    ) -> Result<(), Refusal> {
        self.check_depth()?;
        self.check_permission(&request.target)?;
        if request.value != Amount::ZERO
            && self.overlay.load_account(&caller)?.balance < request.value
        {
            return Err(Refusal::Status(CallStatus::Balance));
        }
        let Found { contract, code_hash, creation } = self.find(&request.target, &caller)?;
        self.check_open(&request.target, &contract)?;
        let (code, left) = self.load(code_hash, gas)?;
        let method = find_method(&code, &request, purpose)?;
        let delegates = matches!(request.target, Target::Delegate(_));
        self.check_reentry(&request, &contract, method)?;
        if request.value != Amount::ZERO && !method.payable {
            return Err(Refusal::Status(CallStatus::NotPermitted));
        }
        let read_only =
            read_only || method.read_only || matches!(request.target, Target::Static(_));
        let mut permissions = *code.interface.permissions();
        let mut sender = Sender { caller, value: request.value };
        if delegates {
            let running = self.tree.running().expect("the frame that delegates");
            permissions = permissions.and(&running.permissions);
            sender = running.sender;
        }
        let creation = creation.map(|creation| {
            let height = self.context.block.height;
            let info = ContractInfo::deployed(code_hash, caller, height).admin(creation.admin);
            ContractInfo { schema: code.interface.schema(), ..info }
        });
        let created = match &request.target {
            Target::Create(creation) => Some((creation.out, contract)),
            _ => None,
        };
        let frame = Frame::new(contract, sender, request.input, read_only, permissions);
        let payer = (!delegates && request.value != Amount::ZERO).then_some(caller);
        let (entry, gas) = (method.function, (gas, left));
        let caller = self.activations.len().checked_sub(1);
        self.open(Opening { frame, code, entry, gas, payer, creation })?;
        if let Some(caller) = caller {
            self.activations[caller].created = created;
        }
        Ok(())
    }

    /// Opens the frame: what happens from here on is undone unless it ends well.
    pub(super) fn open(&mut self, opening: Opening) -> Result<(), Refusal> {
        let Opening { mut frame, code, entry, gas, payer, creation } = opening;
        frame.outermost = self.tree.depth() == 0;
        let budget = self.budget(&code)?;
        let checkpoint = self.overlay.checkpoint();
        let (contract, read_only) = (frame.contract, frame.read_only);
        let made = creation.map_or(Ok(()), |info| {
            self.overlay.create_contract(&contract, info).map_err(Refusal::from)
        });
        let value = frame.sender.value;
        let paid = made.and_then(|()| match payer {
            Some(payer) => self.move_value(&payer, &contract, value),
            None => Ok(()),
        });
        if let Err(refusal) = paid {
            self.overlay.revert(checkpoint);
            return Err(refusal);
        }
        self.tell_begin(&code, contract, entry, gas.1, budget);
        self.tree.push(checkpoint, frame);
        let engine = &self.machine.engine;
        let activation = Activation::new(engine, code, entry, read_only, budget, gas);
        self.activations.push(activation);
        Ok(())
    }

    /// Tells who observes frames that one of `code` begins.
    fn tell_begin(
        &mut self,
        code: &Contract,
        contract: Address,
        entry: Option<u32>,
        gas: u64,
        memory: MemoryBudget,
    ) {
        let instance_price = || code.instance_price(self.machine.rules(), memory);
        let Some(instance_price) = self.machine.observer.is_some().then(instance_price) else {
            return;
        };
        let event = FrameEvent::Begins(FrameBegin {
            contract,
            module: code.program.module().bytes(),
            initialize: code.interface.initialize(),
            entry,
            gas,
            instance_price,
            memory,
            stack_slots: self.values.free_slots() as u64,
        });
        if let Some(observer) = &mut self.machine.observer {
            observer(&event);
        }
    }

    /// Traps the caller where the tree is as deep as it may be.
    pub(super) fn check_depth(&self) -> Result<(), Refusal> {
        if self.tree.depth() >= self.machine.rules().call_limits.depth as usize {
            return Err(Refusal::Trap(HostTrap::CallDepth));
        }
        Ok(())
    }

    /// What the running code has not declared, or the chain does not allow, is refused.
    fn check_permission(&mut self, target: &Target) -> Result<(), Refusal> {
        let delegates = self.machine.rules().delegate_calls;
        let Some(running) = self.tree.running() else { return Ok(()) };
        let Permissions { call, delegate, create, .. } = running.permissions;
        let permitted = match target {
            Target::External(_) | Target::Static(_) => call,
            Target::Delegate(_) => delegate && delegates,
            Target::Create(_) => create,
            Target::Migrate(..) => true,
        };
        if permitted { Ok(()) } else { Err(Refusal::Status(CallStatus::NotPermitted)) }
    }

    fn find(&mut self, target: &Target, caller: &Address) -> Result<Found, Refusal> {
        match target {
            Target::External(to) | Target::Static(to) => {
                let contract = self.overlay.load_account(to)?.contract.as_ref();
                let code_hash = contract.ok_or(Refusal::Status(CallStatus::NotFound))?.code_hash;
                Ok(Found { contract: *to, code_hash, creation: None })
            }
            Target::Migrate(contract, code_hash) => {
                let there = self.overlay.load_account(contract)?.contract.is_some();
                let found = Found { contract: *contract, code_hash: *code_hash, creation: None };
                there.then_some(found).ok_or(Refusal::Status(CallStatus::NotFound))
            }
            Target::Delegate(code_hash) => {
                Ok(Found { contract: *caller, code_hash: *code_hash, creation: None })
            }
            Target::Create(creation) => {
                let code_hash = creation.code_hash;
                let contract = Address::of_contract(caller, &code_hash, &creation.salt);
                if self.overlay.load_account(&contract)?.contract.is_some() {
                    return Err(Refusal::Status(CallStatus::NotPermitted));
                }
                Ok(Found { contract, code_hash, creation: Some(creation.clone()) })
            }
        }
    }

    /// Refuses contracts that are paused or between two versions; `migrate` is how they come to the
    /// next.
    fn check_open(&mut self, target: &Target, contract: &Address) -> Result<(), Refusal> {
        if let Some(chain) = &self.context.chain {
            let makes = matches!(target, Target::Create(_)) && chain.deployments_paused;
            if makes || chain.is_paused(contract) {
                return Err(Refusal::Status(CallStatus::Paused));
            }
        }
        let called = matches!(target, Target::External(_) | Target::Static(_));
        let info = self.overlay.load_account(contract)?.contract.as_ref();
        if called && info.is_some_and(|info| info.migrating) {
            return Err(Refusal::Status(CallStatus::Migrating));
        }
        Ok(())
    }

    /// The code of that hash, and what is left of `gas` once its loading is paid.
    pub(super) fn load(
        &mut self,
        code_hash: Hash,
        gas: u64,
    ) -> Result<(Arc<Contract>, u64), Refusal> {
        let info = self.overlay.load_code_info(&code_hash)?;
        let length = info.ok_or(Refusal::Status(CallStatus::NotFound))?.length;
        let is_warm = self.overlay.is_warm_code(&code_hash);
        let price = self.machine.rules().prices.load_of(length.into(), is_warm);
        let left = gas.checked_sub(price).ok_or(Refusal::Unpaid)?;
        self.overlay.mark_loaded_code(&code_hash)?;
        self.used.add(GasDimension::StateRead, price);
        let contract = self.machine.load(self.overlay, code_hash)?;
        let contract = contract.map_err(|_| Refusal::Status(CallStatus::CodeInadmissible))?;
        Ok((contract, left))
    }

    /// The code of that hash, paid by the running frame.
    pub(super) fn load_for_running(&mut self, code: Hash) -> Result<Arc<Contract>, Refusal> {
        let running = self.activations.last().expect("an activation for each frame");
        let (contract, left) = self.load(code, running.left)?;
        self.activations.last_mut().expect("an activation for each frame").left = left;
        Ok(contract)
    }

    /// Refuses what leads back into a contract that is running, unless each of its open frames has
    /// opened it, or the method says that it may be entered so.
    fn check_reentry(
        &mut self,
        request: &CallRequest,
        contract: &Address,
        method: Method,
    ) -> Result<(), Refusal> {
        self.tree.set_reentry(request.flags.contains(CallFlags::ALLOW_REENTRY));
        let leads_back = matches!(request.target, Target::External(_) | Target::Static(_));
        if leads_back && !method.reentrant && !self.tree.may_enter(contract) {
            return Err(Refusal::Status(CallStatus::ReentryRefused));
        }
        Ok(())
    }

    /// The pages that a frame of `code` may grow to beside those that are open.
    fn budget(&self, code: &Contract) -> Result<MemoryBudget, Refusal> {
        let limit_pages = self.machine.rules().call_limits.tree_pages;
        let held = self.activations.iter().map(|open| u64::from(open.pages())).sum::<u64>();
        if held + u64::from(code.initial_pages()) > u64::from(limit_pages) {
            return Err(Refusal::Trap(HostTrap::TreeMemory));
        }
        // Not above the limit, which is a `u32`.
        Ok(MemoryBudget { held_pages: held as u32, limit_pages })
    }

    /// Moves value, or says which status the caller sees.
    pub(super) fn move_value(
        &mut self,
        from: &Address,
        to: &Address,
        amount: Amount,
    ) -> Result<(), Refusal> {
        self.overlay.transfer(from, to, amount).map_err(|error| match error {
            StateError::InsufficientBalance => Refusal::Status(CallStatus::Balance),
            StateError::BalanceOverflow => Refusal::Trap(HostTrap::BalanceOverflow),
            error => error.into(),
        })
    }
}

/// The function that a call enters.
fn find_method(
    code: &Contract,
    request: &CallRequest,
    purpose: Purpose,
) -> Result<Method, Refusal> {
    let not_found = Refusal::Status(CallStatus::NotFound);
    if purpose == Purpose::Init || matches!(request.target, Target::Create(_)) {
        let init = code.interface.init();
        // Arguments that nobody reads are a mistake.
        return match init {
            None if !request.input.is_empty() => Err(not_found),
            None => Ok(Method::NOTHING),
            Some(init) => Ok(init),
        };
    }
    if purpose == Purpose::Migrate {
        // The old schema is there always; arguments behind it that nobody reads are a mistake.
        return match code.interface.migrate() {
            Some(migrate) => Ok(Method { function: Some(migrate), ..Method::NOTHING }),
            None if request.input.len() == size_of::<u32>() => Ok(Method::NOTHING),
            None => Err(not_found),
        };
    }
    let name = core::str::from_utf8(&request.method).ok();
    name.and_then(|name| code.interface.method(name)).ok_or(not_found)
}
