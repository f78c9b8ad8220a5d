//! Transactions that wait: by example, and against a model that looks through a list.

use std::collections::{BTreeMap, BTreeSet};

use dytallix::chain::{
    Body, Fee, MOST_EVICTED, Mempool, MempoolLimits, Pending, Reason, Refusal, Removed, Standing,
    Transaction,
};
use dytallix::crypto::Scheme;
use dytallix::primitives::Nonce;
use dytallix::state::Bytes;
use dytallix::{Address, Amount, Hash, Height, Status};
use proptest::prelude::*;

use crate::support::CHAIN;

const GAS: u64 = 100;

/// What tells the transactions of these tests apart.
#[derive(Clone, Copy, Debug)]
struct Sent {
    account: u8,
    nonce: u64,
    tip: u128,
    /// Bytes of what stands for a signature.
    bytes: usize,
    valid_until: u64,
}

impl Sent {
    fn new(account: u8, nonce: u64, tip: u128) -> Sent {
        Sent { account, nonce, tip, bytes: 10, valid_until: u64::MAX }
    }

    fn bytes(self, bytes: usize) -> Sent {
        Sent { bytes, ..self }
    }

    fn pending(self) -> Pending {
        let signer = address(self.account);
        let fee = Fee::new(GAS, Amount::new(1)).tip(Amount::new(self.tip));
        let body = Body::transfer(signer, Amount::new(1));
        let transaction = Transaction::new(CHAIN, self.nonce, signer, fee, body);
        let transaction = transaction.valid_until(Height::new(self.valid_until));
        let signed = transaction.signed(Scheme::MlDsa65, None, vec![0; self.bytes]);
        Pending::decode(&signed.encode().into()).expect("a transaction")
    }
}

fn address(account: u8) -> Address {
    Address::from_bytes([account; 32])
}

/// An account that can pay for anything.
fn rich() -> Standing {
    Standing::new(Nonce::new(0), Amount::new(1 << 100))
}

fn pool(transactions: u32) -> Mempool {
    Mempool::new(MempoolLimits::default().transactions(transactions))
}

fn insert(pool: &mut Mempool, sent: Sent) -> Result<Vec<Removed>, Refusal> {
    pool.insert(sent.pending(), rich())
}

#[track_caller]
fn take(pool: &mut Mempool, sent: Sent) {
    assert_eq!(insert(pool, sent), Ok(vec![]), "{sent:?}");
}

/// Accounts and nonces in the order of candidates.
fn order(pool: &Mempool) -> Vec<(u8, u64)> {
    named(&pool.candidates(u64::MAX, u64::MAX))
}

fn named(candidates: &[Bytes]) -> Vec<(u8, u64)> {
    let name = |raw: &Bytes| {
        let pending = Pending::decode(raw).expect("a transaction");
        (pending.signer.as_bytes()[0], pending.nonce.number())
    };
    candidates.iter().map(name).collect()
}

fn ids(removed: &[Removed]) -> Vec<(Hash, Reason)> {
    removed.iter().map(|removed| (removed.id, removed.reason)).collect()
}

#[test]
fn candidates_come_by_tip_then_by_arrival_and_never_before_lower_nonces() {
    let mut pool = pool(10);
    for (account, nonce, tip) in [(1, 0, 5), (2, 0, 7), (3, 0, 5), (2, 1, 1), (1, 1, 9), (4, 0, 7)]
    {
        take(&mut pool, Sent::new(account, nonce, tip));
    }
    assert_eq!(order(&pool), [(2, 0), (4, 0), (1, 0), (1, 1), (3, 0), (2, 1)]);
}

#[test]
fn candidates_fit_and_one_that_does_not_keeps_back_its_own_account_only() {
    let mut pool = pool(10);
    let big = Sent::new(1, 0, 9).bytes(1_000);
    take(&mut pool, big);
    take(&mut pool, Sent::new(1, 1, 9));
    take(&mut pool, Sent::new(2, 0, 5));
    take(&mut pool, Sent::new(3, 0, 4));
    let small = Sent::new(2, 0, 5).pending().raw.len() as u64;
    assert_eq!(named(&pool.candidates(2 * small, u64::MAX)), [(2, 0), (3, 0)]);
    assert_eq!(named(&pool.candidates(2 * small - 1, u64::MAX)), [(2, 0)]);
    assert_eq!(named(&pool.candidates(u64::MAX, 2 * GAS)), [(1, 0), (1, 1)]);
    assert_eq!(named(&pool.candidates(u64::MAX, 2 * GAS - 1)), [(1, 0)]);
    assert_eq!(named(&pool.candidates(u64::MAX, 0)), []);
}

