//! An airdrop by a Merkle tree: one hash says who gets how much, and each claims with a proof.
//!
//! An entry of the tree is a number, an account and an amount. Numbers are given out once; which of
//! them have claimed is a bitmap, 128 to a word of storage. With `H` = SHA3-256:
//!
//! ```text
//! leaf = H(0 ‖ number as u32 ‖ account ‖ amount as u128)        little-endian, 53 bytes
//! node = H(1 ‖ smaller child ‖ greater child)                   in byte order, 65 bytes
//! ```
//!
//! The first byte keeps the two apart: no node can be passed off as a leaf, whatever is in it. A
//! node that has no sibling goes up as it is. Since children are sorted, a proof is the siblings
//! from the leaf up, and says nothing of left and right.
#![cfg_attr(target_arch = "wasm32", no_std, no_main)]

use dytallix_sdk::prelude::*;

/// First byte of what is hashed to a leaf.
const LEAF: u8 = 0;
/// First byte of what is hashed to a node.
const NODE: u8 = 1;

/// Value for those who are in a tree.
#[contract]
pub struct Airdrop {
    /// Who gets back what nobody has claimed.
    #[view]
    owner: Item<Address>,
    /// The hash at the top of the tree.
    #[view]
    root: Item<Hash>,
    /// Until then anybody in the tree can claim, from then on the owner sweeps; in milliseconds
    /// since 1970.
    #[view]
    deadline_ms: Item<u64>,
    /// Bit `n % 128` of word `n / 128` says whether number `n` has claimed.
    claimed: Map<u32, u128>,
}

/// An entry was paid.
#[event]
pub struct Claimed {
    /// Its number.
    #[topic]
    pub number: u32,
    /// Its account.
    #[topic]
    pub account: Address,
    /// Its amount.
    pub amount: u128,
}

/// The owner took what was left.
#[event]
pub struct Swept(#[topic] Address, u128);

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the owner sweeps.
    NotOwner,
    /// It is too late to claim.
    Closed,
    /// It is too early to sweep.
    StillOpen,
    /// That number has claimed.
    AlreadyClaimed,
    /// The entry is not in the tree, or the proof is not one of it.
    NotInTree,
    /// There is not enough value here, or the receiver is a contract that takes none.
    Unpayable,
}

#[methods]
impl Airdrop {
    /// Opens the airdrop. The value that comes along is what is given away.
    #[init(payable)]
    fn new(&mut self, cx: &Cx, root: Hash, deadline_ms: u64) {
        self.owner.set(cx.caller());
        self.root.set(root);
        self.deadline_ms.set(deadline_ms);
    }

    /// Adds value to what is given away.
    #[call(payable)]
    fn fund(&mut self) {}

    /// Pays an entry to its account. Anybody may bring it.
    #[call]
    fn claim(
        &mut self,
        cx: &Cx,
        number: u32,
        account: Address,
        amount: u128,
        proof: Vec<Hash>,
    ) -> Result {
        ensure!(cx.time_ms() < self.deadline_ms.get(), Error::Closed);
        ensure!(!self.is_claimed(number), Error::AlreadyClaimed);
        let leaf = cx.sha3_256(&(LEAF, number, account, amount).to_bytes());
        let top = proof.into_iter().fold(leaf, |node, sibling| parent(cx, node, sibling));
        ensure!(self.root.find() == Some(top), Error::NotInTree);
        // Claimed first, paid then.
        let (word, bit) = place(number);
        self.claimed.set(word, self.claimed.get(word) | bit);
        cx.emit(Claimed { number, account, amount });
        cx.transfer(account, amount).or(Err(Error::Unpayable))
    }

    /// Moves what is left to `to`, after the deadline; how much.
    #[call(only = owner, err = NotOwner)]
    fn sweep(&mut self, cx: &Cx, to: Address) -> Result<u128> {
        ensure!(cx.time_ms() >= self.deadline_ms.get(), Error::StillOpen);
        let left = cx.balance();
        cx.emit(Swept(to, left));
        cx.transfer(to, left).or(Err(Error::Unpayable))?;
        Ok(left)
    }

    /// Whether that number has claimed.
    #[view]
    fn is_claimed(&self, number: u32) -> bool {
        let (word, bit) = place(number);
        self.claimed.get(word) & bit != 0
    }
}

/// The node above two others.
fn parent(cx: &Cx, one: Hash, other: Hash) -> Hash {
    cx.sha3_256(&(NODE, one.min(other), one.max(other)).to_bytes())
}

/// Where the bit of a number is: the word, and the bit alone.
fn place(number: u32) -> (u32, u128) {
    (number / u128::BITS, 1 << (number % u128::BITS))
}
