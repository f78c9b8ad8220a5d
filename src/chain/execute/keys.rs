//! `RotateKey`, and the registration of keys that transactions may omit.

use alloc::sync::Arc;
use alloc::vec::Vec;

use dytallix_abi::Status;

use super::{Run, Step, Stop};
use crate::chain::admission::Key;
use crate::chain::governance::{forget_key, register_key};
use crate::chain::receipt::BodyResult;
use crate::chain::transaction::ROTATION_TAG;
use crate::crypto::{Scheme, verify};
use crate::gas::GasDimension;
use crate::host::signature_kind;
use crate::state::Auth;

impl Run<'_, '_, '_> {
    /// Lets another key sign for the signer, which both keys want.
    pub(super) fn rotate_key(
        &mut self,
        scheme: u8,
        public_key: &Arc<[u8]>,
        signature: &[u8],
    ) -> Step<BodyResult> {
        let refused = || Stop::Failed(Status::KeyRefused);
        let known = Scheme::from_number(scheme).filter(|_| self.rules.parameters.admits(scheme));
        let known = known.ok_or_else(refused)?;
        if public_key.len() != known.public_key_bytes()
            || signature.len() != known.signature_bytes()
        {
            return Err(refused());
        }
        let message = self.checked.signed.transaction.rotation_bytes(scheme, public_key);
        let price = self.rules.protocol.prices.signature(signature_kind(known));
        self.charge(GasDimension::Crypto, price.total(message.len() as u64))?;
        let context = if known.takes_context() { ROTATION_TAG } else { &[] };
        if !verify(known, public_key, &message, context, signature) {
            return Err(refused());
        }
        let (signer, height) = (self.signer(), self.rules.block.height);
        let auth = Auth::new(scheme, Key::hash(scheme, public_key));
        self.charge_own_record(0)?;
        self.overlay.set_auth(&signer, Some(auth))?;
        forget_key(self.overlay, height, &signer)?;
        Ok(BodyResult::new(Status::Success, Vec::new(), None))
    }

    /// Keeps the signer's key in state.
    pub(super) fn register_key(&mut self) -> Step<BodyResult> {
        let Key { scheme, public_key, .. } = self.checked.key.clone();
        self.charge_own_record(public_key.len())?;
        let (signer, height) = (self.signer(), self.rules.block.height);
        register_key(self.overlay, height, &signer, scheme.number(), &public_key)?;
        Ok(BodyResult::new(Status::Success, Vec::new(), None))
    }

    /// Forgets it.
    pub(super) fn forget_key(&mut self) -> Step<BodyResult> {
        self.charge_own_record(0)?;
        let (signer, height) = (self.signer(), self.rules.block.height);
        forget_key(self.overlay, height, &signer)?;
        Ok(BodyResult::new(Status::Success, Vec::new(), None))
    }

    /// Takes gas for a change of what the chain keeps in its own storage.
    pub(super) fn charge_own_record(&mut self, bytes: usize) -> Step<()> {
        let prices = &self.rules.protocol.prices;
        let (read, write) = (prices.cold_storage, prices.state_write);
        self.charge(GasDimension::StateRead, read.total(bytes as u64))?;
        self.charge(GasDimension::StateWrite, write.total(bytes as u64))
    }
}