#[test]
fn nonces_ahead_wait_for_those_between_as_far_as_the_window_goes() {
    let mut pool = Mempool::new(MempoolLimits::default().account_transactions(4));
    take(&mut pool, Sent::new(1, 3, 9));
    take(&mut pool, Sent::new(1, 1, 9));
    assert_eq!(order(&pool), []);
    assert_eq!(insert(&mut pool, Sent::new(1, 4, 9)), Err(Refusal::NonceTooFar));
    take(&mut pool, Sent::new(1, 0, 9));
    assert_eq!(order(&pool), [(1, 0), (1, 1)]);
    take(&mut pool, Sent::new(1, 2, 9));
    assert_eq!(order(&pool), [(1, 0), (1, 1), (1, 2), (1, 3)]);
    // The account's nonce moves, and the window with it.
    let next = Standing::new(Nonce::new(1), rich().balance);
    let removed = pool.update(Height::new(2), &mut |_| Ok::<_, ()>(next)).expect("known");
    assert_eq!(ids(&removed), [(Sent::new(1, 0, 9).pending().id, Reason::NonceUsed)]);
    assert_eq!(insert(&mut pool, Sent::new(1, 0, 9)), Err(Refusal::NonceUsed));
    take(&mut pool, Sent::new(1, 4, 9));
    assert_eq!(pool.of_account(&address(1)).count(), 4);
}

#[test]
fn a_tip_that_is_a_tenth_and_one_higher_replaces_and_a_lower_one_does_not() {
    for (tip, needed) in [(0, 1), (1, 2), (9, 10), (10, 11), (11, 13), (100, 110), (101, 112)] {
        let mut pool = pool(10);
        let first = Sent::new(1, 0, tip);
        take(&mut pool, first);
        assert_eq!(insert(&mut pool, first), Err(Refusal::Known));
        if needed - 1 > tip {
            assert_eq!(insert(&mut pool, Sent::new(1, 0, needed - 1)), Err(Refusal::Underpriced));
        }
        let removed = insert(&mut pool, Sent::new(1, 0, needed)).expect("a higher tip");
        assert_eq!(ids(&removed), [(first.pending().id, Reason::Replaced)], "{tip}");
        assert_eq!(pool.len(), 1);
    }
    let mut pool = pool(10);
    let highest = Amount::MAX.units() / u128::from(GAS) - 1;
    let everything = Standing::new(Nonce::new(0), Amount::MAX);
    assert_eq!(pool.insert(Sent::new(1, 0, highest).pending(), everything), Ok(vec![]));
    let above = Sent::new(1, 0, highest - 1).pending();
    assert_eq!(pool.insert(above, everything), Err(Refusal::Underpriced));
}

#[test]
fn another_signature_is_the_same_transaction() {
    let mut pool = pool(10);
    take(&mut pool, Sent::new(1, 0, 5));
    assert_eq!(insert(&mut pool, Sent::new(1, 0, 5).bytes(11)), Err(Refusal::Known));
}

#[test]
fn a_full_pool_lets_the_last_of_the_account_with_the_lowest_tip_go() {
    let mut pool = pool(3);
    take(&mut pool, Sent::new(1, 0, 1));
    take(&mut pool, Sent::new(1, 1, 8));
    take(&mut pool, Sent::new(2, 0, 5));
    // The lowest tip has one behind it: that one may not stay without it.
    assert_eq!(insert(&mut pool, Sent::new(3, 0, 5)), Err(Refusal::PoolFull));
    let removed = insert(&mut pool, Sent::new(3, 0, 6)).expect("a higher tip");
    assert_eq!(ids(&removed), [(Sent::new(2, 0, 5).pending().id, Reason::Evicted)]);
    let removed = insert(&mut pool, Sent::new(2, 0, 9)).expect("a higher tip");
    assert_eq!(ids(&removed), [(Sent::new(3, 0, 6).pending().id, Reason::Evicted)]);
    let removed = insert(&mut pool, Sent::new(4, 0, 10)).expect("a higher tip");
    assert_eq!(ids(&removed), [(Sent::new(1, 1, 8).pending().id, Reason::Evicted)]);
    let removed = insert(&mut pool, Sent::new(5, 0, 11)).expect("a higher tip");
    assert_eq!(ids(&removed), [(Sent::new(1, 0, 1).pending().id, Reason::Evicted)]);
}

