//! Events: filters against a scan over all receipts, pages, subscriptions, the index as a whole.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use dytallix::chain::{
    Block, BlockInfo, Body, ContractActivity, EventPage, EventPosition, IndexedEvent, MOST_EVENTS,
    MOST_EXAMINED,
};
use dytallix::state::{Batch, Bytes, Event, KeyRange, Order, Store, StoreError, Table, Visit};
use dytallix::{Address, Amount, EventFilter, Hash, Height, MemoryStore, Runtime, Status};

use crate::emitter::{Random, TOPICS, World, deployment, table};
use crate::support::{Account, PROPOSER, commit, genesis, run};

type Found = (EventPosition, Hash, u64, Event);

fn found(event: &IndexedEvent) -> Found {
    (event.position, event.transaction, event.time_ms, event.event.clone())
}

/// Whether a filter wants an event, by the words of its documentation.
fn is_wanted(filter: &EventFilter, (position, _, _, event): &Found) -> bool {
    let by_contract = filter.contracts.is_empty() || filter.contracts.contains(&event.contract);
    let mut by_topics = true;
    for (place, values) in filter.topics.iter().enumerate() {
        if let Some(values) = values {
            by_topics &= place < event.topics.len() && values.contains(&event.topics[place]);
        }
    }
    let (from, to) = (filter.from.number(), filter.to.number());
    let height = position.height.number();
    by_contract && by_topics && height >= from && height <= to
}

/// What a scan over all receipts finds, cursor and order included, the limit not.
fn naive(filter: &EventFilter, all: &[Found]) -> Vec<Found> {
    let mut wanted: Vec<Found> = all.iter().filter(|one| is_wanted(filter, one)).cloned().collect();
    if filter.order == Order::Descending {
        wanted.reverse();
    }
    wanted.retain(|(position, ..)| match (filter.cursor, filter.order) {
        (None, _) => true,
        (Some(cursor), Order::Ascending) => *position > cursor,
        (Some(cursor), Order::Descending) => *position < cursor,
    });
    wanted
}

/// All pages of a filter, each within its limit.
fn pages<S: Store>(runtime: &Runtime<S>, filter: &EventFilter) -> Vec<Found> {
    let (mut filter, mut events) = (filter.clone(), Vec::new());
    loop {
        let page: EventPage = runtime.events(&filter).expect("a whole index");
        assert!(page.events.len() <= filter.limit.clamp(1, MOST_EVENTS) as usize);
        events.extend(page.events.iter().map(found));
        let Some(next) = page.next else { return events };
        filter = filter.after(next);
    }
}

fn random_filter(random: &mut Random, world: &World, all: &[Found]) -> EventFilter {
    let last = world.runtime.height().expect("a chain").number() as usize;
    let mut filter = EventFilter::new();
    for _ in 0..random.below(3) {
        // Now and then one that is no contract.
        let contract = world.contracts.get(random.below(world.contracts.len() + 1));
        filter = filter.contract(contract.copied().unwrap_or(PROPOSER));
    }
    // So many that pages of lists are short, or that the events are asked.
    if random.below(4) == 0 {
        let nobody = (0..10 + random.below(70)).map(|n| Address::from_bytes([n as u8; 32]));
        filter.contracts.extend(nobody);
    }
    for place in 0..random.below(5) {
        for _ in 0..random.below(3) {
            filter = filter.topic(place as u8, TOPICS[random.below(TOPICS.len())]);
        }
    }
    if random.below(2) == 0 {
        filter = filter.from(Height::new(random.below(last + 2) as u64));
    }
    if random.below(2) == 0 {
        filter = filter.to(Height::new(random.below(last + 2) as u64));
    }
    if random.below(3) == 0 && !all.is_empty() {
        let EventPosition { height, transaction, event, .. } = all[random.below(all.len())].0;
        // Of an event, or beside one.
        filter = filter.after(EventPosition::new(height, transaction, event + 7 * (event & 1)));
    }
    filter.limit(1 + random.below(9) as u32)
}

