//! Pointer chasing: a binary search tree in an arena, built from random keys, then searched and
//! summed.
#![no_std]
use dytallix_kernels::{Rng, Scratch, mix};

const NODES: usize = 2048;
/// Node 0 is the root and never a child, so zero can mean "no child" and the arena starts as
/// zeroes.
const NONE: u32 = 0;

#[derive(Clone, Copy)]
struct Node {
    key: u32,
    count: u32,
    child: [u32; 2],
}

static ARENA: Scratch<[Node; NODES]> =
    Scratch::new([Node { key: 0, count: 0, child: [NONE; 2] }; NODES]);

fn insert(arena: &mut [Node; NODES], used: &mut usize, key: u32) {
    let mut at = 0;
    while arena[at].key != key {
        let side = usize::from(arena[at].key < key);
        let next = arena[at].child[side];
        if next == NONE {
            if *used < NODES {
                arena[*used] = Node { key, count: 1, child: [NONE; 2] };
                arena[at].child[side] = *used as u32;
                *used += 1;
            }
            return;
        }
        at = next as usize;
    }
    arena[at].count += 1;
}

fn sum_in_order(arena: &[Node; NODES]) -> u64 {
    let mut stack = [0_u32; 64];
    let (mut depth, mut at, mut sum) = (0, 0, 0);
    loop {
        while at != NONE && depth < stack.len() {
            stack[depth] = at;
            depth += 1;
            at = arena[at as usize].child[0];
        }
        if depth == 0 {
            return sum;
        }
        depth -= 1;
        let node = &arena[stack[depth] as usize];
        sum = mix(sum, u64::from(node.key) ^ u64::from(node.count));
        at = node.child[1];
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let arena = ARENA.borrow();
    let mut rng = Rng::new(23);
    let mut sum = 0;
    for _ in 0..n {
        arena[0] = Node { key: 1 << 15, count: 1, child: [NONE; 2] };
        let mut used = 1;
        for _ in 0..3 * NODES {
            insert(arena, &mut used, rng.next() as u32 & 0xffff);
        }
        sum = mix(sum, sum_in_order(arena));
    }
    sum as i64
}
