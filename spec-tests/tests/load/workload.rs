//! Mixed transactions out of fixed random numbers: what users of a chain do, well and badly.

use std::collections::BTreeMap;

use dytallix::chain::{Body, CodeSource, Deployment, Fee, Receipt, Transaction};
use dytallix::crypto::sha3_256;
use dytallix::{Address, Amount};
use dytallix_spec_tests::corpus::encode;

use crate::support::{Account, CHAIN, fee};

/// The contracts that are called, by what they are called here.
const CONTRACTS: [(&str, &[u8]); 6] = [
    ("token", include_bytes!("../../../examples/wasm/basic_token.wasm")),
    ("counter", include_bytes!("../../../examples/wasm/counter.wasm")),
    ("escrow", include_bytes!("../../../examples/wasm/escrow.wasm")),
    ("voting", include_bytes!("../../../examples/wasm/voting.wasm")),
    ("multisig", include_bytes!("../../../examples/wasm/multisig.wasm")),
    ("amm", include_bytes!("../../../examples/wasm/amm.wasm")),
];
/// In place of a contract that is not there yet.
const NOBODY: Address = Address::from_bytes([0; 32]);
const ENDINGS: &str = include_str!("endings.wat");
const FORWARDER: &str = include_str!("../../../tests/contracts/calls.wat");

/// Methods of `endings.wat` that end badly.
const BAD: [&str; 16] = [
    "unreachable",
    "divide",
    "overflow",
    "convert",
    "beyond",
    "undefined",
    "uninitialized",
    "mismatch",
    "fill_beyond",
    "init_beyond",
    "deep",
    "revert",
    "host_pointer",
    "host_input",
    "gone",
    "table_beyond",
];

/// A chain's users and what they know.
pub(crate) struct Workload {
    random: u64,
    pub(crate) accounts: Vec<Account>,
    contracts: BTreeMap<&'static str, Address>,
    code: BTreeMap<&'static str, Vec<u8>>,
    /// What has to be done first, in reverse.
    setup: Vec<(usize, Wish)>,
    /// Gas that a kind of transaction used when it last succeeded.
    typical: BTreeMap<&'static str, u64>,
    /// Proposals in the multisig.
    proposals: u64,
    /// Proposals that are voted on.
    motions: u64,
    deployments: u64,
    /// Whether there are transactions, or only calls and deployments.
    chain: bool,
}

/// Something that an account wants to do.
#[derive(Clone)]
struct Wish {
    kind: &'static str,
    body: Body,
    gas: Option<u64>,
}

/// A transaction that is next.
pub(crate) struct Planned {
    pub(crate) kind: &'static str,
    pub(crate) signer: usize,
    pub(crate) transaction: Transaction,
}

impl Workload {
    /// Of a chain, or of calls and deployments without transactions.
    pub(crate) fn new(accounts: usize, chain: bool) -> Workload {
        let accounts = (0..accounts).map(|number| Account::new(&number.to_string())).collect();
        let mut code: BTreeMap<_, _> =
            CONTRACTS.iter().map(|(name, code)| (*name, code.to_vec())).collect();
        for (name, text) in [("endings", ENDINGS), ("forwarder", FORWARDER)] {
            code.insert(name, encode(text).expect("well-formed"));
        }
        let (contracts, typical) = (BTreeMap::new(), BTreeMap::new());
        let (setup, random) = (Vec::new(), 0x5eed);
        let (proposals, motions, deployments) = (0, 0, 0);
        let mut workload = Workload {
            random,
            accounts,
            contracts,
            code,
            setup,
            typical,
            proposals,
            motions,
            deployments,
            chain,
        };
        workload.plan_setup();
        workload
    }

