//! `#[methods]`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, ImplItem, ItemImpl, Path, Result, Token, Type};

use crate::method::{Argument, Kind, Method};
use crate::report::{self, Errors, at};
use crate::{client, emitted};

/// `#[methods(events(Transfer, Approval))]`.
#[derive(Default)]
pub(crate) struct Options {
    events: Vec<Path>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let mut options = Options::default();
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            if name != "events" {
                let name = name.to_string();
                return Err(report::unknown_option(input.span(), &name, "`events(…)`"));
            }
            let list;
            syn::parenthesized!(list in input);
            let events =
                Punctuated::<Path, Token![,]>::parse_terminated_with(&list, Path::parse_mod_style)?;
            options.events.extend(events);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

/// The impl without its marks; entry points, ABI section and client.
pub(crate) fn expand(options: Options, mut item: ItemImpl) -> Result<TokenStream> {
    let contract = contract_name(&item)?;
    let methods = take_methods(&mut item)?;
    let events = events(options, &item)?;
    let methods: Vec<&Method> = methods.iter().collect();
    let (entries, program) = (entry_functions(&contract, &methods), program(&contract, &methods));
    let abi = abi(&contract, &methods, &events);
    let client = client::of_contract(&contract, &methods);
    let arguments = argument_encoders(&contract, &methods);
    Ok(quote! {
        #[allow(
            private_interfaces,
            unreachable_pub,
            clippy::new_ret_no_self,
            clippy::wrong_self_convention,
            reason = "names and forms are those of the contract's methods"
        )]
        #item

        const _: () = {
            #entries
            #program
            #abi
            #( impl ::dytallix_sdk::event::InAbi for #events {} )*
        };

        #arguments
        #client
    })
}

/// The name of the struct.
fn contract_name(item: &ItemImpl) -> Result<Ident> {
    report::no_generics(&item.generics, "a contract")?;
    if let Some((path, _)) = &item.trait_ {
        let text = "`#[methods]` stands above `impl Token { … }`, not above the impl of a trait";
        return Err(at(path, text));
    }
    match &*item.self_ty {
        Type::Path(path) if path.qself.is_none() => match path.path.get_ident() {
            Some(name) => Ok(name.clone()),
            None => Err(at(path, "write the contract's name alone, in the module that defines it")),
        },
        other => Err(at(other, "write the name of a struct with `#[contract]`")),
    }
}

/// The exported methods, sorted by name; exactly one constructor among them.
fn take_methods(item: &mut ItemImpl) -> Result<Vec<Method>> {
    let mut errors = Errors::default();
    let mut methods: BTreeMap<String, Method> = BTreeMap::new();
    let mut has_mark = false;
    for item in &mut item.items {
        let ImplItem::Fn(function) = item else { continue };
        let taken = Method::take(function);
        has_mark |= !matches!(taken, Ok(None));
        let Some(method) = errors.take(taken).flatten() else { continue };
        match (methods.get(&method.name), method.kind) {
            (Some(first), Kind::Init | Kind::Migrate) => {
                let what = if method.kind == Kind::Init { "constructor" } else { "migration" };
                let text = format!("a contract has one {what}: `{}` is it already", first.ident);
                errors.add(at(&method.ident, text));
            }
            // Two functions of one name are an error of the compiler's own.
            _ => drop(methods.insert(method.name.clone(), method)),
        }
    }
    errors.finish()?;
    if !methods.contains_key("init") {
        let text = match has_mark {
            true => "the contract has no constructor: mark the method that sets it up `#[init]`",
            false => {
                "the contract has no methods: mark functions `#[init]`, `#[call]` or `#[view]`, one \
                 of them `#[init]`"
            }
        };
        return Err(at(&item.self_ty, text));
    }
    Ok(methods.into_values().collect())
}

/// The events that are listed and those that are emitted, each once.
fn events(options: Options, item: &ItemImpl) -> Result<Vec<Path>> {
    let mut events: BTreeMap<String, Path> = BTreeMap::new();
    for path in options.events.into_iter().chain(emitted::paths(item.to_token_stream())) {
        let Some(last) = path.segments.last() else { continue };
        let text = path.to_token_stream().to_string();
        match events.get(&last.ident.to_string()) {
            None => drop(events.insert(last.ident.to_string(), path)),
            Some(other) if other.to_token_stream().to_string() == text => {}
            Some(other) => {
                let other = other.to_token_stream();
                let text = format!(
                    "two events have the name `{}`, this and `{other}`: rename one, or write the \
                     same path where they are the same",
                    last.ident
                );
                return Err(at(&path, text));
            }
        }
    }
    Ok(events.into_values().collect())
}

