//! Who wants to hear of events as blocks become durable.

use alloc::boxed::Box;
use core::fmt;

use crate::chain::runtime::{BlockResult, Runtime};
use crate::state::Store;

/// Called with every block that has become durable.
type Listener = Box<dyn FnMut(&BlockResult) + Send>;

/// Somebody who wants to hear of blocks.
pub(crate) struct Subscriber {
    listener: Listener,
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber").finish_non_exhaustive()
    }
}

impl<S: Store> Runtime<S> {
    /// Calls `listener` with every block that becomes durable from now on, in order.
    pub fn subscribe_blocks(&mut self, listener: impl FnMut(&BlockResult) + Send + 'static) {
        self.subscribers.push(Subscriber { listener: Box::new(listener) });
    }

    /// Tells everybody of a block that has become durable.
    pub(in crate::chain) fn tell_subscribers(&mut self, result: &BlockResult) {
        self.subscribers.iter_mut().for_each(|subscriber| (subscriber.listener)(result));
    }
}
