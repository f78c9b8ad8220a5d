//! One transaction on its way into a block of its own: simulated, signed, executed, committed.
//!
//! ```text
//!   key's file ─▶ Request ─▶ simulate with all gas ─▶ limits ─▶ simulate with these
//!                                                                   │ fails: told, not sent
//!                            shown ◀─ commit ◀─ execute ◀─ sign ◀───┘
//! ```
//!
//! The passphrase is asked for after the simulation: who sees that it would fail need not type it.

use std::io::{IsTerminal, Write};

use clap::Args;
use dytallix::chain::{BlockResult, Body, Fee, OpenBlock, SIGNING_TAG, Transaction};
use dytallix::crypto::Scheme;
use dytallix::state::{ChangeSet, View};
use dytallix::{Address, Amount, DiskStore, Receipt, Status};
use serde_json::{Value as Json, json};

use super::contract::Abis;
use super::receipt::{
    body_text, receipt_facts, receipt_json, status_docs, status_name, transaction_json,
};
use super::{Chain, DataArgs, failure};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::keystore::{KeyFile, SignerArgs};
use crate::report::{Paint, Report, facts, grouped};

/// Who sends, and what it may cost.
#[derive(Args, Debug)]
pub(crate) struct SendArgs {
    /// Name of the key that signs and pays.
    #[arg(long, value_name = "KEY")]
    from: String,
    /// The account that pays, where it is not the key's own: its key was rotated to this one.
    #[arg(long, value_name = "ADDRESS")]
    account: Option<Address>,
    #[command(flatten)]
    signer: SignerArgs,
    /// At most that much gas; without it what the simulation used and a fifth more.
    #[arg(long, value_name = "GAS")]
    gas_limit: Option<u64>,
    /// What each unit of gas costs; without it the least that the chain takes.
    #[arg(long, value_name = "AMOUNT")]
    gas_price: Option<u128>,
    /// What each unit of gas costs on top, for who proposes the block.
    #[arg(long, value_name = "AMOUNT", default_value_t = 0)]
    tip: u128,
    /// At most that much for storage and code; without it what the simulation took and a fifth
    /// more.
    #[arg(long, value_name = "AMOUNT")]
    deposit_limit: Option<u128>,
    /// Stop after the simulation: nothing is signed and nothing is sent.
    #[arg(long)]
    dry_run: bool,
    /// Send it even where the simulation says that it fails.
    #[arg(long, conflicts_with = "dry_run")]
    anyway: bool,
    /// Do not ask before sending. Where the standard input is no terminal nobody is asked.
    #[arg(long)]
    yes: bool,
}

/// What a command wants to be done.
pub(crate) struct Request {
    /// The body of the transaction.
    pub(crate) body: Body,
    /// What the command has to say beside it, for programs.
    pub(crate) more: Vec<(&'static str, Json)>,
}

/// What a simulation came to.
struct Simulation {
    transaction: Transaction,
    receipt: Receipt,
    /// What it takes for storage and code.
    deposit: Amount,
}

impl Request {
    /// That body, and nothing beside it.
    pub(crate) fn of(body: Body) -> Request {
        Request { body, more: Vec::new() }
    }
}

impl SendArgs {
    /// The key's file; nobody is asked for a passphrase.
    pub(crate) fn key(&self) -> Result<KeyFile, Failure> {
        self.signer.keystore.open()?.read(&self.from)
    }