#[test]
fn of_equal_tips_the_last_that_came_goes_first() {
    let mut pool = pool(2);
    take(&mut pool, Sent::new(1, 0, 5));
    take(&mut pool, Sent::new(2, 0, 5));
    let removed = insert(&mut pool, Sent::new(3, 0, 6)).expect("a higher tip");
    assert_eq!(ids(&removed), [(Sent::new(2, 0, 5).pending().id, Reason::Evicted)]);
}

#[test]
fn one_that_waits_goes_before_any_that_is_ready_whatever_it_promises() {
    let mut pool = pool(2);
    take(&mut pool, Sent::new(1, 1, 1_000));
    take(&mut pool, Sent::new(2, 0, 1));
    assert_eq!(insert(&mut pool, Sent::new(3, 5, 1_000)), Err(Refusal::PoolFull));
    let removed = insert(&mut pool, Sent::new(3, 0, 0)).expect("it is ready");
    assert_eq!(ids(&removed), [(Sent::new(1, 1, 1_000).pending().id, Reason::Evicted)]);
}

#[test]
fn what_a_transaction_depends_on_does_not_go_for_it() {
    let mut pool = pool(2);
    take(&mut pool, Sent::new(1, 0, 1));
    take(&mut pool, Sent::new(2, 0, 50));
    assert_eq!(insert(&mut pool, Sent::new(1, 1, 40)), Err(Refusal::PoolFull));
    let removed = insert(&mut pool, Sent::new(1, 1, 60)).expect("a higher tip");
    assert_eq!(ids(&removed), [(Sent::new(2, 0, 50).pending().id, Reason::Evicted)]);
    assert_eq!(order(&pool), [(1, 0), (1, 1)]);
}

#[test]
fn bytes_are_limited_to_the_last_and_so_many_small_ones_go_for_one_big_one() {
    let small = Sent::new(1, 0, 1).pending().raw.len();
    let count = MOST_EVICTED + 1;
    let limits = MempoolLimits::default().bytes((small * count) as u64);
    let mut pool = Mempool::new(limits);
    for account in 0..count {
        take(&mut pool, Sent::new(account as u8, 0, 1));
    }
    assert_eq!(pool.bytes(), limits.bytes);
    let before = order(&pool);
    // The length of longer bytes takes a byte more.
    let of_length = |bytes: usize| Sent::new(200, 0, 9).bytes(10 + bytes - small - 1);
    assert_eq!(of_length(small * 3).pending().raw.len(), small * 3);
    let too_long = of_length(small * count + 1);
    assert_eq!(insert(&mut pool, too_long), Err(Refusal::TooLong));
    let too_many = of_length(small * MOST_EVICTED + 1);
    assert_eq!(insert(&mut pool, too_many), Err(Refusal::PoolFull));
    assert_eq!(order(&pool), before, "a refusal changes nothing");
    let removed = insert(&mut pool, of_length(small * MOST_EVICTED)).expect("a higher tip");
    assert_eq!(removed.len(), MOST_EVICTED);
    assert_eq!((pool.len(), pool.bytes()), (2, limits.bytes));
}

#[test]
fn an_account_pays_for_all_that_it_has_in_the_pool() {
    let mut pool = pool(10);
    // Each costs a hundred gas at a price of one and a tip of one.
    let standing = Standing::new(Nonce::new(0), Amount::new(500));
    let mut send = |nonce, tip| pool.insert(Sent::new(1, nonce, tip).pending(), standing);
    assert_eq!(send(0, 1), Ok(vec![]));
    assert_eq!(send(2, 1), Ok(vec![]));
    assert_eq!(send(1, 1), Err(Refusal::CannotPay));
    assert_eq!(send(1, 0), Ok(vec![]));
    // The one that is replaced need not be paid for.
    assert_eq!(send(1, 2), Err(Refusal::CannotPay));
    assert_eq!(pool.len(), 3);
    let poorer = Standing::new(Nonce::new(0), Amount::new(399));
    let removed = pool.update(Height::new(1), &mut |_| Ok::<_, ()>(poorer)).expect("known");
    assert_eq!(ids(&removed), [(Sent::new(1, 2, 1).pending().id, Reason::CannotPay)]);
}

