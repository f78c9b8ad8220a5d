//! Contracts that call each other, natively: what the mock promises, and what typed clients do.
#![allow(missing_docs, reason = "the contracts here are for these tests")]

use dytallix_sdk::mock::Mock;
use dytallix_sdk::prelude::*;
use dytallix_sdk::{Authority, SdkError};

#[event]
pub struct Paid(#[topic] Address, u128);

#[error]
pub enum Error {
    TooDear {
        price: u128,
    },
    #[from]
    Call(CallError),
}

/// A purse: takes value, pays it out, calls others.
pub mod purse {
    use super::{Error, Paid};
    use dytallix_sdk::prelude::*;

    #[contract(capabilities(call, receive, create, upgrade, delegate))]
    pub struct Purse {
        #[view]
        notes: Item<u64>,
        seen: Transient<u64>,
    }

    #[methods]
    impl Purse {
        #[init]
        fn new(&mut self, notes: u64) -> Result<(), Error> {
            self.notes.set(notes);
            Ok(())
        }

        #[call(payable)]
        fn pay(&mut self, cx: &Cx, to: Address) -> Result<u128, Error> {
            cx.emit(Paid(to, cx.value()));
            cx.transfer(to, cx.value())?;
            Ok(cx.balance())
        }

        #[call]
        fn note_then_fail(&mut self) -> Result<(), Error> {
            self.notes.set(1_000);
            Err(Error::TooDear { price: 7 })
        }

        #[call]
        fn note(&mut self) {
            self.notes.set(self.notes.get() + 1);
        }

        #[view]
        fn write_in_a_view(&self, other: Address) -> Result<(), Error> {
            PurseClient::new(other).note()?;
            Ok(())
        }

        #[call]
        fn call_back(&mut self, cx: &Cx, open: bool) -> Result<(), Error> {
            let own = PurseClient::new(cx.self_address());
            if open {
                own.with_reentry().note()?
            } else {
                own.note()?
            }
            Ok(())
        }

        #[call]
        fn read_back(&mut self, cx: &Cx) -> Result<(u64, bool), Error> {
            let own = PurseClient::new(cx.self_address());
            Ok((own.safe()?, own.notes().is_ok()))
        }

        #[view(reentrant)]
        fn safe(&self) -> u64 {
            self.notes.get()
        }

        #[call]
        fn note_of_other(&mut self, other: Address) -> Result<bool, Error> {
            self.notes.set(5);
            // What the other did is undone, what this did is not.
            Ok(PurseClient::new(other).note_then_fail().is_err())
        }

        #[call]
        fn must(&mut self, other: Address) {
            PurseClient::new(other).note_then_fail().or_revert();
        }

        #[call]
        fn panics(&mut self) {
            assert!(self.notes.get() > 1_000, "there are few notes");
        }

        #[call]
        fn divide(&mut self, by: u64) -> u64 {
            self.notes.get() / by + (by - 1)
        }

        #[call]
        fn see(&mut self, cx: &Cx, again: bool) -> Result<u64, Error> {
            self.seen.set(self.seen.get() + 1);
            if again {
                return Ok(PurseClient::new(cx.self_address()).with_reentry().see(false)?);
            }
            Ok(self.seen.get())
        }

        #[call]
        fn make(&mut self, cx: &Cx, code: Hash, salt: Hash) -> Result<Address, Error> {
            let arguments = Purse::init_arguments(77);
            Ok(cx.instantiate(&Instantiate::new(code, salt, &arguments))?)
        }

        #[call]
        fn renew(&mut self, cx: &Cx, code: Hash, step: u64) -> Result<(), Error> {
            cx.upgrade(code, &step.to_bytes())?;
            Ok(())
        }

        #[call]
        fn borrow(&mut self, cx: &Cx, code: Hash) -> Result<u64, Error> {
            cx.delegate_call(code, "note", &[])?;
            Ok(self.notes.get())
        }
    }
}

/// The purse's next version.
pub mod renewed {
    use super::Error;
    use dytallix_sdk::prelude::*;

    #[contract(schema = 2)]
    pub struct Renewed {
        #[view]
        notes: Item<u64>,
    }

    #[methods]
    impl Renewed {
        #[init]
        fn new(&mut self) {}

        #[call]
        fn note(&mut self) {
            self.notes.set(self.notes.get() + 100);
        }

        #[migrate]
        fn migrate(&mut self, old_version: u32, step: u64) -> Result<(), Error> {
            ensure!(step > 0, Error::TooDear { price: 0 });
            self.notes.set(self.notes.get() + step * 10 + u64::from(old_version));
            Ok(())
        }
    }
}

/// Declares nothing.
pub mod modest {
    use dytallix_sdk::prelude::*;

    #[contract]
    pub struct Modest {}

    #[methods]
    impl Modest {
        #[init]
        fn new(&mut self) {}

        #[call]
        fn call_out(&mut self, other: Address) -> CallStatus32 {
            let result = crate::purse::PurseClient::new(other).note();
            CallStatus32(result.map_or_else(|error| error.status.code(), |()| 0))
        }
    }

    #[data]
    pub struct CallStatus32(pub i32);
}

use modest::{CallStatus32, Modest};
use purse::{Purse, PurseClient};
use renewed::Renewed;

const ANN: Address = Address::new([0x11; 32]);

fn purses(mock: &Mock) -> [PurseClient<dytallix_sdk::mock::Sender>; 2] {
    [3, 4].map(|notes| {
        let address = mock.deploy::<Purse>(&Purse::init_arguments(notes)).unwrap();
        mock.client::<Purse>(address)
    })
}

fn refused(status: CallStatus) -> CallError {
    CallError::new(status, Vec::new())
}

#[test]
fn value_moves_with_calls_and_back_with_failures() {
    let mock = Mock::new();
    let [one, two] = purses(&mock);
    mock.set_balance(Mock::CALLER, 100);
    assert_eq!(one.with_value(30).pay(ANN), Ok(0));
    assert_eq!((mock.balance(Mock::CALLER), mock.balance(ANN)), (70, 30));
    assert_eq!(mock.emitted::<Paid>(), [Paid(ANN, 30)]);
    // More than there is; a receiver that is a contract and takes value.
    assert_eq!(one.with_value(71).pay(ANN), Err(refused(CallStatus::Balance)));
    assert_eq!(one.with_value(20).pay(two.address), Ok(0));
    assert_eq!(mock.balance(two.address), 20);
    // One that takes none: the call fails, and its value comes back.
    let modest = mock.deploy::<Modest>(&[]).unwrap();
    let error = one.with_value(50).pay(modest).unwrap_err();
    assert_eq!(error.reason(), Some(Error::Call(refused(CallStatus::NotPermitted))));
    assert_eq!((mock.balance(Mock::CALLER), mock.emitted::<Paid>().len()), (50, 2));
}

#[test]
fn a_failure_undoes_what_the_call_did_and_no_more() {
    let mock = Mock::new();
    let [one, two] = purses(&mock);
    let failed = one.note_then_fail().unwrap_err();
    assert_eq!(failed, Error::TooDear { price: 7 }.into());
    assert_eq!(one.notes(), Ok(3));
    assert_eq!(one.note_of_other(two.address), Ok(true));
    assert_eq!((one.notes(), two.notes()), (Ok(5), Ok(4)));
}

#[test]
fn a_failure_that_is_relied_on_not_to_be_is_passed_on() {
    let mock = Mock::new();
    let [one, two] = purses(&mock);
    let error = one.must(two.address).unwrap_err();
    assert_eq!(error.sdk_error(), Some(SdkError::CallFailed));
    let inner = [&1_i32.to_le_bytes()[..], &Error::TooDear { price: 7 }.to_bytes()].concat();
    assert_eq!(error.data[1..], inner);
    let nowhere = one.must(ANN).unwrap_err();
    assert_eq!(nowhere.data, [0xf4, 4, 0, 0, 0]);
}

#[test]
fn a_panic_is_a_revert_with_its_message() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    let error = one.panics().unwrap_err();
    assert_eq!(error.sdk_error(), Some(SdkError::Panic));
    assert_eq!(error.data[1..], *b"there are few notes");
}

