//! Spans of crate `tracing` around blocks and transactions. Without the feature `tracing` there is
//! nothing of them in the build; with it, a span that nobody listens to costs one comparison.
//!
//! | span | fields |
//! |---|---|
//! | `block` | height, transactions |
//! | `transaction` | id, kind |
//! | `prepare`, `commit` | height |

/// Enters a span until the end of the scope.
macro_rules! span {
    ($name:literal $(, $field:ident = $value:expr)* $(,)?) => {
        #[cfg(feature = "tracing")]
        let _span = tracing::debug_span!($name $(, $field = tracing::field::display(&$value))*)
            .entered();
    };
}

pub(crate) use span;
