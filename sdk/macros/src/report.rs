//! Errors that point at the author's line and say what to write.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Error, Result};

/// An error at what `place` spans.
pub(crate) fn at(place: &impl ToTokens, text: impl std::fmt::Display) -> Error {
    Error::new_spanned(place, text)
}

/// Errors that are told together.
#[derive(Default)]
pub(crate) struct Errors {
    found: Option<Error>,
}

impl Errors {
    /// Adds an error.
    pub(crate) fn add(&mut self, error: Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    /// The value, unless it is an error.
    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// What was found, if anything was.
    pub(crate) fn finish(self) -> Result<()> {
        self.found.map_or(Ok(()), Err)
    }
}

/// The code, or its error.
pub(crate) fn or_error(code: Result<proc_macro2::TokenStream>) -> proc_macro::TokenStream {
    code.unwrap_or_else(Error::into_compile_error).into()
}

/// An attribute that takes no options has none.
pub(crate) fn no_options(options: proc_macro::TokenStream, name: &str) -> Result<()> {
    match proc_macro2::TokenStream::from(options) {
        options if options.is_empty() => Ok(()),
        options => Err(at(&options, format!("`#[{name}]` takes no options"))),
    }
}

/// The struct that an attribute stands above.
pub(crate) fn structure(item: syn::Item, attribute: &str) -> Result<syn::ItemStruct> {
    match item {
        syn::Item::Struct(item) => Ok(item),
        other => Err(at(&other, format!("`#[{attribute}]` stands above a struct"))),
    }
}

/// An item that has generic parameters where none can be.
pub(crate) fn no_generics(generics: &syn::Generics, what: &str) -> Result<()> {
    match (generics.params.first(), &generics.where_clause) {
        (Some(first), _) => {
            Err(at(first, format!("{what} has no generic parameters: name the types")))
        }
        (None, Some(clause)) => Err(at(clause, format!("{what} has no `where` clause"))),
        (None, None) => Ok(()),
    }
}

/// The longest name, in bytes.
const NAME_BYTES: usize = 64;

/// A name that the ABI section can hold.
pub(crate) fn name(ident: &syn::Ident) -> Result<String> {
    use syn::ext::IdentExt;
    let name = ident.unraw().to_string();
    if name.len() > NAME_BYTES {
        return Err(at(ident, format!("the name is too long: at most {NAME_BYTES} bytes")));
    }
    if !name.is_ascii() {
        return Err(at(ident, "names in the ABI have ASCII letters, digits and underscores only"));
    }
    Ok(name)
}

/// An unknown option, at its name.
pub(crate) fn unknown_option(span: Span, name: &str, known: &str) -> Error {
    Error::new(span, format!("`{name}` is not an option here: write {known}"))
}