#[test]
fn what_has_expired_goes_at_its_height_and_is_taken_no_more() {
    let mut pool = pool(10);
    let until = |valid_until| Sent { valid_until, ..Sent::new(1, 0, 1) };
    take(&mut pool, until(5));
    let update = |pool: &mut Mempool, height| {
        pool.update(Height::new(height), &mut |_| Ok::<_, ()>(rich())).expect("known")
    };
    assert_eq!(update(&mut pool, 5), []);
    assert_eq!(ids(&update(&mut pool, 6)), [(until(5).pending().id, Reason::Expired)]);
    assert_eq!(insert(&mut pool, until(5)), Err(Refusal::Expired));
    take(&mut pool, until(6));
}

#[test]
fn an_update_that_fails_changes_nothing() {
    let mut pool = pool(10);
    take(&mut pool, Sent::new(1, 0, 1));
    take(&mut pool, Sent::new(2, 0, 1));
    let failed = pool.update(Height::new(9), &mut |account| match *account == address(2) {
        true => Err("no"),
        false => Ok(Standing::new(Nonce::new(1), Amount::ZERO)),
    });
    assert_eq!(failed, Err("no"));
    assert_eq!(order(&pool), [(1, 0), (2, 0)]);
}

#[test]
fn one_that_is_taken_out_lets_those_behind_it_wait() {
    let mut pool = pool(10);
    for nonce in 0..3 {
        take(&mut pool, Sent::new(1, nonce, 1));
    }
    let second = Sent::new(1, 1, 1).pending();
    assert_eq!(pool.transaction(&second.id), Some(&second));
    assert_eq!(pool.remove(&second.id), Some(second.clone()));
    assert_eq!(pool.remove(&second.id), None);
    assert_eq!(order(&pool), [(1, 0)]);
    take(&mut pool, Sent::new(1, 1, 7));
    assert_eq!(order(&pool), [(1, 0), (1, 1), (1, 2)]);
}

#[test]
fn refusals_and_reasons_have_their_numbers() {
    let refusals = [
        Refusal::Known,
        Refusal::NonceUsed,
        Refusal::NonceTooFar,
        Refusal::Underpriced,
        Refusal::CannotPay,
        Refusal::PoolFull,
        Refusal::TooLong,
        Refusal::Expired,
    ];
    assert_eq!(refusals.map(Refusal::code), [1, 2, 3, 4, 5, 6, 7, 8]);
    let reasons = [
        Reason::NonceUsed,
        Reason::Expired,
        Reason::CannotPay,
        Reason::Replaced,
        Reason::Evicted,
        Reason::NonceTooFar,
    ];
    assert_eq!(reasons.map(Reason::code), [1, 2, 3, 4, 5, 6]);
    let texts: BTreeSet<String> = refusals.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), refusals.len());
    let nothing: Bytes = [].into();
    assert_eq!(Pending::decode(&nothing), Err(Status::Malformed));
}

/// A pool that looks through a list for everything.
#[derive(Clone, Default)]
struct Model {
    list: Vec<(Pending, u64)>,
    standings: BTreeMap<Address, Standing>,
    arrivals: u64,
    height: u64,
}

impl Model {
    fn nonce(&self, account: &Address) -> u64 {
        self.standings[account].nonce.number()
    }

    fn at(&self, account: &Address, nonce: u64) -> Option<&(Pending, u64)> {
        self.list.iter().find(|(p, _)| p.signer == *account && p.nonce.number() == nonce)
    }

    fn is_ready(&self, pending: &Pending) -> bool {
        let mut below = self.nonce(&pending.signer)..pending.nonce.number();
        below.all(|nonce| self.at(&pending.signer, nonce).is_some())
    }

    fn rank(&self, (pending, arrival): &(Pending, u64)) -> (bool, u128, i128) {
        (self.is_ready(pending), pending.tip.units(), -i128::from(*arrival))
    }

    fn bytes(&self) -> u64 {
        self.list.iter().map(|(pending, _)| pending.raw.len() as u64).sum()
    }

