//! Runs a history on the overlay and on the model, and compares.

use std::collections::BTreeMap;
use std::ops::Bound;

use dytallix::limits::StorageLimits;
use dytallix::primitives::{Amount, Height};
use dytallix::state::{
    Batch, Block as StateBlock, ChangeSet, ContractInfo, Event, MemoryStore, Order, Overlay,
    Residence, State, StateError, StateKey, StateOptions, View,
};

use super::{Block, CODES, KEYS, Model, PLACES, Step, address, code, key};

/// What was seen: so that a test knows that it has looked at something.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Steps that ran.
    pub steps: u64,
    /// Frames that were undone.
    pub reverted: u64,
    /// Frames inside of a frame of the same contract.
    pub reentered: u64,
    /// Steps that were refused.
    pub refused: u64,
    /// Heights at which all of state was compared.
    pub heights: u64,
    /// Proofs that were verified.
    pub proofs: u64,
    /// Blocks that were dropped and committed again.
    pub dropped: u64,
}

/// A history on committed state and on the model.
pub struct History {
    limits: StorageLimits,
    states: Vec<State<MemoryStore>>,
    model: Model,
    /// The model at each retained height.
    past: BTreeMap<u64, Model>,
    counts: Counts,
}

impl History {
    /// A history that has not begun, under limits that are low enough to be met.
    pub fn new() -> Self {
        let mut limits = StorageLimits::default();
        (limits.contract_items, limits.contract_bytes) = (4, 240);
        limits.transaction_writes = 9;
        let states = [Residence::Memory, Residence::Bounded].map(|residence| {
            let options = StateOptions::residence(residence);
            State::open(MemoryStore::new(), options).expect("memory does not fail")
        });
        let (model, past) = (Model::default(), BTreeMap::new());
        History { limits, states: states.into(), model, past, counts: Counts::default() }
    }

    /// Runs a history to its end.
    ///
    /// # Panics
    ///
    /// Where something differs.
    pub fn run(blocks: &[Block]) -> Counts {
        let mut history = History::new();
        blocks.iter().for_each(|block| history.block(block));
        history.counts
    }

    /// Runs a block on each and compares what can be seen.
    fn block(&mut self, block: &Block) {
        let before = self.model.clone();
        for index in 0..self.states.len() {
            self.model = before.clone();
            let height = self.states[index].next_height().expect("far from the end");
            let mut overlay = Overlay::new(&self.states[index]).with_limits(self.limits.clone());
            let mut runner = Runner::new(&self.limits, height, &mut self.counts);
            for transaction in &block.transactions {
                let checkpoint = overlay.checkpoint();
                runner.steps(&mut overlay, &mut self.model, transaction, 0);
                overlay.commit(checkpoint);
                assert_eq!(overlay.end_transaction(), self.model.end_transaction());
            }
            let changes = overlay.changes();
            self.commit(index, height, &changes, (block.drops, &before));
        }
        let height = self.states[0].head().expect("a head").height;
        self.past.insert(height.number(), self.model.clone());
        let [memory, bounded] = &self.states[..] else { unreachable!("two states") };
        assert_eq!(memory.root(), bounded.root(), "a root depends on where leaves are");
        if let Some(keep) = block.prune_to {
            self.prune(keep);
        }
        if block.reopens {
            self.reopen();
        }
        for index in 0..self.states.len() {
            self.compare(index);
        }
    }

    /// Commits a block: prepared, it is not seen; dropped, it has never been.
    fn commit(
        &mut self,
        index: usize,
        height: Height,
        changes: &ChangeSet,
        (drops, before): (bool, &Model),
    ) {
        let state = &mut self.states[index];
        let receipts = [vec![index as u8].into()];
        let block = StateBlock::new(height, changes).receipts(&receipts);
        let (head, store) = (state.head().copied(), state.store().clone());
        let root = state.prepare(height, changes).expect("it follows");
        assert_eq!((state.head().copied(), state.store()), (head, &store));
        compare_view(state, before);
        assert_eq!(state.commit(block), Ok(root));
        if drops && head.is_some() {
            assert_eq!(state.drop_head(&Batch::new()), Ok(head));
            assert_eq!(*state.store(), store);
            compare_view(state, before);
            assert_eq!(state.commit(block), Ok(root));
            self.counts.dropped += 1;
        }
    }

