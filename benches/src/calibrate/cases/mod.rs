//! The cases: for each host function its typical use and the worst that we know of.

mod accounts;
mod calls;
mod facts;
mod hashes;
mod signatures;
mod storage;
mod transient;

use super::callees::Callee;
use super::case::Case;
use crate::Error;
use dytallix::abi::HostFn;

/// Every case, in order of the table of host functions.
///
/// # Errors
/// Code that is none, and a host function without a case.
pub(super) fn all(callees: &[Callee]) -> Result<Vec<Case>, Error> {
    let mut plans = facts::plans(callees);
    plans.extend(hashes::plans());
    plans.extend(storage::plans());
    plans.extend(transient::plans());
    plans.extend(accounts::plans(callees));
    plans.extend(calls::plans(callees));
    plans.extend(signatures::plans()?);
    let cases: Vec<Case> = plans.into_iter().map(|plan| plan.build()).collect::<Result<_, _>>()?;
    let without = HostFn::ALL.iter().find(|f| cases.iter().all(|case| case.function != **f));
    match without {
        Some(function) => Err(format!("`{}` has no case", function.name()).into()),
        None => Ok(cases),
    }
}
