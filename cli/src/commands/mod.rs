//! One file per command.

pub(crate) mod audit;
pub(crate) mod block;
pub(crate) mod build;
pub(crate) mod call;
pub(crate) mod demo;
pub(crate) mod deploy;
pub(crate) mod events;
pub(crate) mod gas;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod keys;
pub(crate) mod new;
pub(crate) mod query;
pub(crate) mod run;
pub(crate) mod state;
pub(crate) mod transfer;
pub(crate) mod tx;
pub(crate) mod upgrade;
