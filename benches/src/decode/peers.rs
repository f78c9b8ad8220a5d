//! wasmi in both of its major versions, each with a new engine for every run: an engine keeps the
//! code of modules that were dropped. Their default features are all that ours has, and custom
//! sections, which we do not copy either, are left out.

use super::time;
use crate::Error;
use std::sync::Arc;

/// wasmi 2.0, which validates and translates at once.
pub(super) fn wasmi_eager(bytes: &Arc<[u8]>) -> Result<f64, Error> {
    wasmi(bytes, wasmi::CompilationMode::Eager)
}

/// wasmi 2.0, which validates at once and translates a function when it is called.
pub(super) fn wasmi_lazy(bytes: &Arc<[u8]>) -> Result<f64, Error> {
    wasmi(bytes, wasmi::CompilationMode::LazyTranslation)
}

fn wasmi(bytes: &Arc<[u8]>, mode: wasmi::CompilationMode) -> Result<f64, Error> {
    let mut config = wasmi::Config::default();
    config.compilation_mode(mode).ignore_custom_sections(true);
    let engine = wasmi::Engine::new(&config);
    time(|| wasmi::Module::new(&engine, bytes))
}

/// wasmi 1.1, which validates and translates at once.
pub(super) fn wasmi1_eager(bytes: &Arc<[u8]>) -> Result<f64, Error> {
    let mut config = wasmi1::Config::default();
    config.compilation_mode(wasmi1::CompilationMode::Eager).ignore_custom_sections(true);
    let engine = wasmi1::Engine::new(&config);
    time(|| wasmi1::Module::new(&engine, bytes))
}
