//! What `dytallix build` tells of a contract that was built.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use dytallix::Limits;
use dytallix::abi::{Abi, MethodKind, schema::Method};
use serde_json::{Value as Json, json};

use super::Built;
use crate::bytes::hex;
use crate::report::{Paint, Report, columns, facts, grouped};

/// What is said where the module has no ABI section.
const NO_ABI: &str = "the module has no section dytallix.abi: tools cannot name its methods or show \
                      what it stores. A contract that is written with #[contract] and #[methods] \
                      of dytallix-sdk has one";

impl Built {
    /// The report for people and for programs.
    pub(super) fn report(&self) -> Report {
        Report { text: self.text(), json: self.json() }
    }

    fn text(&self) -> String {
        let limit = u64::from(Limits::contract().module_bytes);
        let bytes = |n: usize| grouped(n as u64);
        let mut text =
            format!("{} {} with {}\n", Paint.good("built"), self.package, self.toolchain.version);
        let mut lines = vec![
            ("module", short(&self.files.module)),
            ("size", format!("{} bytes, at most {}", bytes(self.bytes), grouped(limit))),
            ("code hash", hex(self.accepted.hash.as_bytes())),
            ("memory", format!("{} to begin with", pages(self.accepted.memory_pages))),
            ("deploy", format!("{} gas, and what init uses", grouped(self.accepted.deploy_gas))),
            ("debug", format!("{}, {} bytes", short(&self.files.debug), bytes(self.debug_bytes))),
        ];
        if self.abi.is_some() {
            lines.push(("ABI", short(&self.files.abi)));
        }
        let time = format!("{:.1?}, of it {:.1?} after cargo", self.time(), self.finishing);
        lines.push(("time", time));
        text.push_str(&facts(&lines));
        match &self.abi {
            Some(abi) => {
                let _ = writeln!(text, "{}", Paint.head(&format!("methods of {}", abi.name)));
                let rows = abi.methods.iter().map(|method| row(abi, method));
                text.push_str(&columns(2, &rows.collect::<Vec<_>>()));
            }
            None => {
                let _ = writeln!(text, "{} {NO_ABI}", Paint.bad("warning:"));
            }
        }
        text
    }

    fn time(&self) -> Duration {
        self.compiling + self.finishing
    }

    fn json(&self) -> Json {
        let meta = &self.meta;
        let methods = self.abi.iter().flat_map(|abi| {
            abi.methods.iter().map(|method| method_json(abi, method)).collect::<Vec<_>>()
        });
        let warnings: &[&str] = if self.abi.is_none() { &[NO_ABI] } else { &[] };
        json!({
            "schema": "dytallix.build/1",
            "package": self.package,
            "contract": self.abi.as_ref().map(|abi| &abi.name),
            "module": self.files.module.display().to_string(),
            "bytes": self.bytes,
            "code_hash": hex(self.accepted.hash.as_bytes()),
            "abi": self.abi.is_some().then(|| self.files.abi.display().to_string()),
            "debug": {
                "module": self.files.debug.display().to_string(),
                "bytes": self.debug_bytes,
            },
            "deploy_gas": self.accepted.deploy_gas,
            "memory_pages": self.accepted.memory_pages,
            "imports": self.accepted.imports,
            "methods": methods.collect::<Vec<_>>(),
            "meta": {
                "builder": meta.builder,
                "compiler": meta.compiler,
                "lock": hex(meta.lock.as_bytes()),
                "sources": hex(meta.sources.as_bytes()),
            },
            "builds_std": self.toolchain.builds_std,
            "warnings": warnings,
            "time_ms": {
                "cargo": self.compiling.as_millis() as u64,
                "finish": self.finishing.as_millis() as u64,
            },
        })
    }
}

/// A path as it is seen from here.
fn short(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    below.as_deref().unwrap_or(path).display().to_string()
}

fn pages(count: u64) -> String {
    match count {
        1 => "1 page".to_owned(),
        count => format!("{count} pages"),
    }
}

fn kind(kind: MethodKind) -> &'static str {
    kind.name()
}

/// `call  transfer(to: Address, amount: u128) -> bool  payable`.
fn row(abi: &Abi, method: &Method) -> Vec<String> {
    let params = method.params.iter().map(|p| format!("{}: {}", p.name, abi.type_name(p.ty)));
    let params = params.collect::<Vec<_>>().join(", ");
    let returns = match abi.type_name(method.returns).as_str() {
        "()" => String::new(),
        name => format!(" -> {name}"),
    };
    let payable = if method.payable { "payable" } else { "" };
    let signature = format!("{}({params}){returns}", method.name);
    vec![kind(method.kind).to_owned(), signature, payable.to_owned()]
}

fn method_json(abi: &Abi, method: &Method) -> Json {
    let params = method
        .params
        .iter()
        .map(|param| json!({ "name": param.name, "type": abi.type_name(param.ty) }));
    json!({
        "name": method.name,
        "kind": kind(method.kind),
        "payable": method.payable,
        "reentry": method.reentry.name(),
        "params": params.collect::<Vec<_>>(),
        "returns": abi.type_name(method.returns),
    })
}
