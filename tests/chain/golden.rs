//! The bytes in `docs/transactions.md`: each dump there is what the code makes, has the id that
//! stands below it, and decodes to itself.
//!
//! A dump is a block of the language `golden` with a name. Left of two blanks stand bytes in
//! hexadecimal, `11×32` for 32 of the same, `<name>` for the bytes of another dump; right of them
//! what they are. A line that begins with `=` has a hash that belongs to them, at its end.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use dytallix::chain::{
    AdminOperation, Analysts, Block, Body, Change, CodeSource, Command, Deployment, Fee, Genesis,
    Governor, Header, Parameters, Pauses, Protocol, ROTATION_TAG, Receipt, SignedTransaction,
    Transaction, Upgrade, app_hash, batch_results, merkle_root, operation_hash, transactions_root,
};
use dytallix::crypto::Scheme;
use dytallix::primitives::Domain;
use dytallix::state::{Admin, Bytes, StateRoot};
use dytallix::{Address, Amount, Hash, Height, Status};

/// A dump of the page.
#[derive(Debug, Default)]
struct Dump {
    bytes: Vec<u8>,
    hashes: Vec<String>,
    /// Bytes of each line, one list for each group, and what stands beside them.
    lines: Vec<(Vec<Vec<u8>>, String)>,
}

/// All dumps of the page, by name.
struct Page {
    dumps: BTreeMap<String, Dump>,
}

impl Page {
    fn read() -> Page {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/transactions.md");
        let text = std::fs::read_to_string(path).expect("the page");
        let mut page = Page { dumps: BTreeMap::new() };
        for block in text.split("```golden ").skip(1) {
            let block = block.split("```").next().unwrap_or_default();
            let (name, lines) = block.split_once('\n').expect("a name, then lines");
            let mut dump = Dump::default();
            lines.lines().for_each(|line| page.line(line, &mut dump));
            assert!(page.dumps.insert(name.into(), dump).is_none(), "{name} is there twice");
        }
        page
    }

    fn line(&self, line: &str, dump: &mut Dump) {
        if line.starts_with('=') {
            let hash = line.rsplit(' ').next().unwrap_or_default();
            dump.hashes.push(hash.into());
            return;
        }
        let (left, right) = line.split_once("  ").unwrap_or((line, ""));
        let groups: Vec<Vec<u8>> = left.split(' ').map(|group| self.group(group)).collect();
        dump.bytes.extend(groups.concat());
        dump.lines.push((groups, right.trim().into()));
    }

    fn group(&self, group: &str) -> Vec<u8> {
        if let Some(name) = group.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            return self.bytes(name).to_vec();
        }
        let hex = |text: &str| {
            let digits = data_encoding::HEXLOWER.decode(text.as_bytes());
            digits.unwrap_or_else(|error| panic!("{text}: {error}"))
        };
        match group.split_once('×') {
            Some((byte, count)) => hex(byte).repeat(count.parse().expect("a number of bytes")),
            None => hex(group),
        }
    }

    #[track_caller]
    fn dump(&self, name: &str) -> &Dump {
        self.dumps.get(name).unwrap_or_else(|| panic!("docs/transactions.md has no dump {name}"))
    }

    #[track_caller]
    fn bytes(&self, name: &str) -> &[u8] {
        &self.dump(name).bytes
    }

    /// The dump has these bytes and these hashes.
    #[track_caller]
    fn has(&self, name: &str, bytes: &[u8], hashes: &[Hash]) {
        let dump = self.dump(name);
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        assert_eq!(hex(&dump.bytes), hex(bytes), "bytes of {name}");
        let hashes: Vec<String> = hashes.iter().map(Hash::to_string).collect();
        assert_eq!(dump.hashes, hashes, "hashes of {name}");
    }
}

const fn address(byte: u8) -> Address {
    Address::from_bytes([byte; 32])
}

const fn hash(byte: u8) -> Hash {
    Hash::from_bytes([byte; 32])
}

/// The smallest module.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

