//! `Upgrade`: authority, migration, schema, history, rollback.

use dytallix::abi::schema::{Method, Type, TypeId};
use dytallix::abi::{Abi, Capabilities, Encode, HostFn, MethodKind, Reentry};
use dytallix::chain::{
    AdminOperation, BlockInfo, Body, CodeSource, Deployment, Upgrade, operation_hash,
};
use dytallix::crypto::Scheme;
use dytallix::state::{Admin, ContractInfo, View};
use dytallix::{Address, Hash, Height, MemoryStore, Runtime, Status};

use crate::script::{Op, Script, contract, with_abi};
use crate::support::{Account, commit, genesis, run, runtime, succeed};

const V1: &[u8] = include_bytes!("../../examples/wasm/upgrade_v1.wasm");
const V2: &[u8] = include_bytes!("../../examples/wasm/upgrade_v2.wasm");

struct World {
    runtime: Runtime<MemoryStore>,
    people: Vec<Account>,
    contract: Address,
    v1: Hash,
    v2: Hash,
}

impl World {
    /// Version 1 with this admin, in which alice has added 10; the code of version 2 is there.
    fn new(admin: impl FnOnce(&[Account]) -> Admin) -> World {
        let people: Vec<Account> =
            ["alice", "bob", "carol"].into_iter().map(Account::new).collect();
        let mut runtime = runtime(genesis(&people.iter().collect::<Vec<_>>()));
        let deployment = Deployment::new(CodeSource::Module(V1.into())).admin(admin(&people));
        let (v1, v2) = (deployment.code_hash(), hash(V2));
        let mut world_people = people;
        let alice = &mut world_people[0];
        let bodies = vec![Body::Deploy(deployment), Body::Upload { code: V2.into() }];
        let receipt = succeed(&mut runtime, &alice.send(Body::Batch(bodies)));
        let contract = receipt.contract.expect("a contract");
        let add = Body::call(contract, "add", 10_u64.to_le_bytes());
        _ = succeed(&mut runtime, &alice.send(add));
        World { runtime, people: world_people, contract, v1, v2 }
    }

    fn info(&self) -> ContractInfo {
        let account = View::account(self.runtime.state(), &self.contract).expect("memory");
        account.and_then(|account| account.contract).expect("a contract")
    }

    fn send(&mut self, who: usize, body: Body) -> Status {
        let transaction = self.people[who].send(body);
        run(&mut self.runtime, &transaction).status
    }

    /// Shares that make up `sum`, all of it alice's.
    fn to_v2(&self, sum: u64) -> Body {
        let alice: dytallix::abi::Address = self.people[0].address.into();
        Body::Upgrade(Upgrade::new(self.contract, self.v2, vec![(alice, sum)].to_bytes()))
    }
}

fn hash(code: &[u8]) -> Hash {
    Deployment::new(CodeSource::Module(code.into())).code_hash()
}

#[test]
fn the_admin_upgrades_and_storage_is_migrated() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    let before = world.info();
    assert_eq!((before.version, before.schema), (1, 1));
    let upgrade = world.to_v2(10);
    assert_eq!(world.send(1, upgrade.clone()), Status::NotAdmin);
    assert_eq!(world.info(), before);
    assert_eq!(world.send(0, upgrade), Status::Success);
    let after = world.info();
    assert_eq!((after.version, after.schema, after.code_hash), (2, 2, world.v2));
    let history = View::history(world.runtime.state(), &world.contract).expect("memory");
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].code_hash, history[0].schema), (world.v1, 1));
    assert_eq!(history[0].by, world.people[0].address);
    let alice = world.people[0].address;
    let sum = Body::call(world.contract, "sum_of", alice.as_bytes().to_vec());
    let transaction = world.people[1].send(sum);
    let receipt = succeed(&mut world.runtime, &transaction);
    assert_eq!(receipt.output, 10_u64.to_le_bytes());
}

