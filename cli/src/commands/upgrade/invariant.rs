//! Invariants: views of a contract that say something before and after an upgrade.

use dytallix::abi::{Abi, Value};
use dytallix::chain::{Call, Invariant as Outcome};
use dytallix::{Address, Receipt};
use serde_json::{Value as Json, json};

use crate::bytes::hex;
use crate::chain::{Contract, Given, from_text, status_name, value_json};
use crate::exit::Exit;
use crate::failure::Failure;

/// Gas for a view.
const GAS: u64 = 50_000_000;

/// A view, and what it has to say.
#[derive(Clone, Debug)]
pub(super) struct Invariant {
    text: String,
    method: String,
    args: Vec<String>,
    /// What it has to say after the upgrade; the same as before, where nothing is said.
    expected: Option<String>,
}

impl Invariant {
    /// Reads `METHOD ARGS…` or `METHOD ARGS… => EXPECTED`, for clap.
    pub(super) fn parse(text: &str) -> Result<Invariant, String> {
        let (call, expected) = match text.split_once("=>") {
            Some((call, expected)) => (call, Some(expected.trim().to_owned())),
            None => (text, None),
        };
        let mut words = call.split_whitespace().map(str::to_owned);
        let method = words.next().ok_or("it begins with the name of a method")?;
        Ok(Invariant { text: text.trim().to_owned(), method, args: words.collect(), expected })
    }

    /// The call: by what the old code says of it, else by what the new one does.
    pub(super) fn call(&self, contract: &Contract, new: Option<&Abi>) -> Result<Call, Failure> {
        let abis = [contract.abi.as_deref(), new].into_iter().flatten();
        let mut found = abis.filter_map(|abi| Some((abi, abi.method(&self.method)?)));
        let arguments = match found.next() {
            Some((abi, method)) => Given::Texts(&self.args).encode(abi, &method.params)?,
            None => {
                let cause = format!("neither version has a method \"{}\"", self.method);
                return Err(Failure::new(Exit::Usage, cause)
                    .way_out("a view of the contract: `dytallix query` lists them"));
            }
        };
        let nobody = Address::from_bytes([0; 32]);
        Ok(Call::new(nobody, contract.address, &self.method, GAS).arguments(arguments))
    }

    /// Whether it holds, with what was said.
    pub(super) fn judge(
        &self,
        outcome: &Outcome,
        old: Option<&Abi>,
        new: Option<&Abi>,
    ) -> Result<Judged, Failure> {
        let holds = match &self.expected {
            None => outcome.holds() && outcome.after.is_success(),
            Some(expected) => {
                outcome.after.is_success() && {
                    let bytes = self.encode(expected, new)?;
                    outcome.after.output == bytes
                }
            }
        };
        Ok(Judged {
            text: self.text.clone(),
            holds,
            before: self.shown(&outcome.before, old),
            after: self.shown(&outcome.after, new),
        })
    }

    /// What is expected, as the new code encodes it.
    fn encode(&self, expected: &str, abi: Option<&Abi>) -> Result<Vec<u8>, Failure> {
        let wrong = |cause: String| {
            Failure::new(Exit::Usage, cause).way_out("a value of the type that the view returns")
        };
        let method = abi.and_then(|abi| Some((abi, abi.method(&self.method)?)));
        let Some((abi, method)) = method else {
            return Err(wrong(format!("the new code does not say what {} returns", self.method)));
        };
        let value = from_text(abi, method.returns, expected)
            .map_err(|error| wrong(format!("what {} is to return{error}", self.method)))?;
        abi.encode_value(method.returns, &value).map_err(|error| wrong(error.to_string()))
    }

    fn shown(&self, receipt: &Receipt, abi: Option<&Abi>) -> Said {
        if !receipt.is_success() {
            return Said::Failed(status_name(receipt.status));
        }
        let value = abi.and_then(|abi| {
            let returns = abi.method(&self.method)?.returns;
            abi.decode_value(returns, &receipt.output).ok()
        });
        value.map_or_else(|| Said::Bytes(hex(&receipt.output)), Said::Value)
    }
}

/// An invariant and whether it holds.
pub(super) struct Judged {
    pub(super) text: String,
    pub(super) holds: bool,
    before: Said,
    after: Said,
}

/// What a view said.
enum Said {
    Value(Value),
    Bytes(String),
    Failed(String),
}

impl Judged {
    /// For people.
    pub(super) fn words(&self) -> String {
        format!("{}: {} before, {} after", self.text, self.before.text(), self.after.text())
    }

    /// For programs.
    pub(super) fn json(&self) -> Json {
        json!({
            "invariant": self.text,
            "holds": self.holds,
            "before": self.before.json(),
            "after": self.after.json(),
        })
    }
}

impl Said {
    fn text(&self) -> String {
        match self {
            Said::Value(value) => {
                value.shown(&|address| Address::from(*address).to_string()).to_string()
            }
            Said::Bytes(text) | Said::Failed(text) => text.clone(),
        }
    }

    fn json(&self) -> Json {
        match self {
            Said::Value(value) => json!({ "value": value_json(value) }),
            Said::Bytes(text) => json!({ "output": text }),
            Said::Failed(status) => json!({ "status": status }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invariant_is_a_method_with_arguments_and_perhaps_what_is_expected() {
        let read = |text: &str| {
            let invariant = Invariant::parse(text).expect(text);
            (invariant.method, invariant.args.join("|"), invariant.expected)
        };
        assert_eq!(read("sum"), ("sum".into(), String::new(), None));
        assert_eq!(read(" f a 5 => 7 "), ("f".into(), "a|5".into(), Some("7".into())));
        assert!(Invariant::parse("").is_err() && Invariant::parse(" => 5").is_err());
    }
}