fn transaction(body: Body) -> Transaction {
    let fee = Fee::new(1_000_000, Amount::new(2)).tip(Amount::new(1));
    let fee = fee.deposit_limit(Amount::new(500));
    Transaction::new(7, 300, address(0x11), fee, body).valid_until(Height::new(1_000))
}

fn transfer() -> Body {
    Body::transfer(address(0x22), Amount::new(5))
}

fn upgrade() -> Upgrade {
    Upgrade::new(address(0x22), hash(0x55), [7])
}

/// Encodes a transaction of that body, decodes it, and encodes it again.
#[track_caller]
fn comes_back(body: &Body) {
    let key: &[u8] = &[0xaa; 1_952];
    for key in [Some(key), None] {
        let transaction = transaction(body.clone());
        let signed = transaction.signed(Scheme::MlDsa65, key, [0xbb; 3_309]);
        let encoded = signed.encode();
        let decoded = SignedTransaction::decode(&encoded).expect("an encoding");
        assert_eq!(decoded, signed);
        assert_eq!(decoded.encode(), encoded);
    }
}

#[test]
fn transactions_are_as_the_page_shows_them() {
    let page = Page::read();
    let transaction = transaction(transfer());
    page.has("transaction", &transaction.encode(), &[transaction.id()]);
    let tagged = [b"dytallix/tx/v1", &transaction.encode()[..]].concat();
    assert_eq!(transaction.signing_bytes(), tagged);
    let signature = [0xbb; 3_309];
    let signed = transaction.clone().signed(Scheme::MlDsa65, Some(&[0xaa; 1_952]), signature);
    page.has("signed", &signed.encode(), &[]);
    let keyless = transaction.clone().signed(Scheme::MlDsa65, None, signature);
    page.has("signed-without-key", &keyless.encode(), &[]);
    page.has("rotation", &transaction.rotation_bytes(2, &[0xcc; 1_952]), &[]);
    assert!(page.bytes("rotation").starts_with(ROTATION_TAG));
    let key: &[u8] = &[0xaa; 1_952];
    let key_hash = Hash::of(Domain::PublicKey, &[&[2], key]);
    let account = Hash::from_bytes(*Address::of_account(2, key).as_bytes());
    page.has("key", &[&[2], key].concat(), &[account, key_hash]);
}

#[test]
fn bodies_are_as_the_page_shows_them_and_come_back() {
    let page = Page::read();
    let (module, module_hash): (Arc<[u8]>, Hash) =
        (MODULE.into(), Hash::of(Domain::Code, &[MODULE]));
    let mut deployment = Deployment::new(CodeSource::Module(module.clone()))
        .arguments([7])
        .salt([0x33; 32])
        .admin(Admin::Key(address(0x44)));
    deployment.value = Amount::new(9);
    let contract = Hash::from_bytes(*deployment.address(&address(0x11)).as_bytes());
    let mut by_hash = Deployment::new(CodeSource::Hash(hash(0x55)));
    by_hash.attestations = vec![[0xa1, 0xa2][..].into()];
    let rotate = Body::RotateKey {
        scheme: 2,
        public_key: vec![0xcc; 1_952].into(),
        signature: vec![0xdd; 3_309].into(),
    };
    let register = || Body::Admin(AdminOperation::RegisterKey);
    let script = Upgrade::new(address(0x22), hash(0x55), []).script(hash(0x66), []);
    for (name, body, hashes) in [
        ("body-transfer", transfer(), vec![]),
        ("body-upload", Body::Upload { code: module }, vec![module_hash]),
        ("body-deploy", Body::Deploy(deployment), vec![contract]),
        ("body-deploy-by-hash", Body::Deploy(by_hash), vec![]),
        ("body-call", Body::call(address(0x22), "transfer", [1, 2]), vec![]),
        ("body-upgrade", Body::Upgrade(upgrade()), vec![]),
        ("body-upgrade-by-script", Body::Upgrade(script), vec![]),
        ("body-rotate-key", rotate, vec![]),
        ("body-admin", register(), vec![]),
        ("body-batch", Body::Batch(vec![transfer(), register()]), vec![]),
    ] {
        page.has(name, &body.encode(), &hashes);
        comes_back(&body);
    }
}

