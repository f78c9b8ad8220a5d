//! One file per command.

pub(crate) mod build;
pub(crate) mod demo;
pub(crate) mod inspect;
pub(crate) mod keys;
pub(crate) mod new;
pub(crate) mod run;
pub(crate) mod state;
