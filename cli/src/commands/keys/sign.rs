//! `dytallix keys sign`: a signature of any message.

use std::path::PathBuf;

use clap::Args;
use dytallix::crypto::MAX_CONTEXT_BYTES;
use serde_json::json;

use crate::bytes::hex;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::keystore::{SignerArgs, label};
use crate::report::Report;
use crate::values;

/// Signs a message and prints the signature in hexadecimal.
///
/// It signs the bytes as they are, without a hash or a prefix: look at what you sign. The same
/// message under the same context has the same signature.
#[derive(Args, Debug)]
pub(super) struct Sign {
    /// Name of the key.
    name: String,
    #[command(flatten)]
    source: Source,
    /// The context of FIPS 204 and 205, which separates uses of a key: at most 255 bytes.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true,
        value_parser = values::unprotect)]
    context: String,
    #[command(flatten)]
    signer: SignerArgs,
    /// Print one JSON document.
    #[arg(long)]
    pub(super) json: bool,
}

/// The message.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Source {
    /// The message, as text.
    #[arg(long, value_name = "TEXT", value_parser = values::unprotect)]
    message: Option<String>,
    /// A file that is the message.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Sign {
    pub(super) fn execute(&self) -> Result<Report, Failure> {
        let context = self.context.as_bytes();
        if context.len() > MAX_CONTEXT_BYTES {
            let cause = format!("the context has {} bytes", context.len());
            return Err(Failure::new(Exit::Usage, cause)
                .way_out(format!("a context of at most {MAX_CONTEXT_BYTES} bytes")));
        }
        let message = self.source.read()?;
        let signer = self.signer.signer(&self.name)?;
        let signature = hex(&signer.sign(&message, context));
        let json = json!({
            "schema": "dytallix.keys-sign/1",
            "name": self.name,
            "scheme": label(signer.scheme),
            "address": signer.address.to_string(),
            "public_key": hex(&signer.public_key),
            "message_bytes": message.len(),
            "context": hex(context),
            "signature": signature,
        });
        Ok(Report { text: format!("{signature}\n"), json })
    }
}

impl Source {
    fn read(&self) -> Result<Vec<u8>, Failure> {
        let Some(path) = &self.file else {
            return Ok(self.message.clone().unwrap_or_default().into_bytes());
        };
        files::read(path)?.ok_or_else(|| {
            Failure::new(Exit::Failed, format!("there is no file {}", path.display()))
                .way_out("check the path")
        })
    }
}
