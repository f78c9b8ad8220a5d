//! `#[data]` and the derives `Encode`, `Decode` and `Describe`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Generics, Ident, Result, Type, parse_quote};

use crate::report::{self, Errors, at};

/// Most fields of a struct or variant.
const FIELDS: usize = 64;

/// Adds the derives that are not there yet.
pub(crate) fn attribute(item: &DeriveInput) -> Result<TokenStream> {
    shapes(item)?;
    let derives = missing_derives(item, &["Clone", "Debug", "PartialEq", "Eq"]);
    Ok(quote! {
        #[derive(
            #(::core::prelude::v1::#derives,)*
            ::dytallix_sdk::Encode, ::dytallix_sdk::Decode, ::dytallix_sdk::Describe,
        )]
        #item
    })
}

/// Refuses what has no encoding.
pub(crate) fn check(item: &DeriveInput) -> Result<()> {
    shapes(item).map(drop)
}

/// Those of the traits that the item does not derive itself, further down.
pub(crate) fn missing_derives(item: &DeriveInput, wanted: &[&str]) -> Vec<Ident> {
    let mut derived = Vec::new();
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // What can not be read here is an error of the compiler's own.
        let _ = attribute.parse_nested_meta(|meta| {
            derived.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
            Ok(())
        });
    }
    let missing = wanted.iter().filter(|name| !derived.iter().any(|derived| derived == *name));
    missing.map(|name| format_ident!("{name}")).collect()
}

/// One way a value can be: a struct, or a variant of an enum.
struct Shape<'a> {
    /// `Self`, or `Self::Variant`.
    path: TokenStream,
    name: &'a Ident,
    fields: &'a Fields,
}

