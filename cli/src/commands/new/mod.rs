//! `dytallix new`: a package of a contract, from one of the examples, with a test that runs it.

mod name;
mod sdk;
mod template;
mod write;

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::failure::Failure;
use crate::report::{Paint, Report};
use template::{Package, Template};

/// Makes a package with a contract, a test that runs it, and all that building needs.
///
/// The contract is one of the examples of the repository under its new name. `dytallix build`
/// builds it, `cargo test` runs what was built.
#[derive(Args, Debug)]
pub(crate) struct New {
    /// Name of the package, such as my-token; the contract is then MyToken.
    name: String,
    /// What to begin with.
    #[arg(long, value_enum, default_value_t = Template::Counter)]
    template: Template,
    /// Where to put it: a folder that is empty or not there yet. The default is one of its name.
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// A checkout of the repository of Dytallix, with the packages to depend on. The default is
    /// that which the environment variable DYTALLIX_SDK names, else that which this program was
    /// built from.
    #[arg(long, value_name = "PATH")]
    sdk: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

impl New {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        name::check(&self.name)?;
        let folder = self.path.clone().unwrap_or_else(|| PathBuf::from(&self.name));
        write::check(&folder)?;
        let sdk = sdk::find(self.sdk.as_deref())?;
        let package = Package::new(&self.name, self.template, sdk.as_deref());
        write::write(&folder, &package.files)?;
        Ok(self.report(&folder, &package, sdk.as_deref()))
    }

    fn report(
        &self,
        folder: &std::path::Path,
        package: &Package,
        sdk: Option<&std::path::Path>,
    ) -> Report {
        let place = folder.display();
        let mut text = format!(
            "{} the contract {} in {place}, from the template {}\n",
            Paint.good("made"),
            package.contract,
            self.template.name(),
        );
        for (path, _) in &package.files {
            let _ = writeln!(text, "  {path}");
        }
        match sdk {
            Some(sdk) => {
                let _ = writeln!(text, "{} {}", Paint.dim("SDK"), sdk.display());
            }
            None => {
                let note = "the SDK is not published yet and no checkout of its repository was \
                            found: write its path into Cargo.toml before you build";
                let _ = writeln!(text, "{} {note}", Paint.bad("note:"));
            }
        }
        let _ = writeln!(text, "{} cd {place} && dytallix build && cargo test", Paint.dim("next"));
        let files = package.files.iter().map(|(path, _)| path.as_str());
        let json = json!({
            "schema": "dytallix.new/1",
            "name": self.name,
            "contract": package.contract,
            "template": self.template.name(),
            "path": place.to_string(),
            "files": files.collect::<Vec<_>>(),
            "sdk": sdk.map(|sdk| sdk.display().to_string()),
        });
        Report { text, json }
    }
}