#[test]
fn a_failing_migration_leaves_not_one_byte() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    let contract = world.contract;
    let rows = |world: &World| {
        let view = world.runtime.state();
        let all = (core::ops::Bound::Unbounded, core::ops::Bound::Unbounded);
        let order = dytallix::state::Order::Ascending;
        (world.info(), view.storage_range(&contract, all, order, 100).expect("memory"))
    };
    let before = rows(&world);
    let wrong_shares = world.to_v2(11);
    assert_eq!(world.send(0, wrong_shares), Status::Reverted);
    assert_eq!(rows(&world), before);
    let too_short = Body::Upgrade(Upgrade::new(contract, world.v2, [1, 0]));
    assert_eq!(world.send(0, too_short), Status::Reverted);
    let unknown = Body::Upgrade(Upgrade::new(contract, Hash::from_bytes([3; 32]), []));
    assert_eq!(world.send(0, unknown), Status::NoCode);
    assert_eq!(rows(&world), before);
    assert!(View::history(world.runtime.state(), &contract).expect("memory").is_empty());
}

#[test]
fn a_recorded_version_is_rolled_back_to_and_other_old_schemas_are_refused() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    let upgrade = world.to_v2(10);
    assert_eq!(world.send(0, upgrade), Status::Success);
    // Another code of schema 1, that the contract never had.
    let other = versioned(1, &[("method", MethodKind::Call, Script::new())]);
    let other_hash = hash(&other);
    assert_eq!(world.send(0, Body::Upload { code: other.into() }), Status::Success);
    let back = |code| Body::Upgrade(Upgrade::new(world.contract, code, []));
    let (refused, recorded) = (back(other_hash), back(world.v1));
    assert_eq!(world.send(0, refused), Status::SchemaRefused);
    assert_eq!(world.send(0, recorded), Status::Success);
    let info = world.info();
    assert_eq!((info.version, info.schema, info.code_hash), (3, 1, world.v1));
}

#[test]
fn a_time_lock_waits_for_what_was_announced() {
    let delay = 3;
    let mut world = World::new(|people| Admin::TimeLock { admin: people[0].address, delay });
    let contract = world.contract;
    let upgrade = world.to_v2(10);
    assert_eq!(world.send(0, upgrade.clone()), Status::TimeLocked);
    let operation = operation_hash(&contract, 1, &world.info().admin, &upgrade);
    let announce = Body::Admin(AdminOperation::Announce { contract, operation });
    assert_eq!(world.send(1, announce.clone()), Status::NotAdmin);
    assert_eq!(world.send(0, announce), Status::Success);
    for _ in 1..delay {
        assert_eq!(world.send(0, upgrade.clone()), Status::TimeLocked);
    }
    let other = world.to_v2(11);
    assert_eq!(world.send(0, other), Status::TimeLocked, "something else was announced");
    assert_eq!(world.send(0, upgrade), Status::Success);
    assert_eq!(world.info().version, 2);
}

#[test]
fn a_threshold_upgrades_together_only() {
    let admins = |people: &[Account]| {
        let three = people.iter().map(|account| account.address).collect();
        Admin::threshold(2, three).expect("a threshold")
    };
    let mut world = World::new(admins);
    let contract = world.contract;
    let upgrade = world.to_v2(10);
    let operation = operation_hash(&contract, 1, &world.info().admin, &upgrade);
    let approve = Body::Admin(AdminOperation::Approve { contract, operation });
    assert_eq!(world.send(0, upgrade.clone()), Status::TooFewApprovals);
    assert_eq!(world.send(1, approve), Status::Success);
    assert_eq!(world.send(1, upgrade.clone()), Status::TooFewApprovals);
    assert_eq!(world.send(2, upgrade), Status::Success);
}