    /// The account that signs and pays.
    pub(crate) fn sender(&self) -> Result<Address, Failure> {
        Ok(self.account.unwrap_or(self.key()?.address()))
    }
}

/// Sends what a command wants, and tells of it in a document of that command.
pub(crate) fn send(
    command: &str,
    data: &DataArgs,
    args: &SendArgs,
    make: impl FnOnce(&Chain, Address) -> Result<Request, Failure>,
) -> Result<Report, Failure> {
    let key = args.key()?;
    let sender = args.sender()?;
    let mut chain = data.open()?;
    let request = make(&chain, sender)?;
    let folder = chain.folder.clone();
    let mut block = chain.next_block(sender)?;
    let simulation = simulate(args, &mut block, &request, sender, key.scheme)
        .map_err(|error| failure(&error, &folder))?;
    let mut told = Told::new(command, data, &request, &simulation, &block);
    let expected = &simulation.receipt;
    let is_fit = expected.is_success() || (args.anyway && !expected.status.is_rejected());
    if !is_fit || args.dry_run {
        let reason = told.json["simulation"]["reason"].as_str().map(str::to_owned);
        return told.end(expected, reason, "would fail", args, &block);
    }
    if !args.confirmed(data, &simulation, &told)? {
        return Err(Failure::new(Exit::Failed, "nothing was sent").way_out("y, or --yes"));
    }
    let signer = args.signer.signer(&args.from)?;
    let transaction = simulation.transaction;
    let signature = signer.sign(&transaction.signing_bytes(), SIGNING_TAG);
    let signed = transaction.signed(signer.scheme, Some(&signer.public_key), signature);
    let offered = block.offer(signed.encode().into()).map_err(|e| failure(&e, &folder))?;
    if let Err(status) = offered {
        return Err(told.failed(status, None, "was rejected", args));
    }
    let finished = block.finish().map_err(|error| failure(&error, &folder))?;
    let result = chain.runtime.commit_block(finished).map_err(|e| failure(&e, &folder))?;
    let receipt = &result.receipts[0];
    let abis = Abis::with(chain.state(), &request.body);
    told.sent(&result, receipt, &abis, &request.body);
    let reason = told.json["receipt"]["reason"].as_str().map(str::to_owned);
    match receipt.is_success() {
        true => Ok(Report { text: told.text, json: told.json }),
        false => Err(told.failed(receipt.status, reason, "failed", args)),
    }
}

/// Finds limits that do, unless they are given.
fn simulate(
    args: &SendArgs,
    block: &mut OpenBlock<'_, DiskStore>,
    request: &Request,
    sender: Address,
    scheme: Scheme,
) -> Result<Simulation, dytallix::chain::Error> {
    let policy = &block.protocol().policy;
    let price = args.gas_price.map_or(policy.min_gas_price, Amount::new);
    let most_gas = policy.transaction_gas.min(policy.block_gas);
    let account = block.overlay().account(&sender)?.unwrap_or_default();
    let balance = account.balance.units();
    let (chain_id, height) = (block.chain_id(), block.height());
    let with = |gas: u64, deposit: u128| {
        let fee = Fee::new(gas, price).tip(Amount::new(args.tip));
        let fee = fee.deposit_limit(Amount::new(deposit));
        let nonce = account.nonce.number();
        Transaction::new(chain_id, nonce, sender, fee, request.body.clone()).valid_until(height)
    };
    // The limit is paid in advance. Who has not much keeps half of it, for deposits and values.
    let each = price.units().saturating_add(args.tip).max(1);
    let affordable = u64::try_from(balance / 2 / each).unwrap_or(u64::MAX);
    let most = args.gas_limit.unwrap_or(most_gas.min(affordable));
    let run = |block: &mut OpenBlock<'_, DiskStore>, transaction: Transaction| {
        let (receipt, changes) = block.simulate_changes(&transaction, scheme)?;
        let deposit = deposits(&changes);
        Ok::<_, dytallix::chain::Error>(Simulation { transaction, receipt, deposit })
    };
    let first = run(block, with(most, args.deposit_limit.unwrap_or(balance)))?;
    if first.receipt.status.is_rejected() {
        return Ok(first);
    }
    let more = |amount: u128| amount.saturating_add(amount.div_ceil(5));
    // What fails takes nothing: how much it would have taken is not known.
    let taken = if first.receipt.is_success() { more(first.deposit.units()) } else { balance };
    let deposit = args.deposit_limit.unwrap_or(taken);
    let used = u64::try_from(more(first.receipt.gas_used.into())).unwrap_or(u64::MAX);
    let mut limit = args.gas_limit.unwrap_or(used).min(most);
    loop {
        let last = run(block, with(limit, deposit))?;
        // A contract may ask for more gas than it uses, of which nothing can be seen but this.
        if last.receipt.status == first.receipt.status || limit >= most {
            return Ok(last);
        }
        limit = limit.saturating_mul(2).min(most);
    }
}

