//! A chain in a folder of its own, for the tests of commands that have one.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::support::{Ran, ran};

/// What the accounts of a test have at the beginning.
pub(crate) const RICH: u128 = 1_000_000_000_000;

/// A folder with keys and a chain.
pub(crate) struct Chain {
    folder: TempDir,
}

impl Chain {
    /// Keys of these names, and a chain on which each is rich.
    pub(crate) fn new(names: &[&str]) -> Chain {
        let chain = Chain::without_genesis(names);
        let balances: Vec<String> =
            names.iter().map(|name| format!("{}={RICH}", chain.address(name))).collect();
        let mut args = vec!["init", "--chain-id", "7"];
        balances.iter().for_each(|balance| args.extend(["--balance", balance]));
        assert_eq!(chain.run(&args).code, 0);
        chain
    }

    /// Keys of these names, and no chain.
    pub(crate) fn without_genesis(names: &[&str]) -> Chain {
        let chain = Chain { folder: tempfile::tempdir().expect("a folder") };
        for (number, name) in (1..).zip(names) {
            let seed = chain.write("seed", &format!("{number:064x}"));
            let cheap = ["--kdf-memory", "8", "--kdf-iterations", "1"];
            let import = ["keys", "import", name, "--seed-file", &seed];
            assert_eq!(chain.plain(&[&import[..], &cheap].concat()).code, 0);
        }
        chain
    }

    /// A file or folder beside the chain.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as text.
    pub(crate) fn name(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// A file beside the chain, with these contents.
    pub(crate) fn write(&self, name: &str, contents: &str) -> String {
        std::fs::write(self.path(name), contents).expect("written");
        self.name(name)
    }

    /// The address of a key.
    pub(crate) fn address(&self, name: &str) -> String {
        let json = self.plain(&["keys", "show", name, "--json"]).json();
        text(&json["address"])
    }

    /// `dytallix` with these arguments, without `--data`.
    pub(crate) fn plain(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dytallix"));
        command.args(args).env("DYTALLIX_KEYSTORE", self.path("keys"));
        command.env("DYTALLIX_PASSPHRASE", "secret").env_remove("CLICOLOR_FORCE");
        ran(&command.stdin(Stdio::null()).output().expect("the binary starts"))
    }

    /// `dytallix` with these arguments, on the chain.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.plain(&[args, &["--data", &self.name("data")]].concat())
    }

    /// The document of a command that went well.
    pub(crate) fn json(&self, args: &[&str]) -> Json {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}: {ran:?}");
        ran.json()
    }

    /// The document of a command that did not: it has this exit code and kind.
    pub(crate) fn failure(&self, args: &[&str], code: i32, kind: &str) -> Json {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (code, ""), "{args:?}: {ran:?}");
        let json = ran.json();
        assert_eq!(json["schema"], "dytallix.failure/1", "{json}");
        assert_eq!((&json["kind"], &json["exit_code"]), (&kind.into(), &code.into()), "{json}");
        assert!(json["cause"].is_string() && json["way_out"].is_string(), "{json}");
        json
    }

    /// Deploys an example with these arguments; its address.
    pub(crate) fn deploy(&self, from: &str, example: &str, args: &[&str]) -> String {
        let module = module(example);
        let json = self.json(&[&["deploy", &module], args, &["--from", from]].concat());
        assert_eq!(json["receipt"]["contract"], json["contract"]);
        text(&json["contract"])
    }

    /// What a view says.
    pub(crate) fn view(&self, contract: &str, method: &str, args: &[&str]) -> Json {
        let query = ["query", contract, "--method", method];
        self.json(&[&query[..], args].concat())["result"].take()
    }

    /// The balance of an account, 0 where there is none.
    pub(crate) fn balance(&self, address: &str) -> u128 {
        let json = self.run(&["query", address, "--json"]).json();
        json["account"]["balance"].as_str().map_or(0, |text| text.parse().expect("a number"))
    }
}

/// The module of an example.
pub(crate) fn module(name: &str) -> String {
    format!("{}/../examples/wasm/{name}.wasm", env!("CARGO_MANIFEST_DIR"))
}

/// Text of a document.
pub(crate) fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}

/// A number of a document.
pub(crate) fn number(json: &Json) -> u64 {
    json.as_u64().unwrap_or_else(|| panic!("no number: {json}"))
}
