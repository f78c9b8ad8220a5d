//! Tests of Dytallix contracts: a chain in the test's own process, which runs the bytes that would
//! be deployed.
//!
//! A contract's package needs this crate as its one dev-dependency. A contract author's test:
//!
//! ```
//! # #[allow(dead_code, reason = "a contract, of which a part is used here")]
//! # #[path = "../../examples/basic_token.rs"]
//! # mod my_token;
//! use dytallix_testkit::{Suite, TestResult, assert_reverts, values};
//! use my_token::{Error, Token, Transfer};
//!
//! # fn main() -> TestResult { owners_mint_and_holders_move() }
//! fn owners_mint_and_holders_move() -> TestResult {
//!     let suite = Suite::new();
//!     let (alice, bob) = (suite.account("alice"), suite.account("bob"));
//!
//!     // `suite.deploy_contract("my-token")` finds what `dytallix build` has built.
//!     let code = suite.deploy_file("../examples/wasm/basic_token.wasm");
//!     let token = code.from(alice).arguments(Token::init_arguments(1_000)).client::<Token>()?;
//!
//!     // Calls of the typed client come from alice, the default sender, or from whom the test says.
//!     token.transfer(bob, 30)?;
//!     suite.expect_event(&Transfer(alice, bob, 30));
//!     token.with_transport(suite.from(bob)).transfer(alice, 5)?;
//!     assert_eq!(token.balance_of(bob)?, 25);
//!
//!     // The next call comes from bob, who is not the owner.
//!     suite.prank(bob);
//!     assert_reverts!(token.mint(bob, 1), Error::NotOwner);
//!
//!     // By names instead of types, with the ABI that the module carries.
//!     suite.invoke(token.address, "transfer", &values![bob, 10_u128])?;
//!     assert_eq!(suite.read_as(token.address, "balances", &values![bob])?, Some(35_u128));
//!
//!     // What happened, as stable text: `insta::assert_snapshot!(suite.printed())`.
//!     assert!(suite.printed().to_string().starts_with("Token.transfer(to: bob, amount: 10)"));
//!     Ok(())
//! }
//! ```
//!
//! What a chain would not let a test do is on [`Suite`], too: time ([`Suite::warp`]), height
//! ([`Suite::roll`]), senders ([`Suite::prank`]), balances ([`Suite::deal`]), storage
//! ([`Suite::write`]), code ([`Suite::set_code`]), risk scores ([`Suite::set_risk`]), and going
//! back ([`Suite::snapshot`]). `docs/smart-contracts/testing.md` has an example of each.
mod accounts;
mod artifact;
mod builder;
mod cheats;
mod deployment;
mod events;
mod expect;
mod failure;
mod heard;
mod keys;
mod mock;
mod printed;
mod request;
mod run;
mod section;
mod sender;
#[cfg(feature = "proptest")]
mod sequence;
mod storage;
mod suite;
#[cfg(test)]
mod tests;
mod text;
mod transaction;
mod values;
mod world;

pub use dytallix_abi::{Address, Hash, Value};
pub use dytallix_sdk as sdk;
#[cfg(feature = "insta")]
pub use insta;
#[cfg(feature = "proptest")]
pub use proptest;

pub use accounts::{ACCOUNTS, DEFAULT_SENDER, account};
pub use builder::{DEFAULT_BALANCE, DEFAULT_GAS, START_TIME_MS, SuiteBuilder};
pub use cheats::SnapshotId;
pub use deployment::Deployment;
pub use events::{AnyEvent, Emitted};
pub use expect::{Expect, Failed};
pub use failure::{Cause, Ended, Failure};
pub use heard::{Log, MockCall};
pub use keys::Key;
pub use mock::Mock;
pub use printed::Printed;
pub use request::Request;
pub use section::with_abi;
pub use sender::Sender;
#[cfg(feature = "proptest")]
pub use sequence::{Invariant, PlannedCall, Sequence, Step, run_sequence, strategy};
pub use suite::Suite;
pub use transaction::{Mode, Transaction};
pub use values::IntoValue;

/// What a test returns that uses `?`.
pub type TestResult<T = ()> = Result<T, Failure>;