impl Shape<'_> {
    /// Names that the fields are bound to.
    fn bindings(&self) -> Vec<Ident> {
        (0..self.fields.len()).map(|number| format_ident!("field_{number}")).collect()
    }

    /// The pattern of all values of this shape.
    fn any(&self) -> TokenStream {
        let path = &self.path;
        match self.fields {
            Fields::Named(_) => quote!(#path { .. }),
            Fields::Unnamed(_) => quote!(#path(..)),
            Fields::Unit => path.clone(),
        }
    }

    /// The pattern that binds the fields, which is also the expression that makes a value of them.
    fn pattern(&self) -> TokenStream {
        let (path, bindings) = (&self.path, self.bindings());
        match self.fields {
            Fields::Named(fields) => {
                let names = fields.named.iter().map(|field| &field.ident);
                quote!(#path { #(#names: #bindings),* })
            }
            Fields::Unnamed(_) => quote!(#path(#(#bindings),*)),
            Fields::Unit => path.clone(),
        }
    }

    fn types(&self) -> impl Iterator<Item = &Type> {
        self.fields.iter().map(|field| &field.ty)
    }

    fn encode(&self) -> TokenStream {
        let steps = self.bindings().into_iter().zip(self.types()).map(|(binding, ty)| {
            quote_spanned!(ty.span()=> ::dytallix_sdk::Encode::encode(#binding, out);)
        });
        steps.collect()
    }

    /// Reads the fields in order and makes the value.
    fn decode(&self) -> TokenStream {
        let (bindings, types, value) = (self.bindings(), self.types(), self.pattern());
        quote! {{
            #( let #bindings = <#types as ::dytallix_sdk::Decode>::decode(input)?; )*
            ::core::result::Result::Ok(#value)
        }}
    }
}

/// The descriptions of fields, as elements of an array of `FieldDesc`.
pub(crate) fn field_descriptions(fields: &Fields) -> Result<TokenStream> {
    if let Some(field) = fields.iter().nth(FIELDS) {
        return Err(at(field, format!("at most {FIELDS} fields")));
    }
    let mut descriptions = Vec::new();
    for (number, field) in fields.iter().enumerate() {
        let name = match &field.ident {
            Some(ident) => report::name(ident)?,
            None => number.to_string(),
        };
        let ty = &field.ty;
        descriptions.push(quote! {
            ::dytallix_sdk::abi::describe::FieldDesc {
                name: #name,
                ty: <#ty as ::dytallix_sdk::Describe>::TYPE,
            }
        });
    }
    Ok(quote!(#(#descriptions),*))
}

/// The ways a value can be, and whether a number says which.
fn shapes<'a>(item: &'a DeriveInput) -> Result<(Vec<Shape<'a>>, bool)> {
    match &item.data {
        Data::Struct(data) => {
            let path = quote!(Self);
            Ok((vec![Shape { path, name: &item.ident, fields: &data.fields }], false))
        }
        Data::Enum(data) => {
            let mut errors = Errors::default();
            for variant in &data.variants {
                if let Some((_, number)) = &variant.discriminant {
                    let text = "variants are numbered in order: remove the number";
                    errors.add(at(number, text));
                }
            }
            if let Some(variant) = data.variants.iter().nth(256) {
                errors.add(at(variant, "at most 256 variants"));
            }
            if data.variants.is_empty() {
                errors.add(at(&item.ident, "an enum without variants has no values to encode"));
            }
            errors.finish()?;
            let shape = |variant: &'a syn::Variant| {
                let syn::Variant { ident, fields, .. } = variant;
                Shape { path: quote!(Self::#ident), name: ident, fields }
            };
            Ok((data.variants.iter().map(shape).collect(), true))
        }
        Data::Union(_) => {
            Err(at(&item.ident, "a union has no encoding: write a struct or an enum"))
        }
    }
}

/// The generics with a bound on each type parameter.
fn bounded(generics: &Generics, bound: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(#bound));
    }
    generics
}

/// `derive(Encode)`.
pub(crate) fn encode(item: &DeriveInput) -> Result<TokenStream> {
    let (shapes, is_enum) = shapes(item)?;
    // The number at once for all variants, then their fields: variants without fields share all of
    // their code.
    let numbers = shapes.iter().zip(0_u8..=255).map(|(shape, number)| {
        let pattern = shape.any();
        quote!(#pattern => #number,)
    });
    let number = is_enum.then(|| {
        quote! {
            let number: u8 = match self { #(#numbers)* };
            ::dytallix_sdk::Encode::encode(&number, out);
        }
    });
    let with_fields = shapes.iter().filter(|shape| !shape.fields.is_empty());
    let arms = with_fields.map(|shape| {
        let (pattern, fields) = (shape.pattern(), shape.encode());
        quote!(#pattern => { #fields })
    });
    let name = &item.ident;
    let generics = bounded(&item.generics, &quote!(::dytallix_sdk::Encode));
    let (params, args, clause) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #params ::dytallix_sdk::Encode for #name #args #clause {
            #[allow(
                unused_variables,
                reason = "nothing is read or written where there are no fields"
            )]
            fn encode<Out: ::dytallix_sdk::Output + ?::core::marker::Sized>(&self, out: &mut Out) {
                #number
                match self {
                    #(#arms)*
                    #[allow(
                        unreachable_patterns,
                        reason = "the variants may be all that there are"
                    )]
                    _ => {}
                }
            }
        }
    })
}

/// `derive(Decode)`.
pub(crate) fn decode(item: &DeriveInput) -> Result<TokenStream> {
    let (shapes, is_enum) = shapes(item)?;
    let body = if is_enum {
        let arms = shapes.iter().zip(0_u8..=255).map(|(shape, number)| {
            let value = shape.decode();
            quote!(#number => #value,)
        });
        quote! {
            let start = ::core::clone::Clone::clone(input);
            match <u8 as ::dytallix_sdk::Decode>::decode(input)? {
                #(#arms)*
                #[allow(unreachable_patterns, reason = "the variants may be all that there are")]
                _ => ::core::result::Result::Err(
                    start.error(::dytallix_sdk::abi::Expected::Variant),
                ),
            }
        }
    } else {
        shapes.iter().map(Shape::decode).collect()
    };
    let name = &item.ident;
    let generics = bounded(&item.generics, &quote!(::dytallix_sdk::Decode));
    let (params, args, clause) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #params ::dytallix_sdk::Decode for #name #args #clause {
            #[allow(
                unused_variables,
                reason = "nothing is read or written where there are no fields"
            )]
            fn decode(
                input: &mut ::dytallix_sdk::Input<'_>,
            ) -> ::core::result::Result<Self, ::dytallix_sdk::CodecError> {
                #body
            }
        }
    })
}

/// `derive(Describe)`.
pub(crate) fn describe(item: &DeriveInput) -> Result<TokenStream> {
    let (shapes, is_enum) = shapes(item)?;
    let type_name = report::name(&item.ident)?;
    let mut parts = Vec::new();
    for (shape, number) in shapes.iter().zip(0_u8..=255) {
        let fields = field_descriptions(shape.fields)?;
        let name = report::name(shape.name)?;
        parts.push(match is_enum {
            false => quote!(::dytallix_sdk::abi::describe::TypeDesc::Struct {
                name: #type_name,
                fields: &[#fields],
            }),
            true => quote!(::dytallix_sdk::abi::describe::VariantDesc {
                index: #number,
                name: #name,
                fields: &[#fields],
            }),
        });
    }
    let description = match is_enum {
        false => quote!(#(#parts)*),
        true => quote!(::dytallix_sdk::abi::describe::TypeDesc::Enum {
            name: #type_name,
            variants: &[#(#parts),*],
        }),
    };
    let name = &item.ident;
    let generics = bounded(&item.generics, &quote!(::dytallix_sdk::Describe));
    let (params, args, clause) = generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #params ::dytallix_sdk::Describe for #name #args #clause {
            const TYPE: &'static ::dytallix_sdk::abi::describe::TypeDesc = &#description;
        }
    })
}