#[test]
fn pages_of_any_length_are_what_a_scan_over_all_receipts_finds() {
    let mut wanted = 0;
    for seed in 0..6 {
        let mut random = Random(seed);
        let mut world = World::new(3);
        (0..25).for_each(|_| world.random_block(&mut random));
        let all = world.all_events();
        for _ in 0..150 {
            let filter = random_filter(&mut random, &world, &all);
            for order in [Order::Ascending, Order::Descending] {
                let filter = filter.clone().order(order);
                let expected = naive(&filter, &all);
                assert_eq!(pages(&world.runtime, &filter), expected, "{filter:?}");
                let whole = world.runtime.events(&filter.clone().limit(u32::MAX)).expect("whole");
                let events: Vec<Found> = whole.events.iter().map(found).collect();
                assert_eq!((events, whole.next), (expected, None), "{filter:?}");
            }
            let both = [Order::Ascending, Order::Descending];
            let [up, mut down] = both.map(|order| {
                let mut filter = filter.clone().order(order);
                filter.cursor = None;
                pages(&world.runtime, &filter)
            });
            down.reverse();
            assert_eq!(up, down, "{filter:?}");
            wanted += up.len();
        }
    }
    assert!(wanted > 5_000, "filters find something: {wanted}");
}

#[test]
fn topics_are_asked_for_by_their_place() {
    let mut world = World::new(1);
    let events: [(Vec<&[u8]>, &[u8]); 4] =
        [(vec![b"a", b"b"], b"0"), (vec![b"b", b"a"], b"1"), (vec![b"a"], b"2"), (vec![], b"3")];
    let body = world.emit(0, &events);
    world.block(vec![body]);
    let data = |filter: EventFilter| -> Vec<u8> {
        let page = world.runtime.events(&filter).expect("a whole index");
        page.events.iter().map(|event| event.event.data[0]).collect()
    };
    let all = EventFilter::new;
    assert_eq!(data(all()), b"0123");
    assert_eq!(data(all().topic(0, *b"a")), b"02");
    assert_eq!(data(all().topic(1, *b"a")), b"1");
    assert_eq!(data(all().topic(0, *b"a").topic(0, *b"b")), b"012");
    assert_eq!(data(all().topic(0, *b"a").topic(1, *b"b")), b"0");
    assert_eq!(data(all().topic(200, *b"a")), b"");
    let mut none_of_no_values = all();
    none_of_no_values.topics = vec![Some(Vec::new())];
    assert_eq!(data(none_of_no_values), b"");
    let mut anything = all();
    anything.topics = vec![None; 300];
    assert_eq!(data(anything), b"0123");
}

#[test]
fn limits_of_a_page_hold_and_the_next_page_goes_on() {
    let mut world = World::new(2);
    let many: Vec<(Vec<&[u8]>, &[u8])> = vec![(vec![b"x"], b""); 500];
    let blocks = MOST_EXAMINED as usize / 1_000 + 1;
    for _ in 0..blocks {
        let bodies = vec![world.emit(0, &many), world.emit(0, &many)];
        world.block(bodies);
    }
    let all = EventFilter::new();
    let page = |filter: &EventFilter| world.runtime.events(filter).expect("a whole index");
    assert_eq!(page(&all.clone().limit(0)).events.len(), 1);
    assert_eq!(page(&all.clone().limit(u32::MAX)).events.len(), MOST_EVENTS as usize);
    assert_eq!(pages(&world.runtime, &all).len(), 1_000 * blocks);

    // Exactly as many as there are, and one fewer.
    let last = all.clone().from(world.runtime.height().expect("a chain"));
    assert_eq!(page(&last.clone().limit(1_000)).next, None);
    assert!(page(&last.limit(999)).next.is_some());

    // More values than there are lists: the events of the contract are looked at one by one.
    let mut rare = all.contract(world.contracts[0]);
    for value in 0..100_u8 {
        rare = rare.topic(0, [value, value]);
    }
    let first = page(&rare);
    assert!(first.events.is_empty() && first.next.is_some(), "{first:?}");
    let second = page(&rare.clone().after(first.next.expect("a cursor")));
    assert_eq!(second, EventPage::default());
    // The same with few values ends at once.
    let none = EventFilter::new().contract(world.contracts[0]).topic(0, *b"y");
    assert_eq!(page(&none), EventPage::default());

    // It is made anew and pruned in many batches.
    let before = world.index();
    assert!(before.len() > 30_000, "{}", before.len());
    world.runtime.reindex().expect("it has a chain");
    assert_eq!(world.index(), before);
    world.runtime.prune(2, 100).expect("nothing is pinned");
    assert_points_at_what_is_there(&world);
    let pruned = world.index();
    world.runtime.reindex().expect("it has a chain");
    assert_eq!(world.index(), pruned);
}

