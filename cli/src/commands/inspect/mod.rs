//! `dytallix inspect`: what a module is made of, and what it is translated to.

mod listing;

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use dytallix::Limits;
use dytallix::vm::{Config, Engine};
use dytallix::wasm::{
    ElementItems, Export, ExternIndex, Features, Import, ImportKind, Module, SectionId,
};
use serde_json::{Value as Json, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::module_file;
use crate::names::Names;
use crate::report::{Paint, Report, columns, grouped, plain};

/// Shows the parts of a module: sections, imports, exports, features, sizes; with --ir its register
/// code.
#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// The module, in binary or text form.
    file: PathBuf,
    /// Show the register code beside the WebAssembly operators that it came from, with gas.
    #[arg(long)]
    ir: bool,
    /// With --ir: only this function, by index or name.
    #[arg(long, value_name = "INDEX|NAME", requires = "ir")]
    function: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Inspect {
    /// Runs the command.
    pub(crate) fn execute(&self) -> Result<Report, Failure> {
        let bytes = module_file::read(&self.file)?;
        let engine = Engine::new(Config::default())
            .map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
        let program = module_file::compile(&engine, &self.file, &bytes)?;
        let module = program.module();
        let names = Names::of(module);
        if self.ir {
            let functions = self.functions(module, &names)?;
            let listings = listing::of(&program, &functions);
            let text = listings.iter().map(|listing| listing.to_text(&names)).collect::<Vec<_>>();
            let listings: Vec<Json> = listings.iter().map(|l| l.to_json(&names)).collect();
            let mut json = self.json_head(module);
            json["ir"] = listings.into();
            return Ok(Report { text: text.join("\n"), json });
        }
        Ok(Report { text: self.text(module, &names), json: self.json(module, &names) })
    }

    /// The functions whose code is asked for.
    fn functions(&self, module: &Module, names: &Names) -> Result<Vec<u32>, Failure> {
        let (first, end) = (module.imported_function_count(), module.functions().len() as u32);
        let Some(wanted) = &self.function else { return Ok((first..end).collect()) };
        let index = wanted.parse().ok().or_else(|| match module.export(wanted) {
            Some(ExternIndex::Function(index)) => Some(index),
            _ => names.find(wanted),
        });
        match index {
            Some(index) if (first..end).contains(&index) => Ok(vec![index]),
            Some(index) if index < first => {
                let cause = format!("{} is imported: it has no code here", names.describe(index));
                Err(Failure::new(Exit::Usage, cause).way_out("another function"))
            }
            _ => {
                let cause = format!("{} has no function \"{wanted}\"", self.file.display());
                let way_out = match first.checked_add(1) {
                    Some(second) if second <= end => {
                        format!("--function with an index from {first} to {}, or a name", end - 1)
                    }
                    _ => "another module: this one defines no function".to_owned(),
                };
                Err(Failure::new(Exit::Usage, cause).way_out(way_out))
            }
        }
    }

    fn text(&self, module: &Module, names: &Names) -> String {
        let size = grouped(module.bytes().len() as u64);
        let mut text =
            format!("{}: {} module of {size} bytes\n", self.file.display(), Paint.good("valid"));
        let mut part = |head: &str, rows: Vec<Vec<String>>| {
            if !rows.is_empty() {
                let _ = write!(text, "\n{}\n{}", Paint.head(head), columns(2, &rows));
            }
        };
        part("sections (offset, bytes)", section_rows(module));
        part("imports", module.imports().iter().map(|i| import_row(module, i)).collect());
        part("exports", module.exports().iter().map(|e| export_row(module, e)).collect());
        if let Some(start) = module.start() {
            part("start", vec![vec![names.describe(start)]]);
        }
        let used = features_used(module).into_iter().map(|name| vec![name.to_owned()]).collect();
        part("features used", used);
        part("custom sections (offset, bytes)", custom_rows(module));
        let mut rows = vec![["", "here", "limit", "contract limit"].map(str::to_owned).to_vec()];
        for count in counts(module) {
            let numbers = [count.here, count.limit, count.contract].map(grouped);
            rows.push(std::iter::once(count.name.to_owned()).chain(numbers).collect());
        }
        part("sizes", rows);
        text
    }

    fn json_head(&self, module: &Module) -> Json {
        json!({
            "schema": "dytallix.inspect/1",
            "file": self.file.display().to_string(),
            "bytes": module.bytes().len(),
        })
    }

    fn json(&self, module: &Module, names: &Names) -> Json {
        let sections: Vec<Json> = module
            .sections()
            .map(
                |s| json!({ "name": s.id.name(), "offset": s.range.start, "bytes": s.range.len() }),
            )
            .collect();
        let imports: Vec<Json> = module
            .imports()
            .iter()
            .map(|i| {
                let (kind, ty) = import_type(module, &i.kind);
                let (from, name) = (&i.module, &i.name);
                let offset = i.offset;
                json!({ "module": from, "name": name, "kind": kind, "type": ty, "offset": offset })
            })
            .collect();
        let exports: Vec<Json> = module
            .exports()
            .iter()
            .map(|e| {
                let (kind, index, ty) = export_type(module, e);
                json!({ "name": e.name, "kind": kind, "index": index, "type": ty })
            })
            .collect();
        let customs: Vec<Json> = module
            .custom_sections()
            .iter()
            .map(|c| json!({ "name": c.name, "offset": c.range.start, "bytes": c.range.len() }))
            .collect();
        let sizes: Vec<Json> = counts(module)
            .into_iter()
            .map(|c| {
                let (here, limit, contract) = (c.here, c.limit, c.contract);
                json!({ "name": c.name, "here": here, "limit": limit, "contract_limit": contract })
            })
            .collect();
        let mut json = self.json_head(module);
        json["sections"] = sections.into();
        json["imports"] = imports.into();
        json["exports"] = exports.into();
        json["start"] = module
            .start()
            .map(|index| json!({ "function": index, "name": names.get(index) }))
            .into();
        json["features_used"] = features_used(module).into();
        json["custom_sections"] = customs.into();
        json["sizes"] = sizes.into();
        json
    }
}

fn features_used(module: &Module) -> Vec<&'static str> {
    let used = module.features_used();
    let names = Features::NAMES.iter().filter(|(_, feature)| used.contains(*feature));
    names.map(|(name, _)| *name).collect()
}