fn entry_name(method: &Method) -> Ident {
    format_ident!("enter_{}", method.name)
}

/// What runs when a method is called: one function each, exported on wasm32.
pub(crate) fn entry_functions(contract: &Ident, methods: &[&Method]) -> TokenStream {
    methods.iter().map(|method| entry(contract, method)).collect()
}

/// The names of methods with those functions.
pub(crate) fn entry_list(methods: &[&Method]) -> TokenStream {
    let names = methods.iter().map(|method| &method.name);
    let entries = methods.iter().map(|method| entry_name(method));
    quote!(&[#((#names, #entries as fn())),*])
}

/// The entry points natively: those of fields and those of methods.
fn program(contract: &Ident, methods: &[&Method]) -> TokenStream {
    let entries = entry_list(methods);
    quote! {
        #[cfg(not(target_arch = "wasm32"))]
        impl ::dytallix_sdk::contract::Program for #contract {
            const ENTRIES: &'static [(&'static str, fn())] = {
                const OWN: &[(&str, fn())] = #entries;
                const VIEWS: &[(&str, fn())] =
                    <#contract as ::dytallix_sdk::Contract>::VIEW_ENTRIES;
                &::dytallix_sdk::contract::joined::<_, { OWN.len() + VIEWS.len() }>(OWN, VIEWS)
            };
            const ABI: &'static [u8] = ABI;
        }
    }
}

fn entry(contract: &Ident, method: &Method) -> TokenStream {
    let (entry, export, name, function) =
        (entry_name(method), format_ident!("export_{}", method.name), &method.name, &method.ident);
    let read = method.params.iter().enumerate().map(|(number, param)| {
        let (binding, ty) = (format_ident!("argument_{number}"), &param.ty);
        quote_spanned! {param.ty.span()=>
            let #binding = ::dytallix_sdk::entry::argument::<#ty>(&mut input);
        }
    });
    let passed = method.arguments.iter().map(|argument| match argument {
        Argument::Cx => quote!(&::dytallix_sdk::Cx::new()),
        Argument::Param(number) => format_ident!("argument_{number}").into_token_stream(),
    });
    let place = method.returns.ty.span();
    let finish = match method.returns.is_result {
        true => quote_spanned!(place=> ::dytallix_sdk::entry::return_result(result);),
        false => quote_spanned!(place=> ::dytallix_sdk::entry::return_value(&result);),
    };
    quote! {
        #[inline]
        fn #entry() {
            let mut room = ::dytallix_sdk::entry::Room::new();
            #[allow(unused_mut, reason = "nothing is read where there are no parameters")]
            let mut input = ::dytallix_sdk::Input::new(::dytallix_sdk::entry::input(&mut room));
            #(#read)*
            ::dytallix_sdk::entry::end_of_arguments(input);
            #[allow(unused_mut, reason = "a view changes nothing")]
            let mut contract = <#contract as ::dytallix_sdk::Contract>::open();
            #[allow(clippy::let_unit_value, reason = "a method may return nothing")]
            let result = contract.#function(#(#passed),*);
            #finish
        }

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "an export has no safe form")]
        // SAFETY: the name is one that nothing else in the module has.
        #[unsafe(export_name = #name)]
        extern "C" fn #export() {
            #entry()
        }
    }
}