#[test]
fn a_chain_without_blocks_and_a_store_without_a_chain_have_no_events() {
    let runtime = Runtime::new(MemoryStore::new()).expect("an engine");
    assert_eq!(runtime.events(&EventFilter::new()), Ok(EventPage::default()));
    let runtime = crate::support::runtime(genesis(&[]));
    assert_eq!(runtime.events(&EventFilter::new()), Ok(EventPage::default()));
    assert_eq!(runtime.activity(&PROPOSER), Ok(None));
}

/// A list that a listener adds to.
fn listener() -> (Arc<Mutex<Vec<Found>>>, impl FnMut(&IndexedEvent) + Send + 'static) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    (heard, move |event: &IndexedEvent| list.lock().expect("one thread").push(found(event)))
}

#[test]
fn subscribers_hear_what_a_query_finds_in_its_order() {
    let mut world = World::new(2);
    let filter = EventFilter::new().contract(world.contracts[1]);
    let filter = filter.topic(0, *b"a").topic(0, *b"transfer").topic(0, *b"ab");
    let limited = filter.clone().limit(1).order(Order::Descending);
    let (heard, listen) = listener();
    let id = world.runtime.subscribe(limited, listen);
    let (all, listen) = listener();
    let other = world.runtime.subscribe(EventFilter::new().to(Height::new(15)), listen);
    assert_ne!(id, other);
    let mut random = Random(77);
    (0..20).for_each(|_| world.random_block(&mut random));
    let expected = pages(&world.runtime, &filter);
    assert!(expected.len() > 5, "{}", expected.len());
    assert_eq!(*heard.lock().expect("one thread"), expected);
    let expected = pages(&world.runtime, &EventFilter::new().to(Height::new(15)));
    assert_eq!(*all.lock().expect("one thread"), expected);

    assert!(world.runtime.unsubscribe(&id));
    assert!(!world.runtime.unsubscribe(&id), "once");
    heard.lock().expect("one thread").clear();
    (0..10).for_each(|_| world.random_block(&mut random));
    assert!(heard.lock().expect("one thread").is_empty());
}

#[test]
fn nobody_hears_of_a_block_that_is_not_durable_and_everybody_of_its_successor() {
    let mut world = World::new(1);
    let (heard, listen) = listener();
    world.runtime.subscribe(EventFilter::new(), listen);
    let body = world.emit(0, &[(vec![], b"first")]);
    let transaction = world.alice.send(body.clone());
    let mut block = world.runtime.block(BlockInfo::new(5_000, PROPOSER)).expect("a block");
    _ = block.execute(&transaction).expect("no fault");
    let finished = block.finish().expect("no fault");
    world.runtime.prepare(finished).expect("it follows");
    assert!(heard.lock().expect("one thread").is_empty());
    commit(&mut world.runtime, &[transaction]);
    assert_eq!(heard.lock().expect("one thread").len(), 1);
    // A block that is dropped was heard; what comes in its place is heard too.
    world.runtime.drop_block().expect("it is retained");
    world.alice.nonce -= 1;
    world.block(vec![body]);
    assert_eq!(heard.lock().expect("one thread").len(), 2);
}

#[test]
fn a_listener_that_panics_leaves_the_runtime_as_it_should_be() {
    let mut world = World::new(1);
    let calls = Arc::new(AtomicU32::new(0));
    let counter = calls.clone();
    world.runtime.subscribe(EventFilter::new(), move |_| {
        assert!(counter.fetch_add(1, Ordering::Relaxed) > 0, "the first event is too much");
    });
    let (heard, listen) = listener();
    world.runtime.subscribe(EventFilter::new(), listen);
    let before = world.runtime.height().expect("a chain");
    let body = world.emit(0, &[(vec![], b"1"), (vec![], b"2")]);
    let outcome = catch_unwind(AssertUnwindSafe(|| world.block(vec![body.clone()])));
    assert!(outcome.is_err(), "the listener panicked");
    assert_eq!(world.runtime.height(), before.next());
    assert_eq!(world.runtime.prepared(), None);
    assert!(heard.lock().expect("one thread").is_empty());
    world.block(vec![body]);
    assert_eq!(*heard.lock().expect("one thread"), pages(&world.runtime, &EventFilter::new()));
    assert_eq!(calls.load(Ordering::Relaxed), 3, "the panicking one heard one of the first block");
}

