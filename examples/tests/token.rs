//! The token: its module in the runtime, with signatures that are checked; and both tokens' sources
//! against the mock host.

#[path = "../basic_token.rs"]
mod basic_token;
#[path = "support/mod.rs"]
mod support;
#[path = "../token.rs"]
mod token;

use dytallix_sdk::mock::{Mock, Sender};
use dytallix_sdk::{Address, Bytes, CallError, CallStatus, Encode, Scheme, SdkError};
use dytallix_testkit::proptest::prelude::*;
use dytallix_testkit::{Suite, TestResult, assert_reverts};
use support::{Key, module};
use token::{Approval, Error, Token, TokenClient, Transfer};

const OWNER: Address = Mock::CALLER;
const ANN: Address = Address::new([0x11; 32]);
const BOB: Address = Address::new([0x22; 32]);

/// A token of which the owner has 1,000.
fn token(mock: &Mock) -> TokenClient<Sender> {
    let address = mock.deploy::<Token>(&Token::init_arguments(1_000)).unwrap();
    mock.client::<Token>(address)
}

#[test]
fn transfers_move_balances_and_tell() {
    let mock = Mock::new();
    let token = token(&mock);
    assert_eq!(token.transfer(ANN, 30), Ok(()));
    assert_eq!((token.balance_of(OWNER), token.balance_of(ANN)), (Ok(970), Ok(30)));
    assert_eq!(token.total_supply(), Ok(1_000));
    let told = [Transfer(Address::ZERO, OWNER, 1_000), Transfer(OWNER, ANN, 30)];
    assert_eq!(mock.emitted::<Transfer>(), told);
}

#[test]
fn a_transfer_beyond_the_balance_changes_nothing() {
    let mock = Mock::new();
    let token = token(&mock);
    assert_eq!(token.transfer(ANN, 1_001), Err(Error::InsufficientBalance.into()));
    assert_eq!(token.balance_of(OWNER), Ok(1_000));
    assert_eq!(mock.emitted::<Transfer>().len(), 1);
}

#[test]
fn only_the_owner_mints_and_never_beyond_the_type() {
    let mock = Mock::new();
    let token = token(&mock);
    let as_ann = token.with_transport(mock.sender(ANN));
    assert_eq!(as_ann.mint(ANN, 1), Err(Error::NotOwner.into()));
    assert_eq!(token.mint(ANN, u128::MAX), Err(Error::Overflow.into()));
    assert_eq!(token.mint(ANN, u128::MAX - 1_000), Ok(()));
    assert_eq!(token.total_supply(), Ok(u128::MAX));
}

#[test]
fn allowances_are_used_up() {
    let mock = Mock::new();
    let token = token(&mock);
    let as_ann = token.with_transport(mock.sender(ANN));
    assert_eq!(as_ann.transfer_from(OWNER, BOB, 1), Err(Error::InsufficientAllowance.into()));
    token.approve(ANN, 50).unwrap();
    assert_eq!(as_ann.transfer_from(OWNER, BOB, 20), Ok(()));
    assert_eq!((token.allowance(OWNER, ANN), token.balance_of(BOB)), (Ok(30), Ok(20)));
    assert_eq!(as_ann.transfer_from(OWNER, BOB, 31), Err(Error::InsufficientAllowance.into()));
    assert_eq!(mock.emitted::<Approval>(), [Approval(OWNER, ANN, 50)]);
}

#[test]
fn a_permit_is_used_once_and_in_time() {
    let mock = Mock::new();
    let token = token(&mock);
    let key = b"the key of a holder".to_vec();
    let holder = mock.cx().account_of(Scheme::MlDsa65, &key);
    token.transfer(holder, 100).unwrap();
    mock.set_time_ms(5_000);
    let signed = |number: u64, amount: u128, until_ms: u64| {
        let message = (1_u64, token.address, number, BOB, amount, until_ms).to_bytes();
        let signature = message[..8].to_vec();
        mock.accept_pqc(Scheme::MlDsa65, &key, &message, b"permit", &signature);
        signature
    };
    let permit = |amount, until_ms, signature: &Vec<u8>| {
        token.permit(key.clone().into(), BOB, amount, until_ms, signature.clone().into())
    };
    let signature = signed(1, 40, 9_000);
    assert_eq!(permit(41, 9_000, &signature), Err(Error::Forged.into()));
    assert_eq!(permit(40, 4_999, &signature), Err(Error::Expired.into()));
    assert_eq!(permit(40, 9_000, &signature), Ok(()));
    assert_eq!(permit(40, 9_000, &signature), Err(Error::Forged.into()), "it is used");
    assert_eq!((token.allowance(holder, BOB), token.permits(holder)), (Ok(40), Ok(1)));
    let as_bob = token.with_transport(mock.sender(BOB));
    assert_eq!(as_bob.transfer_from(holder, BOB, 40), Ok(()));
    assert_eq!(permit(7, 9_000, &signed(2, 7, 9_000)), Ok(()));
}