fn pauses() -> Command {
    let mut pauses = Pauses::contracts(vec![address(0x22)]);
    (pauses.deployments, pauses.calls) = (true, true);
    Command::new(Height::new(1_000), Change::Pauses(pauses))
}

#[test]
fn administration_is_as_the_page_shows_it_and_comes_back() {
    let page = Page::read();
    let (contract, operation) = (address(0x22), hash(0x77));
    let admin = Admin::threshold(2, vec![address(0x44), address(0x45)]).expect("a threshold");
    for (name, operation) in [
        ("admin-set-admin", AdminOperation::SetAdmin { contract, admin }),
        ("admin-approve", AdminOperation::Approve { contract, operation }),
        ("admin-announce", AdminOperation::Announce { contract, operation }),
        ("admin-register-key", AdminOperation::RegisterKey),
        ("admin-forget-key", AdminOperation::ForgetKey),
        ("admin-remove-code", AdminOperation::RemoveCode { code_hash: hash(0x55) }),
        ("admin-govern", AdminOperation::Govern(pauses())),
        ("admin-approve-command", AdminOperation::ApproveCommand { command: operation }),
    ] {
        page.has(name, &operation.encode(), &[]);
        comes_back(&Body::Admin(operation));
    }
    let body = Body::Upgrade(upgrade());
    let admin = Admin::Key(address(0x44));
    let admin_bytes = [&[33, 1][..], address(0x44).as_bytes()].concat();
    let version = 1_u32.to_le_bytes();
    let parts = [contract.as_bytes(), &version[..], &admin_bytes, &body.encode()].concat();
    page.has("operation", &parts, &[operation_hash(&contract, 1, &admin, &body)]);
}

#[test]
fn commands_and_parameters_are_as_the_page_shows_them() {
    let page = Page::read();
    let protocol = Protocol::decode(page.bytes("protocol")).expect("a protocol");
    let analysts = Analysts::new(1, vec![address(0x44)]);
    for (name, change) in [
        ("command-protocol", Change::Protocol(Box::new(protocol))),
        ("command-schemes", Change::Schemes(vec![2, 3])),
        ("command-analysts", Change::Analysts(analysts)),
        ("command-governor", Change::Governor(Governor::Account(address(0x44)))),
    ] {
        let command = Command::new(Height::new(1_000), change);
        page.has(name, &command.encode(), &[command.hash()]);
        assert_eq!(Command::decode(page.bytes(name)), Ok(command));
    }
    page.has("command-pauses", &pauses().encode(), &[pauses().hash()]);
    assert_eq!(Command::decode(page.bytes("command-pauses")), Ok(pauses()));
    let three = vec![address(0x46), address(0x45), address(0x44)];
    let governor = Governor::threshold(2, three).expect("a threshold");
    let parameters = Parameters::governed_by(governor);
    page.has("parameters", &parameters.encode(), &[]);
    assert_eq!(Parameters::decode(page.bytes("parameters")), Ok(parameters));
}

/// A number in LEB128 that is known to be one.
fn number(bytes: &[u8]) -> u128 {
    bytes.iter().rev().fold(0, |sum, byte| sum << 7 | u128::from(byte & 0x7f))
}

#[test]
fn the_protocol_has_the_fields_that_the_page_names_in_their_order() {
    let page = Page::read();
    let dump = page.dump("protocol");
    let protocol = Protocol::decode(&dump.bytes).expect("a protocol");
    page.has("protocol", &protocol.encode(), &[protocol.id()]);
    let fields = format!("{protocol:?}");
    let mut compared = 0;
    for (groups, beside) in &dump.lines {
        let names: Vec<&str> = beside.split(", ").collect();
        let is_name =
            |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || "_648".contains(c));
        if names.len() != groups.len() || !names.iter().all(is_name) {
            continue;
        }
        for (name, value) in names.iter().zip(groups.iter().map(|group| number(group))) {
            let flag = value == 1;
            let shown = [value.to_string(), format!("Amount({value})"), flag.to_string()];
            let has = |value: &String| fields.contains(&format!("{name}: {value}"));
            assert!(name == &"features" || shown.iter().any(has), "{name} is {value}: {fields}");
            compared += 1;
        }
    }
    assert_eq!(compared, 63, "numbers that have a name");
}

