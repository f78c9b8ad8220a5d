//! `#[error]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Fields, Ident, Item, ItemEnum, Result, Token, parse_quote};

use crate::report::{self, Errors, at};
use crate::{data, docs};

/// Most variants: the numbers above are the SDK's own errors.
const VARIANTS: usize = 240;

/// `#[error(no_result)]`.
#[derive(Default)]
pub(crate) struct Options {
    no_result: bool,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Options> {
        let mut options = Options::default();
        for name in input.parse_terminated(Ident::parse, Token![,])? {
            match name.to_string().as_str() {
                "no_result" => options.no_result = true,
                other => return Err(report::unknown_option(name.span(), other, "`no_result`")),
            }
        }
        Ok(options)
    }
}

/// The enum with its encoding, its description, and the alias `Result`.
pub(crate) fn expand(options: &Options, item: Item) -> Result<TokenStream> {
    let Item::Enum(mut item) = item else {
        let text = "`#[error]` stands above an enum: write `enum Error { … }` with one variant for \
                    each thing that can go wrong";
        return Err(at(&item, text));
    };
    report::no_generics(&item.generics, "an error enum")?;
    if let Some(variant) = item.variants.iter().nth(VARIANTS) {
        return Err(at(variant, "an error enum has at most 240 variants"));
    }
    let conversions = conversions(&mut item)?;
    data::check(&parse_quote!(#item))?;
    let descriptions = descriptions(&item)?;
    let (vis, ident) = (&item.vis, &item.ident);
    let alias = (!options.no_result).then(|| {
        let docs =
            format!("The result of a method: with [`{ident}`] unless another error is named.");
        quote! {
            #[doc = #docs]
            #[allow(
                dead_code, unreachable_pub,
                reason = "a contract may have no method that returns it"
            )]
            #vis type Result<T = (), E = #ident> = ::core::result::Result<T, E>;
        }
    });
    let derives =
        data::missing_derives(&parse_quote!(#item), &["Clone", "Debug", "PartialEq", "Eq"]);
    Ok(quote! {
        #[derive(
            #(::core::prelude::v1::#derives,)*
            ::dytallix_sdk::Encode, ::dytallix_sdk::Decode, ::dytallix_sdk::Describe,
        )]
        #item

        #alias

        impl ::dytallix_sdk::ContractError for #ident {
            const ERRORS: &'static [::dytallix_sdk::abi::describe::ErrorDesc] = &[#descriptions];

            fn revert_data(&self) -> ::dytallix_sdk::entry::Buffer {
                let mut data = ::dytallix_sdk::entry::Buffer::new();
                ::dytallix_sdk::Encode::encode(self, &mut data);
                data
            }

            fn revert(&self) -> ! {
                ::dytallix_sdk::entry::fail(self)
            }
        }

        impl ::core::convert::From<#ident> for ::dytallix_sdk::CallError {
            fn from(error: #ident) -> ::dytallix_sdk::CallError {
                ::dytallix_sdk::CallError::new(
                    ::dytallix_sdk::CallStatus::Reverted,
                    ::dytallix_sdk::Encode::to_bytes(&error),
                )
            }
        }

        #conversions
    })
}

/// `From` for each variant that is marked `#[from]`; removes the marks.
fn conversions(item: &mut ItemEnum) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let mut conversions = TokenStream::new();
    let ident = item.ident.clone();
    for variant in &mut item.variants {
        let name = &variant.ident;
        let mut marks = docs::take(&mut variant.attrs, "from");
        for field in variant.fields.iter_mut() {
            marks.extend(docs::take(&mut field.attrs, "from"));
        }
        let Some(mark) = marks.first() else { continue };
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let ty = &fields.unnamed[0].ty;
                conversions.extend(quote! {
                    impl ::core::convert::From<#ty> for #ident {
                        fn from(error: #ty) -> #ident {
                            #ident::#name(error)
                        }
                    }
                });
            }
            _ => errors
                .add(at(mark, "`#[from]` is for a variant of one field, as `Call(CallError)`")),
        }
    }
    errors.finish()?;
    Ok(conversions)
}

fn descriptions(item: &ItemEnum) -> Result<TokenStream> {
    let mut descriptions = Vec::new();
    for (variant, index) in item.variants.iter().zip(0_u8..) {
        let name = report::name(&variant.ident)?;
        let fields = data::field_descriptions(&variant.fields)?;
        let docs = docs::text(&variant.attrs);
        descriptions.push(quote! {
            ::dytallix_sdk::abi::describe::ErrorDesc {
                index: #index,
                name: #name,
                fields: &[#fields],
                docs: #docs,
            }
        });
    }
    Ok(quote!(#(#descriptions),*))
}
