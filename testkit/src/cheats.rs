//! Cheats: what a chain would not let a test do.

use std::rc::Rc;

use dytallix::Amount;
use dytallix::chain::Error as ChainError;
use dytallix::primitives::Domain;
use dytallix::state::{Analysis, ContractInfo, Overlay, StateError, View};
use dytallix_abi::Address;

use crate::Suite;
use crate::failure::Failure;
use crate::world::{World, not_admitted};

/// A state of the chain to go back to, as often as needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotId {
    /// Where its world is: that of another suite is another.
    world: usize,
    number: usize,
}

impl Suite {
    /// The next call or deployment that does not name its sender comes from `address`, be it an
    /// account or a contract.
    pub fn prank(&self, address: Address) {
        self.world.borrow_mut().senders.next = Some(address);
    }

    /// Calls and deployments that do not name their sender come from `address`, until
    /// [`stop_prank`](Suite::stop_prank).
    pub fn start_prank(&self, address: Address) {
        self.world.borrow_mut().senders.standing = Some(address);
    }

    /// Ends what [`start_prank`](Suite::start_prank) and [`prank`](Suite::prank) began: the default
    /// sender sends again.
    pub fn stop_prank(&self) {
        let senders = &mut self.world.borrow_mut().senders;
        (senders.next, senders.standing) = (None, None);
    }

    /// The time of the next block, in milliseconds since 1970.
    #[must_use]
    pub fn time_ms(&self) -> u64 {
        self.world.borrow().time_ms
    }

    /// Sets the time of the blocks that follow, in milliseconds since 1970; back in time, too. It
    /// stands still until it is set again.
    pub fn warp(&self, time_ms: u64) {
        let mut world = self.world.borrow_mut();
        world.time_ms = time_ms;
        world.runtime.set_time_ms(time_ms);
    }

    /// Moves the time on by that many milliseconds.
    ///
    /// # Panics
    ///
    /// If there is no such time.
    #[track_caller]
    pub fn warp_by(&self, milliseconds: u64) {
        match self.time_ms().checked_add(milliseconds) {
            Some(time_ms) => self.warp(time_ms),
            None => panic!("there is no time {milliseconds} ms from now: it ends at 2^64 - 1 ms"),
        }
    }