#[test]
fn the_genesis_is_as_the_page_shows_it() {
    let page = Page::read();
    let mut genesis = Genesis::new(7)
        .time_ms(1_000)
        .balance(address(0x11), Amount::new(1_000_000_000_000))
        .balance(address(0x22), Amount::new(1))
        .protocol(Protocol::decode(page.bytes("protocol")).expect("a protocol"))
        .parameters(Parameters::decode(page.bytes("parameters")).expect("parameters"));
    genesis.validators = b"abc".to_vec();
    page.has("genesis", &genesis.encode(), &[genesis.hash()]);
    assert_eq!(Genesis::decode(page.bytes("genesis")), Ok(genesis));
}

#[test]
fn headers_and_blocks_are_as_the_page_shows_them() {
    let page = Page::read();
    let header = Header::decode(page.bytes("header")).expect("a header");
    page.has("header", &header.encode(), &[header.hash()]);
    assert_eq!((header.chain_id, header.height, header.time_ms), (7, Height::new(1), 2_000));
    let genesis = Genesis::decode(page.bytes("genesis")).expect("a genesis");
    assert_eq!(header.parent, genesis.hash());
    assert_eq!((header.app_hash, header.proposer), (hash(0x88), address(0xee)));
    assert_eq!(header.protocol, genesis.protocol.id());
    let transactions: Vec<Bytes> = vec![page.bytes("signed").into()];
    assert_eq!(header.transactions_root, transactions_root(&transactions));
    let block = Block::new(header, transactions);
    assert!(block.is_whole());
    page.has("block", &block.encode(), &[]);
    assert_eq!(Block::decode(page.bytes("block")), Ok(block));
}

#[test]
fn receipts_and_roots_are_as_the_page_shows_them() {
    let page = Page::read();
    let receipt = Receipt::decode(page.bytes("receipt")).expect("a receipt");
    page.has("receipt", &receipt.encode(), &[]);
    let gas = [900, 4_000, 8_000, 90_000, 530, 250_000];
    assert_eq!(receipt.gas.parts().map(|(_, gas)| gas), gas);
    assert_eq!((receipt.gas_used, receipt.status), (gas.iter().sum(), Status::Success));
    assert_eq!((receipt.fee, &receipt.output[..]), (Amount::new(1_060_290), &[5, 6][..]));
    assert_eq!((receipt.contract, receipt.events.len()), (Some(address(0x22)), 1));
    assert_eq!(receipt.events[0].topics, [Box::from(&b"a"[..]), Box::from(&b""[..])]);
    let rejected = Receipt::decode(page.bytes("receipt-rejected")).expect("a receipt");
    page.has("receipt-rejected", &rejected.encode(), &[]);
    assert_eq!((rejected.status, rejected.gas_used), (Status::NonceUsed, 0));
    let results = batch_results(page.bytes("batch-results")).expect("results");
    let statuses: Vec<Status> = results.iter().map(|result| result.status).collect();
    assert_eq!(statuses, [Status::Success, Status::AddressTaken]);

    let leaves: [&[u8]; 3] = [b"a", b"b", b"c"];
    let roots: Vec<Hash> = (0..=3).map(|n| merkle_root(leaves[..n].iter().copied())).collect();
    page.has("merkle", &[], &roots);
    let (state, receipts) = ([0x99; 32], merkle_root([page.bytes("receipt")]));
    let app_hash = app_hash(&StateRoot::from_bytes(state), &receipts);
    page.has("app-hash", &[&state[..], receipts.as_bytes()].concat(), &[app_hash]);
}
