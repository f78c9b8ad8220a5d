//! One exported method: what its attribute and its signature say.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, Ident, ImplItemFn, Meta, Pat, Path, ReceiverKind, Result, ReturnType, Safety,
    Signature, Token, Type, Visibility,
};

use crate::report::{self, Errors, at};
use crate::{client, docs};

/// Most parameters.
const PARAMETERS: usize = 16;

/// What a method is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The constructor.
    Init,
    /// Changes state.
    Call,
    /// Reads.
    View,
    /// Runs during an upgrade.
    Migrate,
}

/// The options of a method.
#[derive(Default)]
pub(crate) struct Options {
    /// The field that says who may.
    only: Option<Ident>,
    /// What others are told.
    err: Option<Path>,
    /// Whether value may be sent along.
    pub(crate) payable: bool,
    /// Whether it may be entered while the contract runs.
    pub(crate) reentrant: bool,
}

/// A parameter.
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
}

/// What is passed to the function, in order.
pub(crate) enum Argument {
    /// The context.
    Cx,
    /// The parameter of that number.
    Param(usize),
}

/// An exported method.
pub(crate) struct Method {
    pub(crate) kind: Kind,
    pub(crate) options: Options,
    /// The function's own name.
    pub(crate) ident: Ident,
    /// The name of the export.
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) params: Vec<Param>,
    pub(crate) returns: Returns,
    pub(crate) attributes: Vec<Attribute>,
}

/// What a method returns.
pub(crate) struct Returns {
    /// The type as it is written; `()` where none is.
    pub(crate) ty: TokenStream,
    /// Whether it is a `Result`, going by its name.
    pub(crate) is_result: bool,
}

impl Kind {
    fn from_name(name: &Ident) -> Option<Kind> {
        Some(match name.to_string().as_str() {
            "init" => Kind::Init,
            "call" => Kind::Call,
            "view" => Kind::View,
            "migrate" => Kind::Migrate,
            _ => return None,
        })
    }

    /// Its attribute.
    fn name(self) -> &'static str {
        match self {
            Kind::Init => "init",
            Kind::Call => "call",
            Kind::View => "view",
            Kind::Migrate => "migrate",
        }
    }

    /// The options that it takes, for people.
    fn options(self) -> &'static str {
        match self {
            Kind::Init => "`payable`",
            Kind::Call => "`only = field`, `err = Variant`, `payable` or `reentrant`",
            Kind::View => "`reentrant`",
            Kind::Migrate => "nothing: `#[migrate]` has no options",
        }
    }

    fn takes(self, option: &str) -> bool {
        match self {
            Kind::Init => option == "payable",
            Kind::Call => matches!(option, "only" | "err" | "payable" | "reentrant"),
            Kind::View => option == "reentrant",
            Kind::Migrate => false,
        }
    }
}