    /// The height of the next block: what a contract sees that is called now.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.world.borrow().height()
    }

    /// Commits empty blocks until the next one has this height.
    ///
    /// # Panics
    ///
    /// If that height has passed.
    #[track_caller]
    pub fn roll(&self, height: u64) {
        match height.checked_sub(self.height()) {
            Some(blocks) => self.roll_by(blocks),
            None => panic!("height {height} has passed: the next block is {}", self.height()),
        }
    }

    /// Commits that many empty blocks.
    #[track_caller]
    pub fn roll_by(&self, blocks: u64) {
        done("roll_by", self.world.borrow_mut().roll(blocks));
    }

    /// Keeps state, time, pranks, labels, logs and what mocks have heard, to come back to. Of older
    /// heights, which only [`with_runtime`](Suite::with_runtime) can read, 256 stay.
    ///
    /// ```
    /// # let suite = dytallix_testkit::Suite::new();
    /// let alice = suite.account("alice");
    /// let before = suite.snapshot();
    /// suite.deal(alice, 0);
    /// suite.revert(before);
    /// assert_eq!(suite.balance(alice), dytallix_testkit::DEFAULT_BALANCE);
    /// ```
    pub fn snapshot(&self) -> SnapshotId {
        let number = self.world.borrow_mut().snapshot();
        SnapshotId { world: self.place(), number }
    }

    /// Goes back to a snapshot. It stays, and so do later ones.
    ///
    /// # Panics
    ///
    /// If it is of another suite.
    #[track_caller]
    pub fn revert(&self, snapshot: SnapshotId) {
        if snapshot.world != self.place() {
            panic!("revert: the snapshot is of another suite");
        }
        let reverted = self.world.borrow_mut().revert(snapshot.number);
        done("revert", reverted);
    }

    /// Where its world is.
    fn place(&self) -> usize {
        Rc::as_ptr(&self.world).addr()
    }

    /// Sets the balance of an account or contract.
    #[track_caller]
    pub fn deal(&self, address: Address, balance: u128) {
        let address = address.into();
        let set = |overlay: &mut Overlay<'_>| {
            let current = overlay.load_account(&address)?.balance.units();
            match balance.checked_sub(current) {
                Some(more) => overlay.credit(&address, Amount::new(more)),
                None => overlay.debit(&address, Amount::new(current - balance)),
            }
        };
        self.edit("deal", set);
    }

    /// The balance of an account or contract.
    #[must_use]
    pub fn balance(&self, address: Address) -> u128 {
        self.world.borrow().account(&address).balance.units()
    }

    /// Says what risk score, in basis points, the chain holds for the code of a contract; `None`
    /// for none.
    ///
    /// # Panics
    ///
    /// If there is no contract at that address, or the score is above 10,000.
    #[track_caller]
    pub fn set_risk(&self, address: Address, score: impl Into<Option<u16>>) {
        let report = dytallix::Hash::from_bytes([0; 32]);
        let analysis = score.into().map(|score| Analysis::new(1, score, report));
        self.edit("set_risk", |overlay| overlay.set_analysis(&address.into(), analysis));
    }

    /// The risk score, in basis points, that the chain holds for the code of a contract.
    #[must_use]
    pub fn risk(&self, address: Address) -> Option<u16> {
        Some(self.world.borrow().contract(&address)?.analysis?.score)
    }

    /// The value at a key of a contract's storage; [`read`](Suite::read) is the same by names.
    #[must_use]
    pub fn storage(&self, address: Address, key: &[u8]) -> Option<Vec<u8>> {
        let world = self.world.borrow();
        let value = world.runtime.state().storage(&address.into(), key);
        value.expect("a store in memory does not fail").map(|value| value.to_vec())
    }

    /// Sets or removes the value at a key of a contract's storage; [`write`](Suite::write) is the
    /// same by names.
    ///
    /// # Panics
    ///
    /// If there is no contract at that address, the key is empty, or limits of storage are
    /// exceeded.
    #[track_caller]
    pub fn set_storage(&self, address: Address, key: &[u8], value: Option<&[u8]>) {
        self.edit("set_storage", |overlay| {
            overlay.set_storage(&address.into(), key, value).map(drop)
        });
    }

    /// Puts other code at an address. A contract that is there keeps storage and balance, and no
    /// `migrate` runs; where there is none, it is one from now on, without that `init` has run.
    ///
    /// # Errors
    ///
    /// If the code can not be a contract.
    pub fn set_code(&self, address: Address, code: impl Into<Vec<u8>>) -> Result<(), Failure> {
        let code = code.into();
        let mut world = self.world.borrow_mut();
        let what = format!("new code for {}", world.name(&address));
        let failed = |error| not_admitted(what, error);
        let uploaded = world.runtime.upload(&*code, address.into());
        uploaded.and_then(|_| world.put_code(address, &code)).map_err(failed)?;
        if !world.is_labelled(&address) {
            let abi = world.abi(&address);
            world.label_contract(address, abi.as_deref());
        }
        Ok(())
    }

    /// Changes state, or panics with what was asked for and why not.
    #[track_caller]
    fn edit(&self, what: &str, edit: impl FnOnce(&mut Overlay<'_>) -> Result<(), StateError>) {
        done(what, self.world.borrow_mut().edit(edit));
    }
}

impl World {
    /// Puts code at an address.
    pub(crate) fn put_code(&mut self, address: Address, code: &[u8]) -> Result<(), ChainError> {
        let hash = dytallix::Hash::of(Domain::Code, &[code]);
        let abi = crate::section::find_abi(code);
        let schema = abi.map_or(0, |abi| abi.schema);
        let height = dytallix::Height::new(self.height());
        let address = address.into();
        self.edit(|overlay| {
            overlay.add_code(hash, code.into(), address)?;
            if overlay.load_account(&address)?.contract.is_some() {
                return overlay.upgrade_contract(&address, hash, schema, height, address);
            }
            let mut info = ContractInfo::deployed(hash, address, height);
            info.schema = schema;
            overlay.create_contract(&address, info)
        })
    }
}

#[track_caller]
fn done<E: std::fmt::Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        panic!("{what}: {error}");
    }
}
