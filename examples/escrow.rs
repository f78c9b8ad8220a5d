//! An escrow: a buyer locks value for a seller, and one of three ends the deal.
//!
//! * The buyer releases it to the seller, or the arbiter does.
//! * The seller gives it back, or the arbiter does; after the deadline, the buyer takes it back.
//!
//! Ending a deal pays nobody: it only notes what is owed, and who is owed something withdraws it.
//! So a receiver that takes no value can keep nobody else from theirs, and whoever is paid is paid
//! last, when all is written down. What the contract holds is always what is locked in open deals
//! plus what is owed (value that is sent here without a call is nobody's, and changes neither).
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// Deals between two who need not trust each other, but a third.
#[contract]
pub struct Escrow {
    /// Deals that were neither released nor refunded.
    deals: Map<u64, Deal>,
    /// How many deals there have been; the last one has this number.
    #[view]
    count: Item<u64>,
    /// The sum of all open deals.
    #[view]
    locked: Item<u128>,
    /// What an account may withdraw.
    #[view(owed_to(account))]
    owed: Map<Address, u128>,
}

/// An open deal.
#[data]
pub struct Deal {
    /// Who pays.
    pub buyer: Address,
    /// Who is paid.
    pub seller: Address,
    /// Who decides where those two do not agree.
    pub arbiter: Address,
    /// What is locked.
    pub amount: u128,
    /// From then on the buyer may take it back; in milliseconds since 1970.
    pub deadline_ms: u64,
}

/// A buyer locked an amount.
#[event]
pub struct Locked {
    /// The number of the deal.
    #[topic]
    pub id: u64,
    /// Who locked it.
    #[topic]
    pub buyer: Address,
    /// For whom.
    #[topic]
    pub seller: Address,
    /// How much.
    pub amount: u128,
}

/// A deal has ended: the amount is owed to one of the two.
#[event]
pub struct Closed {
    /// The number of the deal.
    #[topic]
    pub id: u64,
    /// The seller if it was released, the buyer if it was refunded.
    #[topic]
    pub to: Address,
    /// Who ended it.
    pub by: Address,
    /// How much.
    pub amount: u128,
}

/// Somebody was paid what was owed.
#[event]
pub struct Withdrawn(#[topic] Address, u128);

/// What can go wrong.
#[error]
pub enum Error {
    /// A deal needs some value.
    NoValue,
    /// Buyer, seller and arbiter are three.
    SameParty,
    /// The deadline has passed already.
    DeadlinePassed,
    /// There is no open deal of that number.
    NoDeal,
    /// The caller may not end the deal so, or not yet.
    NotAllowed,
    /// The caller is owed nothing.
    NothingOwed,
    /// The caller is a contract that takes no value.
    Unpayable,
    /// A sum would be greater than its type.
    Overflow,
}

#[methods]
impl Escrow {
    /// Begins without any deal.
    #[init]
    fn new(&mut self) {}

    /// Locks the value that comes along until the deal ends; the number of the deal.
    #[call(payable)]
    fn lock(
        &mut self,
        cx: &Cx,
        seller: Address,
        arbiter: Address,
        deadline_ms: u64,
    ) -> Result<u64> {
        let (buyer, amount) = (cx.caller(), cx.value());
        ensure!(amount > 0, Error::NoValue);
        ensure!(buyer != seller && seller != arbiter && arbiter != buyer, Error::SameParty);
        ensure!(deadline_ms > cx.time_ms(), Error::DeadlinePassed);
        let id = self.count.add_or(1, Error::Overflow)?;
        self.locked.add_or(amount, Error::Overflow)?;
        self.deals.set(id, Deal { buyer, seller, arbiter, amount, deadline_ms });
        cx.emit(Locked { id, buyer, seller, amount });
        Ok(id)
    }

    /// Ends a deal in favour of the seller: the buyer may, and the arbiter.
    #[call]
    fn release(&mut self, cx: &Cx, id: u64) -> Result {
        let deal = self.deals.find(id).ok_or(Error::NoDeal)?;
        ensure!([deal.buyer, deal.arbiter].contains(&cx.caller()), Error::NotAllowed);
        self.close(cx, id, deal.seller, deal.amount)
    }

    /// Ends a deal in favour of the buyer: the seller may, the arbiter, and after the deadline the
    /// buyer.
    #[call]
    fn refund(&mut self, cx: &Cx, id: u64) -> Result {
        let deal = self.deals.find(id).ok_or(Error::NoDeal)?;
        let is_late = cx.caller() == deal.buyer && cx.time_ms() >= deal.deadline_ms;
        ensure!(is_late || [deal.seller, deal.arbiter].contains(&cx.caller()), Error::NotAllowed);
        self.close(cx, id, deal.buyer, deal.amount)
    }

    /// Pays the caller all that is owed to it; how much.
    #[call]
    fn withdraw(&mut self, cx: &Cx) -> Result<u128> {
        // The debt is gone before the value moves.
        let amount = self.owed.take(cx.caller()).ok_or(Error::NothingOwed)?;
        cx.emit(Withdrawn(cx.caller(), amount));
        cx.transfer(cx.caller(), amount).or(Err(Error::Unpayable))?;
        Ok(amount)
    }

    /// An open deal.
    #[view]
    fn deal(&self, id: u64) -> Option<Deal> {
        self.deals.find(id)
    }

    fn close(&mut self, cx: &Cx, id: u64, to: Address, amount: u128) -> Result {
        self.deals.remove(id);
        self.locked.sub_or(amount, Error::Overflow)?;
        self.owed.add_or(to, amount, Error::Overflow)?;
        cx.emit(Closed { id, to, by: cx.caller(), amount });
        Ok(())
    }
}
