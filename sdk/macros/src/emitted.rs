//! Which events a contract emits: what stands in `emit(…)`.

use proc_macro2::{TokenStream, TokenTree};
use syn::Path;
use syn::parse::Parser;

/// The paths of the structs that are made in arguments of `emit`, in order of their appearance: of
/// `cx.emit(Transfer(a, b))`, `Transfer`.
pub(crate) fn paths(code: TokenStream) -> Vec<Path> {
    let mut paths = Vec::new();
    // Groups are as deep as the author nests them; they wait in a list all the same.
    let mut waiting = vec![code];
    while let Some(code) = waiting.pop() {
        let mut is_emit = false;
        for token in code {
            match token {
                TokenTree::Ident(ident) => is_emit = ident == "emit",
                TokenTree::Group(group) => {
                    if is_emit {
                        paths.extend(first_path(group.stream()));
                    }
                    waiting.push(group.stream());
                    is_emit = false;
                }
                _ => is_emit = false,
            }
        }
    }
    paths
}

/// The path that the code begins with, as far as it names a type.
fn first_path(code: TokenStream) -> Option<Path> {
    let path = |input: syn::parse::ParseStream<'_>| {
        let path = Path::parse_mod_style(input)?;
        input.parse::<TokenStream>()?;
        Ok(path)
    };
    let mut path = path.parse2(code).ok()?;
    let is_type = |path: &Path| {
        let last = path.segments.last().map(|segment| segment.ident.to_string());
        last.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    // `Transfer::new(…)` begins with the path of a function.
    if !is_type(&path) {
        path.segments.pop();
        path.segments.pop_punct();
    }
    is_type(&path).then_some(path)
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens, quote};

    fn found(code: proc_macro2::TokenStream) -> Vec<String> {
        super::paths(code).iter().map(|path| path.to_token_stream().to_string()).collect()
    }

    #[test]
    fn events_are_found_where_they_are_made() {
        assert_eq!(found(quote!(cx.emit(Transfer(a, b, 5));)), ["Transfer"]);
        assert_eq!(
            found(quote!(if x {
                cx.emit(events::Paused { by: a })
            })),
            ["events :: Paused"]
        );
        assert_eq!(
            found(quote!(cx.emit(Transfer::new(a)); cx.emit(Stopped))),
            ["Transfer", "Stopped"]
        );
        assert_eq!(found(quote!(self.log(Cx::emit(cx, Transfer(1))))), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_event_is_not_found() {
        assert!(found(quote!(cx.emit(event); emit; transfer(Transfer(1)))).is_empty());
    }
}
