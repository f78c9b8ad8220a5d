//! Money is neither made nor lost, whatever transactions do.

use super::*;
use crate::state::{Admin, View};

/// Accounts that send; one of them is poor.
const SENDERS: u8 = 6;
const POOR: u8 = 6;
const RICH: u128 = 1 << 60;
/// Operations on storage of one call.
const STEPS: u64 = 40;

struct World {
    random: Random,
    nonces: [u64; SENDERS as usize + 1],
    contracts: Vec<Address>,
    code: Arc<[u8]>,
    /// Operations on storage so far.
    operations: u64,
}

impl World {
    fn steps(&mut self) -> Vec<u8> {
        let mut input = Vec::new();
        for _ in 0..self.random.below(STEPS) {
            let random = self.random.next();
            let length = if random & 0x300 == 0 { 0 } else { random as u8 };
            let ends = if random >> 32 & 0x1ff < 4 { (random >> 32 & 3) as u8 } else { 0 };
            input.extend_from_slice(&[(random >> 16) as u8 & 0x3f, length, ends]);
        }
        self.operations += input.len() as u64 / 3;
        input
    }

    fn body(&mut self, signer: u8, nested: bool) -> Body {
        let random = self.random.next();
        let contract = self.contracts.get(random as usize % self.contracts.len().max(1)).copied();
        let contract = contract.unwrap_or(address(9));
        match random >> 40 & 0xf {
            0 | 1 => Body::transfer(address(random as u8 % 9), Amount::new(random.into())),
            2 => {
                let source = CodeSource::Hash(hash(&self.code));
                let salt = [random as u8 & 3; 32];
                let deployment = Deployment::new(source).salt(salt).admin(Admin::Key(address(1)));
                let made = deployment.address(&address(signer));
                if !self.contracts.contains(&made) {
                    self.contracts.push(made);
                }
                Body::Deploy(deployment)
            }
            3 => Body::Upload { code: self.code.clone() },
            4 => Body::Admin(AdminOperation::RemoveCode { code_hash: hash(&self.code) }),
            5 => Body::Admin(AdminOperation::RegisterKey),
            6 => Body::Admin(AdminOperation::ForgetKey),
            7 => Body::Upgrade(Upgrade::new(contract, hash(&self.code), [])),
            8 if !nested => {
                let count = 1 + self.random.below(4);
                Body::Batch((0..count).map(|_| self.body(signer, true)).collect())
            }
            9 => Body::call(contract, "run", self.steps()).value(Amount::new(5)),
            _ => Body::call(contract, "run", self.steps()),
        }
    }

    fn transaction(&mut self) -> Transaction {
        let signer = 1 + self.random.below(SENDERS.into()) as u8;
        let body = self.body(signer, false);
        let random = self.random.next();
        let gas = if random & 0xf == 0 { 400_000 } else { 3_000_000 };
        let deposit = if random & 0xf0 == 0 { 300 } else { 1 << 40 };
        let price = Amount::new(1 + u128::from(random >> 60));
        let fee = Fee::new(gas, price)
            .tip(Amount::new(u128::from(random >> 62)))
            .deposit_limit(Amount::new(deposit));
        Transaction::new(CHAIN, self.nonces[signer as usize], address(signer), fee, body)
    }
}

#[test]
fn balances_deposits_and_burnt_fees_are_constant() {
    let senders: Vec<Address> = (1..=SENDERS).map(address).collect();
    let rich = &senders[..POOR as usize - 1];
    let mut runtime = chain(rich, RICH);
    let mut world = World {
        random: Random(1),
        nonces: [0; SENDERS as usize + 1],
        contracts: Vec::new(),
        code: writer().into(),
        operations: 0,
    };
    let (supply, mut burnt, mut counts) = (money(&runtime), 0, Counts::default());
    assert_eq!(supply, RICH * rich.len() as u128);
    let mut transactions = 0;
    while world.operations < 500_000 {
        let mut kinds = Vec::new();
        let mut block = Vec::new();
        for _ in 0..500 {
            let transaction = world.transaction();
            kinds.push(transaction.body.name());
            // Who is poor is rejected, and its nonce stays.
            let signer = transaction.signer.as_bytes()[0];
            world.nonces[signer as usize] += u64::from(signer != POOR);
            block.push(transaction);
        }
        transactions += block.len();
        let result = commit(&mut runtime, block);
        for (kind, receipt) in kinds.iter().zip(&result.receipts) {
            counts.note(kind, receipt.status);
            assert_eq!(receipt.gas.total(), receipt.gas_used);
            assert!(receipt.events.is_empty());
        }
        // The nonces are what was admitted.
        for signer in &senders {
            let account = View::account(runtime.state(), signer).expect("memory");
            let nonce = account.unwrap_or_default().nonce.number();
            world.nonces[signer.as_bytes()[0] as usize] = nonce;
        }
        burnt += result.burnt.units();
        assert_eq!(money(&runtime) + burnt, supply);
    }
    println!("{transactions} transactions, {} operations on storage", world.operations);
    println!("{counts:#?}");
    for kind in ["transfer", "deploy", "upload", "admin", "upgrade", "batch", "call"] {
        assert!(counts.kinds[kind] > 20, "{kind}: {counts:?}");
    }
    for status in [
        Status::Success,
        Status::Reverted,
        Status::Trapped,
        Status::OutOfGas,
        Status::NotPermitted,
        Status::Deposit,
        Status::NotAdmin,
        Status::AddressTaken,
        Status::CannotPay,
    ] {
        let times = counts.statuses.get(&status.code()).copied().unwrap_or_default();
        assert!(times > 5, "{status:?} {times} times: {counts:?}");
    }
}
