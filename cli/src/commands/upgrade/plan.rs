//! `dytallix upgrade plan`: what an upgrade would come to.

use clap::Args;
use dytallix::chain::{Fee, InterfaceDifference, Preflight, Transaction, VersionInfo};
use dytallix::crypto::Scheme;
use dytallix::state::View;
use dytallix::{Address, Amount};
use serde_json::{Value as Json, json};

use super::authority::Authority;
use super::invariant::{Invariant, Judged};
use super::{Made, Target};
use crate::chain::{
    Abis, Chain, Contract, DataArgs, deposits, failure, reason, receipt_facts, receipt_json,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{Paint, Report, facts};

/// Says what an upgrade would come to, on state as it is now: nothing is signed, nothing is sent.
///
/// Shows whether it succeeds and what it costs, which schema becomes which, what methods and
/// permissions come and go, who has to agree, and whether invariants hold. A plan that fails, or
/// an invariant that does not hold, ends with exit code 10.
#[derive(Args, Debug)]
pub(super) struct Plan {
    #[command(flatten)]
    target: Target,
    /// Who would sign; without it one of the contract's admins.
    #[arg(long, value_name = "ADDRESS")]
    signer: Option<Address>,
    /// A view that says the same before and after, or what is expected: "METHOD ARGS" or "METHOD
    /// ARGS => EXPECTED". As often as there are some.
    #[arg(long, value_name = "VIEW", value_parser = Invariant::parse)]
    invariant: Vec<Invariant>,
    #[command(flatten)]
    pub(super) data: DataArgs,
}

impl Plan {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let mut chain = self.data.open()?;
        let contract = Contract::find(chain.state(), &self.target.contract)?;
        let made = self.target.make(&chain)?;
        let authority = Authority::of(&chain, &self.target.contract, &made.upgrade)?;
        let signer = self.signer.or(authority.somebody());
        let signer = signer.unwrap_or(Address::from_bytes([0; 32]));
        let calls = self.invariant.iter().map(|i| i.call(&contract, made.abi.as_ref()));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        let (preflight, deposit) = self.run(&mut chain, &made, signer, &calls)?;
        let judged = self.invariant.iter().zip(&preflight.invariants);
        let judged = judged.map(|(invariant, outcome)| {
            invariant.judge(outcome, contract.abi.as_deref(), made.abi.as_ref())
        });
        let judged = judged.collect::<Result<Vec<_>, _>>()?;
        let told = Told { preflight, deposit, judged, authority, signer };
        self.report(&chain, &made, told)
    }

    /// The upgrade on a fork of state, with all gas that the signer can pay for.
    fn run(
        &self,
        chain: &mut Chain,
        made: &Made,
        signer: Address,
        calls: &[dytallix::Call],
    ) -> Result<(Preflight, Amount), Failure> {
        let folder = chain.folder.clone();
        let failed = |error| failure(&error, &folder);
        let mut block = chain.next_block(signer)?;
        let account = block.overlay().account(&signer).map_err(|e| failed(e.into()))?;
        let account = account.unwrap_or_default();
        let policy = &block.protocol().policy;
        let price = policy.min_gas_price;
        let affordable = account.balance.units() / 2 / price.units().max(1);
        let gas = u64::try_from(affordable).unwrap_or(u64::MAX).min(policy.transaction_gas);
        let fee = Fee::new(gas, price).deposit_limit(account.balance);
        let (chain_id, nonce) = (block.chain_id(), account.nonce.number());
        let transaction = Transaction::new(chain_id, nonce, signer, fee, made.body.clone());
        let scheme = Scheme::MlDsa65;
        let preflight = block.preflight(&transaction, scheme, calls).map_err(failed)?;
        let (_, changes) = block.simulate_changes(&transaction, scheme).map_err(failed)?;
        let preflight = preflight.ok_or_else(|| {
            Failure::new(Exit::Absent, format!("there is no contract at {}", self.target.contract))
                .way_out("the address that `dytallix deploy` has printed")
        })?;
        Ok((preflight, deposits(&changes)))
    }

    fn report(&self, chain: &Chain, made: &Made, told: Told) -> Result<Report, Failure> {
        let Told { preflight, deposit, judged, authority, signer } = told;
        let Preflight { receipt, before, after, difference, .. } = &preflight;
        let abis = Abis::with(chain.state(), &made.body);
        let holds = judged.iter().all(|judged| judged.holds);
        let succeeds = receipt.is_success() && holds;
        let document = receipt_json(receipt, &abis, &made.body);
        let members = [
            ("data", self.data.name().into()),
            ("contract", self.target.contract.to_string().into()),
            ("signer", signer.to_string().into()),
            ("succeeds", succeeds.into()),
            ("receipt", document),
            ("deposit", deposit.to_string().into()),
            ("before", version_json(before)),
            ("after", after.as_ref().map_or(Json::Null, version_json)),
            ("difference", difference.as_ref().map_or(Json::Null, difference_json)),
            ("authority", authority.json()),
            ("invariants", judged.iter().map(Judged::json).collect()),
        ];
        let mut list = receipt_facts(receipt, &abis, &made.body);
        list.push(("deposit", deposit.to_string()));
        list.extend(version_facts(before, after.as_ref()));
        list.extend(difference.iter().flat_map(difference_facts));
        list.extend(authority.facts());
        for judged in &judged {
            let word = match judged.holds {
                true => Paint.good("holds"),
                false => Paint.bad("broken"),
            };
            list.push(("invariant", format!("{word}  {}", judged.words())));
        }
        if succeeds {
            let mut json = json!({ "schema": "dytallix.upgrade-plan/1" });
            members.into_iter().for_each(|(name, value)| json[name] = value);
            return Ok(Report { text: facts(&list), json });
        }
        let why = reason(receipt, &abis, &made.body);
        let cause = match why {
            Some(why) => format!("the upgrade would fail: {why}"),
            None => "the upgrade would succeed, and break an invariant".to_owned(),
        };
        let mut failure = Failure::new(Exit::Unsuccessful, cause).way_out(authority.needs());
        for (name, value) in list {
            failure = failure.note(name, value);
        }
        Err(members.into_iter().fold(failure, |failure, (name, value)| failure.fact(name, value)))
    }
}

