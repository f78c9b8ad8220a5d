//! Transactions as text, and as snapshots of `insta`.

use dytallix_testkit::insta::assert_snapshot;
use dytallix_testkit::sdk::Encode;
use dytallix_testkit::{Mock, Mode, Suite, TestResult, values};

use crate::support::{code, panic_of};
use crate::token::token;

#[test]
fn a_deployment_reads_as_what_it_did() -> TestResult {
    let suite = Suite::new();
    token(&suite)?;
    assert_snapshot!(suite.printed(), @r"
    deployment of Token(supply: 1000)
    from: alice
    status: Success
    contract: Token
    events:
      Token: Transfer { 0: zero, 1: alice, 2: 1000 }
    ");
    Ok(())
}

#[test]
fn a_call_reads_as_what_it_did() -> TestResult {
    let suite = Suite::new();
    let (bob, token) = (suite.account("bob"), token(&suite)?);
    token.transfer(bob, 30)?;
    assert_snapshot!(suite.printed(), @r"
    Token.transfer(to: bob, amount: 30)
    from: alice
    status: Success
    returned: ()
    events:
      Token: Transfer { 0: alice, 1: bob, 2: 30 }
    ");
    let gas = suite.last_receipt().gas_used;
    let with_gas = suite.printed().with_gas().to_string();
    assert_eq!(with_gas, format!("{}\ngas: {gas}", suite.printed()));
    assert_eq!(format!("{:?}", suite.printed()), suite.printed().to_string());
    Ok(())
}

#[test]
fn a_refusal_reads_with_its_meaning() -> TestResult {
    let suite = Suite::new();
    let (bob, token) = (suite.account("bob"), token(&suite)?);
    assert!(token.transfer(bob, 1_001).is_err());
    assert_snapshot!(suite.printed(), @r"
    Token.transfer(to: bob, amount: 1001)
    from: alice
    status: Reverted
    error: InsufficientBalance
      The holder has less than the amount.
    ");
    Ok(())
}

#[test]
fn a_trap_reads_without_places_in_the_module() -> TestResult {
    let suite = Suite::new();
    let text = r#"(module (memory (export "memory") 1) (func (export "boom") unreachable))"#;
    let contract = suite.deploy(code(text)).label("bomb").send()?;
    let failure = suite.call(contract, "boom").arguments([7]).send().expect_err("it traps");
    assert!(failure.trap().expect("a trap").offset.is_some());
    let text = failure.to_string();
    assert!(text.starts_with("bomb.boom(0x07) by alice failed: Trapped\n  trap "), "{text}");
    assert!(text.contains("offset 0x") && text.contains(", in bomb\n  gas: "), "{text}");
    assert_snapshot!(suite.printed(), @r"
    bomb.boom(0x07)
    from: alice
    status: Trapped
    trap: unreachable in bomb
    ");
    Ok(())
}

#[test]
fn views_simulations_and_values_are_named() -> TestResult {
    let suite = Suite::new();
    let (bob, token) = (suite.account("bob"), token(&suite)?);
    suite.invoke(token.address, "balance_of", &values![bob])?;
    let view = suite.last_view().expect("a view");
    assert_eq!(view.mode, Mode::View);
    let lines = "view Token.balance_of(account: bob)\nfrom: alice\nstatus: Success\nreturned: 0";
    assert_eq!(suite.print(&view).to_string(), lines);
    let mock = suite.mock(Mock::new().returns("pay", &7_u8).panics("fail", "no").label("shop"));
    suite.simulate(mock, "pay").value(3).arguments(1_u8.to_bytes()).send()?;
    let simulated = suite.print(&suite.last_view().expect("a simulation"));
    assert_snapshot!(simulated, @r"
    simulation of shop.pay(0x01)
    from: alice
    value: 3
    status: Success
    returned: 0x07
    ");
    assert!(suite.call(mock, "fail").send().is_err());
    assert_snapshot!(suite.printed(), @r#"
    shop.fail()
    from: alice
    status: Reverted
    error: Panic: "no"
      The contract panicked. The message follows, UTF-8 up to the end of the data.
    "#);
    let message = panic_of(|| drop(Suite::new().printed()));
    assert_eq!(message, "there is nothing to print: nothing was deployed or called");
    let message = panic_of(|| drop(Suite::new().last_receipt()));
    assert_eq!(message, "there is no receipt: nothing was deployed or called");
    Ok(())
}
