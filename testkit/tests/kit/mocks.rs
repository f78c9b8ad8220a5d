//! Mocks: what they answer, who called them, and that they change nothing for others.

use crate::support::caller_code;
use dytallix_testkit::sdk::{CallError, CallStatus, Decode, Encode, SdkError, error, interface};
use dytallix_testkit::{
    Address, Expect, Failure, IntoValue, Mock, Suite, TestResult, account, assert_reverts, values,
};

/// What oracles offer.
#[interface]
trait Oracle {
    fn price(&self, symbol: String) -> u128;
    fn push(&mut self, symbol: String, price: u128) -> Result<u64, ()>;
}

#[error(no_result)]
enum OracleError {
    /// Nobody has told a price.
    Unknown,
    Stale {
        since_ms: u64,
    },
}

/// A contract that calls `method` of its argument's address with the rest of the argument.
fn caller(suite: &Suite, how: &str, method: &str) -> TestResult<Address> {
    suite.deploy(caller_code(how, method)).label("caller").send()
}

#[test]
fn a_mock_answers_by_arguments_and_else_in_general() -> TestResult {
    let suite = Suite::new();
    let mock = Mock::new()
        .returns("price", &1_u128)
        .returns_for("price", &("BTC".to_owned(),), &97_u128)
        .returns_for("price", &("BTC".to_owned(),), &98_u128)
        .reverts_for("price", &("OLD".to_owned(),), OracleError::Stale { since_ms: 7 })
        .reverts("push", OracleError::Unknown)
        .returns_for("push", &("DYT".to_owned(), 5_u128), &3_u64);
    let oracle = suite.client::<OracleClient>(suite.mock(mock));
    assert_eq!(oracle.price("DYT".into())?, 1);
    assert_eq!(oracle.price("BTC".into())?, 98, "what was said last");
    assert_eq!(oracle.price("BT".into())?, 1, "a prefix is another argument");
    assert_eq!(oracle.price("BTCC".into())?, 1);
    assert_reverts!(oracle.price("OLD".into()), OracleError::Stale { since_ms: 7 });
    assert_eq!(oracle.push("DYT".into(), 5)?, 3);
    assert_reverts!(oracle.push("DYT".into(), 6), OracleError::Unknown);
    Ok(())
}

#[test]
fn a_mock_reverts_panics_and_traps() {
    let suite = Suite::new();
    let mock = Mock::new()
        .reverts_with("raw", [200, 1])
        .panics("broken", "division by zero")
        .traps("boom")
        .returns_for("some", &1_u8, &());
    let mock = suite.mock(mock);
    let failure = suite.call(mock, "raw").send().expect_err("it reverts");
    assert_eq!(failure.data(), [200, 1]);
    suite.call(mock, "broken").send().expect_panic("division by zero");
    suite.call(mock, "boom").send().expect_status(CallStatus::Trapped);
    suite.call(mock, "some").arguments([1]).send().expect_success();
    suite
        .call(mock, "some")
        .arguments([2])
        .send()
        .expect_panic("no answer for this call of `some`");
    let failure = suite.call(mock, "other").send().expect_err("there is no such method");
    assert_eq!(failure.status(), Some(CallStatus::NotFound));
    assert!(failure.to_string().contains("it has: boom, broken, raw, some"), "{failure}");
}

#[test]
fn long_inputs_and_answers_pass_whole() -> TestResult {
    let suite = Suite::new();
    let long: Vec<u8> = (0..65_530_u32).map(|n| (n % 251) as u8).collect();
    let mock = Mock::new().returns_for("echo", &long, &long).returns("echo", &());
    let mock = suite.mock(mock);
    let echoed: Vec<u8> = suite.call(mock, "echo").arguments(long.to_bytes()).decode()?;
    assert_eq!(echoed, long);
    suite.call(mock, "echo").arguments(vec![7; 65_536]).send()?;
    let calls = suite.calls_of(mock);
    assert_eq!(calls[0].decode::<Vec<u8>>(), long);
    assert_eq!(calls[1].arguments, vec![7; 65_536]);
    Ok(())
}

#[test]
fn calls_are_heard_with_caller_arguments_and_value() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let mock = suite.mock(Mock::new().returns("pay", &true).label("shop"));
    suite.call(mock, "pay").from(bob).value(9).arguments((alice, 5_u64).to_bytes()).send()?;
    let calls = suite.calls_of(mock);
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].caller, calls[0].value), (bob, 9));
    assert_eq!(calls[0].method, "pay");
    assert_eq!(calls[0].decode::<(Address, u64)>(), (alice, 5));
    assert_eq!((suite.balance(mock), suite.name(mock).as_str()), (9, "shop"));
    suite.expect_calls(mock, "pay", 1);
    suite.expect_calls(mock, "refund", 0);
    assert!(suite.logs().is_empty(), "they are no logs");
    suite.clear_calls();
    suite.expect_calls(mock, "pay", 0);
    Ok(())
}

#[test]
fn calls_are_heard_in_read_only_frames_and_when_undone() -> TestResult {
    let suite = Suite::new();
    let mock = suite.mock(Mock::new().returns("price", &7_u128).traps("boom"));
    let reader = caller(&suite, "static", "price")?;
    let price: u128 = suite.view(reader, "go").arguments(mock.to_bytes()).decode()?;
    assert_eq!(price, 7);
    suite.expect_calls(mock, "price", 1);
    assert_eq!(suite.calls_of(mock)[0].caller, reader);
    let breaker = caller(&suite, "external", "boom")?;
    let failed = suite.call(breaker, "go").arguments(mock.to_bytes()).send();
    failed.expect_revert(Status(CallStatus::Trapped.code()));
    suite.expect_calls(mock, "boom", 1);
    Ok(())
}