#[test]
fn an_approval_means_nothing_once_the_admin_has_changed() {
    let two = |people: &[Account]| {
        let admins = people[..2].iter().map(|account| account.address).collect();
        Admin::threshold(2, admins).expect("a threshold")
    };
    let mut world = World::new(two);
    let contract = world.contract;
    let upgrade = world.to_v2(10);
    let old = world.info().admin;
    let approve = |operation| Body::Admin(AdminOperation::Approve { contract, operation });
    let operation = operation_hash(&contract, 1, &old, &upgrade);
    assert_eq!(world.send(1, approve(operation)), Status::Success);
    // The two hand over to a threshold that one of them is part of still.
    let others = world.people[1..].iter().map(|account| account.address).collect();
    let admin = Admin::threshold(2, others).expect("a threshold");
    let hand_over = Body::Admin(AdminOperation::SetAdmin { contract, admin });
    let operation = operation_hash(&contract, 1, &old, &hand_over);
    assert_eq!(world.send(0, approve(operation)), Status::Success);
    assert_eq!(world.send(1, hand_over), Status::Success);
    assert_eq!(world.send(2, upgrade), Status::TooFewApprovals);
}

#[test]
fn renouncing_is_for_good() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    let contract = world.contract;
    let set = |admin| Body::Admin(AdminOperation::SetAdmin { contract, admin });
    let bob = world.people[1].address;
    assert_eq!(world.send(1, set(Admin::Key(bob))), Status::NotAdmin);
    assert_eq!(world.send(0, set(Admin::Key(bob))), Status::Success);
    assert_eq!(world.send(0, set(Admin::None)), Status::NotAdmin);
    assert_eq!(world.send(1, set(Admin::None)), Status::Success);
    let upgrade = world.to_v2(10);
    for who in 0..3 {
        assert_eq!(world.send(who, set(Admin::Key(bob))), Status::NotAdmin);
        assert_eq!(world.send(who, upgrade.clone()), Status::NotAdmin);
    }
}

/// A contract of that schema with these methods.
fn versioned(schema: u32, methods: &[(&str, MethodKind, Script)]) -> Vec<u8> {
    let described = methods.iter().map(|(name, kind, _)| Method {
        name: (*name).into(),
        kind: *kind,
        payable: false,
        reentry: Reentry::Refuse,
        params: Vec::new(),
        returns: TypeId(0),
        docs: String::new(),
    });
    let mut described: Vec<Method> = described.collect();
    described.sort_by(|a, b| a.name.cmp(&b.name));
    let abi = Abi {
        name: "Test".into(),
        schema,
        capabilities: Capabilities::NONE,
        types: vec![Type::Tuple(Vec::new())],
        methods: described,
        events: Vec::new(),
        errors: Vec::new(),
        storage: Vec::new(),
        docs: String::new(),
    };
    let scripts: Vec<(&str, Script)> =
        methods.iter().map(|(name, _, script)| (*name, script.clone())).collect();
    with_abi(contract(1, &scripts), &abi)
}

/// A `migrate` that notes its input under `key` and returns `output`.
fn migrate(key: &[u8], output: &[u8]) -> (&'static str, MethodKind, Script) {
    let script =
        Script::new().read_input().set(key, b"done").call(HostFn::SetReturn, &[Op::Bytes(output)]);
    ("migrate", MethodKind::Migrate, script)
}

#[test]
fn a_script_migrates_in_place_of_the_new_code() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    let script = versioned(1, &[migrate(b"by script", b"")]);
    let plain = versioned(3, &[("method", MethodKind::Call, Script::new())]);
    let (script_hash, plain_hash) = (hash(&script), hash(&plain));
    for code in [script, plain] {
        assert_eq!(world.send(0, Body::Upload { code: code.into() }), Status::Success);
    }
    let upgrade = Upgrade::new(world.contract, plain_hash, []).script(script_hash, [7]);
    assert_eq!(world.send(0, Body::Upgrade(upgrade)), Status::Success);
    let value = world.runtime.state().storage(&world.contract, b"by script").expect("memory");
    assert_eq!(value.as_deref(), Some(&b"done"[..]));
    assert_eq!((world.info().code_hash, world.info().schema), (plain_hash, 3));
    // A script without `migrate` is none.
    for arguments in [&[7][..], &[]] {
        let upgrade = Upgrade::new(world.contract, plain_hash, []);
        let upgrade = upgrade.script(plain_hash, arguments);
        assert_eq!(world.send(0, Body::Upgrade(upgrade)), Status::NoInit);
    }
}