    /// Prunes in steps of two heights; no root changes.
    fn prune(&mut self, keep: u8) {
        for state in &mut self.states {
            let root = state.root();
            while state.prune(keep.into(), 2).expect("nothing is pinned").remaining > 0 {}
            assert_eq!(state.root(), root);
        }
        let oldest = self.states[0].head().expect("a head").oldest;
        let heights = *self.past.keys().next_back().expect("a height");
        let expected = (heights + 1).saturating_sub(u64::from(keep.max(1)));
        assert_eq!(oldest.number(), expected.max(*self.past.keys().next().expect("a height")));
        self.past.retain(|height, _| *height >= oldest.number());
    }

    fn reopen(&mut self) {
        let states = std::mem::take(&mut self.states);
        for (index, state) in states.into_iter().enumerate() {
            let residence = [Residence::Memory, Residence::Bounded][index];
            let (root, store) = (state.root(), state.into_store());
            let state = State::open(store, StateOptions::residence(residence)).expect("sound");
            assert_eq!(state.root(), root);
            self.states.push(state);
        }
    }

    /// Compares everything at every retained height, proves some of it, and checks the store.
    fn compare(&mut self, index: usize) {
        let state = &mut self.states[index];
        let report = state.check(&mut |_| {}).expect("sound");
        assert_eq!(report.heights, self.past.len() as u64);
        for (&height, model) in &self.past {
            let height = Height::new(height);
            let view = state.at(height).expect("retained");
            compare_view(&view, model);
            self.counts.heights += 1;
        }
        compare_view(state, &self.model);
        for (&height, model) in &self.past {
            let height = Height::new(height);
            for place in 0..PLACES {
                let (address, storage_key) = (address(place), key(place % KEYS));
                let is_account = height.number().is_multiple_of(2);
                let state_key = match is_account {
                    true => StateKey::Account(&address),
                    false => StateKey::Storage(&address, &storage_key),
                };
                let is_there = match is_account {
                    true => !model.account(&address).is_default(),
                    false => model.storage.contains_key(&(address, storage_key.clone())),
                };
                let found = state.prove(height, state_key).expect("retained");
                assert_eq!(found.value.is_some(), is_there);
                let verified = match &found.value {
                    Some(value) => found.proof.verify_inclusion(&found.root, &found.key, value),
                    None => found.proof.verify_exclusion(&found.root, &found.key),
                };
                assert_eq!(verified, Ok(()));
                self.counts.proofs += 1;
            }
        }
        let oldest = state.head().expect("a head").oldest;
        if let Some(below) = oldest.number().checked_sub(1) {
            assert!(state.at(Height::new(below)).is_err(), "a height that is not retained");
        }
    }
}

impl Default for History {
    fn default() -> Self {
        History::new()
    }
}

/// Runs steps on an overlay and on a model.
struct Runner<'a> {
    limits: &'a StorageLimits,
    height: Height,
    counts: &'a mut Counts,
    /// The running contracts, outermost first.
    frames: Vec<u8>,
}

impl<'a> Runner<'a> {
    fn new(limits: &'a StorageLimits, height: Height, counts: &'a mut Counts) -> Self {
        Runner { limits, height, counts, frames: Vec::new() }
    }

    fn steps(&mut self, overlay: &mut Overlay<'_>, model: &mut Model, steps: &[Step], running: u8) {
        for step in steps {
            self.counts.steps += 1;
            self.step(overlay, model, step, running);
            assert_eq!(overlay.events(), model.events);
            assert_eq!(overlay.writes(), model.writes);
        }
    }

