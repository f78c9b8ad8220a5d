//! `#[event]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Fields, ItemStruct, Result, Visibility, parse_quote};

use crate::report::{self, Errors, at};
use crate::{data, docs};

/// Most topics beside the name.
const TOPICS: usize = 3;

/// The struct without its `#[topic]`s, and its `Event`.
pub(crate) fn expand(mut item: ItemStruct) -> Result<TokenStream> {
    report::no_generics(&item.generics, "an event")?;
    let name = report::name(&item.ident)?;
    let topics = take_topics(&mut item.fields)?;
    // An event has no secrets: who sees the struct sees its fields.
    for field in &mut item.fields {
        if let Visibility::Inherited = field.vis {
            field.vis = item.vis.clone();
        }
    }
    let checks = topic_checks(&item.fields, &topics);
    let description = description(&item, &name, &topics)?;
    let reading = reading(&item.fields, &topics);
    let members: Vec<_> = item.fields.members().collect();
    let is = |wanted: bool| {
        let chosen = members.iter().zip(&topics).filter(move |(_, is_topic)| **is_topic == wanted);
        chosen.map(|(member, _)| member)
    };
    let (topic_members, data_members) = (is(true), is(false));
    let ident = &item.ident;
    let derives =
        data::missing_derives(&parse_quote!(#item), &["Clone", "Debug", "PartialEq", "Eq"]);
    Ok(quote! {
        #[derive(#(::core::prelude::v1::#derives),*)]
        #item

        #checks

        impl ::dytallix_sdk::Event for #ident {
            const DESCRIPTION: ::dytallix_sdk::abi::describe::EventDesc = #description;

            #[allow(
                unused_variables,
                reason = "nothing is read or written where there are no fields"
            )]
            fn write_topics(&self, topics: &mut ::dytallix_sdk::event::Topics) {
                #( topics.add(&self.#topic_members); )*
            }

            #[allow(
                unused_variables,
                reason = "nothing is read or written where there are no fields"
            )]
            fn write_data<Out: ::dytallix_sdk::Output>(&self, data: &mut Out) {
                #( ::dytallix_sdk::Encode::encode(&self.#data_members, data); )*
            }

            fn read(
                topics: &[::dytallix_sdk::entry::Bytes],
                data: &[u8],
            ) -> ::core::option::Option<Self> {
                #reading
            }
        }
    })
}

/// Removes `#[topic]` from the fields and says which had it.
fn take_topics(fields: &mut Fields) -> Result<Vec<bool>> {
    let mut errors = Errors::default();
    let (mut topics, mut count) = (Vec::new(), 0);
    for field in fields.iter_mut() {
        let marks = docs::take(&mut field.attrs, "topic");
        for mark in &marks {
            if mark.meta.require_path_only().is_err() {
                errors.add(at(mark, "write `#[topic]` without options"));
            }
            count += 1;
            if count > TOPICS {
                let text = "an event has at most 3 topics beside its name: leave this one out, it \
                            becomes part of the data";
                errors.add(at(mark, text));
            }
        }
        topics.push(!marks.is_empty());
    }
    errors.finish()?;
    Ok(topics)
}

/// Fails to compile where the type of a topic has no fixed length of at most 64 bytes.
fn topic_checks(fields: &Fields, topics: &[bool]) -> TokenStream {
    let topics = fields.iter().zip(topics).filter(|(_, is_topic)| **is_topic);
    let checks = topics.map(|(field, _)| {
        let ty = &field.ty;
        quote_spanned! {ty.span()=>
            const _: () = ::core::assert!(
                ::dytallix_sdk::event::can_be_topic(<#ty as ::dytallix_sdk::Describe>::TYPE),
                "a topic has a type of one fixed length, at most 64 bytes: without `#[topic]` this \
                 field is part of the data",
            );
        }
    });
    checks.collect()
}

fn description(item: &ItemStruct, name: &str, topics: &[bool]) -> Result<TokenStream> {
    let mut fields = Vec::new();
    for ((number, field), is_topic) in item.fields.iter().enumerate().zip(topics) {
        let name = match &field.ident {
            Some(ident) => report::name(ident)?,
            None => number.to_string(),
        };
        let ty = &field.ty;
        fields.push(quote! {
            ::dytallix_sdk::abi::describe::EventFieldDesc {
                name: #name,
                ty: <#ty as ::dytallix_sdk::Describe>::TYPE,
                topic: #is_topic,
            }
        });
    }
    let docs = docs::text(&item.attrs);
    Ok(quote! {
        ::dytallix_sdk::abi::describe::EventDesc {
            name: #name,
            fields: &[#(#fields),*],
            docs: #docs,
        }
    })
}

/// The body of `read`.
fn reading(fields: &Fields, topics: &[bool]) -> TokenStream {
    let bindings: Vec<_> = (0..fields.len()).map(|n| format_ident!("field_{n}")).collect();
    let topic_bindings = bindings.iter().zip(topics).filter(|(_, is)| **is).map(|(b, _)| b);
    let steps = fields.iter().zip(&bindings).zip(topics).map(|((field, binding), is_topic)| {
        let ty = &field.ty;
        match is_topic {
            true => quote! {
                let #binding = <#ty as ::dytallix_sdk::Decode>::from_bytes(#binding).ok()?;
            },
            false => quote! {
                let #binding = <#ty as ::dytallix_sdk::Decode>::decode(&mut input).ok()?;
            },
        }
    });
    let value = match fields {
        Fields::Named(fields) => {
            let names = fields.named.iter().map(|field| &field.ident);
            quote!(Self { #(#names: #bindings),* })
        }
        Fields::Unnamed(_) => quote!(Self(#(#bindings),*)),
        Fields::Unit => quote!(Self),
    };
    quote! {
        let [name, #(#topic_bindings),*] = topics else { return ::core::option::Option::None };
        if name != <Self as ::dytallix_sdk::Event>::DESCRIPTION.name.as_bytes() {
            return ::core::option::Option::None;
        }
        #[allow(unused_mut, reason = "nothing is read or written where there are no fields")]
        let mut input = ::dytallix_sdk::Input::new(data);
        #(#steps)*
        input.finish().ok()?;
        ::core::option::Option::Some(#value)
    }
}