    /// The next transaction.
    pub(crate) fn next(&mut self) -> Planned {
        let (signer, wish) = match self.setup.pop() {
            Some((signer, wish)) => (signer, self.addressed(wish)),
            None => self.wish(),
        };
        let Wish { kind, body, gas } = wish;
        let account = &self.accounts[signer];
        let mut fee: Fee = fee();
        fee.gas_limit = gas.unwrap_or(fee.gas_limit);
        let transaction = Transaction::new(CHAIN, account.nonce, account.address, fee, body);
        Planned { kind, signer, transaction }
    }

    /// What came of a transaction.
    pub(crate) fn hear(&mut self, planned: &Planned, receipt: &Receipt) {
        if !receipt.status.is_rejected() {
            self.accounts[planned.signer].nonce += 1;
        }
        if !receipt.is_success() {
            return;
        }
        self.typical.insert(planned.kind, receipt.gas_used);
        match planned.kind {
            "multisig propose" => self.proposals += 1,
            "voting propose" => self.motions += 1,
            _ => {}
        }
        if let (Some(name), Some(at)) = (planned.kind.strip_prefix("setup "), receipt.contract) {
            self.contracts.insert(name, at);
        }
    }

    fn number(&mut self, below: u64) -> u64 {
        // splitmix64
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % below
    }

    fn anybody(&mut self) -> usize {
        self.number(self.accounts.len() as u64) as usize
    }

    fn address(&self, account: usize) -> [u8; 32] {
        *self.accounts[account].address.as_bytes()
    }

    fn at(&self, name: &str) -> Address {
        self.contracts.get(name).copied().unwrap_or(NOBODY)
    }

    /// The deployments, and the balances of tokens that they need. The addresses of contracts are
    /// not known yet: calls are addressed when their time has come.
    fn plan_setup(&mut self) {
        let members: Vec<u8> = (0..3).flat_map(|i| self.address(i)).collect();
        let weights: Vec<u8> =
            (0..3).flat_map(|i| [&self.address(i)[..], &10_u128.to_le_bytes()].concat()).collect();
        let three = 3_u32.to_le_bytes();
        let supply = 1_000_000_000_000_u128.to_le_bytes().to_vec();
        let (one, grace) = (1_u128.to_le_bytes(), 1_000_000_u64.to_le_bytes());
        let rules = [&one[..], &one, &60_u64.to_le_bytes(), &0_u64.to_le_bytes(), &grace].concat();
        let wallet = [&three[..], &members, &2_u32.to_le_bytes(), &[0; 16]].concat();
        let deployments = [
            ("setup token", "token", supply.clone()),
            ("setup other", "token", supply),
            ("setup counter", "counter", 5_u64.to_le_bytes().to_vec()),
            ("setup escrow", "escrow", Vec::new()),
            ("setup voting", "voting", [&three[..], &weights, &rules].concat()),
            ("setup multisig", "multisig", wallet),
            ("setup endings", "endings", Vec::new()),
            ("setup upper", "endings", Vec::new()),
            ("setup top", "endings", Vec::new()),
            ("setup forwarder", "forwarder", Vec::new()),
            ("setup relay", "forwarder", Vec::new()),
            ("setup amm", "amm", Vec::new()),
        ];
        let mut setup = Vec::new();
        for (kind, code, arguments) in deployments {
            setup.push((0, Wish { kind, body: self.deployment(code, arguments), gas: None }));
        }
        for account in 0..self.accounts.len() {
            for kind in ["fund token", "fund other"] {
                let body = Body::call(
                    NOBODY,
                    "transfer",
                    [&self.address(account)[..], &1_000_000_000_u128.to_le_bytes()].concat(),
                );
                setup.push((0, Wish { kind, body, gas: None }));
            }
            for kind in ["allow token", "allow other"] {
                let body = Body::call(NOBODY, "approve", []);
                setup.push((account, Wish { kind, body, gas: None }));
            }
        }
        let most = 100_000_000_u128.to_le_bytes();
        let add = Body::call(NOBODY, "add", [&most[..], &most, &[0; 16]].concat());
        setup.push((0, Wish { kind: "amm add", body: add, gas: None }));
        setup.reverse();
        self.setup = setup;
    }

