//! A treasury that an agent spends from, within what signed risk attestations and its own record
//! allow.
//!
//! **What others say.** Analysts watch accounts and sign what they think of them: an attestation is
//! an ML-DSA-65 signature, under the context `risk`, over the canonical encoding of
//!
//! ```text
//! number of the chain: u64 ‖ this contract ‖ subject ‖ score: u16 ‖ time in ms: u64 ‖ nonce: u64
//! ```
//!
//! Anybody brings it to [`attest`](Treasury::attest). It may not be older than `max_age_ms`, and
//! the nonces of an analyst for a subject only rise, so none is used twice or comes after a newer
//! one. A receiver's score is the median of what at least `quorum` analysts have said and is young
//! enough; and it is never below the score that the chain itself holds for the code of a contract.
//!
//! **What it has seen itself.** How much went out in this window of time, how often, and what each
//! receiver has had before. A payment that is out of the ordinary is not made: it trips the
//! breaker, and nothing is paid until the owner resets it or `cooldown_ms` have passed.
//!
//! A method that returns an error undoes what it did. So a payment that trips the breaker is *not*
//! an error: [`pay`](Treasury::pay) returns a [`Decision`], or the breaker would be undone with it.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// The context of attestations: no other signature of an analyst can be taken for one.
pub const CONTEXT: &[u8] = b"risk";

/// A contract that can be paid.
#[interface]
pub trait Payee {
    /// Takes the value that comes along.
    fn deposit(&mut self);
}

/// Value that an agent spends by rules.
#[contract(capabilities(call))]
pub struct Treasury {
    /// Who sets the rules.
    owner: Item<Address>,
    /// Who spends.
    agent: Item<Address>,
    /// The rules.
    #[view]
    policy: Item<Policy>,
    /// Accounts whose attestations count.
    analysts: Map<Address, bool>,
    /// What was last said of a subject, by each analyst.
    #[view(attestation(subject, analyst))]
    attestations: Map<(Address, Address), Attestation>,
    /// What a receiver has had so far.
    paid: Map<Address, u128>,
    /// What went out in the window that is running.
    window: Item<Window>,
    /// When the breaker tripped, in milliseconds; 0 where it is not.
    #[view]
    tripped_ms: Item<u64>,
}

/// The rules.
#[data]
#[derive(Default)]
pub struct Policy {
    /// How many analysts have to agree to speak of a receiver at all; at least one.
    pub quorum: u8,
    /// How old an attestation may be, in milliseconds.
    pub max_age_ms: u64,
    /// From this score on, in basis points, a receiver is treated as a new one.
    pub caution_score: u16,
    /// From this score on nothing is paid.
    pub refuse_score: u16,
    /// The most that a new receiver gets at once.
    pub newcomer_limit: u128,
    /// How long a window is, in milliseconds.
    pub window_ms: u64,
    /// The most that goes out in a window.
    pub window_outflow: u128,
    /// The most payments in a window.
    pub window_payments: u32,
    /// How long the breaker stays tripped if the owner does not reset it, in milliseconds.
    pub cooldown_ms: u64,
}

/// What an analyst has said of a subject.
#[data]
#[derive(Default)]
pub struct Attestation {
    /// The risk, in basis points: 0 is none, 10,000 is certain.
    pub score: u16,
    /// When the analyst looked, in milliseconds since 1970.
    pub time_ms: u64,
    /// Higher than that of the analyst's attestation before, for this subject.
    pub nonce: u64,
}

/// What went out since a point in time.
#[data]
#[derive(Default)]
pub struct Window {
    /// When it began, in milliseconds since 1970.
    pub start_ms: u64,
    /// How much has gone out.
    pub outflow: u128,
    /// In how many payments.
    pub payments: u32,
}

/// What became of a payment.
#[data]
#[derive(Copy)]
pub enum Decision {
    /// It was made.
    Paid,
    /// The breaker is tripped: more would have gone out in a window than may.
    TooMuch,
    /// The breaker is tripped: there would have been more payments in a window than may.
    TooOften,
    /// The breaker is tripped: a new or doubtful receiver would have got more than such a one may.
    TooBold,
}

/// An analyst has said what it thinks of a subject.
#[event]
pub struct Attested {
    /// Of whom.
    #[topic]
    pub subject: Address,
    /// Who.
    #[topic]
    pub analyst: Address,
    /// The score.
    pub score: u16,
}

/// A payment was made.
#[event]
pub struct Paid {
    /// To whom.
    #[topic]
    pub to: Address,
    /// How much.
    pub amount: u128,
    /// With which score.
    pub score: u16,
}

/// A payment was not made, and the breaker is tripped.
#[event]
pub struct Tripped {
    /// To whom it was to go.
    #[topic]
    pub to: Address,
    /// How much it was.
    pub amount: u128,
    /// What was wrong.
    pub why: Decision,
}

/// The owner has reset the breaker.
#[event]
pub struct Reset;

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the owner does this.
    NotOwner,
    /// Only the agent spends.
    NotAgent,
    /// A quorum of nobody, or a window of no time.
    BadPolicy,
    /// The key is not an analyst's.
    UnknownAnalyst,
    /// A score is above 10,000.
    BadScore,
    /// The attestation is too old, or of the future.
    Stale,
    /// The attestation, or a newer one, has been used.
    Replayed,
    /// The signature is not the analyst's for this.
    Forged,
    /// Too few analysts have spoken of late.
    NoQuorum,
    /// The receiver's score is too high.
    TooRisky,
    /// The breaker is tripped.
    BreakerOpen,
}

#[methods]
impl Treasury {
    /// The owner is who deploys.
    #[init(payable)]
    fn new(&mut self, cx: &Cx, agent: Address, policy: Policy) -> Result {
        self.owner.set(cx.caller());
        self.configure(agent, policy)
    }

