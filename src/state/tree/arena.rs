//! Where the nodes of all held versions live: slabs of equal-sized nodes, named by 32-bit ids.
//!
//! Nodes never change once they are made: a new version gets new nodes on the paths that changed
//! and shares the rest.

use alloc::vec::Vec;
use core::mem::size_of;

use super::hash::{Leaf, NodeHash, PLACEHOLDER};
use crate::state::StoreError;

/// The bits of an id that count; the two above them say the kind.
const INDEX_BITS: u32 = 30;

/// Names a node: two bits of kind, thirty of place in the slab of that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(u32);

/// An [`Id`] taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Two children, and more than one leaf below them.
    Inner(u32),
    /// One leaf; only where memory holds the leaves.
    Leaf(u32),
    /// The hash of a small subtree, of which the leaves are with the medium.
    Bucket(u32),
    /// No leaves.
    Empty,
}

impl Id {
    /// The subtree without leaves.
    pub(super) const EMPTY: Id = Id(3 << INDEX_BITS);
    /// A bucket that got no place in memory yet, since it may still merge with its sibling.
    pub(super) const PENDING: Id = Id((3 << INDEX_BITS) + 1);

    /// What kind of node it names, and where that is.
    pub(super) fn kind(self) -> Kind {
        let index = self.0 & ((1 << INDEX_BITS) - 1);
        match self.0 >> INDEX_BITS {
            0 => Kind::Inner(index),
            1 => Kind::Leaf(index),
            2 => Kind::Bucket(index),
            _ => Kind::Empty,
        }
    }
}

/// A node with two children: 40 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inner {
    pub(super) hash: NodeHash,
    pub(super) left: Id,
    pub(super) right: Id,
}

impl Inner {
    /// The child on the side that the bit says, and the other one.
    pub(super) fn fork(&self, right: bool) -> (Id, Id) {
        if right { (self.right, self.left) } else { (self.left, self.right) }
    }
}

/// A subtree of which the medium holds the leaves: 36 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    pub(super) hash: NodeHash,
    pub(super) count: u32,
}

/// A subtree as its parent sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) id: Id,
    pub(super) hash: NodeHash,
    /// How many leaves: exact for an empty subtree, a leaf and a bucket, [`Part::MANY`] otherwise.
    pub(super) count: u32,
}

impl Part {
    /// More leaves than any bucket has.
    pub(super) const MANY: u32 = u32::MAX;
    /// The subtree without leaves.
    pub(super) const EMPTY: Part = Part { id: Id::EMPTY, hash: PLACEHOLDER, count: 0 };

    /// A bucket that has no place in memory yet.
    pub(super) fn pending(hash: NodeHash, count: u32) -> Part {
        Part { id: Id::PENDING, hash, count }
    }
}

/// How many nodes the pages of a slab hold, as a power of two.
const PAGE_BITS: u32 = 12;

/// Places of equal size, with the free ones in a list.
///
/// They are in pages, so that a large slab grows without moving and without room to spare.
#[derive(Debug)]
struct Slab<T> {
    pages: Vec<Vec<T>>,
    free: Vec<u32>,
    length: u32,
}

impl<T> Slab<T> {
    const fn new() -> Self {
        Slab { pages: Vec::new(), free: Vec::new(), length: 0 }
    }

    fn at(&self, index: u32) -> &T {
        &self.pages[(index >> PAGE_BITS) as usize][(index & ((1 << PAGE_BITS) - 1)) as usize]
    }

    /// Puts `node` in a free place.
    fn add(&mut self, node: T) -> Result<u32, StoreError> {
        if let Some(index) = self.free.pop() {
            let page = &mut self.pages[(index >> PAGE_BITS) as usize];
            page[(index & ((1 << PAGE_BITS) - 1)) as usize] = node;
            return Ok(index);
        }
        let index = self.length;
        if index >= 1 << INDEX_BITS {
            return Err(StoreError::refused(
                "the state tree has outgrown its 2^30 nodes of a kind",
            ));
        }
        match self.pages.last_mut() {
            Some(page) if page.len() < 1 << PAGE_BITS => page.push(node),
            // The first page grows as a small tree needs it, the others are whole from the start.
            first => {
                let capacity = if first.is_none() { 16 } else { 1 << PAGE_BITS };
                let mut page = Vec::with_capacity(capacity);
                page.push(node);
                self.pages.push(page);
            }
        }
        self.length += 1;
        Ok(index)
    }