#[test]
fn receivers_above_the_set_risk_are_refused() {
    let mock = Mock::new();
    let token = token(&mock);
    mock.set_risk(ANN, 7_000);
    assert_eq!(token.transfer(ANN, 1), Ok(()));
    let as_ann = token.with_transport(mock.sender(ANN));
    let refused = as_ann.set_max_risk(10_000).unwrap_err();
    assert_eq!(refused.sdk_error(), Some(SdkError::NotPermitted));
    token.set_max_risk(6_999).unwrap();
    assert_eq!(token.transfer(ANN, 1), Err(Error::RiskyReceiver.into()));
    assert_eq!(token.transfer(BOB, 1), Ok(()), "what has no score is not refused");
}

#[test]
fn value_and_unknown_methods_are_refused() {
    let mock = Mock::new();
    let token = token(&mock);
    mock.set_balance(OWNER, 10);
    let refused = CallError::new(CallStatus::NotPermitted, Vec::new());
    assert_eq!(token.with_value(1).transfer(ANN, 1), Err(refused));
    assert_eq!(mock.balance(OWNER), 10);
}

#[test]
fn the_basic_token_does_the_same() {
    use basic_token::{Error, Token};
    let mock = Mock::new();
    let address = mock.deploy::<Token>(&Token::init_arguments(10)).unwrap();
    let token = mock.client::<Token>(address);
    let as_ann = token.with_transport(mock.sender(ANN));
    assert_eq!((token.owner(), token.total_supply()), (Ok(OWNER), Ok(10)));
    assert_eq!(token.transfer(ANN, 11), Err(Error::InsufficientBalance.into()));
    token.transfer(ANN, 4).unwrap();
    as_ann.approve(OWNER, 3).unwrap();
    assert_eq!(token.transfer_from(ANN, BOB, 3), Ok(()));
    assert_eq!(token.transfer_from(ANN, BOB, 1), Err(Error::InsufficientAllowance.into()));
    assert_eq!(as_ann.mint(ANN, 1), Err(Error::NotOwner.into()));
    assert_eq!((token.balance_of(ANN), token.balance_of(BOB)), (Ok(1), Ok(3)));
}

/// The module in the runtime; alice has 1,000.
fn deployed(suite: &Suite) -> TestResult<TokenClient<dytallix_testkit::Sender>> {
    let deployment = suite.deploy_file(module("token")).from(suite.account("alice"));
    deployment.arguments(Token::init_arguments(1_000)).client::<Token>()
}

/// What a holder signs.
fn permit(
    suite: &Suite,
    token: Address,
    key: &Key,
    number: u64,
    terms: (Address, u128, u64),
) -> Bytes {
    let (spender, amount, until_ms) = terms;
    let message = (suite.chain_id(), token, number, spender, amount, until_ms).to_bytes();
    key.sign(&message, b"permit")
}

#[test]
fn the_module_moves_balances_and_refuses_what_the_source_refuses() -> TestResult {
    let suite = Suite::new();
    let (alice, bob) = (suite.account("alice"), suite.account("bob"));
    let token = deployed(&suite)?;
    token.transfer(bob, 30)?;
    suite.expect_events(&[&Transfer(alice, bob, 30)]);
    assert_eq!((token.balance_of(alice)?, token.balance_of(bob)?), (970, 30));
    assert_reverts!(token.transfer(bob, 971), Error::InsufficientBalance);
    suite.expect_no_events();
    let as_bob = token.with_transport(suite.from(bob));
    assert_reverts!(as_bob.mint(bob, 1), Error::NotOwner);
    assert_reverts!(as_bob.transfer_from(alice, bob, 1), Error::InsufficientAllowance);
    token.approve(bob, 50)?;
    suite.expect_event(&Approval(alice, bob, 50));
    as_bob.transfer_from(alice, bob, 50)?;
    assert_eq!((token.allowance(alice, bob)?, token.balance_of(bob)?), (0, 80));
    assert_eq!(token.total_supply()?, 1_000);
    Ok(())
}

#[test]
fn a_permit_needs_the_signature_of_the_holders_key() -> TestResult {
    let suite = Suite::new();
    let (bob, key, other) = (suite.account("bob"), Key::new(1), Key::new(2));
    let token = deployed(&suite)?;
    token.transfer(key.account, 100)?;
    let until_ms = suite.time_ms() + 1_000;
    let signature = permit(&suite, token.address, &key, 1, (bob, 40, until_ms));
    // Another key, another amount, another number, another contract, another context.
    let of_other = permit(&suite, token.address, &other, 1, (bob, 40, until_ms));
    let of_next = permit(&suite, token.address, &key, 2, (bob, 40, until_ms));
    let elsewhere = permit(&suite, bob, &key, 1, (bob, 40, until_ms));
    let message = (suite.chain_id(), token.address, 1_u64, bob, 40_u128, until_ms).to_bytes();
    for wrong in [of_other, of_next, elsewhere, key.sign(&message, b""), Bytes::default()] {
        let result = token.permit(key.public.clone(), bob, 40, until_ms, wrong);
        assert_reverts!(result, Error::Forged);
    }
    let more = token.permit(key.public.clone(), bob, 41, until_ms, signature.clone());
    assert_reverts!(more, Error::Forged);

    token.permit(key.public.clone(), bob, 40, until_ms, signature.clone())?;
    suite.expect_event(&Approval(key.account, bob, 40));
    let again = token.permit(key.public.clone(), bob, 40, until_ms, signature);
    assert_reverts!(again, Error::Forged);
    token.with_transport(suite.from(bob)).transfer_from(key.account, bob, 40)?;
    assert_eq!((token.balance_of(key.account)?, token.balance_of(bob)?), (60, 40));

    let late = permit(&suite, token.address, &key, 2, (bob, 1, until_ms));
    suite.warp_by(2_000);
    let late = token.permit(key.public.clone(), bob, 1, until_ms, late);
    assert_reverts!(late, Error::Expired);
    Ok(())
}

