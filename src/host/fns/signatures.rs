//! Signatures: `pqc_verify`, `ed25519_verify`, `recover_pubkey`.
//!
//! A signature that is none is an answer, never a trap: only pointers out of bounds and inputs
//! above the limit trap.

use dytallix_abi::{GasClass, HostTrap};

use crate::crypto::{self, Scheme};
use crate::gas::Signature;
use crate::host::frame::{Env, Stop, within};

#[expect(clippy::too_many_arguments, reason = "the parameters are those of the ABI's table")]
pub(super) fn pqc_verify(
    env: &mut Env<'_, '_>,
    scheme: u32,
    public_key: u32,
    public_key_length: u32,
    message: u32,
    message_length: u32,
    context: u32,
    context_length: u32,
    signature: u32,
    signature_length: u32,
) -> Result<i32, Stop> {
    let lengths = [public_key_length, message_length, context_length, signature_length];
    env.charge(GasClass::Verify, lengths.iter().copied().map(u64::from).sum())?;
    for length in lengths {
        within(length, env.rules.call_limits.data_bytes, HostTrap::DataLength)?;
    }
    env.guest.bytes(public_key, public_key_length)?;
    env.guest.bytes(message, message_length)?;
    env.guest.bytes(context, context_length)?;
    env.guest.bytes(signature, signature_length)?;
    let Some(scheme) = u8::try_from(scheme).ok().and_then(Scheme::from_number) else {
        return Ok(0);
    };
    // What cannot be a signature by its lengths is not checked and not paid for.
    if public_key_length as usize != scheme.public_key_bytes()
        || signature_length as usize != scheme.signature_bytes()
    {
        return Ok(0);
    }
    let hashed = u64::from(message_length) + u64::from(context_length);
    env.charge_signature(signature_kind(scheme), hashed)?;
    let valid = env.keys.verify(
        scheme,
        env.guest.bytes(public_key, public_key_length)?,
        env.guest.bytes(message, message_length)?,
        env.guest.bytes(context, context_length)?,
        env.guest.bytes(signature, signature_length)?,
    );
    Ok(valid.into())
}

/// The price of a check in a scheme.
pub(crate) fn signature_kind(scheme: Scheme) -> Signature {
    match scheme {
        Scheme::Dilithium3 => Signature::Dilithium3,
        Scheme::MlDsa65 => Signature::MlDsa65,
        Scheme::MlDsa87 => Signature::MlDsa87,
        Scheme::MlDsa44 => Signature::MlDsa44,
        Scheme::SlhDsaSha2_128s => Signature::SlhDsaSha2_128s,
    }
}

pub(super) fn ed25519_verify(
    env: &mut Env<'_, '_>,
    public_key: u32,
    message: u32,
    message_length: u32,
    signature: u32,
) -> Result<i32, Stop> {
    env.charge(GasClass::Verify, message_length.into())?;
    within(message_length, env.rules.call_limits.data_bytes, HostTrap::DataLength)?;
    let public_key = env.guest.array(public_key)?;
    let signature = env.guest.array(signature)?;
    env.guest.bytes(message, message_length)?;
    env.charge_signature(Signature::Ed25519, message_length.into())?;
    let message = env.guest.bytes(message, message_length)?;
    Ok(crypto::ed25519_verify(&public_key, message, &signature).into())
}

pub(super) fn recover_pubkey(
    env: &mut Env<'_, '_>,
    hash: u32,
    signature: u32,
    out: u32,
) -> Result<i32, Stop> {
    env.charge(GasClass::Verify, 0)?;
    let hash = env.guest.array(hash)?;
    let signature = env.guest.array(signature)?;
    env.guest.bytes(out, 64)?;
    env.charge_signature(Signature::Secp256k1, 0)?;
    match crypto::recover_secp256k1(&hash, &signature) {
        Some(key) => env.guest.write(out, &key).map(|()| 1),
        None => Ok(0),
    }
}