#[test]
fn transactions_are_found_by_id_where_they_were_not_rejected() {
    let mut world = World::new(1);
    let pay = Body::transfer(PROPOSER, Amount::new(1));
    let [first, second] = [(); 2].map(|()| world.alice.send(pay.clone()));
    let rejected = Account::new("nobody").send(pay);
    let result = commit(&mut world.runtime, &[first, rejected.clone(), second.clone()]);
    let there = world.runtime.transaction(&second.id()).expect("whole").expect("it is there");
    assert_eq!((there.height, there.index, there.time_ms), (Height::new(2), 2, 2_000));
    assert_eq!((there.transaction, there.receipt), (second, result.receipts[2].clone()));
    assert_eq!(world.runtime.transaction(&rejected.id()), Ok(None));
}

#[test]
fn activity_counts_calls_and_tells_the_last_change() {
    let mut world = World::new(1);
    let contract = world.contracts[0];
    let activity = |world: &World| {
        let activity = world.runtime.activity(&contract).expect("whole").expect("it is known");
        (activity.call_count, activity.last_modified.number(), activity.last_modified_ms)
    };
    assert_eq!(activity(&world), (0, 1, 1_000), "deployed");
    let (call, fail) = (world.emit(0, &[]), Body::call(contract, "fail", []));
    world.block(vec![call.clone(), Body::Batch(vec![call.clone(), call])]);
    assert_eq!(activity(&world), (3, 2, 2_000));
    world.block(vec![fail]);
    assert_eq!(activity(&world), (4, 2, 2_000), "it failed");
    assert_eq!(world.runtime.activity(&PROPOSER), Ok(None));
}

fn random_world(seed: u64, blocks: usize) -> World {
    let mut random = Random(seed);
    let mut world = World::new(3);
    (0..blocks).for_each(|_| world.random_block(&mut random));
    world
}

#[test]
fn an_index_that_is_made_anew_is_the_same() {
    let mut world = random_world(5, 30);
    let before = world.index();
    assert!(before.len() > 300, "{}", before.len());
    assert_eq!(world.runtime.reindex(), Ok(31));
    assert_eq!(world.index(), before);

    // What was lost, and what was never there.
    let mut damage = Batch::new();
    before.iter().filter(|(key, _)| key[0] < b'A').step_by(3).for_each(|(key, _)| {
        damage.remove(Table::Index, key.clone());
    });
    damage.put(Table::Index, [2; 49], [1]);
    damage.put(Table::Index, [6; 10], [1]);
    world.runtime.state_mut().write_index(&damage).expect("memory");
    world.runtime.reindex().expect("it has a chain");
    assert_eq!(world.index(), before);

    let mut without = Runtime::new(MemoryStore::new()).expect("an engine");
    assert!(without.reindex().is_err());
}

#[test]
fn dropping_blocks_leaves_the_index_as_it_was() {
    let mut world = random_world(6, 5);
    let (before, nonce) = (world.index(), world.alice.nonce);
    let mut random = Random(7);
    (0..12).for_each(|_| world.random_block(&mut random));
    let longer = world.index();
    let mut dropped: Vec<Block> = Vec::new();
    for _ in 0..12 {
        dropped.insert(0, world.runtime.drop_block().expect("retained"));
    }
    assert_eq!(world.index(), before);
    // The same blocks again, and another branch.
    for block in &dropped {
        let finished = world.runtime.execute_block(block).expect("the next block");
        world.runtime.commit_block(finished).expect("memory");
    }
    assert_eq!(world.index(), longer);
    for _ in 0..12 {
        world.runtime.drop_block().expect("retained");
    }
    world.alice.nonce = nonce;
    (0..4).for_each(|_| world.random_block(&mut random));
    let branch = world.index();
    world.runtime.reindex().expect("it has a chain");
    assert_eq!(world.index(), branch);
}

