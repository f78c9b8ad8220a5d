//! Things that are no enum of errors.
use dytallix_sdk::prelude::*;

#[error]
pub struct Struct;

mod numbered {
    use dytallix_sdk::prelude::*;

    #[error]
    pub enum Error {
        Bad = 7,
    }
}

mod converted {
    use dytallix_sdk::prelude::*;

    #[error]
    pub enum Error {
        #[from]
        Call(CallError, u8),
    }
}

fn main() {}
