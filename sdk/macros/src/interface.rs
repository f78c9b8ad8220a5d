//! `#[interface]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{FnArg, Ident, ItemTrait, ReceiverKind, Result, Signature, TraitItem, TraitItemFn};

use crate::client::{self, ClientMethod, RESERVED};
use crate::method::{self, Param, Returns};
use crate::report::{self, Errors, at};

/// A method of the interface.
struct Method {
    function: TraitItemFn,
    name: String,
    params: Vec<Param>,
    returns: Returns,
    is_view: bool,
}

/// The trait as it is, and its client.
pub(crate) fn expand(item: ItemTrait) -> Result<TokenStream> {
    report::no_generics(&item.generics, "an interface")?;
    if let Some(first) = item.supertraits.first() {
        return Err(at(first, "an interface stands alone: list its methods"));
    }
    let mut errors = Errors::default();
    let mut methods = Vec::new();
    for item in &item.items {
        let read = match item {
            TraitItem::Fn(function) => read(function),
            other => Err(at(other, "an interface has methods only")),
        };
        methods.extend(errors.take(read));
    }
    errors.finish()?;
    let methods: Vec<_> = methods
        .iter()
        .map(|method| ClientMethod {
            ident: &method.function.sig.ident,
            name: method.name.clone(),
            params: &method.params,
            returns: &method.returns,
            is_view: method.is_view,
            attributes: &method.function.attrs,
        })
        .collect();
    let client = format_ident!("{}Client", item.ident);
    let docs = format!("Calls a contract that has the methods of [`{}`].", item.ident);
    let client = client::define(&client, &docs, &methods);
    Ok(quote! {
        #[allow(dead_code, reason = "only its client is used")]
        #item
        #client
    })
}

fn read(function: &TraitItemFn) -> Result<Method> {
    let signature = &function.sig;
    report::no_generics(&signature.generics, "a method of an interface")?;
    if let Some(body) = &function.default {
        return Err(at(body, "a method of an interface has no body: end it with `;`"));
    }
    let name = name(&signature.ident)?;
    let is_view = is_view(signature)?;
    let mut params = Vec::new();
    for argument in &signature.inputs {
        if let FnArg::Typed(argument) = argument {
            params.push(method::parameter(&argument.pat, &argument.ty)?);
        }
    }
    let returns = Returns::of(&signature.output)?;
    Ok(Method { function: function.clone(), name, params, returns, is_view })
}

fn name(ident: &Ident) -> Result<String> {
    let name = report::name(ident)?;
    if name.starts_with('_') || ["init", "migrate"].contains(&name.as_str()) {
        return Err(at(ident, format!("`{name}` can not be called: no contract offers it")));
    }
    if RESERVED.contains(&name.as_str()) {
        return Err(at(ident, format!("`{name}` is a method of every client")));
    }
    Ok(name)
}

fn is_view(signature: &Signature) -> Result<bool> {
    let text = "write `&self` for a method that only reads, `&mut self` for one that may change \
                something";
    match signature.receiver() {
        Some(receiver) => match &receiver.kind {
            ReceiverKind::Reference(_, _, mutability) => Ok(mutability.is_none()),
            _ => Err(at(receiver, text)),
        },
        None => Err(at(&signature.ident, text)),
    }
}