/// What the rows of the index point at is there.
fn assert_points_at_what_is_there(world: &World) {
    let (store, mut pointed) = (world.runtime.store(), 0);
    for (key, value) in world.index() {
        let place = match key[0] {
            1 => value[..12].to_vec(),
            2..=4 => key[key.len() - 16..key.len() - 4].to_vec(),
            _ => continue,
        };
        assert!(store.get(Table::Receipts, &place).expect("memory").is_some(), "{key:?}");
        assert!(store.get(Table::Blocks, &place[..8]).expect("memory").is_some(), "{key:?}");
        pointed += 1;
    }
    assert!(pointed > 0);
}

#[test]
fn pruning_takes_the_rows_of_what_goes_and_no_others() {
    let mut world = random_world(8, 30);
    let activity = activities(&world);
    let kept = EventFilter::new().from(Height::new(22));
    let expected = pages(&world.runtime, &kept);
    assert!(!expected.is_empty());
    assert_points_at_what_is_there(&world);
    let old = world.runtime.block_at(Height::new(1)).expect("memory").expect("a block");
    let old = old.transaction(0).expect("it decodes").id();
    assert!(world.runtime.transaction(&old).expect("whole").is_some());

    // In steps, the last of which has less to do.
    for (heights, remaining) in [(9, 13), (9, 4), (4, 0), (0, 0)] {
        let pruned = world.runtime.prune(10, 9).expect("nothing is pinned");
        assert_eq!((pruned.heights, pruned.remaining), (heights, remaining));
        assert_points_at_what_is_there(&world);
    }
    assert_eq!(pages(&world.runtime, &kept), expected);
    assert_eq!(pages(&world.runtime, &EventFilter::new()), expected);
    assert_eq!(world.all_events(), expected);
    assert_eq!(activities(&world), activity);
    assert_eq!(world.runtime.transaction(&old), Ok(None));
    world.runtime.state().check(&mut |_| {}).expect("sound");

    let before = world.index();
    world.runtime.reindex().expect("it has a chain");
    assert_eq!(world.index(), before);
    // The blocks that are left can be dropped, and others follow.
    for _ in 0..9 {
        world.runtime.drop_block().expect("the height below is retained");
    }
    let dropped = world.index();
    world.runtime.reindex().expect("it has a chain");
    assert_eq!(world.index(), dropped);
    world.runtime.state().check(&mut |_| {}).expect("sound");
}

/// What all contracts have been doing.
fn activities(world: &World) -> Vec<Option<ContractActivity>> {
    let activity = |contract| world.runtime.activity(contract).expect("whole");
    world.contracts.iter().map(activity).collect()
}

#[test]
fn pruning_that_is_refused_takes_nothing_out_of_the_index() {
    let mut world = random_world(9, 12);
    world.runtime.state_mut().pin(Height::new(5)).expect("retained");
    let before = world.index();
    assert!(world.runtime.prune(2, 100).is_err());
    assert_eq!(world.index(), before);
    // Whoever prunes state alone leaves rows behind, and gets no wrong answers.
    world.runtime.state_mut().unpin(Height::new(5));
    let block = world.runtime.block_at(Height::new(1)).expect("memory").expect("a block");
    let id = block.transaction(0).expect("it decodes").id();
    world.runtime.state_mut().prune(4, 100).expect("nothing is pinned");
    assert_eq!(pages(&world.runtime, &EventFilter::new()), world.all_events());
    assert_eq!(world.runtime.transaction(&id), Ok(None));
}

/// A store that fails when it is told to.
#[derive(Default)]
struct Flaky {
    inner: MemoryStore,
    /// Blocks can not be read.
    no_blocks: Arc<AtomicBool>,
    /// Writes that still succeed.
    writes: Arc<AtomicU32>,
}

