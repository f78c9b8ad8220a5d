//! The binary from outside: what it prints and how it ends. One file per command.

mod demo;
mod help;
mod inspect;
mod run;
mod state;
mod support;