/// What the caller reverts with: the status of its call.
#[derive(Debug)]
struct Status(i32);

impl From<Status> for CallError {
    fn from(status: Status) -> CallError {
        CallError::new(CallStatus::Reverted, status.0.to_bytes())
    }
}

#[test]
fn a_mock_that_calls_back_meets_the_guard_against_re_entry() -> TestResult {
    let suite = Suite::new();
    let victim = caller(&suite, "external", "hook")?;
    let attacker = Mock::new().calls("hook", victim, "go", &account("mallory")).label("attacker");
    let attacker = suite.mock(attacker);
    let status = suite.call(victim, "go").arguments(attacker.to_bytes()).send()?;
    assert_eq!(i32::from_bytes(&status), Ok(CallStatus::ReentryRefused.code()));
    // Alone it gets through to the victim, whose own call then finds no contract.
    let status = suite.call(attacker, "hook").send()?;
    assert_eq!(i32::from_bytes(&status), Ok(CallStatus::Reverted.code()));
    Ok(())
}

#[test]
fn a_mock_takes_the_place_of_a_contract_and_leaves_it_again() -> TestResult {
    let suite = Suite::new();
    let contract = caller(&suite, "external", "price")?;
    suite.deal(contract, 40);
    suite.set_storage(contract, b"k", Some(b"v"));
    let before = suite.snapshot();
    suite.mock_at(contract, Mock::new().returns("go", &5_u8));
    assert_eq!(suite.call(contract, "go").decode::<u8>()?, 5);
    assert_eq!((suite.balance(contract), suite.storage(contract, b"k")), (40, Some(b"v".to_vec())));
    assert_eq!(suite.name(contract), "caller");
    suite.revert(before);
    assert!(suite.call(contract, "go").arguments(contract.to_bytes()).send().is_err());
    assert!(suite.calls_of(contract).is_empty(), "what came after the snapshot is forgotten");
    suite.mock_at(account("nobody"), Mock::new().returns("go", &6_u8));
    assert_eq!(suite.call(account("nobody"), "go").decode::<u8>()?, 6);
    Ok(())
}

#[test]
fn a_mock_like_a_contract_has_its_types() -> TestResult {
    let suite = Suite::new();
    let abi = crate::support::oracle_abi();
    let mock = Mock::like(&abi).returns("price", &7_u128).returns("extra", &1_u8);
    let mock = suite.mock(mock);
    assert_eq!(suite.name(mock), "Oracle");
    let price = suite.invoke(mock, "price", &values!["DYT"])?;
    assert_eq!(price, 7_u128.into_value());
    let wrong = suite.invoke(mock, "price", &values![1_u8]).expect_err("another type");
    assert!(wrong.to_string().contains("`symbol` of `price` is of type String"), "{wrong}");
    suite.call(mock, "push").send().expect_panic("no answer for this call of `push`");
    assert_eq!(suite.call(mock, "extra").value(3).decode::<u8>()?, 1);
    suite.call(mock, "price").value(3).send().expect_status(CallStatus::NotPermitted);
    let message = crate::support::panic_of(|| suite.expect_calls(mock, "price", 9));
    assert!(
        message.contains("`price` was to be called 9 times and was called 1 times"),
        "{message}"
    );
    assert!(message.contains("\n  price(symbol: \"DYT\") by alice"), "{message}");
    Ok(())
}

#[test]
fn mocks_of_one_suite_have_addresses_of_their_own() {
    let suite = Suite::new();
    let one = suite.mock(Mock::new().returns("a", &1_u8));
    let two = suite.mock(Mock::new().returns("a", &2_u8));
    assert_ne!(one, two);
    assert_eq!(suite.call(one, "a").send().expect_success(), [1]);
    assert_eq!((suite.name(one), suite.name(two)), ("Mock".into(), "Mock#2".into()));
}

#[test]
fn a_client_sees_the_errors_of_a_mock() {
    let suite = Suite::new();
    let mock = suite.mock(Mock::new().reverts_with("price", [SdkError::BadArguments.code()]));
    let oracle = suite.client::<OracleClient>(mock);
    let error: CallError = oracle.price("DYT".into()).expect_err("it reverts");
    assert_eq!(error.sdk_error(), Some(SdkError::BadArguments));
    oracle.price("DYT".into()).expect_sdk_error(SdkError::BadArguments);
    suite.mock_at(mock, Mock::new().returns("price", &7_u8));
    let failure = Failure::from(oracle.price("DYT".into()).expect_err("another type"));
    let text = failure.to_string();
    assert!(text.contains("data: 0x07"), "{text}");
    assert!(text.ends_with("what it returned is not of the client's type"), "{text}");
    let message = crate::support::panic_of(|| drop(Mock::new().returns("init", &())));
    assert_eq!(message, "`init` is no name of a method that can be called");
    let message = crate::support::panic_of(|| suite.mock_at(mock, Mock::new().returns("a-b", &())));
    assert!(message.contains("can not be written"), "{message}");
}
