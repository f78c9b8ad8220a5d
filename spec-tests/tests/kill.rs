//! A process that writes to a store is killed a few times. `cargo run --release -p
//! dytallix-spec-tests --bin kill` does it 200 times.

use std::process::Command;

#[test]
fn a_killed_process_leaves_every_acknowledged_block_and_a_sound_store() {
    let folder = concat!(env!("CARGO_TARGET_TMPDIR"), "/kill");
    _ = std::fs::remove_dir_all(folder);
    let output = Command::new(env!("CARGO_BIN_EXE_kill"))
        .args(["--kills", "12", "--folder", folder])
        .output()
        .expect("it starts");
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), &output.stderr);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(failed));
    println!("{said}");
    assert!(said.starts_with("12 kills, ") && !said.contains(" 0 blocks"), "{said}");
}