#[test]
fn the_risk_that_the_chain_holds_decides_about_receivers() -> TestResult {
    let suite = Suite::new();
    let alice = suite.account("alice");
    let token = deployed(&suite)?;
    let counter = suite.deploy_file(module("counter")).arguments(0_u64.to_bytes()).send()?;
    suite.set_risk(counter, 5_000);
    token.set_max_risk(4_999)?;
    assert_reverts!(token.transfer(counter, 1), Error::RiskyReceiver);
    suite.set_risk(counter, 4_999);
    token.transfer(counter, 1)?;
    suite.set_risk(counter, None);
    token.set_max_risk(0)?;
    token.transfer(counter, 1)?;
    assert_eq!((token.balance_of(counter)?, token.balance_of(alice)?), (2, 998));
    Ok(())
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    Mint(usize, u128),
    Transfer(usize, usize, u128),
    Approve(usize, usize, u128),
    TransferFrom(usize, usize, usize, u128),
}

fn step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![0..200_u128, Just(u128::MAX), Just(u128::MAX - 1_000)];
    let who = || 0..4_usize;
    prop_oneof![
        (who(), amount.clone()).prop_map(|(to, amount)| Step::Mint(to, amount)),
        (who(), who(), amount.clone()).prop_map(|(a, b, amount)| Step::Transfer(a, b, amount)),
        (who(), who(), amount.clone()).prop_map(|(a, b, amount)| Step::Approve(a, b, amount)),
        (who(), who(), who(), amount)
            .prop_map(|(by, from, to, amount)| Step::TransferFrom(by, from, to, amount)),
    ]
}

/// What a token has to be.
struct Model {
    balances: [u128; 4],
    allowances: [[u128; 4]; 4],
}

impl Model {
    fn supply(&self) -> u128 {
        self.balances.iter().sum()
    }

    fn shift(&mut self, from: usize, to: usize, amount: u128) -> Result<(), Error> {
        let left = self.balances[from].checked_sub(amount).ok_or(Error::InsufficientBalance)?;
        self.balances[from] = left;
        self.balances[to] += amount;
        Ok(())
    }

    fn apply(&mut self, step: &Step) -> Result<(), Error> {
        match *step {
            Step::Mint(to, amount) => {
                self.supply().checked_add(amount).ok_or(Error::Overflow)?;
                self.balances[to] += amount;
                Ok(())
            }
            Step::Transfer(from, to, amount) => self.shift(from, to, amount),
            Step::Approve(holder, spender, amount) => {
                self.allowances[holder][spender] = amount;
                Ok(())
            }
            Step::TransferFrom(by, from, to, amount) => {
                let allowed = self.allowances[from][by].checked_sub(amount);
                let allowed = allowed.ok_or(Error::InsufficientAllowance)?;
                self.shift(from, to, amount)?;
                self.allowances[from][by] = allowed;
                Ok(())
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The module does what the model does, step by step; balances always make up the supply.
    #[test]
    fn the_supply_is_conserved(steps in prop::collection::vec(step(), 1..40)) {
        let suite = Suite::new();
        let people = ["alice", "bob", "carol", "dave"].map(|name| suite.account(name));
        let token = deployed(&suite)?;
        let by = |person: usize| token.with_transport(suite.from(people[person]));
        let mut model = Model { balances: [1_000, 0, 0, 0], allowances: [[0; 4]; 4] };
        for step in &steps {
            let result = match *step {
                Step::Mint(to, amount) => token.mint(people[to], amount),
                Step::Transfer(from, to, amount) => by(from).transfer(people[to], amount),
                Step::Approve(a, b, amount) => by(a).approve(people[b], amount),
                Step::TransferFrom(spender, from, to, amount) => {
                    by(spender).transfer_from(people[from], people[to], amount)
                }
            };
            let expected = model.apply(step).map_err(CallError::from);
            prop_assert_eq!(result, expected, "{:?}", step);
            let balances = people.map(|person| token.balance_of(person).expect("a view"));
            prop_assert_eq!(balances, model.balances);
            prop_assert_eq!(token.total_supply().expect("a view"), model.supply());
        }
    }
}
