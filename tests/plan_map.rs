//! `docs/plan-map.md`: each item of the original plan has a row, and each place that a row names is
//! there.

use std::path::Path;

/// Structures, functions, files, tests, benchmarks and documents that the plan names, in its order.
const PLAN: &[&str] = &[
    "DeployTransaction",
    "DeployTransaction::from",
    "contract_code",
    "constructor_args",
    "gas_limit",
    "gas_price",
    "signature",
    "PQCSignature",
    "timestamp",
    "Timestamp",
    "CallTransaction",
    "CallTransaction::from",
    "to",
    "method",
    "args",
    "value",
    "Amount",
    "Address",
    "ContractState",
    "ContractState::code",
    "ContractState::storage",
    "ContractState::balance",
    "ContractMetadata",
    "deployer",
    "deployment_block",
    "BlockNumber",
    "last_modified",
    "call_count",
    "process_contract_transaction",
    "execute_deployment",
    "execute_contract_call",
    "Transaction::Deploy",
    "Transaction::Call",
    "BlockchainState",
    "ExecutionResult",
    "ExecutionResult::success",
    "ConsensusError",
    "blockchain-core/src/types.rs",
    "blockchain-core/src/storage.rs",
    "blockchain-core/src/consensus/mod.rs",
    "blockchain-core/Cargo.toml",
    "dytallix-contracts",
    "smart-contracts/src/runtime.rs",
    "linker.func_wrap",
    "HostCallContext",
    "external_call",
    "pqc_verify",
    "hash_keccak256",
    "caller_address",
    "contract_balance",
    "delegatecall",
    "staticcall",
    "recover_pubkey",
    "calculate_dynamic_gas_cost",
    "Operation",
    "Operation::StorageWrite",
    "Operation::ExternalCall",
    "ExecutionContext",
    "Gas",
    "GAS_COST_STORAGE_WRITE",
    "GAS_COST_MEMORY_BYTE",
    "GAS_COST_EXTERNAL_CALL",
    "calculate_call_complexity",
    "GAS_COST_BASE",
    "calculate_memory_gas",
    "GAS_COST_MEMORY_PAGE",
    "GAS_COST_MEMORY_EXPANSION",
    "expansion_penalty",
    "smart-contracts/src/upgrade.rs",
    "ProxyContract",
    "implementation_address",
    "admin_address",
    "ProxyContract::upgrade",
    "UpgradeError",
    "ContractVersion",
    "version",
    "code_hash",
    "Hash",
    "migration_script",
    "migrate_contract_state",
    "MigrationError",
    "smart-contracts/src/state.rs",
    "StateSnapshot",
    "block_number",
    "state_root",
    "StateSnapshot::contracts",
    "ContractSnapshot",
    "StateSnapshot::create",
    "StateSnapshot::restore",
    "ContractStorage",
    "StateError",
    "calculate_state_root",
    "cleanup_unused_state",
    "smart-contracts/src/events.rs",
    "EventIndex",
    "by_contract",
    "by_topic",
    "by_block",
    "ContractEvent",
    "EventFilter",
    "contract_address",
    "topics",
    "from_block",
    "to_block",
    "filter_events",
    "smart-contracts/src/compiler.rs",
    "compile_contract",
    "CompileTarget",
    "CompiledContract",
    "CompileError",
    "bytecode",
    "ContractABI",
    "metadata",
    "CompileMetadata",
    "smart-contracts/src/testing.rs",
    "ContractTestSuite",
    "ContractTestSuite::runtime",
    "ContractRuntime",
    "test_accounts",
    "deploy_test_contract",
    "call_contract_method",
    "TestError",
    "ContractDebugger",
    "execution_trace",
    "ExecutionStep",
    "gas_usage",
    "GasUsage",
    "state_changes",
    "StateChange",
    "developer-tools/src/commands/contract.rs",
    "deploy_contract",
    "call_contract",
    "query_contract_state",
    "examples/token.rs",
    "examples/multisig.rs",
    "examples/voting.rs",
    "examples/ai_contract.rs",
    "smart-contracts/tests/integration.rs",
    "test_end_to_end_contract_deployment",
    "test_contract_state_persistence",
    "test_gas_metering_accuracy",
    "smart-contracts/benches/performance.rs",
    "bench_contract_deployment",
    "bench_contract_execution",
    "smart-contracts/tests/security.rs",
    "test_reentrancy_protection",
    "test_gas_limit_enforcement",
    "docs/smart-contracts/developer-guide.md",
    "docs/smart-contracts/api-reference.md",
    "docs/smart-contracts/examples.md",
];

/// The marks of a cell: what stands between backticks.
fn marks(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is below the root")
}

/// The rows of all tables of the page: three cells each.
fn rows() -> Vec<[String; 3]> {
    let page = std::fs::read_to_string(root().join("docs/plan-map.md")).expect("the page");
    let lines = page.lines().filter(|line| line.starts_with("| ") && !line.contains("| where |"));
    let cells = |line: &str| {
        let line = line.trim_start_matches("| ").trim_end_matches(" |");
        let cells: Vec<String> = line.split(" | ").map(|cell| cell.trim().to_owned()).collect();
        cells.try_into().unwrap_or_else(|cells| panic!("three cells: {cells:?}"))
    };
    lines.map(|line| cells(&line.replace("| |", "|  |"))).collect()
}

#[test]
fn every_item_of_the_plan_has_a_row() {
    let rows = rows();
    let named: Vec<&str> = rows.iter().flat_map(|[item, ..]| marks(item)).collect();
    let missing: Vec<&&str> = PLAN.iter().filter(|item| !named.contains(item)).collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
    let unknown: Vec<&&str> = named.iter().filter(|item| !PLAN.contains(item)).collect();
    assert!(unknown.is_empty(), "not in the plan: {unknown:?}");
}

#[test]
fn every_place_that_is_named_is_there() {
    let mut wrong = Vec::new();
    for [item, _, places] in rows() {
        let mut found = 0;
        for mark in marks(&places) {
            found += 1;
            let (path, text) = mark.split_once(": ").unwrap_or((mark, ""));
            match std::fs::read_to_string(root().join(path)) {
                Err(_) => wrong.push(format!("{item}: there is no file {path}")),
                Ok(file) if !file.contains(text) => {
                    wrong.push(format!("{item}: {path} has no `{text}`"));
                }
                Ok(_) => {}
            }
        }
        let is_explained = places.starts_with("later: ") || places.starts_with("none: ");
        if found == 0 && !is_explained {
            wrong.push(format!("{item}: no place, and no reason"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
