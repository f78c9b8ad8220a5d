//! Exit codes: one table, shown by `--help` and by the reference page.

use std::process::ExitCode;

macro_rules! exits {
    ($($number:literal $name:ident $text:literal;)*) => {
        /// How the process ends. The numbers are stable: scripts rely on them.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(crate) enum Exit {
            $(#[doc = $text] $name = $number,)*
        }

        /// The table as `--help` shows it.
        pub(crate) const HELP: &str =
            concat!("Exit codes:\n" $(, "  ", stringify!($number), "\t", $text, "\n")*);
    };
}

exits! {
    0 Ok "done";
    1 Failed "another failure: a file that cannot be read, a fault of ours, a demo that went wrong";
    2 Trap "the guest trapped; what was computed before is lost, gas is used";
    3 BadModule "the module is malformed, invalid, unsupported, beyond a limit, or does not link";
    4 Store "the ledger is missing, foreign, damaged, in use, or does not hold that height";
    5 Absent "what was asked for is not in the state; nothing is wrong with either";
    6 NotBuilt "the contract was not built: cargo or the compiler has said why";
    7 NoTool "a tool that is needed is not installed, or does not work";
    8 Key "the key is missing, there already or damaged, or the passphrase does not open it";
    9 Rejected "the transaction was not admitted: nothing was charged and nothing has changed";
    10 Unsuccessful "the transaction failed, or would: what it wanted is undone, its gas is paid";
    64 Usage "the command line is wrong: unknown option, missing export, argument of another type";
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