#[test]
fn plain_arithmetic_that_does_not_fit_has_a_code_of_its_own() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    assert_eq!(one.divide(1), Ok(3));
    assert_eq!(one.divide(0).unwrap_err().data, [SdkError::ArithmeticOverflow.code()]);
}

#[test]
fn a_view_can_not_write_through_another() {
    let mock = Mock::new();
    let [one, two] = purses(&mock);
    let error = one.write_in_a_view(two.address).unwrap_err();
    assert_eq!(error.reason(), Some(Error::Call(refused(CallStatus::Trapped))));
    assert_eq!(two.notes(), Ok(4));
    assert_eq!(two.with_read_only().note(), Err(refused(CallStatus::Trapped)));
}

#[test]
fn re_entry_is_refused_unless_it_is_opened() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    let error = one.call_back(false).unwrap_err();
    assert_eq!(error.reason(), Some(Error::Call(refused(CallStatus::ReentryRefused))));
    assert_eq!(one.call_back(true), Ok(()));
    assert_eq!(one.notes(), Ok(4));
    // Reading a contract that is in the middle of a call is re-entry too.
    assert_eq!(one.read_back(), Ok((4, false)));
}

#[test]
fn transient_values_last_as_long_as_the_transaction() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    assert_eq!(one.see(true), Ok(2), "the inner call sees the outer one's");
    assert_eq!(one.see(false), Ok(1), "the next transaction does not");
}

