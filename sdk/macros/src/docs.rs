//! Doc comments as text.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Longest doc text of the ABI section, in bytes.
const DOCS_BYTES: usize = 4096;

/// The doc comment of an item: its lines without the leading blank, shortened to what the ABI
/// section holds.
pub(crate) fn text(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value else { continue };
        if meta.path.is_ident("doc") {
            let line = line.value();
            let line = line.strip_prefix(' ').unwrap_or(&line);
            lines.push(line.trim_end().to_owned());
        }
    }
    let mut text = lines.join("\n").trim().to_owned();
    while text.len() > DOCS_BYTES {
        text.pop();
    }
    text
}

/// Only the doc comments and `#[allow]`s among the attributes, for generated items.
pub(crate) fn only_docs(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).collect()
}

/// Removes the attributes of that name, and returns them.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str) -> Vec<Attribute> {
    attributes.extract_if(.., |attribute| attribute.path().is_ident(name)).collect()
}
