//! The audit trail: records of a chain with every kind of decision, and what is done to them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use dytallix::chain::{
    AdminOperation, AuditEntry, AuditFault, AuditLink, AuditRecord, AuditValue, AuditVerifier,
    BlockInfo, Body, Change, CodeSource, Command, Decision, Deployment, Governor, METHOD_GOVERN,
    Parameters, Pauses, SignedTransaction, Upgrade,
};
use dytallix::host::system_address;
use dytallix::primitives::Domain;
use dytallix::state::{Admin, Bytes};
use dytallix::{Address, Amount, Hash, Height, MemoryStore, Runtime, Status};

use crate::emitter::module;
use crate::script::{Op, Script, contract};
use crate::support::{Account, PROPOSER, blocks, encoded, genesis, runtime};

const PAUSED: Address = Address::from_bytes([0x77; 32]);

/// A chain that knows which command comes from where.
struct World {
    runtime: Runtime<MemoryStore>,
    alice: Account,
    bob: Account,
    /// What the governor, a contract in the end, ordered: in the order of effect.
    commands: Vec<Command>,
}

fn admin(operation: AdminOperation) -> Body {
    Body::Admin(operation)
}

fn deploy(code: &[u8]) -> Deployment {
    Deployment::new(CodeSource::Module(code.into()))
}

/// A contract that gives this command, when it is told to.
fn governing(command: &Command) -> Vec<u8> {
    let system = system_address();
    let to = Op::At(system.as_bytes());
    let govern = Script::new().external(to, METHOD_GOVERN, &command.encode(), 0, 0).results();
    contract(1, &[("order", govern)])
}

impl World {
    fn new() -> World {
        let (alice, bob) = (Account::new("alice"), Account::new("bob"));
        let governed = Parameters::governed_by(Governor::Account(alice.address));
        let runtime = runtime(genesis(&[&alice, &bob]).parameters(governed));
        World { runtime, alice, bob, commands: Vec::new() }
    }

    fn block(&mut self, transactions: &[Bytes]) -> Vec<Status> {
        let height = self.runtime.height().expect("a chain").number() + 1;
        let info = BlockInfo::new(height * 1_000, PROPOSER);
        let mut block = self.runtime.block(info).expect("a block");
        for transaction in transactions {
            _ = block.execute_encoded(transaction.clone()).expect("no fault");
        }
        let finished = block.finish().expect("no fault");
        let result = self.runtime.commit_block(finished).expect("durable");
        result.receipts.iter().map(|receipt| receipt.status).collect()
    }

    fn bodies(&mut self, bodies: Vec<Body>) -> Vec<Status> {
        let sent: Vec<SignedTransaction> =
            bodies.into_iter().map(|body| self.alice.send(body)).collect();
        self.block(&encoded(&sent))
    }
}

/// Ten blocks with every kind of record: commands wait across several of them.
fn world() -> World {
    let mut world = World::new();
    let (alice, bob) = (world.alice.address, world.bob.address);
    let pause = Change::Pauses(Pauses::contracts(vec![PAUSED]));
    let last = Command::new(Height::new(9), pause);
    let governor = deploy(&governing(&last));
    let governor_address = governor.address(&alice);
    let hand_over = Change::Governor(Governor::Account(governor_address));
    let first = Command::new(Height::new(5), hand_over);
    let early = Command::new(Height::new(3), Change::Schemes(vec![2, 3]));
    world.commands = vec![early.clone(), first.clone(), last];

    // 1: contracts, and commands that take effect in the wrong order.
    let emitter = deploy(&module()).admin(Admin::Key(alice));
    let target = emitter.address(&alice);
    let bodies = vec![
        Body::Deploy(governor),
        Body::Deploy(emitter),
        admin(AdminOperation::Govern(first)),
        admin(AdminOperation::Govern(early)),
    ];
    assert_eq!(world.bodies(bodies), [Status::Success; 4]);

    // 2: calls, transfers, batches that succeed, fail, and fail early.
    let pay = |value| Body::transfer(bob, Amount::new(value));
    let bodies = vec![
        Body::call(target, "plain", []),
        pay(1),
        Body::Batch(vec![pay(2), Body::call(target, "plain", [])]),
        Body::Batch(vec![pay(3), Body::call(target, "none", []), pay(4)]),
        Body::call(target, "fail", []),
    ];
    let statuses = world.bodies(bodies);
    assert_eq!(statuses[..3], [Status::Success; 3]);
    assert!(statuses[3..].iter().all(|status| !status.is_success() && !status.is_rejected()));

    // 3: rejected: not decodable, of a stranger, of a wrong nonce.
    let mut again = world.alice.clone();
    again.nonce = 0;
    let rejected = encoded(&[Account::new("nobody").send(pay(1)), again.send(pay(1))]);
    let garbage: Bytes = Bytes::from(*b"no transaction");
    let statuses = world.block(&[garbage, rejected[0].clone(), rejected[1].clone()]);
    assert!(statuses.iter().all(|status| status.is_rejected()));

    // 4 and 5: code, keys, administration; 5 changes the governor.
    world.bodies(administration(target, bob));
    assert!(world.bodies(Vec::new()).is_empty());

    // 6: the contract that governs gives a command. 7: a key is rotated. 8 to 10: nothing, but the
    // command takes effect.
    let order = Body::call(governor_address, "order", []);
    assert_eq!(world.bodies(vec![order]), [Status::Success]);
    let rotation = world.bob.rotate_to(&Account::new("another"));
    let rotation = world.bob.send(rotation);
    assert_eq!(world.block(&encoded(&[rotation])), [Status::Success]);
    (8..=10).for_each(|_| assert!(world.bodies(Vec::new()).is_empty()));
    world
}

