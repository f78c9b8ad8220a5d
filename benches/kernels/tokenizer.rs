//! A tokenizer over a made-up program text: byte classes, keyword compare, number parsing, string
//! escapes.
#![no_std]
use dytallix_kernels::mix;

const SOURCE: &[u8] = br#"
fn transfer(from: address, to: address, amount: u128) -> result {
    // Balances are checked before anything moves.
    let balance = load("balance:", from);
    if balance < amount { return error("overdraft of \"from\"", 0x1f3a); }
    let total_supply_cached = 340282366920938463463374607431768211455;
    while (total_supply_cached >> 12) != 0 { total_supply_cached = total_supply_cached / 2 + 1; }
    store("balance:", from, balance - amount);
    store("balance:", to, load("balance:", to) + amount * 10000 % 9973);
    emit Transfer { from, to, amount, memo: "thank you\n", fee: 12345 };
    return ok;
}
"#;
const KEYWORDS: [&[u8]; 8] =
    [b"fn", b"let", b"if", b"else", b"while", b"return", b"emit", b"match"];

fn skip_blank(text: &[u8], mut at: usize) -> usize {
    while at < text.len() {
        match text[at] {
            b' ' | b'\n' | b'\t' | b'\r' => at += 1,
            b'/' if text.get(at + 1) == Some(&b'/') => {
                while at < text.len() && text[at] != b'\n' {
                    at += 1;
                }
            }
            _ => break,
        }
    }
    at
}

fn word(text: &[u8], mut at: usize) -> (usize, u64) {
    let start = at;
    let mut hash = 5381_u32;
    while at < text.len() && (text[at].is_ascii_alphanumeric() || text[at] == b'_') {
        hash = hash.wrapping_mul(33) ^ u32::from(text[at]);
        at += 1;
    }
    let kind = KEYWORDS.iter().position(|&keyword| keyword == &text[start..at]);
    (at, kind.map_or(u64::from(hash), |index| index as u64))
}

fn number(text: &[u8], mut at: usize) -> (usize, u64) {
    let radix = if text[at] == b'0' && text.get(at + 1) == Some(&b'x') {
        at += 2;
        16
    } else {
        10
    };
    let mut value = 0_u64;
    while at < text.len() {
        let digit = match text[at] {
            byte @ b'0'..=b'9' => byte - b'0',
            byte @ b'a'..=b'f' => byte - b'a' + 10,
            _ => break,
        };
        value = value.wrapping_mul(radix).wrapping_add(u64::from(digit));
        at += 1;
    }
    (at, value)
}

fn string(text: &[u8], mut at: usize) -> (usize, u64) {
    let mut value = 0;
    at += 1;
    while at < text.len() && text[at] != b'"' {
        let byte = match text[at] {
            b'\\' => {
                at += 1;
                match text[at] {
                    b'n' => b'\n',
                    other => other,
                }
            }
            other => other,
        };
        value = mix(value, u64::from(byte));
        at += 1;
    }
    (at + 1, value)
}

fn tokenize(text: &[u8]) -> (u32, u64) {
    let (mut at, mut tokens, mut sum) = (0, 0, 0);
    loop {
        at = skip_blank(text, at);
        if at >= text.len() {
            return (tokens, sum);
        }
        let (next, value) = match text[at] {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => word(text, at),
            b'0'..=b'9' => number(text, at),
            b'"' => string(text, at),
            b'-' | b'>' | b'!' if matches!(text.get(at + 1), Some(b'>' | b'=')) => (at + 2, 77),
            punctuation => (at + 1, u64::from(punctuation)),
        };
        at = next;
        tokens += 1;
        sum = mix(sum, value);
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    let mut sum = 0;
    for round in 0..n {
        let from = round as usize & 31;
        let (tokens, hash) = tokenize(&SOURCE[from..]);
        sum = mix(sum, hash ^ u64::from(tokens));
    }
    sum as i64
}
