//! Histories out of bytes: blocks of transactions, whose steps nest as calls do.

use arbitrary::{Arbitrary, Unstructured};

use super::{CODES, KEYS, PLACES};

/// One thing that happens to state.
#[expect(missing_docs, reason = "the fields are what their names say, and the variants tell more")]
#[derive(Clone, Debug)]
pub enum Step {
    /// A frame: its steps, and whether they are kept. Frames nest, and one of a contract inside of
    /// another of the same contract is a re-entrant call.
    Frame { contract: u8, steps: Vec<Step>, keeps: bool },
    /// A simulation on a fork, which leaves nothing.
    Fork { steps: Vec<Step> },
    /// Sets a value of the running contract.
    Set { key: u8, value: Vec<u8> },
    /// Removes a value of the running contract.
    Remove { key: u8 },
    /// Reads a value of the running contract.
    Read { key: u8 },
    /// Reads a range of a contract.
    Range { contract: u8, from: u8, to: Option<u8>, descending: bool, limit: u8 },
    /// Sets a transient value of the running contract, or removes it.
    Transient { key: u8, value: Option<u8> },
    /// Adds to a balance.
    Credit { to: u8, amount: u128 },
    /// Takes from a balance.
    Debit { from: u8, amount: u128 },
    /// Moves from one balance to another.
    Transfer { from: u8, to: u8, amount: u128 },
    /// Counts a transaction of an account.
    BumpNonce { account: u8 },
    /// Moves a balance into a deposit, or back.
    Deposit { contract: u8, account: u8, amount: u128, returns: bool },
    /// Adds code.
    AddCode { code: u8, uploader: u8 },
    /// Puts a contract at an address.
    Create { at: u8, code: u8 },
    /// Gives a contract other code.
    Upgrade { contract: u8, code: u8 },
    /// Emits an event of the running contract.
    Emit { data: u8 },
}

/// A block: transactions of steps, and how much history to keep afterwards.
#[derive(Clone, Debug)]
pub struct Block {
    /// The transactions.
    pub transactions: Vec<Vec<Step>>,
    /// Prunes to that many blocks after this one.
    pub prune_to: Option<u8>,
    /// Opens the store anew after this one.
    pub reopens: bool,
    /// Drops it after it was committed, and commits it again.
    pub drops: bool,
}

/// How deep frames nest.
const DEPTH: u32 = 5;

/// Blocks out of bytes.
pub fn blocks(bytes: &[u8]) -> Vec<Block> {
    let mut input = Unstructured::new(bytes);
    let mut blocks = Vec::new();
    while !input.is_empty() && blocks.len() < 12 {
        blocks.push(block(&mut input).unwrap_or_else(|_| Block {
            transactions: Vec::new(),
            prune_to: None,
            reopens: false,
            drops: false,
        }));
    }
    blocks
}

fn block(input: &mut Unstructured<'_>) -> arbitrary::Result<Block> {
    let mut transactions = Vec::new();
    for _ in 0..input.int_in_range(0..=3)? {
        transactions.push(steps(input, 12, DEPTH)?);
    }
    let prune_to = match input.int_in_range(0..=3)? {
        0 => Some(input.int_in_range(0..=4)?),
        _ => None,
    };
    let (reopens, drops) = (input.ratio(1, 4)?, input.ratio(1, 3)?);
    Ok(Block { transactions, prune_to, reopens, drops })
}

fn steps(input: &mut Unstructured<'_>, most: usize, depth: u32) -> arbitrary::Result<Vec<Step>> {
    let count = input.int_in_range(0..=most)?;
    (0..count).map(|_| step(input, depth)).collect()
}

fn step(input: &mut Unstructured<'_>, depth: u32) -> arbitrary::Result<Step> {
    let contract = input.int_in_range(0..=PLACES - 1)?;
    let other = input.int_in_range(0..=PLACES - 1)?;
    let key = input.int_in_range(0..=KEYS - 1)?;
    let code = input.int_in_range(0..=CODES - 1)?;
    let kind = input.int_in_range(0..=23)?;
    Ok(match kind {
        0..=4 if depth > 0 => {
            let keeps = input.ratio(2, 3)?;
            Step::Frame { contract, steps: steps(input, 8, depth - 1)?, keeps }
        }
        5 if depth > 0 => Step::Fork { steps: steps(input, 6, 1)? },
        6..=9 => Step::Set { key, value: value(input)? },
        10 | 11 => Step::Remove { key },
        12 => Step::Read { key },
        13 => {
            let to = bool::arbitrary(input)?.then_some(input.int_in_range(0..=KEYS - 1)?);
            let (descending, limit) = (bool::arbitrary(input)?, input.int_in_range(0..=8)?);
            Step::Range { contract, from: key, to, descending, limit }
        }
        14 => Step::Transient { key, value: Option::arbitrary(input)? },
        15 => Step::Credit { to: contract, amount: amount(input)? },
        16 => Step::Debit { from: contract, amount: amount(input)? },
        17 => Step::Transfer { from: contract, to: other, amount: amount(input)? },
        18 => Step::BumpNonce { account: contract },
        19 => {
            let (amount, returns) = (amount(input)?, bool::arbitrary(input)?);
            Step::Deposit { contract, account: other, amount, returns }
        }
        20 => Step::AddCode { code, uploader: other },
        21 => Step::Create { at: contract, code },
        22 => Step::Upgrade { contract, code },
        _ => Step::Emit { data: key },
    })
}

/// Few values, so that some are set twice; now and then a long one.
fn value(input: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
    let length = match input.int_in_range(0..=15)? {
        0 => 200,
        n => n % 3,
    };
    Ok(vec![input.int_in_range(0..=2)?; length])
}

/// Amounts at both ends, so that checks are met.
fn amount(input: &mut Unstructured<'_>) -> arbitrary::Result<u128> {
    Ok(match input.int_in_range(0..=3)? {
        0 => u128::MAX,
        1 => u128::MAX - 50,
        _ => input.int_in_range(0..=100)?,
    })
}