    /// Adds value.
    #[call(payable)]
    fn deposit(&mut self) {}

    /// From now on this account spends, by these rules.
    #[call(only = owner, err = NotOwner)]
    fn configure(&mut self, agent: Address, policy: Policy) -> Result {
        ensure!(policy.quorum > 0 && policy.window_ms > 0, Error::BadPolicy);
        self.agent.set(agent);
        self.policy.set(policy);
        Ok(())
    }

    /// Says whether an account's attestations count.
    #[call(only = owner, err = NotOwner)]
    fn set_analyst(&mut self, account: Address, counts: bool) -> Result {
        self.analysts.set(account, counts);
        Ok(())
    }

    /// Closes the breaker again.
    #[call(only = owner, err = NotOwner)]
    fn reset(&mut self, cx: &Cx) -> Result {
        self.tripped_ms.clear();
        cx.emit(Reset);
        Ok(())
    }

    /// Notes what an analyst says of `subject`. Anybody may bring it.
    #[call]
    fn attest(
        &mut self,
        cx: &Cx,
        subject: Address,
        attestation: Attestation,
        key: Bytes,
        signature: Bytes,
    ) -> Result {
        let analyst = cx.account_of(Scheme::MlDsa65, &key);
        ensure!(self.analysts.get(analyst), Error::UnknownAnalyst);
        let Attestation { score, time_ms, nonce } = attestation;
        ensure!(score <= 10_000, Error::BadScore);
        ensure!(is_young(cx, time_ms, self.policy.get().max_age_ms), Error::Stale);
        ensure!(nonce > self.attestations.get((subject, analyst)).nonce, Error::Replayed);
        let said = (cx.chain_id(), cx.self_address(), subject, score, time_ms, nonce).to_bytes();
        let valid = cx.verify_pqc(Scheme::MlDsa65, &key, &said, CONTEXT, &signature);
        valid.or(Err(Error::Forged))?;
        self.attestations.set((subject, analyst), attestation);
        cx.emit(Attested { subject, analyst, score });
        Ok(())
    }

    /// Pays an amount, unless that is out of the ordinary: a contract by its `deposit`, others by
    /// a transfer.
    #[call(only = agent, err = NotAgent)]
    fn pay(&mut self, cx: &Cx, to: Address, amount: u128) -> Result<Decision> {
        let decision = self.decide(cx, to, amount)?;
        // All is noted before the value moves.
        match decision {
            Decision::Paid if cx.code_hash_of(to).is_some() => {
                PayeeClient::new(to).with_value(amount).deposit().or_revert();
            }
            Decision::Paid => cx.transfer(to, amount).or_revert(),
            _ => {}
        }
        Ok(decision)
    }

    /// Takes value out, by no rule.
    #[call(only = owner, err = NotOwner)]
    fn withdraw(&mut self, cx: &Cx, to: Address, amount: u128) -> Result {
        cx.transfer(to, amount).or_revert();
        Ok(())
    }

    /// The median of what analysts say, or what the chain holds if that is more; none without a
    /// quorum.
    #[view]
    fn score_of(&self, cx: &Cx, account: Address) -> Option<u16> {
        let policy = self.policy.get();
        let mut scores = Vec::new();
        for ((_, analyst), said) in self.attestations.iter_with(account) {
            if self.analysts.get(analyst) && is_young(cx, said.time_ms, policy.max_age_ms) {
                let place = scores.iter().filter(|score| **score < said.score).count();
                scores.insert(place, said.score);
            }
        }
        // Of an even number, the higher of the two in the middle.
        let median = scores.get(scores.len() / 2).copied()?;
        let has_quorum = scores.len() >= policy.quorum.into();
        has_quorum.then_some(median.max(cx.risk_score(account).unwrap_or(0)))
    }

    /// Refuses a payment, trips the breaker, or takes note of it as made.
    fn decide(&mut self, cx: &Cx, to: Address, amount: u128) -> Result<Decision> {
        let (policy, now_ms) = (self.policy.get(), cx.time_ms());
        if let Some(tripped_ms) = self.tripped_ms.find() {
            ensure!(now_ms.saturating_sub(tripped_ms) >= policy.cooldown_ms, Error::BreakerOpen);
            self.tripped_ms.clear();
        }
        let score = self.score_of(cx, to).ok_or(Error::NoQuorum)?;
        ensure!(score < policy.refuse_score, Error::TooRisky);

        let mut window = self.window.get();
        if now_ms.saturating_sub(window.start_ms) >= policy.window_ms {
            window = Window { start_ms: now_ms, ..Window::default() };
        }
        window.outflow = window.outflow.saturating_add(amount);
        window.payments = window.payments.saturating_add(1);
        let paid = self.paid.get(to);
        let is_doubtful = paid == 0 || score >= policy.caution_score;
        let why = if window.outflow > policy.window_outflow {
            Decision::TooMuch
        } else if window.payments > policy.window_payments {
            Decision::TooOften
        } else if is_doubtful && amount > policy.newcomer_limit {
            Decision::TooBold
        } else {
            self.window.set(window);
            self.paid.set_or_remove(to, paid.saturating_add(amount));
            cx.emit(Paid { to, amount, score });
            return Ok(Decision::Paid);
        };
        self.tripped_ms.set(now_ms);
        cx.emit(Tripped { to, amount, why });
        Ok(why)
    }
}

/// Whether something of that time is of now, or at most that old.
fn is_young(cx: &Cx, time_ms: u64, max_age_ms: u64) -> bool {
    cx.time_ms().checked_sub(time_ms).is_some_and(|age_ms| age_ms <= max_age_ms)
}
