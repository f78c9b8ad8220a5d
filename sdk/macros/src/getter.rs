//! `#[view]` on a field of a contract: a method that reads the handle.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, Fields, GenericArgument, Ident, ImplItemFn, Meta, PathArguments, Result,
    Token, Type, parse_quote,
};

use crate::docs;
use crate::method::Method;
use crate::report::{Errors, at};

/// A view that a field asks for.
pub(crate) struct Getter {
    /// The function, in an impl of the contract.
    pub(crate) function: ImplItemFn,
    /// What is exported.
    pub(crate) method: Method,
}

/// `#[view]`, `#[view(total_supply)]`, `#[view(allowance(holder, spender))]`.
#[derive(Default)]
struct Options {
    name: Option<Ident>,
    params: Vec<Ident>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let name = input.parse()?;
        let mut params = Vec::new();
        if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            params.extend(Punctuated::<Ident, Token![,]>::parse_terminated(&list)?);
        }
        Ok(Options { name: Some(name), params })
    }
}

/// Removes `#[view]` from the fields and makes the methods.
pub(crate) fn take(fields: &mut Fields) -> Result<Vec<Getter>> {
    let mut errors = Errors::default();
    let mut getters = Vec::new();
    for field in fields.iter_mut() {
        for mark in docs::take(&mut field.attrs, "view") {
            getters.extend(errors.take(getter(&mark, field)));
        }
    }
    errors.finish()?;
    Ok(getters)
}

fn getter(mark: &Attribute, field: &Field) -> Result<Getter> {
    let options = match mark.meta {
        Meta::Path(_) => Options::default(),
        _ => mark.parse_args()?,
    };
    let Some(handle) = &field.ident else { return Err(at(field, "the field has no name")) };
    let name = options.name.as_ref().unwrap_or(handle);
    let (kind, types) = handle_type(&field.ty)?;
    let (params, key, value, read) = match (kind.as_str(), types.as_slice()) {
        ("Item", [value]) => (Vec::new(), quote!(), quote!(#value), quote!(get)),
        ("List", [value]) => {
            let names = names(options.params, 1, "index", mark)?;
            let index = &names[0];
            let params = vec![quote!(#index: u32)];
            (params, quote!(#index), quote!(::core::option::Option<#value>), quote!(get))
        }
        ("Map", [key, value]) => {
            let (params, key) = key_params(options.params, key, mark)?;
            (params, key, quote!(#value), quote!(get))
        }
        _ => return Err(at(&field.ty, "`#[view]` reads an Item, a Map or a List")),
    };
    let docs = docs::only_docs(&field.attrs);
    let mut function: ImplItemFn = parse_quote! {
        #(#docs)*
        #[view]
        pub fn #name(&self, #(#params),*) -> #value {
            self.#handle.#read(#key)
        }
    };
    match Method::take(&mut function)? {
        Some(method) => Ok(Getter { function, method }),
        None => Err(at(mark, "write `#[view]` or `#[view(name)]`")),
    }
}

/// The name of a handle's type, and its arguments.
fn handle_type(ty: &Type) -> Result<(String, Vec<Type>)> {
    let text = "`#[view]` reads an Item, a Map or a List";
    let Type::Path(path) = ty else { return Err(at(ty, text)) };
    let Some(last) = path.path.segments.last() else { return Err(at(ty, text)) };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return Err(at(ty, text));
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    Ok((last.ident.to_string(), types.collect()))
}

/// As many names as there are parameters.
fn names(given: Vec<Ident>, count: usize, default: &str, mark: &Attribute) -> Result<Vec<Ident>> {
    match given.len() {
        0 if count == 1 => Ok(vec![format_ident!("{default}")]),
        found if found == count => Ok(given),
        _ => Err(at(mark, format!("the view has {count} parameters: name each of them"))),
    }
}

/// The parameters of a view of a map and the key that they make: the parts of a tuple one by one,
/// where they have names.
fn key_params(
    given: Vec<Ident>,
    key: &Type,
    mark: &Attribute,
) -> Result<(Vec<TokenStream>, TokenStream)> {
    match key {
        Type::Tuple(tuple) if !given.is_empty() => {
            let names = names(given, tuple.elems.len(), "key", mark)?;
            let types = tuple.elems.iter();
            let params = names.iter().zip(types).map(|(name, ty)| quote!(#name: #ty)).collect();
            Ok((params, quote!((#(#names,)*))))
        }
        key => {
            let names = names(given, 1, "key", mark)?;
            let name = &names[0];
            Ok((vec![quote!(#name: #key)], quote!(#name)))
        }
    }
}