fn section_rows(module: &Module) -> Vec<Vec<String>> {
    let row = |id: SectionId, start: u32, bytes: usize| {
        vec![id.name().to_owned(), format!("{start:#x}"), grouped(bytes as u64)]
    };
    module.sections().map(|s| row(s.id, s.range.start, s.range.len())).collect()
}

fn custom_rows(module: &Module) -> Vec<Vec<String>> {
    let customs = module.custom_sections().iter();
    customs
        .map(|custom| {
            let (start, bytes) = (custom.range.start, custom.range.len() as u64);
            vec![plain(&custom.name), format!("{start:#x}"), grouped(bytes)]
        })
        .collect()
}

fn import_row(module: &Module, import: &Import) -> Vec<String> {
    let (kind, ty) = import_type(module, &import.kind);
    let name = format!("{}.{}", plain(&import.module), plain(&import.name));
    vec![kind.to_owned(), name, ty, format!("offset {:#x}", import.offset)]
}

fn import_type(module: &Module, kind: &ImportKind) -> (&'static str, String) {
    match kind {
        ImportKind::Function(ty) => ("function", module.types()[*ty as usize].to_string()),
        ImportKind::Table(ty) => ("table", range(ty.min, ty.max, &ty.element.to_string())),
        ImportKind::Memory(ty) => ("memory", range(ty.min, ty.max, "pages")),
        ImportKind::Global(ty) => ("global", global(ty.mutable, &ty.content.to_string())),
    }
}

fn export_row(module: &Module, export: &Export) -> Vec<String> {
    let (kind, index, ty) = export_type(module, export);
    vec![kind.to_owned(), plain(&export.name), format!("index {index}"), ty]
}

fn export_type(module: &Module, export: &Export) -> (&'static str, u32, String) {
    match export.index {
        ExternIndex::Function(index) => ("function", index, module.type_of(index).to_string()),
        ExternIndex::Table(index) => {
            let ty = &module.tables()[index as usize].ty;
            ("table", index, range(ty.min, ty.max, &ty.element.to_string()))
        }
        ExternIndex::Memory(index) => {
            let ty = &module.memories()[index as usize];
            ("memory", index, range(ty.min, ty.max, "pages"))
        }
        ExternIndex::Global(index) => {
            let ty = &module.globals()[index as usize].ty;
            ("global", index, global(ty.mutable, &ty.content.to_string()))
        }
    }
}

fn range(min: u64, max: Option<u64>, unit: &str) -> String {
    match max {
        Some(max) => format!("{min} to {max} {unit}"),
        None => format!("{min} or more {unit}"),
    }
}

fn global(mutable: bool, ty: &str) -> String {
    format!("{}{ty}", if mutable { "mut " } else { "" })
}

/// A quantity that a limit bounds.
struct Count {
    name: &'static str,
    here: u64,
    limit: u64,
    contract: u64,
}

/// What the limits bound, in this module.
fn counts(module: &Module) -> Vec<Count> {
    let (limits, contract) = (Limits::default(), Limits::contract());
    let len = |n: usize| n as u64;
    let defined = module.functions().iter();
    let body = defined.clone().map(|f| u64::from(f.body.end - f.body.start)).max();
    let items = module.element_segments().iter().map(|segment| match &segment.items {
        ElementItems::Functions(items) => len(items.len()),
        ElementItems::Expressions(items) => len(items.len()),
    });
    let pages = module.memories().iter().map(|memory| memory.min).max();
    let elements = module.tables().iter().map(|table| table.ty.min).max();
    macro_rules! counts {
        ($($field:ident $name:literal = $here:expr;)*) => {
            vec![$(Count {
                name: $name,
                here: $here,
                limit: u64::from(limits.$field),
                contract: u64::from(contract.$field),
            }),*]
        };
    }
    counts! {
        module_bytes "module bytes" = len(module.bytes().len());
        types "types" = len(module.types().len());
        imports "imports" = len(module.imports().len());
        functions "functions" = len(module.functions().len());
        body_bytes "longest body, bytes" = body.unwrap_or(0);
        exports "exports" = len(module.exports().len());
        globals "globals" = len(module.globals().len());
        tables "tables" = len(module.tables().len());
        table_elements "largest table, elements" = elements.unwrap_or(0);
        memories "memories" = len(module.memories().len());
        memory_pages "largest memory, pages" = pages.unwrap_or(0);
        element_segments "element segments" = len(module.element_segments().len());
        element_items "longest element segment" = items.max().unwrap_or(0);
        data_segments "data segments" = len(module.data_segments().len());
    }
}
