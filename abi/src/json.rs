//! A writer of JSON: what the views need, no more.

use alloc::string::String;
use core::fmt::{Display, Write};

/// Writes one JSON text. Members stand in the order in which they are written.
pub(crate) struct Json {
    text: String,
    /// How deep the place is, where the text is indented.
    indent: Option<usize>,
    /// Whether something stands before the next member or item.
    comma: bool,
}

impl Json {
    /// On one line.
    pub(crate) fn compact() -> Json {
        Json { text: String::new(), indent: None, comma: false }
    }

    /// Indented by two spaces.
    pub(crate) fn indented() -> Json {
        Json { text: String::new(), indent: Some(0), comma: false }
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// `{…}` around what `members` writes.
    pub(crate) fn object(&mut self, members: impl FnOnce(&mut Json)) {
        self.enclose('{', '}', members);
    }

    /// `[…]` around what `items` writes.
    pub(crate) fn array(&mut self, items: impl FnOnce(&mut Json)) {
        self.enclose('[', ']', items);
    }

    fn enclose(&mut self, begin: char, end: char, inside: impl FnOnce(&mut Json)) {
        self.text.push(begin);
        self.comma = false;
        self.indent = self.indent.map(|depth| depth + 1);
        inside(self);
        self.indent = self.indent.map(|depth| depth - 1);
        if self.comma {
            self.line();
        }
        self.text.push(end);
        self.comma = true;
    }

    /// Before an item of an array.
    pub(crate) fn item(&mut self) -> &mut Json {
        if self.comma {
            self.text.push(',');
        }
        self.line();
        self.comma = true;
        self
    }

    /// Before the value of a member of an object.
    pub(crate) fn member(&mut self, name: &str) -> &mut Json {
        self.item().string(name);
        self.text.push_str(if self.indent.is_some() { ": " } else { ":" });
        self
    }

    fn line(&mut self) {
        if let Some(depth) = self.indent {
            self.text.push('\n');
            (0..depth).for_each(|_| self.text.push_str("  "));
        }
    }

    /// A number, `true`, `false` or `null`.
    pub(crate) fn plain(&mut self, value: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "{value}");
    }

    /// A string whose characters need no escape.
    pub(crate) fn quoted(&mut self, value: impl Display) {
        let _ = write!(self.text, "\"{value}\"");
    }

    /// A string.
    pub(crate) fn string(&mut self, value: &str) {
        self.text.push('"');
        for character in value.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                // Also what could steer a terminal or turn the direction of text.
                '\0'..='\u{1F}'
                | '\u{7F}'..='\u{9F}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}' => {
                    let _ = write!(self.text, "\\u{:04x}", u32::from(character));
                }
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }
}