    fn step(&mut self, overlay: &mut Overlay<'_>, model: &mut Model, step: &Step, running: u8) {
        match step {
            Step::Frame { contract, steps, keeps } => {
                let before = model.clone();
                self.counts.reentered += u64::from(self.frames.contains(contract));
                self.frames.push(*contract);
                let checkpoint = overlay.checkpoint();
                self.steps(overlay, model, steps, *contract);
                self.frames.pop();
                if *keeps {
                    overlay.commit(checkpoint);
                } else {
                    overlay.revert(checkpoint);
                    *model = before;
                    self.counts.reverted += 1;
                }
                compare_view(overlay, model);
            }
            Step::Fork { steps } => {
                let mut simulated = Model { transient: BTreeMap::new(), ..model.clone() };
                (simulated.events, simulated.writes) = (Vec::new(), 0);
                let mut fork = overlay.fork();
                self.steps(&mut fork, &mut simulated, steps, running);
                compare_view(&fork, &simulated);
                drop(fork);
                compare_view(overlay, model);
            }
            Step::Range { contract, from, to, descending, limit } => {
                let order = if *descending { Order::Descending } else { Order::Ascending };
                let (from, to) = (key(*from), to.map(key));
                let range = (
                    Bound::Included(&from[..]),
                    to.as_deref().map_or(Bound::Unbounded, Bound::Excluded),
                );
                let (contract, limit) = (address(*contract), usize::from(*limit));
                let found = overlay.storage_range(&contract, range, order, limit).expect("memory");
                assert_eq!(found, model.range(&contract, &from, to.as_deref(), order, limit));
            }
            step => {
                let (found, expected) = (self.on_overlay(overlay, step, running), {
                    self.on_model(model, step, running)
                });
                self.counts.refused += u64::from(expected.is_err());
                assert_eq!(found, expected, "{step:?}");
            }
        }
    }

    fn on_overlay(&self, overlay: &mut Overlay<'_>, step: &Step, running: u8) -> Answer {
        let contract = address(running);
        let shared = |value: Option<dytallix::state::Bytes>| value.map(|value| value.to_vec());
        match step {
            Step::Set { key: k, value } => {
                overlay.set_storage(&contract, &key(*k), Some(value)).map(shared)
            }
            Step::Remove { key: k } => overlay.set_storage(&contract, &key(*k), None).map(shared),
            Step::Read { key: k } => overlay.load_storage(&contract, &key(*k)).map(shared),
            Step::Transient { key: k, value } => {
                let previous = overlay.transient(&contract, &key(*k));
                let value = value.map(|byte| [byte]);
                overlay.set_transient(&contract, &key(*k), value.as_ref().map(|v| &v[..]));
                Ok(shared(previous))
            }
            Step::Credit { to, amount } => {
                overlay.credit(&address(*to), Amount::new(*amount)).map(|()| None)
            }
            Step::Debit { from, amount } => {
                overlay.debit(&address(*from), Amount::new(*amount)).map(|()| None)
            }
            Step::Transfer { from, to, amount } => {
                let amount = Amount::new(*amount);
                overlay.transfer(&address(*from), &address(*to), amount).map(|()| None)
            }
            Step::BumpNonce { account } => overlay.bump_nonce(&address(*account)).map(|_| None),
            Step::Deposit { contract, account, amount, returns } => {
                let (contract, account) = (address(*contract), address(*account));
                let amount = Amount::new(*amount);
                match returns {
                    true => overlay.return_deposit(&contract, &account, amount),
                    false => overlay.take_deposit(&contract, &account, amount),
                }
                .map(|()| None)
            }
            Step::AddCode { code: n, uploader } => {
                let (hash, code) = code(*n);
                overlay.add_code(hash, code.into(), address(*uploader)).map(|()| None)
            }
            Step::Create { at, code: n } => {
                let info = ContractInfo::deployed(code(*n).0, contract, self.height);
                overlay.create_contract(&address(*at), info).map(|()| None)
            }
            Step::Upgrade { contract, code: n } => {
                let at = address(*contract);
                overlay.upgrade_contract(&at, code(*n).0, 7, self.height, at).map(|()| None)
            }
            Step::Emit { data } => {
                overlay.emit(event(running, *data));
                Ok(None)
            }
            Step::Frame { .. } | Step::Fork { .. } | Step::Range { .. } => Ok(None),
        }
    }