impl Options {
    fn parse(kind: Kind, attribute: &Attribute) -> Result<Options> {
        let mut options = Options::default();
        if let Meta::Path(_) = attribute.meta {
            return Ok(options);
        }
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.require_ident()?;
            let text = name.to_string();
            if !kind.takes(&text) {
                return Err(report::unknown_option(name.span(), &text, kind.options()));
            }
            match text.as_str() {
                "only" => options.only = Some(meta.value()?.parse()?),
                "err" => options.err = Some(meta.value()?.call(Path::parse_mod_style)?),
                "payable" => options.payable = true,
                _ => options.reentrant = true,
            }
            Ok(())
        })?;
        if let (None, Some(err)) = (&options.only, &options.err) {
            return Err(at(
                err,
                "`err` says what callers that `only` refuses are told: add `only`",
            ));
        }
        Ok(options)
    }

    /// The statement that refuses other callers.
    fn guard(&self) -> Option<TokenStream> {
        let only = self.only.as_ref()?;
        Some(match &self.err {
            None => {
                quote_spanned!(only.span()=> ::dytallix_sdk::entry::require_caller(&self.#only);)
            }
            Some(err) => {
                // A name alone is a variant of the contract's `Error`.
                let error = match err.get_ident() {
                    Some(variant) => {
                        let name = Ident::new("Error", variant.span());
                        quote!(#name::#variant)
                    }
                    None => err.to_token_stream(),
                };
                quote_spanned! {only.span()=>
                    if !::dytallix_sdk::entry::caller_is(&self.#only) {
                        return ::core::result::Result::Err(#error);
                    }
                }
            }
        })
    }
}

impl Method {
    /// The method that a function of the impl is, if it is marked; its mark is removed and its
    /// guard put first.
    pub(crate) fn take(function: &mut ImplItemFn) -> Result<Option<Method>> {
        let is_mark = |attribute: &Attribute| {
            attribute.path().get_ident().is_some_and(|name| Kind::from_name(name).is_some())
        };
        let marks: Vec<_> = function.attrs.extract_if(.., |mark| is_mark(mark)).collect();
        let mark = match marks.as_slice() {
            [] => return Ok(None),
            [mark] => mark,
            [_, second, ..] => {
                let text = "a method is one of `#[init]`, `#[call]`, `#[view]` and `#[migrate]`";
                return Err(at(second, text));
            }
        };
        if let Some(cfg) = function.attrs.iter().find(|attribute| attribute.path().is_ident("cfg"))
        {
            return Err(at(cfg, "an exported method is there in every build: remove `#[cfg]`"));
        }
        let Some(kind) = mark.path().get_ident().and_then(Kind::from_name) else { return Ok(None) };
        let options = Options::parse(kind, mark)?;
        let signature = &function.sig;
        check_receiver(kind, signature)?;
        let name = export_name(kind, &signature.ident)?;
        let (arguments, params) = parameters(kind, signature)?;
        let returns = Returns::of(&signature.output)?;
        if let (Some(err), false) = (&options.err, returns.is_result) {
            return Err(at(err, "`err` needs a method that returns a `Result`"));
        }
        let method = Method {
            kind,
            name,
            ident: signature.ident.clone(),
            arguments,
            params,
            returns,
            attributes: function.attrs.clone(),
            options,
        };
        // Who has the file may call what everybody may call.
        if let Visibility::Inherited = function.vis {
            function.vis = Visibility::Public(Token![pub](function.sig.fn_token.span));
        }
        if let Some(guard) = method.options.guard() {
            function.block.stmts.insert(0, syn::parse_quote!(#guard));
        }
        Ok(Some(method))
    }

    /// The doc text.
    pub(crate) fn docs(&self) -> String {
        docs::text(&self.attributes)
    }
}

/// The name that a method is exported under.
fn export_name(kind: Kind, ident: &Ident) -> Result<String> {
    let name = report::name(ident)?;
    match (kind, name.as_str()) {
        (Kind::Init | Kind::Migrate, _) => return Ok(kind.name().to_owned()),
        (_, "init" | "migrate") => {
            let text = format!("`{name}` is reserved: mark the method `#[{name}]` or rename it");
            Err(at(ident, text))
        }
        // What the linker or the compiler's own code goes by.
        (_, "memory" | "main" | "memcpy" | "memmove" | "memset" | "memcmp" | "bcmp" | "strlen") => {
            Err(at(ident, format!("`{name}` can not be the name of an export: rename the method")))
        }
        _ if client::RESERVED.contains(&name.as_str()) => {
            Err(at(ident, format!("`{name}` is a method of every typed client: rename the method")))
        }
        _ if name.starts_with('_') => {
            let text = "a method's name does not begin with `_`: rename it, or leave the mark out \
                        if it is a helper";
            Err(at(ident, text))
        }
        _ => Ok(()),
    }?;
    Ok(name)
}

fn check_receiver(kind: Kind, signature: &Signature) -> Result<()> {
    report::no_generics(&signature.generics, "an exported method")?;
    let wanted = if kind == Kind::View { "`&self`" } else { "`&mut self` or `&self`" };
    let Some(receiver) = signature.receiver() else {
        let text = format!("a method of the contract takes {wanted}: the storage is in its fields");
        return Err(at(&signature.ident, text));
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, Some(_)) if kind == Kind::View => {
            Err(at(receiver, "a view only reads: write `&self`, or mark the method `#[call]`"))
        }
        ReceiverKind::Reference(..) => Ok(()),
        _ => Err(at(receiver, format!("write {wanted}"))),
    }?;
    let unusual = [
        signature.asyncness.map(|token| token.span()),
        signature.abi.as_ref().map(Spanned::span),
        match signature.safety {
            Safety::Unsafe(token) => Some(token.span()),
            _ => None,
        },
    ];
    match unusual.into_iter().flatten().next() {
        Some(span) => Err(syn::Error::new(span, "an exported method is a plain `fn`")),
        None => Ok(()),
    }
}

/// Whether a type is `Cx`, and how it is taken.
fn cx_reference(ty: &Type) -> Option<Result<()>> {
    let text = "the context is taken as `&Cx`";
    match ty {
        Type::Reference(reference) => match (&*reference.elem, reference.mutability) {
            (Type::Path(path), None) if path.path.segments.last()?.ident == "Cx" => Some(Ok(())),
            (Type::Path(path), Some(_)) if path.path.segments.last()?.ident == "Cx" => {
                Some(Err(at(ty, text)))
            }
            _ => None,
        },
        Type::Path(path) if path.path.is_ident("Cx") => Some(Err(at(ty, text))),
        _ => None,
    }
}

/// The parameters behind the receiver.
fn parameters(kind: Kind, signature: &Signature) -> Result<(Vec<Argument>, Vec<Param>)> {
    let mut errors = Errors::default();
    let (mut arguments, mut params) = (Vec::new(), Vec::new());
    for argument in &signature.inputs {
        let FnArg::Typed(argument) = argument else { continue };
        match cx_reference(&argument.ty) {
            Some(Ok(())) => arguments.push(Argument::Cx),
            Some(Err(error)) => errors.add(error),
            None => {
                if let Some(param) = errors.take(parameter(&argument.pat, &argument.ty)) {
                    arguments.push(Argument::Param(params.len()));
                    params.push(param);
                }
            }
        }
    }
    if let Some(param) = params.get(PARAMETERS) {
        errors
            .add(at(&param.ident, "at most 16 parameters: put some into a struct with `#[data]`"));
    }
    let is_u32 = |param: &Param| matches!(&param.ty, Type::Path(path) if path.path.is_ident("u32"));
    if kind == Kind::Migrate && !params.first().is_some_and(is_u32) {
        let text = "the first parameter of `#[migrate]` is the old layout's version: write \
                    `old_version: u32`";
        errors.add(match params.first() {
            Some(param) => at(&param.ty, text),
            None => at(&signature.ident, text),
        });
    }
    errors.finish()?;
    Ok((arguments, params))
}

/// One parameter.
pub(crate) fn parameter(pat: &Pat, ty: &Type) -> Result<Param> {
    let Pat::Ident(pat) = pat else {
        return Err(at(pat, "a parameter has a plain name: take it apart in the body"));
    };
    owned(ty, "a parameter is read from the call's arguments: take it by value")?;
    let name = report::name(&pat.ident)?;
    let name = name.strip_prefix('_').filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned();
    Ok(Param { name, ident: pat.ident.clone(), ty: ty.clone() })
}

/// Refuses types that no value can be decoded to.
fn owned(ty: &Type, text: &str) -> Result<()> {
    match ty {
        Type::Reference(reference) => {
            let instead = match &*reference.elem {
                Type::Path(path) if path.path.is_ident("str") => "`String`".to_owned(),
                Type::Slice(slice) => format!("`Vec<{}>`", slice.elem.to_token_stream()),
                other => format!("`{}`", other.to_token_stream()),
            };
            Err(at(ty, format!("{text}, as {instead}")))
        }
        Type::ImplTrait(_) | Type::Infer(_) | Type::TraitObject(_) => {
            Err(at(ty, format!("{text}, with its type's name")))
        }
        Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) => {
            Err(at(ty, format!("{text}, as a type that has an encoding")))
        }
        _ => Ok(()),
    }
}

impl Returns {
    /// What a function returns.
    pub(crate) fn of(output: &ReturnType) -> Result<Returns> {
        let ReturnType::Type(_, ty) = output else {
            return Ok(Returns { ty: quote!(()), is_result: false });
        };
        owned(ty, "what a method returns is encoded: return it by value")?;
        let is_result = match &**ty {
            Type::Path(path) => {
                path.path.segments.last().is_some_and(|last| last.ident == "Result")
            }
            _ => false,
        };
        Ok(Returns { ty: ty.to_token_stream(), is_result })
    }

    /// The type of the value, without the error.
    pub(crate) fn value(&self) -> TokenStream {
        let ty = &self.ty;
        match self.is_result {
            true => quote!(<#ty as ::dytallix_sdk::entry::MethodResult>::Value),
            false => ty.clone(),
        }
    }

    /// The type of the error, if it can fail.
    pub(crate) fn error(&self) -> Option<TokenStream> {
        let ty = &self.ty;
        self.is_result.then(
            || quote_spanned!(ty.span()=> <#ty as ::dytallix_sdk::entry::MethodResult>::Error),
        )
    }
}
