//! Who may upgrade a contract, as it is written and shown.

use dytallix::Address;
use dytallix::state::Admin;
use serde_json::{Value as Json, json};

/// Who may upgrade a contract, as the command line has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AdminArg {
    /// The account that signs.
    Sender,
    /// Somebody else, or nobody.
    Is(Admin),
}

impl AdminArg {
    /// The admin, where `sender` signs.
    pub(crate) fn admin(&self, sender: Address) -> Admin {
        match self {
            AdminArg::Sender => Admin::Key(sender),
            AdminArg::Is(admin) => admin.clone(),
        }
    }

    /// Reads `none`, `sender`, `itself`, `dyt1…`, `dyt1…+BLOCKS` or `N:dyt1…,dyt1…`, for clap.
    pub(crate) fn parse(text: &str) -> Result<AdminArg, String> {
        let address = |text: &str| text.parse::<Address>().map_err(|error| error.to_string());
        Ok(AdminArg::Is(match text {
            "sender" => return Ok(AdminArg::Sender),
            "none" => Admin::None,
            "itself" => Admin::Itself,
            text => {
                if let Some((needed, admins)) = text.split_once(':') {
                    let needed = needed.parse().map_err(|_| "N: is how many of them it takes")?;
                    let admins = admins.split(',').map(address).collect::<Result<_, _>>()?;
                    let threshold = Admin::threshold(needed, admins);
                    threshold.ok_or("that many of these accounts are no threshold")?
                } else if let Some((admin, delay)) = text.split_once('+') {
                    let delay = delay.parse().map_err(|_| "+BLOCKS is the delay in blocks")?;
                    Admin::TimeLock { admin: address(admin)?, delay }
                } else {
                    Admin::Key(address(text)?)
                }
            }
        }))
    }
}

/// An admin in words.
pub(crate) fn admin_text(admin: &Admin) -> String {
    match admin {
        Admin::None => "none".to_owned(),
        Admin::Key(admin) => admin.to_string(),
        Admin::TimeLock { admin, delay } => format!("{admin}, {delay} blocks after announcing it"),
        Admin::Threshold { needed, admins } => {
            format!("{needed} of {}", addresses(admins).join(", "))
        }
        Admin::Itself => "the contract itself".to_owned(),
        _ => "of a kind that this version does not know".to_owned(),
    }
}

/// An admin for programs.
pub(crate) fn admin_json(admin: &Admin) -> Json {
    match admin {
        Admin::None => json!({ "kind": "none" }),
        Admin::Key(admin) => json!({ "kind": "key", "admin": admin.to_string() }),
        Admin::TimeLock { admin, delay } => {
            json!({ "kind": "time-lock", "admin": admin.to_string(), "delay": delay })
        }
        Admin::Threshold { needed, admins } => {
            json!({ "kind": "threshold", "needed": needed, "admins": addresses(admins) })
        }
        Admin::Itself => json!({ "kind": "itself" }),
        _ => json!({ "kind": "unknown" }),
    }
}

fn addresses(addresses: &[Address]) -> Vec<String> {
    addresses.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_admin_is_read_and_nonsense_is_not() {
        let (a, b) = (Address::from_bytes([1; 32]), Address::from_bytes([2; 32]));
        let is = |text: &str, admin| assert_eq!(AdminArg::parse(text), Ok(admin), "{text}");
        is("sender", AdminArg::Sender);
        is("none", AdminArg::Is(Admin::None));
        is("itself", AdminArg::Is(Admin::Itself));
        is(&a.to_string(), AdminArg::Is(Admin::Key(a)));
        let lock = Admin::TimeLock { admin: a, delay: 7 };
        is(&format!("{a}+7"), AdminArg::Is(lock));
        let threshold = Admin::threshold(2, vec![b, a]).expect("a threshold");
        is(&format!("2:{b},{a}"), AdminArg::Is(threshold));
        for wrong in ["", "alice", "1:", "3:none", "+1", "0:", "x:y"] {
            assert!(AdminArg::parse(wrong).is_err(), "{wrong}");
        }
        assert!(AdminArg::parse(&format!("3:{a},{b}")).is_err());
        assert!(AdminArg::parse(&format!("{a}+x")).is_err());
    }
}