    fn deployment(&mut self, code: &str, arguments: Vec<u8>) -> Body {
        self.deployments += 1;
        let mut salt = [0; 32];
        salt[..8].copy_from_slice(&self.deployments.to_le_bytes());
        let mut deployment = Deployment::new(CodeSource::Module(self.code[code].clone().into()));
        deployment.arguments = arguments.into();
        deployment.salt = salt;
        Body::Deploy(deployment)
    }

    /// A wish of the beginning with the addresses that are known by now.
    fn addressed(&self, wish: Wish) -> Wish {
        let Wish { kind, body, gas } = wish;
        let both = [self.at("token"), self.at("other")].map(|address| *address.as_bytes());
        let body = match (kind, body) {
            ("setup amm", Body::Deploy(mut deployment)) => {
                deployment.arguments = both.concat().into();
                Body::Deploy(deployment)
            }
            ("amm add", Body::Call { method, arguments, .. }) => {
                Body::call(self.at("amm"), &method, arguments)
            }
            ("fund token" | "fund other", Body::Call { method, arguments, .. }) => {
                Body::call(self.at(&kind[5..]), &method, arguments)
            }
            ("allow token" | "allow other", _) => {
                let amm = self.at("amm");
                let arguments = [&amm.as_bytes()[..], &u128::MAX.to_le_bytes()].concat();
                Body::call(self.at(&kind[6..]), "approve", arguments)
            }
            (_, body) => body,
        };
        Wish { kind, body, gas }
    }

    /// What somebody wants now.
    fn wish(&mut self) -> (usize, Wish) {
        let signer = self.anybody();
        let wish = match self.number(100) {
            0..8 if self.chain => self.transfer(),
            0..35 => self.token(),
            35..45 => self.counter(),
            45..53 => self.escrow(),
            // Members and one who is not.
            53..61 => return (signer % 4, self.voting()),
            61..67 => self.amm(),
            67..73 => return (signer % 4, self.multisig()),
            73..78 => self.ending(),
            78..86 => self.forward(),
            86..88 => self.deploy(),
            88..91 => self.work(),
            91..93 if self.chain => self.batch(),
            _ => return (signer, self.short_of_gas()),
        };
        (signer, wish)
    }

    fn transfer(&mut self) -> Wish {
        let to = self.anybody();
        let body = Body::transfer(self.accounts[to].address, Amount::new(self.number(1000).into()));
        Wish { kind: "plain transfer", body, gas: None }
    }

    fn call(&self, kind: &'static str, contract: &str, method: &str, parts: &[&[u8]]) -> Wish {
        Wish { kind, body: Body::call(self.at(contract), method, parts.concat()), gas: None }
    }

    fn token(&mut self) -> Wish {
        let (to, from) = (self.anybody(), self.anybody());
        let (to, from) = (self.address(to), self.address(from));
        let amount = u128::from(self.number(5_000)).to_le_bytes();
        let much = u128::MAX.to_le_bytes();
        match self.number(10) {
            0 => self.call("token approve", "token", "approve", &[&to, &amount]),
            1 => self.call("token from", "token", "transfer_from", &[&from, &to, &amount]),
            2 => self.call("token too much", "token", "transfer", &[&to, &much]),
            3 => self.call("token mint", "token", "mint", &[&to, &amount]),
            4 => self.call("token malformed", "token", "transfer", &[&to, &amount[..9]]),
            _ => self.call("token transfer", "token", "transfer", &[&to, &amount]),
        }
    }

    fn counter(&mut self) -> Wish {
        let amount = if self.number(8) == 0 { u64::MAX } else { self.number(1_000) };
        self.call("counter add", "counter", "add", &[&amount.to_le_bytes()])
    }