    #[cfg(test)]
    fn used(&self) -> usize {
        self.length as usize - self.free.len()
    }

    fn memory_bytes(&self) -> usize {
        self.pages.iter().map(Vec::capacity).sum::<usize>() * size_of::<T>()
            + self.pages.capacity() * size_of::<Vec<T>>()
            + self.free.capacity() * size_of::<u32>()
    }
}

/// The nodes of all held versions.
#[derive(Debug)]
pub(super) struct Arena {
    inners: Slab<Inner>,
    leaves: Slab<Leaf>,
    buckets: Slab<Bucket>,
}

impl Arena {
    pub(super) const fn new() -> Self {
        Arena { inners: Slab::new(), leaves: Slab::new(), buckets: Slab::new() }
    }

    pub(super) fn inner(&self, index: u32) -> &Inner {
        self.inners.at(index)
    }

    pub(super) fn leaf(&self, index: u32) -> &Leaf {
        self.leaves.at(index)
    }

    pub(super) fn bucket(&self, index: u32) -> &Bucket {
        self.buckets.at(index)
    }

    /// The hash of a subtree.
    pub(super) fn hash(&self, id: Id) -> NodeHash {
        match id.kind() {
            Kind::Inner(index) => self.inner(index).hash,
            Kind::Leaf(index) => self.leaf(index).hash(),
            Kind::Bucket(index) => self.bucket(index).hash,
            Kind::Empty => PLACEHOLDER,
        }
    }

    /// Some bits of the node, so that the processor has it at hand from then on.
    pub(super) fn touch(&self, id: Id) -> u8 {
        match id.kind() {
            // Its first and its last byte, which may be in two lines of the processor's memory.
            Kind::Inner(index) => self.inner(index).hash[0] ^ self.inner(index).hash[31],
            Kind::Leaf(index) => self.leaf(index).key[0],
            Kind::Bucket(index) => self.bucket(index).hash[0],
            Kind::Empty => 0,
        }
    }

    /// The subtree `id` as its parent sees it.
    pub(super) fn part(&self, id: Id) -> Part {
        let count = match id.kind() {
            Kind::Inner(_) => Part::MANY,
            Kind::Leaf(_) => 1,
            Kind::Bucket(index) => self.bucket(index).count,
            Kind::Empty => 0,
        };
        Part { id, hash: self.hash(id), count }
    }

    pub(super) fn add_inner(&mut self, inner: Inner) -> Result<Id, StoreError> {
        self.inners.add(inner).map(Id)
    }

    pub(super) fn add_leaf(&mut self, leaf: Leaf) -> Result<Id, StoreError> {
        Ok(Id(1 << INDEX_BITS | self.leaves.add(leaf)?))
    }

    pub(super) fn add_bucket(&mut self, bucket: Bucket) -> Result<Id, StoreError> {
        Ok(Id(2 << INDEX_BITS | self.buckets.add(bucket)?))
    }

    /// Frees the place of `id`; no held version may use it any more.
    pub(super) fn free(&mut self, id: Id) {
        match id.kind() {
            Kind::Inner(index) => self.inners.free.push(index),
            Kind::Leaf(index) => self.leaves.free.push(index),
            Kind::Bucket(index) => self.buckets.free.push(index),
            Kind::Empty => {}
        }
    }

    /// How many inner nodes, leaves and buckets are in use.
    #[cfg(test)]
    pub(super) fn used(&self) -> [usize; 3] {
        [self.inners.used(), self.leaves.used(), self.buckets.used()]
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.inners.memory_bytes() + self.leaves.memory_bytes() + self.buckets.memory_bytes()
    }
}
