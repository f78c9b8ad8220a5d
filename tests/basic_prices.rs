//! The promise "basic operations cost less than 1,000 gas", as a list that is printed.
//!
//! What the commitment of a changed key costs is state-write gas, a dimension of its own: it stands
//! beside. So does the first touch of a key or account in a transaction.

use dytallix::abi::{GasClass as HostClass, HostFn};
use dytallix::gas::{GasClass, GasSchedule, HostPrices};
use dytallix::wasm::OperatorKind;

const MOST: u64 = 1_000;

/// A basic use of a host function: the bytes that it moves.
fn basic_bytes(function: HostFn) -> Option<u64> {
    use HostFn as F;
    Some(match function {
        // 32 bytes of key and 32 of value, which are two parts of a read.
        F::StorageGet | F::TransientGet => 64,
        F::StorageSet | F::TransientSet => 64,
        F::StorageHas | F::StorageRemove => 32,
        F::InputCopy | F::SetReturn | F::Revert | F::ReturnCopy | F::DebugLog => 64,
        F::EmitEvent => 4 + 3 * 36 + 16,
        F::HashKeccak256 | F::HashSha3256 | F::HashSha256 | F::HashBlake3 => 64,
        F::Transfer | F::BalanceOf | F::CodeHashOf | F::RiskScore | F::BlockHash => 0,
        _ if function.gas_class() == HostClass::Context => 0,
        _ => return None,
    })
}

#[test]
fn basic_operations_cost_less_than_a_thousand() {
    let (schedule, prices) = (GasSchedule::v1(), HostPrices::v1());
    let dearest = OperatorKind::ALL
        .iter()
        .map(|kind| kind.row())
        .max_by_key(|row| schedule.price(row.gas_class));
    let dearest = dearest.expect("there are operators");
    println!(
        "{:<20} {:>6} gas  the dearest operator of fixed price",
        dearest.name,
        schedule.price(dearest.gas_class)
    );
    for &class in GasClass::ALL {
        assert!(u64::from(schedule.price(class)) < MOST, "{}", class.name());
    }
    let mut listed = 0;
    for &function in HostFn::ALL {
        let Some(bytes) = basic_bytes(function) else { continue };
        let price = prices.of(function.gas_class());
        // A read pays for key and value apart: each starts blocks of its own.
        let execution = match function {
            HostFn::StorageGet | HostFn::TransientGet => price.total(32) + price.bytes(32),
            _ => price.total(bytes),
        };
        let aside = match function {
            HostFn::StorageSet | HostFn::StorageRemove => {
                format!(
                    "  + {} state-write gas where the key changes",
                    prices.state_write.total(bytes)
                )
            }
            _ => String::new(),
        };
        println!("{:<20} {execution:>6} gas  {bytes:>3} bytes{aside}", function.name());
        assert!(execution < MOST, "{} costs {execution}", function.name());
        listed += 1;
    }
    println!(
        "first touch: + {} a key, + {} an account",
        prices.cold_storage.total(64),
        prices.cold_account
    );
    assert!(listed >= 29, "only {listed} functions are basic");
}
