//! Hashes: published answers, and second implementations at every length around the blocks.

use dytallix::crypto::{blake3, keccak256, sha3_256, sha256};
use tiny_keccak::Hasher;

use crate::support::Random;

fn hex(text: &str) -> [u8; 32] {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex");
    bytes.try_into().expect("32 bytes")
}

/// The input of BLAKE3's test vectors: 0 to 250, over and over.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i % 251) as u8).collect()
}

/// Of the empty message and of "abc": FIPS 180-4 and 202 examples, Keccak's and BLAKE3's own.
#[test]
fn hashes_of_nothing_and_abc_are_those_of_the_standards() {
    type Row = (fn(&[u8]) -> [u8; 32], &'static str, &'static str);
    let rows: [Row; 4] = [
        (
            keccak256,
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
        ),
        (
            sha3_256,
            "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        ),
        (
            sha256,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            blake3,
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        ),
    ];
    for (hash, nothing, abc) in rows {
        assert_eq!(hash(b""), hex(nothing));
        assert_eq!(hash(b"abc"), hex(abc));
    }
}

/// SHA-256 and SHA3-256 of a pattern at the lengths around their blocks, as OpenSSL has them.
#[test]
fn hashes_around_blocks_are_those_of_openssl() {
    let rows = include_str!("data/openssl.txt").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for row in rows {
        let [length, by_sha256, by_sha3] = row.split(' ').collect::<Vec<_>>()[..] else {
            panic!("three columns: {row}");
        };
        let data = pattern(length.parse().expect("a length"));
        assert_eq!(sha256(&data), hex(by_sha256), "SHA-256 of {length} bytes");
        assert_eq!(sha3_256(&data), hex(by_sha3), "SHA3-256 of {length} bytes");
        count += 1;
    }
    assert_eq!(count, 25);
}

fn tiny(mut hasher: impl Hasher, data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    hasher.update(data);
    hasher.finalize(&mut out);
    out
}

/// Lengths: each up to three blocks of Keccak, then some up to 64 KiB.
#[test]
fn keccak_is_that_of_a_second_implementation() {
    let mut random = Random(1);
    let lengths = (0..410).chain([1023, 1024, 1025, 4096, 65_535, 65_536]);
    for length in lengths {
        let data = random.bytes(length);
        assert_eq!(keccak256(&data), tiny(tiny_keccak::Keccak::v256(), &data), "{length}");
        assert_eq!(sha3_256(&data), tiny(tiny_keccak::Sha3::v256(), &data), "{length}");
    }
}

/// Every length up to 3 KiB, every length around each chunk up to 40, and numbers of chunks that
/// make every shape of tree up to 64 KiB.
#[test]
fn blake3_is_that_of_the_reference_crate() {
    let data = pattern(300 * 1024 + 7);
    let around = (1..=40).flat_map(|chunk| (chunk * 1024 - 2)..=(chunk * 1024 + 2));
    let trees = (41..=64).map(|chunk| chunk * 1024 - 511);
    let lengths: Vec<usize> =
        (0..3 * 1024).chain(around).chain(trees).chain([65_536, 131_072, data.len()]).collect();
    for &length in &lengths {
        let data = &data[..length];
        assert_eq!(blake3(data), *::blake3::hash(data).as_bytes(), "{length} bytes");
    }
    println!("BLAKE3: {} lengths", lengths.len());
    assert!(lengths.len() > 3200);
}