    fn on_model(&self, model: &mut Model, step: &Step, running: u8) -> Answer {
        let contract = address(running);
        match step {
            Step::Set { key: k, value } => {
                model.set_storage(&contract, &key(*k), Some(value), self.limits)
            }
            Step::Remove { key: k } => model.set_storage(&contract, &key(*k), None, self.limits),
            Step::Read { key: k } => Ok(model.storage.get(&(contract, key(*k))).cloned()),
            Step::Transient { key: k, value } => {
                let place = (contract, key(*k));
                Ok(match value {
                    Some(byte) => model.transient.insert(place, vec![*byte]),
                    None => model.transient.remove(&place),
                })
            }
            Step::Credit { to, amount } => model.credit(&address(*to), *amount).map(|()| None),
            Step::Debit { from, amount } => model.debit(&address(*from), *amount).map(|()| None),
            Step::Transfer { from, to, amount } => {
                let (from, to) = (address(*from), address(*to));
                model.both(|m| m.debit(&from, *amount), |m| m.credit(&to, *amount)).map(|()| None)
            }
            Step::BumpNonce { account } => {
                model.bump_nonce(&address(*account));
                Ok(None)
            }
            Step::Deposit { contract, account, amount, returns } => {
                let (contract, account) = (address(*contract), address(*account));
                let deposit = |m: &mut Model| m.change_deposit(&contract, *amount, !returns);
                let balance = |m: &mut Model| match returns {
                    true => m.credit(&account, *amount),
                    false => m.debit(&account, *amount),
                };
                model.both(deposit, balance).map(|()| None)
            }
            Step::AddCode { code: n, uploader } => {
                let (hash, code) = code(*n);
                model.add_code(hash, code, address(*uploader));
                Ok(None)
            }
            Step::Create { at, code: n } => {
                let info = ContractInfo::deployed(code(*n).0, contract, self.height);
                model.create_contract(&address(*at), info).map(|()| None)
            }
            Step::Upgrade { contract, code: n } => {
                model.upgrade(&address(*contract), code(*n).0, self.height).map(|()| None)
            }
            Step::Emit { data } => {
                model.events.push(event(running, *data));
                Ok(None)
            }
            Step::Frame { .. } | Step::Fork { .. } | Step::Range { .. } => Ok(None),
        }
    }
}

/// What a step gives back.
type Answer = Result<Option<Vec<u8>>, StateError>;

fn event(contract: u8, data: u8) -> Event {
    Event::new(address(contract), vec![Box::from([data])], Box::from([data]))
}

/// Everything that can be read agrees, each way it can be read.
fn compare_view(view: &dyn View, model: &Model) {
    let all = (Bound::Unbounded, Bound::Unbounded);
    for place in 0..PLACES {
        let address = address(place);
        let account = view.account(&address).expect("memory");
        assert!(account.as_ref().is_none_or(|account| !account.is_default()));
        assert_eq!(account.unwrap_or_default(), model.account(&address));
        if let Some(info) = model.account(&address).contract {
            assert_eq!((info.usage.items, info.usage.bytes), model.usage(&address));
        }
        for k in (0..KEYS).map(key) {
            let value = view.storage(&address, &k).expect("memory");
            let expected = model.storage.get(&(address, k));
            assert_eq!(value.as_deref(), expected.map(|value| &value[..]));
        }
        for order in [Order::Ascending, Order::Descending] {
            let found = view.storage_range(&address, all, order, usize::MAX).expect("memory");
            assert_eq!(found, model.range(&address, &[], None, order, usize::MAX));
        }
        let history = view.history(&address).expect("memory");
        assert_eq!(history, model.histories.get(&address).cloned().unwrap_or_default());
    }
    for (hash, _) in (0..CODES).map(code) {
        let info = view.code_info(&hash).expect("memory");
        assert_eq!(info.as_ref(), model.code_info.get(&hash));
        let found = view.code(&hash).expect("memory");
        assert_eq!(found.as_deref(), model.code.get(&hash).map(|code| &code[..]));
    }
}
