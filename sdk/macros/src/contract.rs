//! `#[contract]`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Field, Fields, Ident, ItemStruct, Lit, LitInt, Meta, Result, Token};

use crate::method::Method;
use crate::report::{self, Errors, at};
use crate::{client, docs, getter, methods};

/// `#[contract(schema = 2, capabilities(call, receive))]`.
pub(crate) struct Options {
    schema: u32,
    /// Constants of `Capabilities`.
    capabilities: Vec<TokenStream>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let mut options = Options { schema: 1, capabilities: Vec::new() };
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            match name.to_string().as_str() {
                "schema" => {
                    input.parse::<Token![=]>()?;
                    options.schema = input.parse::<LitInt>()?.base10_parse()?;
                }
                "capabilities" => {
                    let list;
                    syn::parenthesized!(list in input);
                    let names = Punctuated::<Ident, Token![,]>::parse_terminated(&list)?;
                    for name in names {
                        options.capabilities.push(capability(&name)?);
                    }
                }
                other => {
                    let known = "`schema = N` or `capabilities(…)`";
                    return Err(report::unknown_option(name.span(), other, known));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

fn capability(name: &Ident) -> Result<TokenStream> {
    match name.to_string().as_str() {
        "call" => Ok(quote!(CALL)),
        "delegate" => Ok(quote!(DELEGATE)),
        "upgrade" => Ok(quote!(UPGRADE)),
        "receive" => Ok(quote!(RECEIVE_VALUE)),
        "create" => Ok(quote!(CREATE)),
        other => {
            let known = "call, delegate, upgrade, receive or create";
            Err(at(name, format!("`{other}` is not a capability: write {known}")))
        }
    }
}

/// The struct without its `#[prefix]`es, and its `Contract`.
pub(crate) fn expand(options: &Options, mut item: ItemStruct) -> Result<TokenStream> {
    report::no_generics(&item.generics, "a contract")?;
    let contract_name = report::name(&item.ident)?;
    let prefixes = match &mut item.fields {
        Fields::Named(fields) => take_prefixes(fields.named.iter_mut())?,
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => {
            let text = "the fields of a contract have names: write `struct Token { owner: … }`";
            return Err(at(&item.fields, text));
        }
    };
    let ident = item.ident.clone();
    let getters = getter::take(&mut item.fields)?;
    let mut storage = Vec::new();
    for (field, prefix) in item.fields.iter().zip(&prefixes) {
        storage.push(describe(field, *prefix)?);
    }
    let names = item.fields.iter().map(|field| &field.ident);
    let opened = item.fields.iter().zip(&prefixes).map(|(field, prefix)| {
        let ty = &field.ty;
        quote!(<#ty as ::dytallix_sdk::Handle>::at(#prefix))
    });
    let open = match &item.fields {
        Fields::Unit => quote!(Self),
        _ => quote!(Self { #(#names: #opened),* }),
    };
    let docs = docs::text(&item.attrs);
    let methods: Vec<&Method> = getters.iter().map(|getter| &getter.method).collect();
    let views = methods.iter().map(|method| methods::describe(method));
    let (entries, view_entries) =
        (methods::entry_functions(&ident, &methods), methods::entry_list(&methods));
    let functions = view_functions(&ident, &getters);
    let Options { schema, capabilities } = options;
    Ok(quote! {
        #item
        #functions

        const _: () = {
            #entries

            impl ::dytallix_sdk::Contract for #ident {
                const NAME: &'static str = #contract_name;
                const SCHEMA: u32 = #schema;
                const CAPABILITIES: ::dytallix_sdk::abi::Capabilities =
                    ::dytallix_sdk::abi::Capabilities::NONE
                        #( .with(::dytallix_sdk::abi::Capabilities::#capabilities) )*;
                const STORAGE: &'static [::dytallix_sdk::abi::describe::StorageDesc] = {
                    const HANDLES: &[
                        ::core::option::Option<::dytallix_sdk::abi::describe::StorageDesc>
                    ] = &[#(#storage),*];
                    const COUNT: usize = ::dytallix_sdk::contract::count_storage(HANDLES);
                    &::dytallix_sdk::contract::only_storage::<COUNT>(HANDLES)
                };
                const DOCS: &'static str = #docs;
                const VIEWS: &'static [::dytallix_sdk::abi::describe::MethodDesc] = &[#(#views),*];
                #[cfg(not(target_arch = "wasm32"))]
                const VIEW_ENTRIES: &'static [(&'static str, fn())] = #view_entries;

                #[inline]
                fn open() -> Self {
                    #open
                }
            }
        };
    })
}

/// The functions of the views of fields, and those of the client.
fn view_functions(contract: &Ident, getters: &[getter::Getter]) -> TokenStream {
    if getters.is_empty() {
        return TokenStream::new();
    }
    let functions = getters.iter().map(|getter| &getter.function);
    let methods: Vec<&Method> = getters.iter().map(|getter| &getter.method).collect();
    let client = client::more_methods(contract, &methods);
    quote! {
        #[allow(
            dead_code, missing_docs, private_interfaces, unreachable_pub,
            reason = "getters are exports, and their docs are those of the fields"
        )]
        impl #contract { #(#functions)* }
        #client
    }
}

/// Removes `#[prefix = N]` from the fields; the prefix of each, its number in order unless it has
/// one.
fn take_prefixes<'a>(fields: impl Iterator<Item = &'a mut Field>) -> Result<Vec<u8>> {
    let mut errors = Errors::default();
    let mut prefixes = Vec::new();
    let mut taken: BTreeMap<u8, String> = BTreeMap::new();
    for (number, field) in fields.enumerate() {
        let marks = docs::take(&mut field.attrs, "prefix");
        let prefix = match marks.as_slice() {
            [] => u8::try_from(number).map_err(|_| at(field, "a contract has at most 256 fields")),
            [mark] => prefix(mark),
            [_, second, ..] => Err(at(second, "a field has one prefix")),
        };
        let Some(prefix) = errors.take(prefix) else { continue };
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        if let Some(other) = taken.insert(prefix, name) {
            let text = format!(
                "the prefix {prefix} is that of `{other}` already: write `#[prefix = N]` with \
                 another number"
            );
            match marks.first() {
                Some(mark) => errors.add(at(mark, text)),
                None => errors.add(at(&field.ident, text)),
            }
        }
        prefixes.push(prefix);
    }
    errors.finish()?;
    Ok(prefixes)
}

fn prefix(mark: &syn::Attribute) -> Result<u8> {
    if let Meta::NameValue(meta) = &mark.meta
        && let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = &meta.value
    {
        let text = "a prefix is one byte: a number from 0 to 255";
        return number.base10_parse().map_err(|_| at(number, text));
    }
    Err(at(mark, "write `#[prefix = N]` with a number from 0 to 255"))
}

fn describe(field: &Field, prefix: u8) -> Result<TokenStream> {
    let name = field.ident.as_ref().map(report::name).transpose()?.unwrap_or_default();
    let (ty, docs) = (&field.ty, docs::text(&field.attrs));
    Ok(quote! {
        match <#ty as ::dytallix_sdk::Handle>::KIND {
            ::core::option::Option::Some(kind) => ::core::option::Option::Some(
                ::dytallix_sdk::abi::describe::StorageDesc {
                    handle: #name,
                    prefix: #prefix,
                    kind,
                    docs: #docs,
                },
            ),
            ::core::option::Option::None => ::core::option::Option::None,
        }
    })
}