/// A body of each kind that has to do with code, keys and administration.
fn administration(target: Address, bob: Address) -> Vec<Body> {
    let other = contract(1, &[("other", Script::new())]);
    let hash = Hash::of(Domain::Code, &[&other]);
    let approve = AdminOperation::Approve { contract: target, operation: hash };
    let announce = AdminOperation::Announce { contract: target, operation: hash };
    vec![
        Body::Upload { code: other.into() },
        Body::Upgrade(Upgrade::new(target, hash, []).script(hash, [])),
        Body::Upgrade(Upgrade::new(target, hash, [])),
        admin(AdminOperation::RegisterKey),
        admin(AdminOperation::ForgetKey),
        admin(AdminOperation::SetAdmin { contract: target, admin: Admin::Key(bob) }),
        admin(approve),
        admin(announce),
        admin(AdminOperation::RemoveCode { code_hash: hash }),
        admin(AdminOperation::ApproveCommand { command: hash }),
    ]
}

/// The records of some heights, and the end of the trail.
fn export<S: dytallix::Store>(
    runtime: &Runtime<S>,
    from: u64,
    to: u64,
    previous: AuditLink,
) -> (Vec<AuditRecord>, AuditLink) {
    let mut records = Vec::new();
    let link = runtime.audit(Height::new(from), Height::new(to), previous, &mut |record| {
        records.push(record.clone());
        ControlFlow::Continue(())
    });
    (records, link.expect("retained"))
}

fn whole(world: &World) -> (Vec<AuditRecord>, AuditLink) {
    export(&world.runtime, 1, 10, AuditLink::default())
}

/// The first fault of a trail from its beginning, or its end.
fn verify(records: &[AuditRecord]) -> Result<AuditLink, AuditFault> {
    let mut verifier = AuditVerifier::default();
    let all = records.iter().try_for_each(|record| verifier.feed(record));
    all.map(|()| verifier.link())
}

#[test]
fn the_trail_of_a_chain_is_sound_and_every_node_has_the_same() {
    let world = world();
    let (records, link) = whole(&world);
    assert_eq!(verify(&records), Ok(link));
    assert_eq!(link.sequence, records.len() as u64);
    let (first, last) = (Height::new(1), Height::new(10));
    let checked = world.runtime.verify_audit(first, last, AuditLink::default(), records.clone());
    assert_eq!(checked, Ok(Ok(link)));

    let governed = Parameters::governed_by(Governor::Account(world.alice.address));
    let mut second = runtime(genesis(&[&world.alice, &world.bob]).parameters(governed));
    for block in blocks(&world.runtime) {
        let finished = second.execute_block(&block).expect("the next block");
        second.commit_block(finished).expect("memory");
    }
    assert_eq!(export(&second, 1, 10, AuditLink::default()), (records, link));
}

#[test]
fn there_is_a_record_for_each_block_body_rejection_and_command() {
    let world = world();
    let (records, _) = whole(&world);
    let kinds: BTreeSet<&str> = records.iter().map(|record| record.entry.name()).collect();
    let expected = [
        "announce",
        "approve",
        "approve_command",
        "block",
        "call",
        "deploy",
        "forget_key",
        "govern",
        "register_key",
        "rejected",
        "remove_code",
        "rotate_key",
        "scheduled",
        "set_admin",
        "took_effect",
        "transfer",
        "upgrade",
        "upload",
    ];
    assert_eq!(kinds, BTreeSet::from(expected));
    let of_height = |height: u64| -> Vec<&str> {
        let of_height = |record: &&AuditRecord| record.height.number() == height;
        records.iter().filter(of_height).map(|record| record.entry.name()).collect()
    };
    assert_eq!(
        of_height(1),
        ["block", "deploy", "deploy", "govern", "scheduled", "govern", "scheduled"]
    );
    assert_eq!(of_height(3), ["block", "took_effect", "rejected", "rejected", "rejected"]);
    assert_eq!(of_height(6), ["block", "call", "scheduled"]);
    assert_eq!(of_height(10), ["block"]);

    // Commands take effect in the order of their heights, not in that of the transactions.
    let effects = records.iter().filter_map(|record| match &record.entry {
        AuditEntry::TookEffect { command } => Some((record.height, command.clone())),
        _ => None,
    });
    let commands = world.commands.iter().map(|command| (command.height, command.clone()));
    assert!(effects.eq(commands));

    // Of the batch that failed, what was done and what was not tried.
    let results: Vec<(u32, Option<Status>)> = records
        .iter()
        .filter_map(|record| match &record.entry {
            AuditEntry::Decision { source, status, result, .. }
                if record.height.number() == 2 && source.transaction == 3 =>
            {
                assert_eq!(*status, Status::NotFound);
                Some((source.body, *result))
            }
            _ => None,
        })
        .collect();
    assert_eq!(results, [(0, Some(Status::Success)), (1, Some(Status::NotFound)), (2, None)]);
}