    fn escrow(&mut self) -> Wish {
        let (seller, arbiter) = (self.anybody(), self.anybody());
        let (seller, arbiter) = (self.address(seller), self.address(arbiter));
        let id = (1 + self.number(120)).to_le_bytes();
        match self.number(6) {
            0 => self.call("escrow release", "escrow", "release", &[&id]),
            1 => self.call("escrow refund", "escrow", "refund", &[&id]),
            2 => self.call("escrow withdraw", "escrow", "withdraw", &[]),
            _ => {
                let deadline = 1_000_000_u64.to_le_bytes();
                let parts: [&[u8]; 3] = [&seller, &arbiter, &deadline];
                let mut wish = self.call("escrow lock", "escrow", "lock", &parts);
                wish.body = wish.body.value(Amount::new(self.number(50).into()));
                wish
            }
        }
    }

    /// The encoding of an action: to add to the counter.
    fn action(&self, number: u64) -> Vec<u8> {
        let (counter, value) = (self.at("counter"), 0_u128.to_le_bytes());
        let (method, arguments) = (&[3, 0, 0, 0, b'a', b'd', b'd'], [8, 0, 0, 0]);
        let gas = 200_000_u64.to_le_bytes();
        let parts: [&[u8]; 6] =
            [counter.as_bytes(), method, &arguments, &number.to_le_bytes(), &value, &gas];
        parts.concat()
    }

    fn voting(&mut self) -> Wish {
        // One of the last few.
        let number = (self.motions - self.number(6).min(self.motions)).to_le_bytes();
        match self.number(9) {
            0 => {
                let action = self.action(1);
                self.call("voting propose", "voting", "propose", &[&action, &[7; 32]])
            }
            1 => self.call("voting queue", "voting", "queue", &[&number]),
            2 => self.call("voting execute", "voting", "execute", &[&number]),
            3 => {
                let to = self.anybody();
                let to = self.address(to);
                self.call("voting delegate", "voting", "delegate", &[&to])
            }
            choice => {
                let choice = [choice as u8 % 3];
                self.call("voting vote", "voting", "vote", &[&number, &choice])
            }
        }
    }

    fn amm(&mut self) -> Wish {
        let amount = u128::from(self.number(10_000)).to_le_bytes();
        let token = if self.number(2) == 0 { self.at("token") } else { self.at("other") };
        match self.number(6) {
            0 => self.call("amm add", "amm", "add", &[&amount, &amount, &[0; 16]]),
            1 => self.call("amm remove", "amm", "remove", &[&amount, &[0; 32]]),
            2 => self.call("amm quote", "amm", "quote", &[token.as_bytes(), &amount]),
            _ => self.call("amm swap", "amm", "swap", &[token.as_bytes(), &amount, &[0; 16]]),
        }
    }

    fn multisig(&mut self) -> Wish {
        let number = 1 + self.number(self.proposals + 1);
        let bytes = number.to_le_bytes();
        match self.number(8) {
            0 => {
                let action = self.action(self.proposals + 1);
                self.call("multisig propose", "multisig", "propose", &[&action])
            }
            1 | 2 => self.call("multisig execute", "multisig", "execute", &[&bytes]),
            3 => {
                let mut wish = self.call("multisig deposit", "multisig", "deposit", &[]);
                wish.body = wish.body.value(Amount::new(3));
                wish
            }
            _ => {
                let wallet = self.at("multisig");
                let domain = [&CHAIN.to_le_bytes()[..], wallet.as_bytes(), &bytes].concat();
                let digest = sha3_256(&[domain, self.action(number)].concat());
                self.call("multisig approve", "multisig", "approve", &[&bytes, &digest])
            }
        }
    }

    fn ending(&mut self) -> Wish {
        let method = BAD[self.number(BAD.len() as u64) as usize];
        let length = (self.number(20) as u32).to_le_bytes();
        self.call("bad ending", "endings", method, &[&length])
    }

