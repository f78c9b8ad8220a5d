//! Attributes of the contract SDK: `#[contract]`, `#[methods]`, `#[event]`, `#[error]`,
//! `#[interface]`, `#[data]` and the derives that `#[data]` is made of.
//!
//! Contracts use them through `dytallix_sdk::prelude`, and generated code names nothing but
//! `::dytallix_sdk`. Each attribute has a module that reads the item, says what is wrong with it
//! where that stands, and writes the code.

mod client;
mod contract;
mod data;
mod docs;
mod emitted;
mod error;
mod event;
mod getter;
mod interface;
mod method;
mod methods;
mod report;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// The struct of a contract: each field is a handle to storage.
///
/// Options: `schema = N` (version of the storage layout, 1 unless said) and `capabilities(…)` of
/// `call`, `delegate`, `upgrade`, `receive`, `create`. A field takes `#[prefix = N]` where its
/// place in storage shall not be its number, and `#[view]`, `#[view(name)]` or `#[view(name(key,
/// …))]` where anybody may read it by a method.
#[proc_macro_attribute]
pub fn contract(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as contract::Options);
    let item = parse_macro_input!(item as syn::Item);
    report::or_error(
        report::structure(item, "contract").and_then(|item| contract::expand(&options, item)),
    )
}

/// The methods of a contract.
///
/// Functions marked `#[init]`, `#[call]`, `#[view]` or `#[migrate]` are exported under their names;
/// others are helpers. Option: `events(…)` lists events that are emitted elsewhere.
///
/// * `#[init(payable)]`
/// * `#[call(only = field, err = Variant, payable, reentrant)]`
/// * `#[view(reentrant)]`
/// * `#[migrate]`
#[proc_macro_attribute]
pub fn methods(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as methods::Options);
    let item = parse_macro_input!(item as syn::ItemImpl);
    report::or_error(methods::expand(options, item))
}

/// A struct that can be emitted. At most three fields are marked `#[topic]`. Fields are as visible
/// as the struct.
#[proc_macro_attribute]
pub fn event(options: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::Item);
    let expand = |()| report::structure(item, "event").and_then(event::expand);
    report::or_error(report::no_options(options, "event").and_then(expand))
}

/// The enum of a contract's errors. Also defines `Result` with it as the default error, unless
/// `#[error(no_result)]` says not to. A variant of one field may be marked `#[from]`.
#[proc_macro_attribute]
pub fn error(options: TokenStream, item: TokenStream) -> TokenStream {
    let options = parse_macro_input!(options as error::Options);
    let item = parse_macro_input!(item as syn::Item);
    report::or_error(error::expand(&options, item))
}

/// A trait of methods of another contract: defines a typed client, `Oracle` gives `OracleClient`.
///
/// `&self` makes a method a read-only call, `&mut self` one that may change something.
#[proc_macro_attribute]
pub fn interface(options: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::ItemTrait);
    let expand = |()| interface::expand(item);
    report::or_error(report::no_options(options, "interface").and_then(expand))
}

/// A struct or enum that can be stored, passed and returned: derives `Encode`, `Decode`,
/// `Describe`, `Clone`, `Debug`, `PartialEq` and `Eq`, except for what is derived already.
#[proc_macro_attribute]
pub fn data(options: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    report::or_error(report::no_options(options, "data").and_then(|()| data::attribute(&item)))
}

/// The canonical encoding of a struct or enum: its fields in order, the variant's number before
/// them.
#[proc_macro_derive(Encode)]
pub fn encode(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    report::or_error(data::encode(&item))
}

/// Reads a struct or enum back from its canonical encoding.
#[proc_macro_derive(Decode)]
pub fn decode(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    report::or_error(data::decode(&item))
}

/// What the ABI section says of a struct or enum.
#[proc_macro_derive(Describe)]
pub fn describe(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    report::or_error(data::describe(&item))
}