#[test]
fn a_block_is_recorded_with_what_it_came_to() {
    let world = world();
    let (records, _) = whole(&world);
    let mut app_hashes = Vec::new();
    for record in &records {
        if let AuditEntry::Block { hash, app_hash, transactions, .. } = &record.entry {
            let block = world.runtime.block_at(record.height).expect("memory").expect("a block");
            assert_eq!(*hash, block.header.hash());
            assert_eq!(*transactions as usize, block.transactions.len());
            assert_eq!(record.time_ms, block.header.time_ms);
            app_hashes.push(*app_hash);
        }
    }
    assert_eq!(app_hashes.len(), 10);
    assert_eq!(app_hashes.last(), world.runtime.app_hash().as_ref());
}

#[test]
fn every_flipped_bit_is_found() {
    let (records, _) = whole(&world());
    let mut flips = 0;
    for (at, record) in records.iter().enumerate() {
        let bytes = record.encode();
        assert_eq!(AuditRecord::decode(&bytes).as_ref(), Ok(record));
        let mut before = AuditVerifier::default();
        records[..at].iter().for_each(|record| before.feed(record).expect("sound"));
        for bit in 0..8 * bytes.len() {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // What does not decode is found as well.
            if let Ok(flipped) = AuditRecord::decode(&bytes) {
                assert!(before.clone().feed(&flipped).is_err(), "record {at}, bit {bit}");
                flips += 1;
            }
        }
        for end in 0..bytes.len() {
            assert!(AuditRecord::decode(&bytes[..end]).is_err(), "record {at} cut at {end}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert!(AuditRecord::decode(&longer).is_err());
    }
    assert!(flips > 10_000, "most flips decode: {flips}");
}

#[test]
fn a_record_that_is_missing_moved_or_added_is_found() {
    let (records, link) = whole(&world());
    for at in 0..records.len() {
        let number = at as u64;
        let mut dropped = records.clone();
        dropped.remove(at);
        match at + 1 == records.len() {
            // Only who knows the end can tell.
            true => assert_ne!(verify(&dropped), Ok(link)),
            false => {
                let fault = AuditFault::Sequence { expected: number, found: number + 1 };
                assert_eq!(verify(&dropped), Err(fault));
            }
        }
        let mut twice = records.clone();
        twice.insert(at, records[at].clone());
        let fault = AuditFault::Sequence { expected: number + 1, found: number };
        assert_eq!(verify(&twice), Err(fault));
        if at + 1 < records.len() {
            let mut swapped = records.clone();
            swapped.swap(at, at + 1);
            assert!(verify(&swapped).is_err());
            // With numbers that fit, and with hashes that fit as well.
            let (number, other) = (swapped[at].sequence, swapped[at + 1].sequence);
            (swapped[at].sequence, swapped[at + 1].sequence) = (other, number);
            assert!(verify(&swapped).is_err());
            swapped[at].previous = records[at].previous;
            assert_eq!(verify(&swapped), Err(AuditFault::Hash(other)));
        }
    }
}

#[test]
fn a_trail_with_new_hashes_is_not_that_of_the_chain() {
    let world = world();
    let (records, link) = whole(&world);
    let check = |records: Vec<AuditRecord>| {
        let (from, to) = (Height::new(1), Height::new(10));
        world.runtime.verify_audit(from, to, AuditLink::default(), records).expect("retained")
    };
    // A method that was never called, with everything behind it made anew.
    let at = records.iter().position(|record| record.entry.name() == "call").expect("a call");
    let mut forged: Vec<AuditRecord> = records[..at].to_vec();
    let mut end = records[at - 1].link();
    for record in &records[at..] {
        let mut entry = record.entry.clone();
        if let AuditEntry::Decision { decision: Decision::Call { method, .. }, .. } = &mut entry {
            *method = "mint".into();
        }
        forged.push(AuditRecord::new(end, record.height, record.time_ms, entry));
        end = forged[forged.len() - 1].link();
    }
    assert_eq!(verify(&forged), Ok(end), "it is sound by itself");
    assert_ne!(end, link);
    assert_eq!(check(forged), Err(AuditFault::Differs(at as u64)));

    let mut short = records.clone();
    let last = short.pop().expect("a record");
    assert_eq!(check(short), Err(AuditFault::Missing(last.sequence)));
    let mut long = records.clone();
    long.push(AuditRecord::new(link, last.height, last.time_ms, last.entry));
    assert_eq!(verify(&long[..]).map(|end| end.sequence), Ok(link.sequence + 1));
    assert_eq!(check(long), Err(AuditFault::Extra(link.sequence)));
    assert_eq!(check(records), Ok(link));
}

#[test]
fn a_verifier_stays_with_the_first_fault() {
    let (mut records, _) = whole(&world());
    let sound = records.clone();
    records[4].time_ms += 1;
    records[7].time_ms += 1;
    let mut verifier = AuditVerifier::default();
    let faults: Vec<_> = records.iter().map(|record| verifier.feed(record)).collect();
    assert_eq!(faults[..4], [Ok(()); 4]);
    assert!(faults[4..].iter().all(|fault| *fault == Err(AuditFault::Hash(4))));
    assert_eq!(verifier.link(), sound[3].link());

    // Of another trail, with its own hash that fits.
    let link = AuditLink::new(4, Hash::from_bytes([1; 32]));
    let other = AuditRecord::new(link, sound[4].height, 0, sound[4].entry.clone());
    let mut verifier = AuditVerifier::new(sound[3].link());
    assert_eq!(verifier.feed(&other), Err(AuditFault::Previous(4)));

    // Back to an earlier block, with hashes that fit.
    let (last, first) = (&sound[sound.len() - 1], Height::new(1));
    let back = AuditRecord::new(last.link(), first, 0, last.entry.clone());
    let mut verifier = AuditVerifier::new(sound[sound.len() - 2].link());
    assert_eq!(verifier.feed(last), Ok(()));
    assert_eq!(verifier.feed(&back), Err(AuditFault::Height(back.sequence)));
}

#[test]
fn an_export_in_parts_is_the_whole() {
    let mut world = world();
    let (records, link) = whole(&world);
    for split in 1..10 {
        let (mut parts, middle) = export(&world.runtime, 1, split, AuditLink::default());
        let (rest, end) = export(&world.runtime, split + 1, 10, middle);
        parts.extend(rest);
        assert_eq!((&parts, end), (&records, link), "{split}");
    }
    // Who breaks off goes on with the next block from the link of its last record.
    let mut seen = 0;
    let (from, to) = (Height::new(1), Height::new(10));
    let stopped = world.runtime.audit(from, to, AuditLink::default(), &mut |_| {
        seen += 1;
        if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((stopped, seen), (Ok(records[4].link()), 5));

    // What is there in part is refused, and what is retained is the same as before.
    let audit = |world: &World, from, to| {
        let (from, to) = (Height::new(from), Height::new(to));
        world.runtime.audit(from, to, AuditLink::default(), &mut |_| ControlFlow::Continue(()))
    };
    assert!(audit(&world, 1, 11).is_err());
    let nothing = audit(&world, 8, 7);
    assert_eq!(nothing, Ok(AuditLink::default()));
    let (_, middle) = export(&world.runtime, 1, 7, AuditLink::default());
    world.runtime.prune(4, 100).expect("nothing is pinned");
    assert!(audit(&world, 1, 10).is_err());
    assert!(audit(&world, 7, 10).is_err(), "the state before it is gone");
    let (rest, end) = export(&world.runtime, 8, 10, middle);
    assert_eq!((&rest[..], end), (&records[records.len() - rest.len()..], link));
    assert!(rest.iter().any(|record| record.entry.name() == "took_effect"));
}

#[test]
fn fields_name_everything_once() {
    let (records, _) = whole(&world());
    for record in &records {
        let fields = record.fields();
        let names: BTreeSet<&str> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), fields.len(), "{fields:?}");
        assert!(fields.iter().all(|(_, value)| !value.to_string().is_empty()), "{fields:?}");
    }
    let at = records.iter().position(|record| record.entry.name() == "call").expect("a call");
    let text = |name: &str| {
        let fields = records[at].fields();
        let value = fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
        value.map(AuditValue::to_string)
    };
    assert_eq!(text("method").as_deref(), Some("plain"));
    assert_eq!(text("height").as_deref(), Some("2"));
    assert_eq!(text("sequence"), Some(at.to_string()));
    assert_eq!(text("hash"), Some(records[at].hash.to_string()));
    assert_eq!(text("script"), None);
}
