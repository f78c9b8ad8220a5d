//! Typed clients, of a contract and of an interface.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::docs;
use crate::method::{Kind, Method, Param, Returns};

/// Methods that every client has: no method of a contract may have one of these names.
pub(crate) const RESERVED: &[&str] =
    &["new", "with_transport", "with_value", "with_gas", "with_reentry", "with_read_only"];

/// A method of a client.
pub(crate) struct ClientMethod<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    pub(crate) params: &'a [Param],
    pub(crate) returns: &'a Returns,
    pub(crate) is_view: bool,
    pub(crate) attributes: &'a [syn::Attribute],
}

/// The client of a contract, which is named after it.
pub(crate) fn of_contract(contract: &Ident, methods: &[&Method]) -> TokenStream {
    let client = format_ident!("{contract}Client");
    let methods = of_methods(methods);
    let definition = define(&client, &format!("Calls a contract [`{contract}`]."), &methods);
    let of_contract = callable_as(&client, &quote!(#contract));
    quote!(#definition #of_contract)
}

/// More methods of the client of a contract, for the views of its fields.
pub(crate) fn more_methods(contract: &Ident, methods: &[&Method]) -> TokenStream {
    let client = format_ident!("{contract}Client");
    let methods = of_methods(methods);
    let methods = methods.iter().map(method);
    quote! {
        #[allow(
            dead_code, private_interfaces, unreachable_pub,
            reason = "a part of a client is used, maybe by this file alone"
        )]
        impl<T: ::dytallix_sdk::Transport> #client<T> { #(#methods)* }
    }
}

fn of_methods<'a>(methods: &[&'a Method]) -> Vec<ClientMethod<'a>> {
    let callable = methods.iter().filter(|method| matches!(method.kind, Kind::Call | Kind::View));
    callable
        .map(|method| ClientMethod {
            ident: &method.ident,
            name: method.name.clone(),
            params: &method.params,
            returns: &method.returns,
            is_view: method.kind == Kind::View,
            attributes: &method.attributes,
        })
        .collect()
}

/// `__arguments`: the encoding of the parameters, one after another.
pub(crate) fn encode<'a>(params: impl Iterator<Item = &'a Param>) -> TokenStream {
    let steps = params.map(|param| {
        let ident = &param.ident;
        quote_spanned! {param.ty.span()=>
            ::dytallix_sdk::Encode::encode(&#ident, &mut __arguments);
        }
    });
    quote! {
        #[allow(unused_mut, reason = "nothing is read or written where there are no fields")]
        let mut __arguments = ::dytallix_sdk::entry::Buffer::new();
        #(#steps)*
    }
}

fn callable_as(client: &Ident, what: &TokenStream) -> TokenStream {
    quote! {
        impl ::dytallix_sdk::Callable for #what {
            type Client<T: ::dytallix_sdk::Transport> = #client<T>;

            fn client<T: ::dytallix_sdk::Transport>(
                transport: T,
                address: ::dytallix_sdk::Address,
            ) -> #client<T> {
                #client { address, options: ::dytallix_sdk::call::ClientOptions::new(transport) }
            }
        }
    }
}

/// The client's struct with its options and methods.
pub(crate) fn define(client: &Ident, text: &str, methods: &[ClientMethod<'_>]) -> TokenStream {
    let methods = methods.iter().map(method);
    let (options, callable) = (options(client), callable_as(client, &quote!(#client)));
    quote! {
        #[doc = #text]
        #[allow(
            dead_code, unreachable_pub,
            reason = "a part of a client is used, maybe by this file alone"
        )]
        #[derive(::core::prelude::v1::Clone, ::core::prelude::v1::Debug)]
        pub struct #client<T = ::dytallix_sdk::Chain> {
            /// The contract that is called.
            pub address: ::dytallix_sdk::Address,
            options: ::dytallix_sdk::call::ClientOptions<T>,
        }

        #callable

        #[allow(
            dead_code, unreachable_pub,
            reason = "a part of a client is used, maybe by this file alone"
        )]
        impl #client {
            /// Calls the contract at `address` from this contract.
            #[must_use]
            pub fn new(address: ::dytallix_sdk::Address) -> Self {
                let options = ::dytallix_sdk::call::ClientOptions::new(::dytallix_sdk::Chain);
                #client { address, options }
            }
        }

        #options

        #[allow(
            dead_code, private_interfaces, unreachable_pub,
            reason = "a part of a client is used, maybe by this file alone"
        )]
        impl<T: ::dytallix_sdk::Transport> #client<T> {
            #(#methods)*
        }
    }
}

/// The methods that make a changed copy.
fn options(client: &Ident) -> TokenStream {
    quote! {
        #[allow(
            dead_code, unreachable_pub,
            reason = "a part of a client is used, maybe by this file alone"
        )]
        impl<T: ::dytallix_sdk::Transport> #client<T> {
            /// The same contract over another transport: from another account.
            #[must_use]
            pub fn with_transport<U: ::dytallix_sdk::Transport>(&self, transport: U) -> #client<U> {
                #client { address: self.address, options: self.options.with_transport(transport) }
            }

            /// With that value sent along.
            #[must_use]
            pub fn with_value(&self, value: u128) -> Self {
                #client { address: self.address, options: self.options.with_value(value) }
            }

            /// With at most that much gas.
            #[must_use]
            pub fn with_gas(&self, limit: u64) -> Self {
                #client { address: self.address, options: self.options.with_gas(limit) }
            }

            /// The caller may be entered again while a call runs.
            #[must_use]
            pub fn with_reentry(&self) -> Self {
                #client { address: self.address, options: self.options.with_reentry() }
            }

            /// Nothing below a call can change anything.
            #[must_use]
            pub fn with_read_only(&self) -> Self {
                #client { address: self.address, options: self.options.with_read_only() }
            }
        }
    }
}

fn method(method: &ClientMethod<'_>) -> TokenStream {
    let ClientMethod { ident, name, params, is_view, .. } = method;
    let docs = docs::only_docs(method.attributes);
    let typed = params.iter().map(|param| {
        let (ident, ty) = (&param.ident, &param.ty);
        quote!(#ident: #ty)
    });
    let (encode, value) = (encode(params.iter()), method.returns.value());
    quote! {
        #(#docs)*
        ///
        /// # Errors
        ///
        /// If the call fails: how it ended, and what the contract reverted with.
        pub fn #ident(
            &self,
            #(#typed),*
        ) -> ::core::result::Result<#value, ::dytallix_sdk::CallError> {
            #encode
            self.options.call(self.address, #name, __arguments.as_slice(), #is_view)
        }
    }
}