    fn insert(&mut self, pending: &Pending, limits: MempoolLimits) -> Result<Vec<Hash>, Refusal> {
        let standing = self.standings[&pending.signer];
        let (nonce, own) = (pending.nonce.number(), standing.nonce.number());
        if pending.raw.len() as u64 > limits.bytes {
            return Err(Refusal::TooLong);
        }
        if pending.valid_until.number() < self.height {
            return Err(Refusal::Expired);
        }
        if nonce < own {
            return Err(Refusal::NonceUsed);
        }
        if nonce >= own + u64::from(limits.account_transactions) {
            return Err(Refusal::NonceTooFar);
        }
        let mut next = self.clone();
        let mut gone = Vec::new();
        if let Some((there, _)) = self.at(&pending.signer, nonce) {
            let (old, new) = (there.tip.units(), pending.tip.units());
            if there.id == pending.id {
                return Err(Refusal::Known);
            }
            if new < old + 1 || new * 10 < old * 11 {
                return Err(Refusal::Underpriced);
            }
            gone.push(there.id);
            next.list.retain(|(one, _)| one.id != gone[0]);
        }
        let own = next.list.iter().filter(|(one, _)| one.signer == pending.signer);
        let cost: u128 = own.map(|(one, _)| one.cost.units()).sum();
        if cost + pending.cost.units() > standing.balance.units() {
            return Err(Refusal::CannotPay);
        }
        let coming = (pending.clone(), next.arrivals);
        let rank = next.rank(&coming);
        while next.list.len() >= limits.transactions as usize
            || next.bytes() + pending.raw.len() as u64 > limits.bytes
        {
            let is_tail = |(one, _): &&(Pending, u64)| {
                let is_behind = |p: &Pending| p.signer == one.signer && p.nonce > one.nonce;
                let is_needed = one.signer == pending.signer && one.nonce < pending.nonce;
                !is_needed && !next.list.iter().any(|(p, _)| is_behind(p))
            };
            let lowest = next.list.iter().filter(is_tail).min_by_key(|one| next.rank(one));
            let Some(lowest) = lowest.filter(|one| next.rank(one) < rank) else {
                return Err(Refusal::PoolFull);
            };
            let id = lowest.0.id;
            gone.push(id);
            next.list.retain(|(one, _)| one.id != id);
        }
        next.list.push(coming);
        next.arrivals += 1;
        *self = next;
        Ok(gone)
    }

    fn update(&mut self, height: u64) -> Vec<Hash> {
        self.height = height;
        self.list.sort_by_key(|(one, _)| (one.signer, one.nonce));
        let mut left: BTreeMap<Address, u128> =
            self.standings.iter().map(|(account, s)| (*account, s.balance.units())).collect();
        let (standings, mut gone) = (self.standings.clone(), Vec::new());
        self.list.retain(|(one, _)| {
            let left = left.get_mut(&one.signer).expect("an account");
            let stays = one.nonce >= standings[&one.signer].nonce
                && one.valid_until.number() >= height
                && one.cost.units() <= *left;
            if stays {
                *left -= one.cost.units();
            } else {
                gone.push(one.id);
            }
            stays
        });
        gone
    }

