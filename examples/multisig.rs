//! A wallet of several keys. An owner proposes an action, `needed` of the owners approve it, a
//! delay passes in which they may take that back, then anybody has the wallet do it.
//!
//! * **Who.** Owners are accounts of ML-DSA-65 keys. Each approves by a transaction of its own, or
//!   by a signature of the proposal's digest, under the context `approve`, that anybody brings.
//! * **Once.** The digest is SHA3-256 over the canonical encoding of the number of the chain, this
//!   contract, the number of the proposal, and the action: so what is approved is one action, once,
//!   by one wallet on one chain. An approval counts once, and one that was taken back is not given
//!   again: its signature may still be around.
//! * **Rotation.** Rules are changed by the wallet alone, by a proposal whose target is the wallet
//!   and whose method is `set_rules`. That begins a new era and voids all proposals that are open:
//!   nothing runs on the approval of somebody who is no owner any more.
//! * **Audits.** Where the rules ask for attestations, the code that runs at the target, looked at
//!   when the action is done, must have been attested by that many auditors: by signatures under
//!   the context `attest` over the number of the chain, this contract, and the hash of the code.
//! * **Gas.** Whoever executes chooses the gas; an action says how much its call has to get, so
//!   that nobody can make it fail half-way and be done.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// The longest delay: 90 days, in milliseconds.
pub const LONGEST_DELAY_MS: u64 = 90 * 24 * 60 * 60 * 1_000;
/// Gas for what stands between the last look at the gas and the call.
const GAS_RESERVE: u64 = 50_000;

/// A wallet of several keys. What belongs to an era is never asked for in another.
#[contract(capabilities(call, receive))]
pub struct Multisig {
    /// Counts changes of the rules.
    #[view]
    era: Item<u32>,
    /// Who approves, by era.
    #[view(is_owner(era, account))]
    owners: Map<(u32, Address), bool>,
    /// How many owners approve an action.
    #[view]
    needed: Item<u32>,
    /// Milliseconds between the last approval that is needed and the action.
    delay_ms: Item<u64>,
    /// Who attests code, by era.
    auditors: Map<(u32, Address), bool>,
    /// How many auditors attest code before the wallet calls it.
    attestations: Item<u32>,
    /// Which auditor has attested which code, by era.
    attested: Map<(u32, Hash, Address), bool>,
    /// How many auditors have attested which code, by era.
    #[view(attestations_of(era, code_hash))]
    attested_count: Map<(u32, Hash), u32>,
    /// How many proposals there have been; they are numbered from 1.
    count: Item<u64>,
    /// What is proposed: written once. What changes with each approval is small and apart from it.
    actions: Map<u64, Action>,
    /// How far each proposal has come.
    proposals: Map<u64, Proposal>,
    /// Which owner has approved which proposal; `false` once that was taken back.
    #[view(has_approved(proposal, owner))]
    approvals: Map<(u64, Address), bool>,
}

/// Who approves, who audits, and how long is waited.
#[data]
pub struct Rules {
    /// The owners, each once.
    pub owners: Vec<Address>,
    /// How many of them approve an action.
    pub needed: u32,
    /// Milliseconds between the last approval that is needed and the action.
    pub delay_ms: u64,
    /// The auditors, each once.
    pub auditors: Vec<Address>,
    /// How many of them attest code before the wallet calls it; 0 where none is needed.
    pub attestations: u32,
}

/// What the wallet is to do.
#[data]
pub struct Action {
    /// Whom it calls or pays.
    pub target: Address,
    /// The method; empty to move value without a call.
    pub method: String,
    /// The encoding of its parameters.
    pub arguments: Bytes,
    /// The value that goes with it.
    pub value: u128,
    /// The gas that the call has to get, the loading of the target's code in it.
    pub gas: u64,
}

/// How far a proposal has come.
#[data]
#[derive(Copy)]
pub struct Proposal {
    /// SHA3-256 over chain, wallet, number and action: what approvals are for.
    pub digest: Hash,
    /// The era that it was made in.
    pub era: u32,
    /// How many approvals count.
    pub approvals: u32,
    /// From when on it may be executed; none while approvals are missing.
    pub ready_at_ms: Option<u64>,
    /// Whether it was executed.
    pub executed: bool,
}