/// What changes take for storage and code.
pub(crate) fn deposits(changes: &ChangeSet) -> Amount {
    let more = |before: Option<Amount>, now: Option<Amount>| {
        let (before, now) = (before.unwrap_or_default(), now.unwrap_or_default());
        now.units().saturating_sub(before.units())
    };
    let held = |account: &Option<dytallix::state::Account>| {
        account.as_ref().and_then(|account| account.contract.as_ref()).map(|info| info.deposit)
    };
    let storage = changes.accounts.iter().map(|c| more(held(&c.previous), held(&c.current)));
    let code = changes.code_info.iter().map(|change| {
        let deposit = |info: &Option<dytallix::state::CodeInfo>| info.map(|info| info.deposit);
        more(deposit(&change.previous), deposit(&change.current))
    });
    Amount::new(storage.chain(code).fold(0, u128::saturating_add))
}

impl SendArgs {
    /// Whether it is to be sent: where somebody can be asked, they are.
    fn confirmed(
        &self,
        data: &DataArgs,
        simulation: &Simulation,
        told: &Told,
    ) -> Result<bool, Failure> {
        if self.yes || data.json || !std::io::stdin().is_terminal() {
            return Ok(true);
        }
        let fee = simulation.receipt.fee;
        let mut stderr = anstream::stderr();
        let _ = write!(stderr, "{}Send it for about {fee}? [y/N] ", told.text);
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(|error| {
            Failure::new(Exit::Failed, format!("cannot read the answer: {error}")).way_out("--yes")
        })?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }
}

/// What has been told so far, for people and for programs.
struct Told {
    text: String,
    json: Json,
    schema: String,
}

impl Told {
    fn new(
        command: &str,
        data: &DataArgs,
        request: &Request,
        simulation: &Simulation,
        block: &OpenBlock<'_, DiskStore>,
    ) -> Told {
        let abis = Abis::with(block.overlay(), &request.body);
        let Simulation { transaction, receipt, deposit } = simulation;
        let mut simulated = receipt_json(receipt, &abis, &request.body);
        simulated["deposit"] = deposit.to_string().into();
        let schema = format!("dytallix.{command}/1");
        let mut json = json!({
            "schema": schema,
            "data": data.name(),
            "transaction": transaction_json(transaction, &abis),
            "simulation": simulated,
            "sent": false,
            "height": null,
            "block": null,
            "state_root": null,
            "app_hash": null,
            "receipt": null,
        });
        for (name, value) in &request.more {
            json[*name] = value.clone();
        }
        let status = status_name(receipt.status).replace('_', " ");
        let status = match receipt.is_success() {
            true => Paint.good(&status),
            false => Paint.bad(&status),
        };
        let gas = grouped(receipt.gas_used);
        let limit = grouped(transaction.fee.gas_limit);
        let text = facts(&[
            ("asked", body_text(&transaction.body, &transaction.signer)),
            ("simulated", status),
            ("gas", format!("{gas}, limit {limit}")),
            ("fee", format!("{}, deposit {deposit}", receipt.fee)),
        ]);
        Told { text, json, schema }
    }

