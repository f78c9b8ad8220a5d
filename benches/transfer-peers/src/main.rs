//! Token transfers on revm, told by `dytallix-benches transfer --peer PROGRAM` when to run.
//!
//! ```text
//! in   first count      transfers number `first` to `first + count`
//! out  name gas         once, before anything is read
//!      nanoseconds      CPU time of the thread, for each line that was read
//! ```

mod erc20;

use cpu_time::ThreadTime;
use revm::context::TxEnv;
use revm::context::result::ExecutionResult;
use revm::database::{CacheDB, EmptyDB};
use revm::primitives::{Address, Bytes, U256};
use revm::state::{AccountInfo, Bytecode};
use revm::{Context, ExecuteCommitEvm, ExecuteEvm, MainBuilder, MainContext};
use std::io::{BufRead, Write};

type Error = Box<dyn std::error::Error>;

/// Accounts that hold tokens.
const HOLDERS: u64 = 1_000;
/// What is moved.
const AMOUNT: u64 = 3;

fn main() -> Result<(), Error> {
    let token = Address::repeat_byte(0x77);
    let mut database = CacheDB::new(EmptyDB::default());
    let code = Bytecode::new_raw(erc20::CODE.to_vec().into());
    database.insert_account_info(token, AccountInfo::from_bytecode(code));
    for number in 0..HOLDERS {
        database.insert_account_info(holder(number), AccountInfo::default());
        let slot = erc20::balance_slot(holder(number));
        database.insert_account_storage(token, slot, U256::from(1_u64 << 40))?;
    }
    let context = Context::mainnet().with_db(database);
    let context = context.modify_cfg_chained(|cfg| cfg.disable_nonce_check = true);
    let mut machine = context.build_mainnet();

    // One is kept, to see that it moves what it should.
    let ExecutionResult::Success { gas, logs, .. } = machine.transact_commit(call(token, 5))? else {
        return Err("the transfer fails".into());
    };
    let moved = |holder: Address| {
        let accounts = &machine.ctx.journaled_state.database.cache.accounts;
        accounts.get(&token).and_then(|account| account.storage.get(&erc20::balance_slot(holder)))
    };
    let expected = [(1_u64 << 40) - AMOUNT, (1_u64 << 40) + AMOUNT].map(U256::from);
    if [moved(holder(5)), moved(holder(6))] != [Some(&expected[0]), Some(&expected[1])] {
        return Err("the transfer does not move what it should".into());
    }
    if logs.len() != 1 {
        return Err("the transfer emits no event".into());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "revm {}", gas.tx_gas_used())?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (first, count) = line.split_once(' ').ok_or("a line is `first count`")?;
        let (first, count): (u64, u64) = (first.parse()?, count.parse()?);
        let start = ThreadTime::try_now()?;
        for number in first..first + count {
            // Executed and finalised, the state it changed returned and dropped.
            let done = machine.transact(call(token, number))?;
            if !done.result.is_success() {
                return Err("a transfer fails".into());
            }
        }
        writeln!(out, "{}", start.try_elapsed()?.as_nanos())?;
        out.flush()?;
    }
    Ok(())
}

fn holder(number: u64) -> Address {
    let mut bytes = [7; 20];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Address::from(bytes)
}

fn call(token: Address, number: u64) -> TxEnv {
    let (from, to) = (holder(number % HOLDERS), holder((number + 1) % HOLDERS));
    let mut data = vec![0; 68];
    data[..4].copy_from_slice(&erc20::TRANSFER);
    data[16..36].copy_from_slice(to.as_slice());
    data[60..].copy_from_slice(&AMOUNT.to_be_bytes());
    let call = TxEnv::builder().caller(from).to(token).gas_limit(1_000_000);
    call.data(Bytes::from(data)).build_fill()
}
