//! [`Admin`]: who may upgrade a contract, as contracts and transactions spell it.

use alloc::vec::Vec;

use crate::codec::{Address, CodecError, Decode, Encode, Expected, Input, Output};

/// Accounts of a threshold, at most.
pub const MOST_ADMINS: usize = 64;

/// Who may upgrade a contract. Encoded as an enum: the number of the variant as one byte, then its
/// fields in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admin {
    /// Nobody, for good.
    None,
    /// An account.
    Key(Address),
    /// An account, from a height on that is announced that many blocks before.
    TimeLock {
        /// The account.
        admin: Address,
        /// Blocks between announcement and effect.
        delay: u64,
    },
    /// Any `needed` of some accounts, which are in ascending order and each once, at most
    /// [`MOST_ADMINS`].
    Threshold {
        /// How many of them; from 1 to their number.
        needed: u32,
        /// The accounts.
        admins: Vec<Address>,
    },
    /// The contract itself.
    Itself,
}

impl Encode for Admin {
    fn encode<O: Output + ?Sized>(&self, out: &mut O) {
        match self {
            Admin::None => 0_u8.encode(out),
            Admin::Key(admin) => (1_u8, *admin).encode(out),
            Admin::TimeLock { admin, delay } => (2_u8, *admin, *delay).encode(out),
            Admin::Threshold { needed, admins } => {
                (3_u8, *needed).encode(out);
                admins.encode(out);
            }
            Admin::Itself => 4_u8.encode(out),
        }
    }
}

impl Decode for Admin {
    fn decode(input: &mut Input<'_>) -> Result<Self, CodecError> {
        let offset = input.offset();
        let wrong = |expected| CodecError { offset, expected };
        Ok(match u8::decode(input)? {
            0 => Admin::None,
            1 => Admin::Key(Decode::decode(input)?),
            2 => Admin::TimeLock { admin: Decode::decode(input)?, delay: Decode::decode(input)? },
            3 => {
                let (needed, admins) = <(u32, Vec<Address>)>::decode(input)?;
                if !admins.is_sorted_by(|a, b| a < b) {
                    return Err(wrong(Expected::Ascending));
                }
                if needed == 0 || needed as usize > admins.len() || admins.len() > MOST_ADMINS {
                    return Err(wrong(Expected::InRange));
                }
                Admin::Threshold { needed, admins }
            }
            4 => Admin::Itself,
            _ => return Err(wrong(Expected::Variant)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn every_admin_comes_back_and_unsound_ones_do_not() {
        let (a, b) = (Address::new([1; 32]), Address::new([2; 32]));
        for admin in [
            Admin::None,
            Admin::Key(a),
            Admin::TimeLock { admin: a, delay: 7 },
            Admin::Threshold { needed: 2, admins: vec![a, b] },
            Admin::Itself,
        ] {
            assert_eq!(Admin::from_bytes(&admin.to_bytes()), Ok(admin));
        }
        for (needed, admins) in [(0, vec![a]), (2, vec![a]), (1, vec![b, a]), (1, vec![a, a])] {
            let admin = Admin::Threshold { needed, admins };
            assert!(Admin::from_bytes(&admin.to_bytes()).is_err(), "{admin:?}");
        }
        assert!(Admin::from_bytes(&[5]).is_err());
        assert!(Admin::from_bytes(&[]).is_err());
        assert!(Admin::from_bytes(&[0, 0]).is_err());
    }
}
