//! Contracts of a chain and what they say of themselves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use dytallix::abi::schema::Method;
use dytallix::abi::value::EventValue;
use dytallix::abi::{Abi, MethodKind};
use dytallix::chain::{Body, CodeSource};
use dytallix::host::Interface;
use dytallix::primitives::Domain;
use dytallix::state::{ContractInfo, StoreError, View};
use dytallix::wasm::{Features, Module};
use dytallix::{Address, Event, Hash, Limits, MemoryStore, Runtime};

use super::arguments::Given;
use crate::exit::Exit;
use crate::failure::Failure;

/// A contract of a chain.
pub(crate) struct Contract {
    /// Its address.
    pub(crate) address: Address,
    /// Its record.
    pub(crate) info: ContractInfo,
    /// What it says of itself; nothing where its module has no ABI section.
    pub(crate) abi: Option<Rc<Abi>>,
}

/// What the contracts of a state say of themselves, each code read once.
pub(crate) struct Abis<'a> {
    view: &'a dyn View,
    read: RefCell<BTreeMap<Hash, Option<Rc<Abi>>>>,
    /// Those that a transaction brings: contracts may have them once it is executed.
    brought: Vec<Rc<Abi>>,
}

impl Contract {
    /// The contract at an address.
    pub(crate) fn find(view: &dyn View, address: &Address) -> Result<Contract, Failure> {
        let account = view.account(address).map_err(|error| broken(&error))?;
        let Some(info) = account.and_then(|account| account.contract) else {
            let cause = format!("there is no contract at {address}");
            return Err(Failure::new(Exit::Absent, cause)
                .way_out("the address that `dytallix deploy` has printed")
                .fact("address", address.to_string()));
        };
        let abi = Abis::new(view).of_code(&info.code_hash);
        Ok(Contract { address: *address, info, abi })
    }

    /// The method of that name; none where the contract does not say what methods it has.
    pub(crate) fn method(&self, name: &str) -> Result<Option<&Method>, Failure> {
        let Some(abi) = &self.abi else { return Ok(None) };
        let callable = |method: &&Method| !matches!(method.kind, MethodKind::Init);
        if let Some(method) = abi.method(name).filter(callable) {
            return Ok(Some(method));
        }
        let cause = format!("{} has no method \"{}\"", abi.name, crate::report::plain(name));
        let names = abi.methods.iter().filter(callable).map(|method| method.name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        Err(Failure::new(Exit::Usage, cause).at(self.address.to_string()).way_out(names))
    }

    /// The encoded arguments of a method.
    pub(crate) fn encode(&self, method: &str, given: Given<'_>) -> Result<Vec<u8>, Failure> {
        match (self.method(method)?, &self.abi) {
            (Some(method), Some(abi)) => given.encode(abi, &method.params),
            _ => given.encode_unknown(),
        }
    }
}

impl<'a> Abis<'a> {
    /// Those of the contracts of a state.
    pub(crate) fn new(view: &'a dyn View) -> Abis<'a> {
        Abis { view, read: RefCell::default(), brought: Vec::new() }
    }

    /// The same with what a transaction brings, or gives a contract.
    pub(crate) fn with(view: &'a dyn View, body: &Body) -> Abis<'a> {
        let mut abis = Abis::new(view);
        for body in body.parts() {
            let hash = match body {
                Body::Upload { code } => abis.bring(code),
                Body::Deploy(deployment) => match &deployment.code {
                    CodeSource::Module(code) => abis.bring(code),
                    _ => deployment.code_hash(),
                },
                Body::Upgrade(upgrade) => upgrade.code_hash,
                _ => continue,
            };
            abis.brought.extend(abis.of_code(&hash));
        }
        abis
    }

    /// Takes note of code that state does not have yet.
    fn bring(&self, code: &[u8]) -> Hash {
        let hash = Hash::of(Domain::Code, &[code]);
        let abi = abi_of_code(code).map(Rc::new);
        self.read.borrow_mut().insert(hash, abi);
        hash
    }

    /// What an event says: by the code that its contract has, or that it gets.
    pub(crate) fn decode_event(&self, event: &Event) -> Option<EventValue> {
        let own = self.of(&event.contract);
        let mut abis = own.iter().chain(&self.brought);
        abis.find_map(|abi| abi.decode_event(&event.topics, &event.data).ok())
    }

    /// That of a contract. Where it cannot be read there is none: it is for showing only.
    pub(crate) fn of(&self, contract: &Address) -> Option<Rc<Abi>> {
        let account = self.view.account(contract).ok()??;
        self.of_code(&account.contract?.code_hash)
    }

    /// That of code.
    pub(crate) fn of_code(&self, hash: &Hash) -> Option<Rc<Abi>> {
        if let Some(abi) = self.read.borrow().get(hash) {
            return abi.clone();
        }
        let code = self.view.code(hash).ok()?;
        let abi = code.and_then(|code| abi_of_code(&code)).map(Rc::new);
        self.read.borrow_mut().insert(*hash, abi.clone());
        abi
    }
}

/// What a module says of itself, where it does.
pub(crate) fn abi_of_code(code: &[u8]) -> Option<Abi> {
    let module = Module::decode(code, &Features::default(), &Limits::contract()).ok()?;
    Interface::abi_of(&module).ok()?
}

/// Makes sure that code can be a contract, and says why where it can not: a receipt has a number
/// alone.
pub(crate) fn check_code(code: &[u8]) -> Result<(), Failure> {
    let scratch = Runtime::new(MemoryStore::new());
    let mut scratch = scratch.map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    let nobody = Address::from_bytes([0; 32]);
    let Err(error) = scratch.upload(code, nobody) else { return Ok(()) };
    Err(Failure::new(Exit::BadModule, format!("the module can be no contract: {error}"))
        .way_out("`dytallix build` makes contracts; `dytallix inspect` shows the module's parts")
        .fact("class", "no-contract"))
}

fn broken(error: &StoreError) -> Failure {
    Failure::new(Exit::Store, error.to_string())
        .way_out("`dytallix state check` looks for damage")
        .fact("class", "fault")
}
