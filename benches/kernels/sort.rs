//! Sorting random 32-bit numbers: own quicksort with an explicit stack, insertion sort for short
//! runs.
#![no_std]
use dytallix_kernels::{Rng, Scratch, mix};

const LEN: usize = 4096;
static DATA: Scratch<[u32; LEN]> = Scratch::new([0; LEN]);

fn insertion_sort(data: &mut [u32]) {
    for i in 1..data.len() {
        let value = data[i];
        let mut hole = i;
        while hole > 0 && data[hole - 1] > value {
            data[hole] = data[hole - 1];
            hole -= 1;
        }
        data[hole] = value;
    }
}

fn partition(data: &mut [u32]) -> usize {
    let pivot = data[data.len() / 2];
    let (mut low, mut high) = (0, data.len() - 1);
    loop {
        while data[low] < pivot {
            low += 1;
        }
        while data[high] > pivot {
            high -= 1;
        }
        if low >= high {
            return high;
        }
        data.swap(low, high);
        low += 1;
        high -= 1;
    }
}

fn quicksort(data: &mut [u32; LEN]) {
    let mut stack = [(0, 0); 64];
    stack[0] = (0, LEN);
    let mut depth = 1;
    while depth > 0 {
        depth -= 1;
        let (from, to) = stack[depth];
        if to - from <= 12 {
            insertion_sort(&mut data[from..to]);
            continue;
        }
        let middle = from + partition(&mut data[from..to]) + 1;
        // The longer part waits, so the stack stays logarithmic.
        let (short, long) = if middle - from < to - middle {
            ((from, middle), (middle, to))
        } else {
            ((middle, to), (from, middle))
        };
        stack[depth] = long;
        stack[depth + 1] = short;
        depth += 2;
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let data = DATA.borrow();
    let mut rng = Rng::new(11);
    let mut sum = 0;
    for _ in 0..n {
        data.fill_with(|| rng.next() as u32);
        quicksort(data);
        for pair in data.windows(2) {
            assert!(pair[0] <= pair[1]);
        }
        sum = mix(sum, u64::from(data[LEN / 2]));
    }
    sum as i64
}