/// The ABI section, and `abi()` that gives its bytes.
fn abi(contract: &Ident, methods: &[&Method], events: &[Path]) -> TokenStream {
    let descriptions = methods.iter().map(|method| describe(method));
    let errors = methods.iter().filter_map(|method| {
        let error = method.returns.error()?;
        Some(quote_spanned!(error.span()=> <#error as ::dytallix_sdk::ContractError>::ERRORS))
    });
    quote! {
        const OWN: &[::dytallix_sdk::abi::describe::MethodDesc] = &[#(#descriptions),*];
        const VIEWS: &[::dytallix_sdk::abi::describe::MethodDesc] =
            <#contract as ::dytallix_sdk::Contract>::VIEWS;
        const DESCRIPTION: ::dytallix_sdk::abi::describe::ContractDesc =
            ::dytallix_sdk::abi::describe::ContractDesc {
                name: <#contract as ::dytallix_sdk::Contract>::NAME,
                schema: <#contract as ::dytallix_sdk::Contract>::SCHEMA,
                capabilities: <#contract as ::dytallix_sdk::Contract>::CAPABILITIES,
                methods: &::dytallix_sdk::contract::joined::<_, { OWN.len() + VIEWS.len() }>(
                    OWN, VIEWS,
                ),
                events: &[#(<#events as ::dytallix_sdk::Event>::DESCRIPTION),*],
                errors: ::dytallix_sdk::contract::one_error_enum(&[#(#errors),*]),
                storage: <#contract as ::dytallix_sdk::Contract>::STORAGE,
                docs: <#contract as ::dytallix_sdk::Contract>::DOCS,
            };
        const LENGTH: usize = ::dytallix_sdk::abi::describe::encoded_len(&DESCRIPTION);
        const BYTES: [u8; LENGTH] = ::dytallix_sdk::abi::describe::encode(&DESCRIPTION);
        const ABI: &[u8] = &BYTES;

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "a section has no safe form")]
        // SAFETY: plain bytes that nothing reads at run time. The compiler keeps what is in a
        // section of its own; `#[used]` would keep it in memory as well.
        #[unsafe(link_section = "dytallix.abi")]
        static SECTION: [u8; LENGTH] = BYTES;

        impl #contract {
            /// The bytes of the contract's ABI section.
            #[must_use]
            pub const fn abi() -> &'static [u8] {
                ABI
            }
        }
    }
}

/// What the ABI section says of a method.
pub(crate) fn describe(method: &Method) -> TokenStream {
    let kind = match method.kind {
        Kind::Init => quote!(Init),
        Kind::Call => quote!(Call),
        Kind::View => quote!(View),
        Kind::Migrate => quote!(Migrate),
    };
    let reentry = if method.options.reentrant { quote!(Allow) } else { quote!(Refuse) };
    let params = own_params(method).map(|param| {
        let (name, ty) = (&param.name, &param.ty);
        quote! {
            ::dytallix_sdk::abi::describe::FieldDesc {
                name: #name,
                ty: <#ty as ::dytallix_sdk::Describe>::TYPE,
            }
        }
    });
    let (name, payable, docs) = (&method.name, method.options.payable, method.docs());
    let returns = method.returns.value();
    quote! {
        ::dytallix_sdk::abi::describe::MethodDesc {
            name: #name,
            kind: ::dytallix_sdk::abi::MethodKind::#kind,
            payable: #payable,
            reentry: ::dytallix_sdk::abi::Reentry::#reentry,
            params: &[#(#params),*],
            returns: <#returns as ::dytallix_sdk::Describe>::TYPE,
            docs: #docs,
        }
    }
}

/// The parameters that callers give: the version that `migrate` is told is not among them.
fn own_params(method: &Method) -> impl Iterator<Item = &crate::method::Param> {
    method.params.iter().skip(usize::from(method.kind == Kind::Migrate))
}

/// `init_arguments` and `migrate_arguments`.
fn argument_encoders(contract: &Ident, methods: &[&Method]) -> TokenStream {
    let encoders = methods.iter().filter_map(|method| {
        let (name, what) = match method.kind {
            Kind::Init => ("init_arguments", "constructor"),
            Kind::Migrate => ("migrate_arguments", "migration"),
            Kind::Call | Kind::View => return None,
        };
        let (name, docs) =
            (format_ident!("{name}"), format!("The encoded arguments of the {what}."));
        let params = own_params(method).map(|param| {
            let (ident, ty) = (&param.ident, &param.ty);
            quote!(#ident: #ty)
        });
        let encode = client::encode(own_params(method));
        Some(quote! {
            #[doc = #docs]
            #[must_use]
            #[allow(dead_code, reason = "for tests and deployments, which are elsewhere")]
            pub fn #name(#(#params),*) -> ::dytallix_sdk::entry::Bytes {
                #encode
                __arguments.to_vec()
            }
        })
    });
    quote! {
        #[allow(
            private_interfaces,
            unreachable_pub,
            reason = "methods are exports, whatever the type is to Rust"
        )]
        impl #contract { #(#encoders)* }
    }
}
