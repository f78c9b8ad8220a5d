//! Both tokens, natively against the mock host.

#[path = "../basic_token.rs"]
mod basic_token;
#[path = "../token.rs"]
mod token;

use dytallix_sdk::mock::{Mock, Sender};
use dytallix_sdk::{Address, CallError, CallStatus, Encode, Scheme, SdkError};
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
