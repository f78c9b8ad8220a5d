//! `dytallix deploy`: a contract is made.

use std::path::{Path, PathBuf};

use clap::Args;
use dytallix::abi::{Abi, MethodKind};
use dytallix::chain::{Body, CodeSource, Deployment};
use dytallix::state::View;
use dytallix::{Amount, Hash};

use crate::bytes::{parse_hash, parse_hex};
use crate::chain::{
    AdminArg, Chain, DataArgs, Given, GivenArgs, Request, SendArgs, abi_of_code, check_code, send,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::module_file;
use crate::report::Report;

/// Makes a contract: of a module, or of code that the chain has.
///
/// It is simulated first; then it is signed and becomes a block of its own. The address follows
/// from who deploys, the code and the salt.
#[derive(Args, Debug)]
pub(crate) struct Deploy {
    /// The module, in binary or text form; or the hash of code that the chain has.
    #[arg(value_name = "FILE|HASH")]
    code: String,
    #[command(flatten)]
    given: GivenArgs,
    /// Tells apart several contracts of the same deployer and code: a number, or 0x and 64 digits.
    #[arg(long, default_value = "0", value_parser = salt)]
    salt: Salt,
    /// What goes with it.
    #[arg(long, value_name = "AMOUNT", default_value_t = 0)]
    value: u128,
    /// Who may upgrade it: none, sender, itself, ADDRESS, ADDRESS+BLOCKS (that many blocks after
    /// announcing it), or N:ADDRESS,ADDRESS… (any N of them).
    #[arg(long, default_value = "none", value_parser = AdminArg::parse)]
    admin: AdminArg,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    send: SendArgs,
}

/// What tells contracts of the same code apart.
#[derive(Clone, Debug)]
struct Salt([u8; 32]);

impl Deploy {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        send("deploy", &self.data, &self.send, |chain, sender| {
            let (source, abi) = self.source(chain)?;
            let arguments = encode_init(abi.as_ref(), self.given.given())?;
            let deployment = Deployment::new(source).arguments(arguments).salt(self.salt.0);
            let deployment = deployment.admin(self.admin.admin(sender));
            let contract = deployment.address(&sender);
            let code_hash = deployment.code_hash().to_string();
            let body = Body::Deploy(deployment).value(Amount::new(self.value));
            Ok(Request {
                body,
                more: vec![
                    ("contract", contract.to_string().into()),
                    ("code_hash", code_hash.into()),
                ],
            })
        })
    }

    /// Where the code is, and what it says of itself.
    fn source(&self, chain: &Chain) -> Result<(CodeSource, Option<Abi>), Failure> {
        let path = Path::new(&self.code);
        let hash = parse_hash(&self.code).filter(|_| !path.exists()).map(Hash::from_bytes);
        let Some(hash) = hash else {
            let code = module_file::read(&PathBuf::from(&self.code))?;
            check_code(&code)?;
            let abi = abi_of_code(&code);
            return Ok((CodeSource::Module(code.into()), abi));
        };
        let code = chain.state().code(&hash).map_err(|error| chain.failure(&error.into()))?;
        let code = code.ok_or_else(|| {
            Failure::new(Exit::Absent, format!("the chain has no code {hash}"))
                .way_out("the module itself, as a file")
        })?;
        Ok((CodeSource::Hash(hash), abi_of_code(&code)))
    }
}

/// The encoded arguments of `init`.
fn encode_init(abi: Option<&Abi>, given: Given<'_>) -> Result<Vec<u8>, Failure> {
    let Some(abi) = abi else { return given.encode_unknown() };
    let init = abi.methods.iter().find(|method| matches!(method.kind, MethodKind::Init));
    match init {
        Some(init) => given.encode(abi, &init.params),
        None if given.is_empty() => Ok(Vec::new()),
        None => Err(Failure::new(Exit::Usage, "the contract has no init that takes arguments")
            .way_out("no arguments")),
    }
}

/// Reads a salt, for clap: a number is its bytes, little-endian.
fn salt(text: &str) -> Result<Salt, String> {
    let mut salt = [0; 32];
    if text.starts_with("0x") {
        let bytes = parse_hex(text).and_then(|bytes| bytes.try_into().ok());
        return bytes.map(Salt).ok_or_else(|| "0x has to be followed by 64 digits".to_owned());
    }
    let number: u64 = text.parse().map_err(|_| "a number, or 0x and 64 digits".to_owned())?;
    salt[..8].copy_from_slice(&number.to_le_bytes());
    Ok(Salt(salt))
}
