//! Hash map with open addressing: inserts, hits, misses and removals with tombstones.
#![no_std]
use dytallix_kernels::{Rng, Scratch, mix};

const BITS: u32 = 13;
const SLOTS: usize = 1 << BITS;
const EMPTY: u64 = 0;
const REMOVED: u64 = u64::MAX;

struct Map {
    keys: [u64; SLOTS],
    values: [u32; SLOTS],
    live: u32,
}

static MAP: Scratch<Map> = Scratch::new(Map { keys: [0; SLOTS], values: [0; SLOTS], live: 0 });

fn home(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize
}

impl Map {
    fn clear(&mut self) {
        self.keys.fill(EMPTY);
        self.live = 0;
    }

    fn insert(&mut self, key: u64, value: u32) {
        let mut at = home(key);
        let mut free = None;
        loop {
            match self.keys[at] {
                EMPTY => break,
                REMOVED => free = free.or(Some(at)),
                found if found == key => {
                    self.values[at] = self.values[at].wrapping_add(value);
                    return;
                }
                _ => {}
            }
            at = (at + 1) % SLOTS;
        }
        let at = free.unwrap_or(at);
        self.keys[at] = key;
        self.values[at] = value;
        self.live += 1;
    }

    fn find(&self, key: u64) -> Option<usize> {
        let mut at = home(key);
        loop {
            match self.keys[at] {
                EMPTY => return None,
                found if found == key => return Some(at),
                _ => at = (at + 1) % SLOTS,
            }
        }
    }

    fn remove(&mut self, key: u64) {
        if let Some(at) = self.find(key) {
            self.keys[at] = REMOVED;
            self.live -= 1;
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let map = MAP.borrow();
    let mut sum = 0_u64;
    for round in 0..n {
        map.clear();
        let mut rng = Rng::new(round as u64);
        for _ in 0..3000 {
            map.insert(rng.next() % 6000 + 1, round as u32);
        }
        for key in 1..3000 {
            match map.find(key) {
                Some(at) if at & 3 == 0 => map.remove(key),
                Some(at) => sum = sum.wrapping_add(u64::from(map.values[at]) ^ key),
                None => sum = sum.rotate_left(1),
            }
        }
        sum = mix(sum, u64::from(map.live));
    }
    sum as i64
}
