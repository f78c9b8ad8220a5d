//! What a call is given and gives back.

use dytallix_abi::{HostFn, HostTrap};

use super::{World, store, trap};
use crate::host::frame::Stop;

#[test]
fn input_and_returned_data_are_copied_in_range_only() {
    let store = store();
    for (size, copy, data) in [
        (HostFn::InputSize, HostFn::InputCopy, &b"arguments"[..]),
        (HostFn::ReturnSize, HostFn::ReturnCopy, b"returned"),
    ] {
        let mut world = World::new(&store);
        let length = data.len() as u64;
        assert_eq!(world.call(size, &[]), Ok(Some(length)));
        assert_eq!(world.call(copy, &[1000, 2, 4]), Ok(None));
        assert_eq!(world.memory[1000..1005], [&data[2..6], b"\0"].concat());
        assert_eq!(world.call(copy, &[1000, length, 0]), Ok(None));
        for (offset, length) in [(0, length + 1), (length, 1), (length + 1, 0), (1, 0xffff_ffff)] {
            let outcome = world.call(copy, &[1000, offset, length]);
            assert!(
                outcome == trap(HostTrap::RangeOutOfBounds) || outcome == Err(Stop::OutOfGas),
                "{offset} {length}: {outcome:?}"
            );
        }
    }
}

#[test]
fn return_data_is_replaced_and_limited() {
    let store = store();
    let mut world = World::new(&store);
    world.rules.call_limits.return_bytes = 5;
    assert_eq!(world.call(HostFn::SetReturn, &[0, 3]), Ok(None));
    assert_eq!(world.call(HostFn::SetReturn, &[16, 5]), Ok(None));
    assert_eq!(world.frame.output, b"value");
    for function in [HostFn::SetReturn, HostFn::Revert] {
        assert_eq!(world.call(function, &[16, 6]), trap(HostTrap::ReturnLength));
    }
    assert_eq!(world.frame.output, b"value");
    assert_eq!(world.call(HostFn::Revert, &[0, 3]), Err(Stop::Revert));
    assert_eq!(world.frame.output, b"key");
}
