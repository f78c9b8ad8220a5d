//! The counter, natively against the mock host.

#[path = "../counter.rs"]
mod counter;

use counter::{Added, Counter, Error};
use dytallix_sdk::mock::Mock;

#[test]
fn the_counter_adds_and_says_who_did() {
    let mock = Mock::new();
    let address = mock.deploy::<Counter>(&Counter::init_arguments(40)).unwrap();
    let counter = mock.client::<Counter>(address);
    assert_eq!(counter.add(2), Ok(42));
    assert_eq!(counter.count(), Ok(42));
    assert_eq!(mock.emitted::<Added>(), [Added { by: Mock::CALLER, amount: 2 }]);
}

#[test]
fn a_sum_that_does_not_fit_is_refused_and_leaves_no_event() {
    let mock = Mock::new();
    let address = mock.deploy::<Counter>(&Counter::init_arguments(1)).unwrap();
    let counter = mock.client::<Counter>(address);
    assert_eq!(counter.add(u64::MAX), Err(Error::Overflow.into()));
    assert_eq!(counter.count(), Ok(1));
    assert_eq!(mock.emitted::<Added>(), []);
}