    fn candidates(&self, max_bytes: u64, max_gas: u64) -> Vec<Hash> {
        let (mut bytes, mut gas, mut taken) = (max_bytes, max_gas, Vec::new());
        let mut nonces: BTreeMap<Address, u64> =
            self.standings.iter().map(|(a, s)| (*a, s.nonce.number())).collect();
        loop {
            let heads = nonces.iter().filter_map(|(account, nonce)| self.at(account, *nonce));
            let best = heads.max_by_key(|(one, arrival)| (one.tip, u64::MAX - arrival));
            let Some((best, _)) = best else { return taken };
            if best.raw.len() as u64 <= bytes && best.gas_limit <= gas {
                bytes -= best.raw.len() as u64;
                gas -= best.gas_limit;
                taken.push(best.id);
                *nonces.get_mut(&best.signer).expect("an account") += 1;
            } else {
                nonces.remove(&best.signer);
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Insert(Sent),
    /// A block: how far each account's nonce moves, and what each has then.
    Block(Vec<(u64, u128)>),
    Remove(usize),
    Candidates(u64, u64),
}

const ACCOUNTS: u8 = 4;

fn sent() -> impl Strategy<Value = Sent> {
    let bytes = prop_oneof![4 => Just(10_usize), 1 => 10_usize..900];
    let until = prop_oneof![3 => Just(u64::MAX), 1 => 0_u64..12];
    (0..ACCOUNTS, 0_u64..9, 0_u128..25, bytes, until).prop_map(
        |(account, nonce, tip, bytes, valid_until)| Sent {
            account,
            nonce,
            tip,
            bytes,
            valid_until,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let block = proptest::collection::vec((0_u64..2, 0_u128..20_000), usize::from(ACCOUNTS));
    prop_oneof![
        12 => sent().prop_map(Step::Insert),
        1 => block.prop_map(Step::Block),
        1 => (0_usize..20).prop_map(Step::Remove),
        2 => (0_u64..2_000, 0_u64..1_500).prop_map(|(bytes, gas)| Step::Candidates(bytes, gas)),
    ]
}

fn sorted(ids: impl IntoIterator<Item = Hash>) -> Vec<[u8; 32]> {
    let mut ids: Vec<[u8; 32]> = ids.into_iter().map(|id| *id.as_bytes()).collect();
    ids.sort_unstable();
    ids
}

/// Does a step to both. Returns the ids that left the pool and a way to tell.
fn act(pool: &mut Mempool, model: &mut Model, step: &Step, limits: MempoolLimits) {
    match step {
        Step::Insert(sent) => {
            let pending = sent.pending();
            let standing = model.standings[&pending.signer];
            let found = pool.insert(pending.clone(), standing);
            let expected = model.insert(&pending, limits);
            let found = found.map(|removed| sorted(removed.iter().map(|one| one.id)));
            assert_eq!(found, expected.map(sorted));
        }
        Step::Block(accounts) => {
            for (account, (moved, balance)) in (0..).zip(accounts) {
                let nonce = Nonce::new(model.nonce(&address(account)) + moved);
                let standing = Standing::new(nonce, Amount::new(*balance));
                model.standings.insert(address(account), standing);
            }
            let height = model.height + 1;
            let standings = model.standings.clone();
            let removed = pool.update(Height::new(height), &mut |account| {
                standings.get(account).copied().ok_or("a stranger")
            });
            let removed = removed.expect("accounts of the model");
            let expected = model.update(height);
            assert_eq!(sorted(removed.iter().map(|one| one.id)), sorted(expected));
        }
        Step::Remove(at) => {
            if !model.list.is_empty() {
                let (pending, _) = model.list.remove(at % model.list.len());
                assert_eq!(pool.remove(&pending.id), Some(pending));
            }
        }
        Step::Candidates(bytes, gas) => {
            let found = pool.candidates(*bytes, *gas);
            let found: Vec<Hash> =
                found.iter().map(|raw| Pending::decode(raw).expect("sound").id).collect();
            assert_eq!(found, model.candidates(*bytes, *gas));
        }
    }
}

fn check(pool: &Mempool, model: &Model, limits: MempoolLimits) {
    assert_eq!(pool.len(), model.list.len());
    assert_eq!(pool.bytes(), model.bytes());
    assert!(pool.len() <= limits.transactions as usize && pool.bytes() <= limits.bytes);
    for (pending, _) in &model.list {
        assert_eq!(pool.transaction(&pending.id), Some(pending));
    }
    let mut next: BTreeMap<u8, u64> = BTreeMap::new();
    for (account, nonce) in order(pool) {
        let expected = next.entry(account).or_insert(model.nonce(&address(account)));
        assert_eq!(nonce, *expected, "candidates of an account have no gap");
        *expected += 1;
    }
    for account in 0..ACCOUNTS {
        let count = pool.of_account(&address(account)).count();
        assert!(count <= limits.account_transactions as usize);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_pool_is_one_that_looks_through_a_list(
        steps in proptest::collection::vec(step(), 1..120),
        transactions in 1_u32..12,
        bytes in prop_oneof![Just(1_u64 << 20), 300_u64..3_000],
        window in 1_u32..7,
    ) {
        let limits = MempoolLimits::default()
            .transactions(transactions)
            .bytes(bytes)
            .account_transactions(window);
        let (mut pool, mut model) = (Mempool::new(limits), Model::default());
        for account in 0..ACCOUNTS {
            let standing = Standing::new(Nonce::new(0), Amount::new(10_000));
            model.standings.insert(address(account), standing);
        }
        for step in &steps {
            act(&mut pool, &mut model, step, limits);
            check(&pool, &model, limits);
        }
    }
}
