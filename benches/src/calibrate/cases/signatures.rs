//! Checks of signatures: a key in each turn that the runtime has not seen, since half of a check of
//! a lattice scheme is the expansion of the key.

use crate::Error;
use crate::calibrate::case::{DATA, KEY, OUT, Place, Plan};
use crate::calibrate::keys::{CONTEXT, Signed, context, ed25519, pqc, secp256k1};
use dytallix::abi::HostFn;
use dytallix::crypto::Scheme;
use std::fmt::Display;

/// The message, which is zeros.
const MESSAGE: u32 = 4 << 16;
/// Pages of a memory with room for keys and the longest message.
const PAGES: u32 = 4 + 16;
/// Keys of cases with a short message, and with the longest.
const LENGTHS: [(&str, u32, u32); 2] = [("32 B", 32, 16), ("1 MiB", 1 << 20, 4)];

/// Every scheme, with the name that the table has.
const SCHEMES: [(Scheme, &str); 5] = [
    (Scheme::Dilithium3, "Dilithium3"),
    (Scheme::MlDsa44, "ML-DSA-44"),
    (Scheme::MlDsa65, "ML-DSA-65"),
    (Scheme::MlDsa87, "ML-DSA-87"),
    (Scheme::SlhDsaSha2_128s, "SLH-DSA-SHA2-128s"),
];

pub(super) fn plans() -> Result<Vec<Plan>, Error> {
    let mut plans = Vec::new();
    for (name, length, keys) in LENGTHS {
        let message = vec![0; length as usize];
        for (scheme, scheme_name) in SCHEMES {
            let signed = (0..keys as u8).map(|number| pqc(scheme, number, &message));
            let signed: Vec<Signed> = signed.collect::<Result<_, _>>()?;
            plans.push(post_quantum(scheme, format!("{scheme_name}, {name}"), length, &signed));
        }
        let signed = (0..keys as u8).map(|number| ed25519(number, &message));
        let signed: Vec<Signed> = signed.collect::<Result<_, _>>()?;
        plans.push(edwards(name, length, &signed));
    }
    let signatures: Vec<Vec<u8>> = (0..16).map(secp256k1).collect::<Result<_, _>>()?;
    let turn = in_turn(65, 16, 0);
    let plan = Plan::new(HostFn::RecoverPubkey, "", 16, &[&MESSAGE, &turn, &OUT]);
    plans.push(plan.pages(PAGES).data(DATA, signatures.concat()));
    plans.extend(no_signatures());
    Ok(plans)
}

/// Code for the address of what the turn uses: one of `count` entries of `stride` bytes, `offset`
/// bytes into it.
fn in_turn(stride: usize, count: u32, offset: usize) -> String {
    let (mask, at) = (count - 1, DATA as usize + offset);
    format!(
        "(i32.add (i32.const {at}) (i32.mul (i32.const {stride})
           (i32.and (i32.wrap_i64 (local.get $i)) (i32.const {mask}))))"
    )
}

fn post_quantum(scheme: Scheme, what: String, length: u32, signed: &[Signed]) -> Plan {
    let (key, signature) = (signed[0].key.len(), signed[0].signature.len());
    let (stride, count) = (key + signature, signed.len() as u32);
    let (key_at, signature_at) = (in_turn(stride, count, 0), in_turn(stride, count, key));
    let (number, context) = (scheme as u8, context(scheme).len());
    let operands: [&dyn Display; 9] =
        [&number, &key_at, &key, &MESSAGE, &length, &KEY, &context, &signature_at, &signature];
    let entries = signed.iter().flat_map(|signed| [&signed.key[..], &signed.signature]);
    let entries = entries.collect::<Vec<_>>().concat();
    let plan = Plan::new(HostFn::PqcVerify, what, count.into(), &operands).place(Place::Fresh);
    plan.pages(PAGES).data(DATA, entries).data(KEY, CONTEXT)
}

fn edwards(what: &str, length: u32, signed: &[Signed]) -> Plan {
    let count = signed.len() as u32;
    let (key_at, signature_at) = (in_turn(96, count, 0), in_turn(96, count, 32));
    let operands: [&dyn Display; 4] = [&key_at, &MESSAGE, &length, &signature_at];
    let entries = signed.iter().flat_map(|signed| [&signed.key[..], &signed.signature]);
    let entries = entries.collect::<Vec<_>>().concat();
    let plan = Plan::new(HostFn::Ed25519Verify, what, count.into(), &operands);
    plan.pages(PAGES).data(DATA, entries)
}

/// What cannot be a signature: no such scheme, and lengths that are no scheme's.
fn no_signatures() -> [Plan; 2] {
    let plan = |what, scheme: u32, length: u32| {
        let zero = 0;
        let operands: [&dyn Display; 9] =
            [&scheme, &DATA, &length, &DATA, &length, &DATA, &zero, &DATA, &length];
        Plan::new(HostFn::PqcVerify, what, 5_000, &operands).pages(PAGES)
    };
    [plan("no scheme", 99, 32), plan("lengths of no scheme", 2, 1 << 20)]
}
