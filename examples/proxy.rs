//! A proxy: its storage, address and caller, the code of another. `forward` runs a method of the
//! code that the admin has named, by `delegatecall`, as if the proxy had it.
//!
//! It is here to show how delegate calls behave. To replace the code of a contract, the chain's own
//! way (a contract that has an admin, see [`upgrade_v1`](../upgrade_v1.rs)) is the better one:
//!
//! * **Storage collides.** Two contracts share one storage, and each numbers its handles from 0.
//!   This one keeps away with the prefixes 254 and 255, and the code behind it has to stay below;
//!   the chain's way has one owner of the storage at a time. Code that is new here must not use a
//!   prefix of the code before it for something else, and no `migrate` runs that could put that
//!   right.
//! * **Nothing protects the proxy from its code.** It may write to 254 and 255, too. Name only code
//!   that you would have deployed here.
//! * **`init` does not run.** Code that is called so has to do with empty storage.
//! * **Tools see the proxy alone.** Its ABI has `forward`, not the methods, events and errors
//!   behind it.
//! * **Each call costs a second frame**, its code and its memory.
//!
//! `forward` takes no value: whether a method is payable is asked of calls from outside, not of
//! delegate calls, so a method that is not would take it.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// Runs the code that its admin has named. `call` is declared for that code: it may do what both
/// may.
#[contract(capabilities(call, delegate))]
pub struct Proxy {
    /// Who may name other code.
    #[prefix = 254]
    #[view]
    admin: Item<Address>,
    /// Hash of the code.
    #[prefix = 255]
    #[view]
    implementation: Item<Hash>,
}

/// Other code runs from now on.
#[event]
pub struct ImplementationChanged {
    /// Hash of the code.
    #[topic]
    pub code_hash: Hash,
}

/// Somebody else is the admin from now on.
#[event]
pub struct AdminChanged {
    /// Who.
    #[topic]
    pub to: Address,
}

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the admin does this.
    NotAdmin,
}

#[methods]
impl Proxy {
    /// The admin is who deploys.
    #[init]
    fn new(&mut self, cx: &Cx, code_hash: Hash) {
        self.admin.set(cx.caller());
        self.implementation.set(code_hash);
        cx.emit(ImplementationChanged { code_hash });
    }

    /// Runs a method of the code on this contract's storage; what it returns, in its encoding.
    /// `input` is the encoding of its parameters. Where the code fails, this does.
    #[call]
    fn forward(&mut self, cx: &Cx, method: String, input: Bytes) -> Bytes {
        cx.delegate_call(self.implementation.get(), &method, &input).or_revert().into()
    }

    /// The same where nothing may change.
    #[view]
    fn query(&self, cx: &Cx, method: String, input: Bytes) -> Bytes {
        cx.delegate_call(self.implementation.get(), &method, &input).or_revert().into()
    }

    /// Names other code.
    #[call(only = admin, err = NotAdmin)]
    fn set_implementation(&mut self, cx: &Cx, code_hash: Hash) -> Result {
        self.implementation.set(code_hash);
        cx.emit(ImplementationChanged { code_hash });
        Ok(())
    }

    /// Makes somebody else the admin.
    #[call(only = admin, err = NotAdmin)]
    fn set_admin(&mut self, cx: &Cx, to: Address) -> Result {
        self.admin.set(to);
        cx.emit(AdminChanged { to });
        Ok(())
    }
}