    /// Ends with the simulation.
    fn end(
        self,
        receipt: &Receipt,
        reason: Option<String>,
        how: &str,
        args: &SendArgs,
        block: &OpenBlock<'_, DiskStore>,
    ) -> Result<Report, Failure> {
        if receipt.is_success() {
            let text = format!("{}{} nothing was sent\n", self.text, Paint.dim("note"));
            return Ok(Report { text, json: self.json });
        }
        let failure = self.failed(receipt.status, reason, how, args);
        Err(match receipt.status {
            Status::GasPriceTooLow => {
                let least = block.protocol().policy.min_gas_price;
                failure.way_out(format!("a --gas-price of at least {least}"))
            }
            _ => failure,
        })
    }

    /// Adds what came of it.
    fn sent(&mut self, result: &BlockResult, receipt: &Receipt, abis: &Abis<'_>, body: &Body) {
        let height = result.header.height;
        self.json["sent"] = true.into();
        self.json["height"] = height.number().into();
        self.json["block"] = result.hash.to_string().into();
        self.json["state_root"] = result.state_root.to_string().into();
        self.json["app_hash"] = result.app_hash.to_string().into();
        self.json["receipt"] = receipt_json(receipt, abis, body);
        let id = self.json["transaction"]["id"].as_str().unwrap_or_default().to_owned();
        let mut list = vec![("transaction", id), ("height", height.to_string())];
        list.extend(receipt_facts(receipt, abis, body));
        self.text.push('\n');
        self.text.push_str(&facts(&list));
    }

    /// The failure that a transaction came to.
    fn failed(self, status: Status, reason: Option<String>, how: &str, args: &SendArgs) -> Failure {
        let (exit, how) = match status.is_rejected() {
            true => (Exit::Rejected, "is not admitted"),
            false => (Exit::Unsuccessful, how),
        };
        let name = status_name(status).replace('_', " ");
        let why = reason.unwrap_or_else(|| status_docs(status));
        let cause = format!("the transaction {how}: {why}");
        let mut failure = Failure::new(exit, cause).note("status", name);
        let is_sent = self.json["sent"] == true;
        failure = failure.note(
            "sent",
            match is_sent {
                true => format!("at height {}: its gas was paid", self.json["height"]),
                false => "no".to_owned(),
            },
        );
        failure = failure.way_out(way_out(status, is_sent, args));
        failure = failure.fact("command", self.schema).fact("status", status_name(status));
        if let Json::Object(members) = self.json {
            for (name, value) in members.into_iter().filter(|(name, _)| name != "schema") {
                failure = failure.fact(&name, value);
            }
        }
        failure
    }
}

/// What to do about a transaction that does not succeed.
fn way_out(status: Status, is_sent: bool, args: &SendArgs) -> String {
    let text = match status {
        Status::GasLimitTooLow if args.gas_limit.is_none() => {
            "more balance: the account can not pay for the gas of any transaction"
        }
        Status::OutOfGas | Status::GasLimitTooLow => "a greater --gas-limit",
        Status::GasLimitTooHigh => "a smaller --gas-limit",
        Status::Deposit => "a greater --deposit-limit, or more balance",
        Status::CannotPay | Status::Balance => "more balance, or a smaller --gas-limit or value",
        Status::KeyOfOther => "the key of the account, or without --account",
        Status::SchemeNotAdmitted => "a key of a scheme that the chain admits",
        Status::AddressTaken => "another --salt",
        Status::NotAdmin => "the key of the contract's admin: `dytallix query` shows who it is",
        Status::TimeLocked => "`dytallix upgrade announce`, and blocks until the delay is over",
        Status::TooFewApprovals => "`dytallix upgrade approve` by other admins first",
        Status::NotFound => "an address and a method that are there: `dytallix query` shows them",
        Status::Reverted | Status::Trapped if is_sent || args.anyway => {
            "other arguments: the contract refuses these"
        }
        Status::Reverted | Status::Trapped => {
            "other arguments: the contract refuses these; --anyway sends it all the same"
        }
        _ => "what the status asks for",
    };
    text.to_owned()
}