/// All that there is to tell.
struct Told {
    preflight: Preflight,
    deposit: Amount,
    judged: Vec<Judged>,
    authority: Authority,
    signer: Address,
}

fn version_json(info: &VersionInfo) -> Json {
    json!({
        "version": info.version,
        "schema": info.schema,
        "code_hash": info.code_hash.to_string(),
        "migrating": info.migrating,
    })
}

fn version_facts(before: &VersionInfo, after: Option<&VersionInfo>) -> Vec<(&'static str, String)> {
    let Some(after) = after else { return Vec::new() };
    let mut facts = vec![
        ("version", format!("{} → {}", before.version, after.version)),
        ("schema", format!("{} → {}", before.schema, after.schema)),
        ("code", format!("{} → {}", before.code_hash, after.code_hash)),
    ];
    if after.migrating {
        facts
            .push(("migrating", "it goes on: the same upgrade once more, until it is done".into()));
    }
    facts
}

fn difference_json(difference: &InterfaceDifference) -> Json {
    json!({
        "methods_lost": difference.methods_lost,
        "methods_gained": difference.methods_gained,
        "permissions_lost": difference.permissions_lost,
        "permissions_gained": difference.permissions_gained,
    })
}

fn difference_facts(difference: &InterfaceDifference) -> Vec<(&'static str, String)> {
    let list = |names: &[String]| match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(", "),
    };
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    vec![
        ("methods lost", list(&difference.methods_lost)),
        ("methods gained", list(&difference.methods_gained)),
        ("may no longer", list(&owned(&difference.permissions_lost))),
        ("may from now on", list(&owned(&difference.permissions_gained))),
    ]
}
