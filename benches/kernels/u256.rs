//! 256-bit arithmetic as contracts do it: four 64-bit limbs, full product, then reduction modulo a
//! 256-bit prime.
#![no_std]
use dytallix_kernels::mix;

type U256 = [u64; 4];
/// 2^256 − 189, the largest prime below 2^256.
const MODULUS: U256 = [u64::MAX - 188, u64::MAX, u64::MAX, u64::MAX];

fn multiply(a: &U256, b: &U256) -> [u64; 8] {
    let mut product = [0; 8];
    for i in 0..4 {
        let mut carry = 0_u128;
        for j in 0..4 {
            let sum = u128::from(a[i]) * u128::from(b[j]) + u128::from(product[i + j]) + carry;
            product[i + j] = sum as u64;
            carry = sum >> 64;
        }
        product[i + 4] = carry as u64;
    }
    product
}

fn less(a: &U256, b: &U256) -> bool {
    for i in (0..4).rev() {
        if a[i] != b[i] {
            return a[i] < b[i];
        }
    }
    false
}

/// Shift-and-subtract for 16 quotient bits at the top, then the fold by 2^256 ≡ 189.
fn reduce(product: [u64; 8]) -> U256 {
    let mut folded = [0_u64; 4];
    let mut carry = 0_u128;
    for i in 0..4 {
        let sum = u128::from(product[i + 4]) * 189 + u128::from(product[i]) + carry;
        folded[i] = sum as u64;
        carry = sum >> 64;
    }
    while carry != 0 {
        let mut extra = carry * 189;
        for limb in &mut folded {
            let sum = u128::from(*limb) + extra;
            *limb = sum as u64;
            extra = sum >> 64;
        }
        carry = extra;
    }
    while !less(&folded, &MODULUS) {
        subtract(&mut folded, &MODULUS);
    }
    folded
}

fn subtract(a: &mut U256, b: &U256) {
    let mut borrow = false;
    for i in 0..4 {
        let (first, below) = a[i].overflowing_sub(b[i]);
        let (second, again) = first.overflowing_sub(u64::from(borrow));
        a[i] = second;
        borrow = below | again;
    }
}

/// Plain binary long division of a product by a small modulus, the slow path of many contracts.
fn remainder_by_bits(product: &[u64; 8], modulus: u64) -> u64 {
    let mut rest = 0_u64;
    for &limb in product.iter().rev() {
        for bit in (0..64).rev() {
            rest = (rest << 1) | ((limb >> bit) & 1);
            if rest >= modulus {
                rest -= modulus;
            }
        }
    }
    rest
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut x = [0x1234_5678, 0x9abc_def0, 0x0fed_cba9, 0x8765_4321_1111_2222];
    let step = [3, 5, 0x7777_0000_1111_9999, 0x5555_5555_5555_0001];
    let mut rests = 0;
    for i in 0..n {
        let product = multiply(&x, &step);
        if i & 63 == 0 {
            rests = mix(rests, remainder_by_bits(&product, 1_000_000_007));
        }
        x = reduce(product);
        let mut square = reduce(multiply(&x, &x));
        if less(&x, &square) {
            subtract(&mut square, &x);
        }
        x = square;
    }
    x.into_iter().fold(rests, mix) as i64
}
