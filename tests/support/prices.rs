//! Small prices, so that every gas limit of a call can be tried.

use dytallix::Limits;
use dytallix::chain::{Runtime, RuntimeBuilder};
use dytallix::gas::{GasSchedule, HostPrice, HostPrices};
use dytallix::vm::Config;

/// A runtime in which everything still costs something, and different things different amounts.
pub(crate) fn cheap() -> RuntimeBuilder {
    let mut prices = HostPrices::v1();
    prices.classes.iter_mut().for_each(|price| *price = HostPrice::new(7, 1));
    (prices.load, prices.state_write) = (HostPrice::new(5, 1), HostPrice::new(11, 2));
    (prices.cold_storage, prices.cold_account) = (HostPrice::new(3, 1), 13);
    (prices.cold_code, prices.replay) = (HostPrice::new(4, 1), HostPrice::new(2, 1));
    let mut schedule = GasSchedule::v1();
    schedule.grow_page = 17;
    let config = Config::default().with_limits(Limits::contract()).with_schedule(schedule);
    Runtime::builder().host_prices(prices).engine(config)
}
