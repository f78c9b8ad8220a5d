//! The gas meter: a limit and what has been used of it.

use super::Trap;

/// Gas of one execution.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    limit: u64,
    used: u64,
}

impl Meter {
    /// A meter of which nothing has been used.
    pub fn new(limit: u64) -> Self {
        Meter { limit, used: 0 }
    }

    /// Gas used so far.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Gas that is left.
    pub fn left(&self) -> u64 {
        self.limit - self.used
    }

    /// Uses `amount`; if that much is not left, everything is used up.
    ///
    /// # Errors
    ///
    /// [`Trap::OutOfGas`].
    pub fn charge(&mut self, amount: u64) -> Result<(), Trap> {
        match self.used.checked_add(amount) {
            Some(used) if used <= self.limit => {
                self.used = used;
                Ok(())
            }
            _ => {
                self.used = self.limit;
                Err(Trap::OutOfGas)
            }
        }
    }

    /// Uses `price` for each of `count`.
    ///
    /// # Errors
    ///
    /// [`Trap::OutOfGas`]; a product beyond 64 bits cannot be paid either.
    pub fn charge_each(&mut self, price: u64, count: u64) -> Result<(), Trap> {
        // No limit can pay a product that saturates, except the limit `u64::MAX` itself with
        // nothing used, which the next charge would exhaust: the product is then refused by name.
        match price.checked_mul(count) {
            Some(amount) => self.charge(amount),
            None => {
                self.used = self.limit;
                Err(Trap::OutOfGas)
            }
        }
    }
}