/// Other rules hold from now on.
#[event]
pub struct RulesChanged(#[topic] u32, Rules);

/// An owner proposed an action; with the number of the proposal and its digest.
#[event]
pub struct Proposed(#[topic] u64, #[topic] Address, Hash);

/// An owner approved a proposal.
#[event]
pub struct Approved(#[topic] u64, #[topic] Address);

/// An owner took its approval back.
#[event]
pub struct Revoked(#[topic] u64, #[topic] Address);

/// A proposal has the approvals that it needs, and may be executed from that time on.
#[event]
pub struct Ready(#[topic] u64, u64);

/// A proposal was executed, at the instance of that account.
#[event]
pub struct Executed(#[topic] u64, #[topic] Address);

/// An auditor attested code.
#[event]
pub struct Attested(#[topic] Hash, #[topic] Address);

/// Value came in.
#[event]
pub struct Deposited(#[topic] Address, u128);

/// What can go wrong.
#[error]
pub enum Error {
    /// The rules ask for more members than there are, or for none, name one twice, or wait for too
    /// long.
    UnsoundRules,
    /// Only the wallet itself does this.
    NotWallet,
    /// That account is no owner.
    NotOwner,
    /// That account is no auditor.
    NotAuditor,
    /// There is no such proposal.
    NoSuchProposal,
    /// The digest is not the proposal's.
    OtherDigest,
    /// The rules have changed since the proposal was made.
    Void,
    /// The proposal was executed before.
    AlreadyExecuted,
    /// That owner has approved before, even if it took that back.
    AlreadyApproved,
    /// That auditor has attested that code before.
    AlreadyAttested,
    /// That owner has no approval to take back.
    NotApproved,
    /// The signature is not by that key, or not for this.
    Forged,
    /// Approvals are missing.
    TooFewApprovals,
    /// The delay has not passed.
    TooEarly {
        /// When it has.
        ready_at_ms: u64,
    },
    /// Too few auditors have attested the code of the target.
    NotAudited,
    /// There is less gas than the action has to get.
    TooLittleGas,
    /// A number is as great as it can be.
    Overflow,
}

#[methods]
impl Multisig {
    /// A wallet with these rules.
    #[init(payable)]
    fn new(&mut self, cx: &Cx, rules: Rules) -> Result {
        self.adopt(cx, rules)
    }

    /// Takes value. It may come while an action runs, too: this method touches no storage.
    #[call(payable, reentrant)]
    fn deposit(&self, cx: &Cx) {
        cx.emit(Deposited(cx.caller(), cx.value()));
    }

    /// Proposes an action; the number of the proposal. Owners only.
    #[call]
    fn propose(&mut self, cx: &Cx, action: Action) -> Result<u64> {
        ensure!(self.owners.get((self.era.get(), cx.caller())), Error::NotOwner);
        let number = self.count.add_or(1, Error::Overflow)?;
        let domain = (cx.chain_id(), cx.self_address(), number);
        let digest = cx.sha3_256(&(domain, &action).to_bytes());
        let (era, approvals, ready_at_ms, executed) = (self.era.get(), 0, None, false);
        let proposal = Proposal { digest, era, approvals, ready_at_ms, executed };
        self.proposals.set(number, proposal);
        self.actions.set(number, action);
        cx.emit(Proposed(number, cx.caller(), digest));
        Ok(number)
    }

    /// Approves a proposal. The digest says of which action: a number alone may come to mean
    /// another one where the chain's last blocks are replaced.
    #[call]
    fn approve(&mut self, cx: &Cx, number: u64, digest: Hash) -> Result {
        let proposal = self.open_proposal(number)?;
        ensure!(proposal.digest == digest, Error::OtherDigest);
        self.add_approval(cx, number, proposal, cx.caller())
    }

    /// Approves a proposal for the account of `key`, by its signature. Anybody may bring it.
    #[call]
    fn approve_signed(&mut self, cx: &Cx, number: u64, key: Bytes, signature: Bytes) -> Result {
        let proposal = self.open_proposal(number)?;
        let owner = signer(cx, &key, proposal.digest.as_bytes(), b"approve", &signature)?;
        self.add_approval(cx, number, proposal, owner)
    }

    /// Takes the caller's approval of a proposal back, for good.
    #[call]
    fn revoke(&mut self, cx: &Cx, number: u64) -> Result {
        let mut proposal = self.open_proposal(number)?;
        ensure!(self.approvals.get((number, cx.caller())), Error::NotApproved);
        self.approvals.set((number, cx.caller()), false);
        proposal.approvals = proposal.approvals.sub_or(1, Error::NotApproved)?;
        if proposal.approvals < self.needed.get() {
            proposal.ready_at_ms = None;
        }
        self.proposals.set(number, proposal);
        cx.emit(Revoked(number, cx.caller()));
        Ok(())
    }

    /// Does what was proposed, approved and waited for; what the call returned. Anybody may say so.
    /// Where the action fails, nothing has happened, and it may be tried again.
    #[call]
    fn execute(&mut self, cx: &Cx, number: u64) -> Result<Bytes> {
        let mut proposal = self.open_proposal(number)?;
        let ready_at_ms = proposal.ready_at_ms.ok_or(Error::TooFewApprovals)?;
        ensure!(cx.time_ms() >= ready_at_ms, Error::TooEarly { ready_at_ms });
        let action = self.actions.find(number).ok_or(Error::NoSuchProposal)?;
        ensure!(self.is_audited(cx, action.target), Error::NotAudited);
        // What this changes is changed before anybody else's code runs.
        proposal.executed = true;
        self.proposals.set(number, proposal);
        cx.emit(Executed(number, cx.caller()));
        perform(cx, &action)
    }

    /// Records that the auditor of `key` has attested the code of that hash, by its signature.
    /// Anybody may bring it.
    #[call]
    fn attest(&mut self, cx: &Cx, code_hash: Hash, key: Bytes, signature: Bytes) -> Result {
        let message = (cx.chain_id(), cx.self_address(), code_hash).to_bytes();
        let auditor = signer(cx, &key, &message, b"attest", &signature)?;
        let era = self.era.get();
        ensure!(self.auditors.get((era, auditor)), Error::NotAuditor);
        ensure!(!self.attested.has((era, code_hash, auditor)), Error::AlreadyAttested);
        self.attested.set((era, code_hash, auditor), true);
        self.attested_count.add_or((era, code_hash), 1, Error::Overflow)?;
        cx.emit(Attested(code_hash, auditor));
        Ok(())
    }

    /// Changes the rules and begins a new era. The wallet alone does that, while `execute` runs: so
    /// it is open to re-entry, and to nobody else.
    #[call(reentrant)]
    fn set_rules(&mut self, cx: &Cx, rules: Rules) -> Result {
        ensure!(cx.caller() == cx.self_address(), Error::NotWallet);
        self.adopt(cx, rules)
    }

    /// A proposal and its action, if there is one of that number.
    #[view]
    fn proposal(&self, number: u64) -> Option<(Proposal, Action)> {
        self.proposals.find(number).zip(self.actions.find(number))
    }

    fn adopt(&mut self, cx: &Cx, rules: Rules) -> Result {
        let era = self.era.add_or(1, Error::Overflow)?;
        enroll(&mut self.owners, era, &rules.owners, rules.needed)?;
        enroll(&mut self.auditors, era, &rules.auditors, rules.attestations)?;
        let sound = rules.needed > 0 && rules.delay_ms <= LONGEST_DELAY_MS;
        ensure!(sound, Error::UnsoundRules);
        self.needed.set(rules.needed);
        self.delay_ms.set(rules.delay_ms);
        self.attestations.set(rules.attestations);
        cx.emit(RulesChanged(era, rules));
        Ok(())
    }

    /// A proposal that may still be approved and executed.
    fn open_proposal(&self, number: u64) -> Result<Proposal> {
        let proposal = self.proposals.find(number).ok_or(Error::NoSuchProposal)?;
        ensure!(!proposal.executed, Error::AlreadyExecuted);
        ensure!(proposal.era == self.era.get(), Error::Void);
        Ok(proposal)
    }

    fn add_approval(
        &mut self,
        cx: &Cx,
        number: u64,
        mut proposal: Proposal,
        owner: Address,
    ) -> Result {
        ensure!(self.owners.get((proposal.era, owner)), Error::NotOwner);
        ensure!(!self.approvals.has((number, owner)), Error::AlreadyApproved);
        self.approvals.set((number, owner), true);
        cx.emit(Approved(number, owner));
        proposal.approvals = proposal.approvals.add_or(1, Error::Overflow)?;
        if proposal.approvals == self.needed.get() {
            let ready_at_ms = cx.time_ms().add_or(self.delay_ms.get(), Error::Overflow)?;
            proposal.ready_at_ms = Some(ready_at_ms);
            cx.emit(Ready(number, ready_at_ms));
        }
        self.proposals.set(number, proposal);
        Ok(())
    }

    /// Whether enough auditors have attested the code that the target has now. An account has none;
    /// the wallet's own code is not asked for, or bad auditors could never be replaced.
    fn is_audited(&self, cx: &Cx, target: Address) -> bool {
        match cx.code_hash_of(target) {
            Some(code_hash) if target != cx.self_address() => {
                self.attested_count.get((self.era.get(), code_hash)) >= self.attestations.get()
            }
            _ => true,
        }
    }
}

/// Enters the members of an era, each once, of whom so many are needed.
fn enroll(
    list: &mut Map<(u32, Address), bool>,
    era: u32,
    members: &[Address],
    needed: u32,
) -> Result {
    ensure!(needed as usize <= members.len(), Error::UnsoundRules);
    for member in members {
        ensure!(!list.has((era, *member)), Error::UnsoundRules);
        list.set((era, *member), true);
    }
    Ok(())
}

/// The account of a key that has signed a message.
fn signer(
    cx: &Cx,
    key: &[u8],
    message: &[u8],
    context: &[u8],
    signature: &[u8],
) -> Result<Address> {
    cx.verify_pqc(Scheme::MlDsa65, key, message, context, signature).or(Err(Error::Forged))?;
    Ok(cx.account_of(Scheme::MlDsa65, key))
}

/// Calls, or moves value alone. A failure ends this call, too.
fn perform(cx: &Cx, action: &Action) -> Result<Bytes> {
    if action.method.is_empty() {
        cx.transfer(action.target, action.value).or_revert();
        return Ok(Bytes::default());
    }
    // A call gets 63 of 64 parts of what is left.
    let enough = cx.gas_left().saturating_sub(GAS_RESERVE) / 64 * 63 >= action.gas;
    ensure!(enough, Error::TooLittleGas);
    let call = CallSpec::new(action.target, &action.method, &action.arguments);
    Ok(cx.call(&call.value(action.value)).or_revert().into())
}