#[test]
fn a_migration_goes_on_over_several_transactions_and_nobody_calls_in_between() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    // One step at a time: the step that the arguments name; more to come until the last.
    let step = Script::new().read_input().code(
        "(i32.store8 (i32.const 1024) (i32.ne (i32.load8_u (i32.const 4)) (i32.const 2)))
         (call $storage_set (i32.const 4) (i32.const 1) (i32.const 0) (i32.const 4))",
    );
    let next = versioned(
        2,
        &[
            ("migrate", MethodKind::Migrate, step.output(1)),
            ("hello", MethodKind::Call, Script::new()),
        ],
    );
    let code_hash = hash(&next);
    assert_eq!(world.send(0, Body::Upload { code: next.into() }), Status::Success);
    let contract = world.contract;
    let upgrade = |step: u8| Body::Upgrade(Upgrade::new(contract, code_hash, [step]));
    let hello = || Body::call(contract, "hello", []);
    for number in 0..2 {
        assert_eq!(world.send(0, upgrade(number)), Status::Success);
        assert!(world.info().migrating);
        assert_eq!(world.send(1, hello()), Status::Migrating);
        assert_eq!(world.send(1, upgrade(number)), Status::NotAdmin);
    }
    assert_eq!(world.send(0, upgrade(2)), Status::Success);
    assert!(!world.info().migrating);
    assert_eq!(world.send(1, hello()), Status::Success);
    // One version, and every step saw the schema of before.
    assert_eq!(world.info().version, 2);
    for number in 0..3 {
        let value = world.runtime.state().storage(&contract, &[number]).expect("memory");
        assert_eq!(value.as_deref(), Some(&1_u32.to_le_bytes()[..]));
    }
    _ = commit(&mut world.runtime, &[]);
    assert!(world.runtime.height() > Some(Height::new(5)));
}

#[test]
fn a_preflight_tells_what_would_come_and_leaves_no_trace() {
    let mut world = World::new(|people| Admin::Key(people[0].address));
    let (good, bad) = (world.to_v2(10), world.to_v2(11));
    let root = world.runtime.state().root();
    let owner = dytallix::Call::new(world.people[1].address, world.contract, "owner", 1_000_000);
    let sum = dytallix::Call::new(world.people[1].address, world.contract, "sum", 1_000_000);
    let transaction = |body| world.people[0].clone().next(body);
    let (good, bad) = (transaction(good), transaction(bad));
    let info = BlockInfo::new(1_000_000, world.people[2].address);
    let mut block = world.runtime.block(info).expect("a block");
    let mut preflight = |transaction| {
        let found = block.preflight(transaction, Scheme::MlDsa65, &[owner.clone(), sum.clone()]);
        found.expect("no fault").expect("an upgrade")
    };
    let would = preflight(&good);
    assert_eq!(would.receipt.status, Status::Success);
    assert_eq!((would.before.version, would.before.schema), (1, 1));
    let after = would.after.expect("a success");
    assert_eq!((after.version, after.schema, after.code_hash), (2, 2, world.v2));
    let difference = would.difference.expect("both are there");
    assert_eq!(difference.methods_lost, ["sum"]);
    assert_eq!(difference.methods_gained, ["sum_of"]);
    assert!(would.invariants[0].holds(), "the owner is the same");
    assert!(!would.invariants[1].holds(), "`sum` is gone");
    let would = preflight(&bad);
    assert_eq!((would.receipt.status, would.after), (Status::Reverted, None));
    assert!(would.invariants.iter().all(dytallix::chain::Invariant::holds), "nothing happened");
    let other = transaction(Body::Admin(AdminOperation::RegisterKey));
    assert_eq!(block.preflight(&other, Scheme::MlDsa65, &[]), Ok(None));
    drop(block);
    assert_eq!(world.runtime.state().root(), root);
}