    /// A call by way of a contract that forwards it, with all gas or with little.
    fn forward(&mut self) -> Wish {
        let pages = (self.number(30) as u32).to_le_bytes();
        let kind = self.number(BAD.len() as u64 + 6) as usize;
        let (target, method) = match kind {
            0..16 => ("endings", BAD[kind]),
            16 => ("counter", "count"),
            17 => ("endings", "spin"),
            18 => ("endings", "work"),
            19 => ("relay", "act"),
            _ => ("endings", "grow"),
        };
        let gas = match self.number(3) {
            0 => self.number(60_000),
            _ => 1_000_000,
        };
        // Returns, reverts, traps, or writes nothing.
        let how = [0, 0, 0, 1, 2, 4][self.number(6) as usize];
        let arguments: &[u8] = if target == "counter" { &[] } else { &pages };
        let inner = self.forwarded(how, gas, target, method, arguments);
        match self.number(3) {
            0 => {
                let outer = self.forwarded(0, 1 << 40, "forwarder", "forward", &inner);
                self.call("forward twice", "relay", "forward", &[&outer])
            }
            _ => self.call("forward", "forwarder", "forward", &[&inner]),
        }
    }

    /// The arguments of `forward`.
    fn forwarded(&self, how: u8, gas: u64, to: &str, method: &str, arguments: &[u8]) -> Vec<u8> {
        let to = self.at(to);
        let parts: [&[u8]; 7] = [
            &[how],
            &[0; 4],
            &gas.to_le_bytes(),
            &[method.len() as u8],
            to.as_bytes(),
            method.as_bytes(),
            arguments,
        ];
        parts.concat()
    }

    fn deploy(&mut self) -> Wish {
        let body = match self.number(4) {
            0 => self.deployment("counter", 9_u64.to_le_bytes().to_vec()),
            1 => self.deployment("token", 9_u128.to_le_bytes().to_vec()),
            2 => self.deployment("token", vec![1, 2, 3]),
            // Twice the same token: `init` reverts.
            _ => self.deployment("amm", vec![1; 64]),
        };
        Wish { kind: "deploy", body, gas: None }
    }

    fn work(&mut self) -> Wish {
        let (much, few) = (self.number(4_000) as u32, self.number(20) as u32);
        match self.number(40) {
            0 => {
                let pages = (200 + few).to_le_bytes();
                let (upper, top) = (self.at("upper"), self.at("top"));
                let parts: [&[u8]; 3] = [&pages, upper.as_bytes(), top.as_bytes()];
                self.call("tower", "endings", "tower", &parts)
            }
            1..10 => self.call("sundry", "endings", "sundry", &[&few.to_le_bytes()]),
            10..20 => self.call("events", "endings", "events", &[&few.to_le_bytes()]),
            20..30 => self.call("grow", "endings", "grow", &[&few.to_le_bytes()]),
            _ => self.call("work", "endings", "work", &[&much.to_le_bytes()]),
        }
    }

    fn batch(&mut self) -> Wish {
        let bodies = vec![self.token().body, self.counter().body, self.transfer().body];
        Wish { kind: "batch", body: Body::Batch(bodies), gas: None }
    }

    /// Something that has less gas than it needs, or an end that there is none before.
    fn short_of_gas(&mut self) -> Wish {
        let wish = match self.number(8) {
            0 => self.call("", "endings", "spin", &[]),
            1 => self.call("", "endings", "spin_and_ask", &[]),
            2 => self.work(),
            3 => self.amm(),
            4 => self.escrow(),
            5 => self.counter(),
            6 => self.voting(),
            _ => self.token(),
        };
        let typical = self.typical.get(wish.kind).copied().unwrap_or(150_000);
        let gas = typical * (50 + self.number(50)) / 100;
        Wish { kind: "short of gas", body: wish.body, gas: Some(gas) }
    }
}