#[test]
fn contracts_make_contracts() {
    let mock = Mock::new();
    let [one, two] = purses(&mock);
    let (code, salt) = (mock.upload::<Purse>(), Hash::new([9; 32]));
    let made = one.make(code, salt).unwrap();
    assert_eq!(mock.client::<Purse>(made).notes(), Ok(77));
    assert!(two.make(code, salt).is_ok_and(|other| other != made));
    let again = one.make(code, salt).unwrap_err();
    assert_eq!(again.reason(), Some(Error::Call(refused(CallStatus::NotPermitted))));
}

#[test]
fn an_upgrade_migrates_or_fails_as_a_whole() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    let code = mock.upload::<Renewed>();
    let failed = one.renew(code, 0).unwrap_err();
    assert_eq!(failed, Error::TooDear { price: 0 }.into());
    assert_eq!(one.renew(Hash::ZERO, 1).unwrap_err().status, CallStatus::Reverted);
    one.note().unwrap();
    assert_eq!(one.renew(code, 6), Ok(()));
    assert_eq!(one.notes(), Ok(4 + 60 + 1));
    let renewed = mock.client::<Renewed>(one.address);
    renewed.note().unwrap();
    assert_eq!(renewed.notes(), Ok(165));
    // What the new code does not have is not there.
    assert_eq!(one.safe(), Err(refused(CallStatus::NotFound)));
}

#[test]
fn delegated_code_writes_to_the_storage_of_its_caller() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    assert_eq!(one.borrow(mock.upload::<Renewed>()), Ok(103));
}

#[test]
fn what_is_not_declared_is_not_permitted() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    let modest = mock.deploy::<Modest>(&[]).unwrap();
    let result = mock.client::<Modest>(modest).call_out(one.address);
    assert_eq!(result, Ok(CallStatus32(CallStatus::NotPermitted.code())));
}

#[test]
fn arguments_that_do_not_decode_are_refused() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    let call = |arguments: &[u8]| {
        let spec = dytallix_sdk::CallSpec::new(one.address, "call_back", arguments);
        mock.sender(ANN).call(&spec).unwrap_err().sdk_error()
    };
    for arguments in [&[][..], &[2], &[1, 0]] {
        assert_eq!(call(arguments), Some(SdkError::BadArguments), "{arguments:?}");
    }
    assert!(mock.deploy::<Purse>(&[1]).is_err_and(|error| error.data == [0xf0]));
}

#[test]
fn constructors_and_migrations_are_not_called() {
    let mock = Mock::new();
    let [one, _] = purses(&mock);
    for method in ["init", "migrate", "absent"] {
        let spec = dytallix_sdk::CallSpec::new(one.address, method, &[0; 8]);
        let error = mock.sender(ANN).call(&spec).unwrap_err();
        assert_eq!(error.status, CallStatus::NotFound, "{method}");
    }
}

#[test]
fn direct_calls_revert_into_attempt() {
    let mock = Mock::new();
    let mut purse = Purse::open();
    purse.new(1).unwrap();
    let outcome = mock.attempt(|| {
        purse.note();
        purse.must(ANN);
    });
    assert_eq!(outcome.unwrap_err().sdk_error(), Some(SdkError::CallFailed));
    assert_eq!(purse.notes(), 1, "what was done before is undone");
    assert_eq!(mock.attempt(|| purse.note()), Ok(()));
    assert_eq!(purse.notes(), 2);
}

#[test]
fn authorities_permit_whom_they_name() {
    let _mock = Mock::new();
    let (bob, mut one) = (Address::new([2; 32]), Item::<Address>::at(0));
    assert!(!one.permits(&Address::ZERO), "nobody, before it was set");
    one.set(bob);
    assert!(one.permits(&bob) && !one.permits(&ANN));
    let mut maybe = Item::<Option<Address>>::at(1);
    assert!(!maybe.permits(&bob));
    maybe.set(Some(bob));
    assert!(maybe.permits(&bob));
    let mut many = Map::<Address, bool>::at(2);
    many.set(bob, true);
    many.set(ANN, false);
    assert!(many.permits(&bob) && !many.permits(&ANN));
}

/// A contract with a parameter of a name that a generated client might want for itself.
#[interface]
pub trait Named {
    /// Runs.
    fn run(&self, arguments: u32, input: u8) -> u32;
}

#[test]
fn a_parameter_may_be_called_arguments() {
    let client = NamedClient::new(ANN);
    assert_eq!(client.address, ANN);
    assert!(client.run(1, 2).is_err(), "there is no contract at that address");
}
