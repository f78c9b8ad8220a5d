//! The binary from outside: what it prints and how it ends. One file per command.

mod audit;
mod block;
mod build;
mod chain;
mod demo;
mod events;
mod gas;
mod help;
mod init;
mod inspect;
mod keys;
mod new;
mod query;
mod run;
mod send;
mod state;
mod support;
mod upgrade;