impl Store for Flaky {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        match table == Table::Blocks && self.no_blocks.load(Ordering::Relaxed) {
            true => Err(StoreError::new("no blocks today")),
            false => self.inner.get(table, key),
        }
    }

    fn scan(
        &self,
        table: Table,
        range: KeyRange<'_>,
        order: Order,
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.inner.scan(table, range, order, visit)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.writes.load(Ordering::Relaxed) == 0 {
            return Err(StoreError::new("no writes today"));
        }
        self.writes.fetch_sub(1, Ordering::Relaxed);
        self.inner.write(batch)
    }
}

/// A chain over a store that fails when it is told to, with one contract.
fn flaky() -> (Runtime<Flaky>, Account, Address, Arc<AtomicBool>, Arc<AtomicU32>) {
    let store = Flaky::default();
    let (no_blocks, writes) = (store.no_blocks.clone(), store.writes.clone());
    writes.store(u32::MAX, Ordering::Relaxed);
    let mut alice = Account::new("alice");
    let mut runtime = Runtime::builder().genesis(genesis(&[&alice])).build(store).expect("a chain");
    let contract = plain_block(&mut runtime, &mut alice, deployment(0)).expect("a contract");
    (runtime, alice, contract, no_blocks, writes)
}

/// A block of one body.
fn plain_block(runtime: &mut Runtime<Flaky>, alice: &mut Account, body: Body) -> Option<Address> {
    let time_ms = 1_000 * (runtime.height().expect("a chain").number() + 1);
    let mut block = runtime.block(BlockInfo::new(time_ms, PROPOSER)).expect("a block");
    let receipt = block.execute(&alice.send(body)).expect("no fault");
    assert_eq!(receipt.status, Status::Success);
    let finished = block.finish().expect("no fault");
    runtime.commit_block(finished).expect("durable");
    receipt.contract
}

#[test]
fn what_can_not_be_read_when_a_block_is_durable_is_told_with_the_next() {
    let (mut runtime, mut alice, contract, no_blocks, _) = flaky();
    let (heard, listen) = listener();
    runtime.subscribe(EventFilter::new(), listen);
    no_blocks.store(true, Ordering::Relaxed);
    plain_block(&mut runtime, &mut alice, Body::call(contract, "plain", []));
    plain_block(&mut runtime, &mut alice, Body::transfer(PROPOSER, Amount::new(1)));
    assert!(heard.lock().expect("one thread").is_empty());
    no_blocks.store(false, Ordering::Relaxed);
    plain_block(&mut runtime, &mut alice, Body::call(contract, "plain", []));
    let expected = pages(&runtime, &EventFilter::new());
    assert_eq!(expected.len(), 2);
    assert_eq!(*heard.lock().expect("one thread"), expected);
}

#[test]
fn an_index_that_was_not_made_to_its_end_answers_nothing_until_it_is() {
    let (mut runtime, mut alice, contract, _, writes) = flaky();
    plain_block(&mut runtime, &mut alice, Body::call(contract, "plain", []));
    let before = table(runtime.store(), Table::Index);
    let block = runtime.block_at(Height::new(2)).expect("memory").expect("a block");
    let id = block.transaction(0).expect("it decodes").id();
    for left in 1..3 {
        writes.store(left, Ordering::Relaxed);
        assert!(runtime.reindex().is_err(), "{left}");
        assert!(runtime.events(&EventFilter::new()).is_err());
        assert!(runtime.transaction(&id).is_err());
        assert!(runtime.activity(&contract).is_err());
    }
    writes.store(3, Ordering::Relaxed);
    assert_eq!(runtime.reindex(), Ok(2));
    assert_eq!(table(runtime.store(), Table::Index), before);
    assert!(runtime.transaction(&id).expect("whole").is_some());
}

#[test]
fn an_index_that_names_what_is_not_there_is_damage_and_no_answer() {
    let mut world = World::new(1);
    let body = world.emit(0, &[(vec![], b"")]);
    _ = run(&mut world.runtime, &world.alice.send(body));
    let position = EventPosition::new(Height::new(2), 0, 1).to_bytes();
    let mut rows = Batch::new();
    rows.put(Table::Index, [&[4][..], &position].concat(), [1]);
    world.runtime.state_mut().write_index(&rows).expect("memory");
    assert!(world.runtime.events(&EventFilter::new()).is_err());
    world.runtime.reindex().expect("it has a chain");
    assert!(world.runtime.events(&EventFilter::new()).is_ok());
}
