//! The binary from outside: what it prints and how it ends. One file per command.

mod build;
mod demo;
mod help;
mod inspect;
mod keys;
mod new;
mod run;
mod state;
mod support;
