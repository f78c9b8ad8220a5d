//! Function names out of the name section, read when they are asked for.
//!
//! Names are for people. A malformed name section ends the names early and invalidates nothing, as
//! the specification says of every custom section.

use super::reader::Reader;
use super::{Features, Module};

/// Number of the subsection with the names of functions.
const FUNCTION_NAMES: u8 = 1;

impl Module {
    /// The names of functions that the name section gives, with their indices, in its order.
    pub fn function_names(&self) -> impl Iterator<Item = (u32, &str)> {
        let names = self.custom_sections().iter().filter(|section| &*section.name == "name");
        names
            .filter_map(|section| {
                let reader = Reader::new(
                    &self.bytes,
                    section.range.start,
                    section.range.end,
                    Features::NONE,
                );
                subsection(reader, FUNCTION_NAMES)
            })
            .flat_map(|mut reader| {
                let count = reader.u32().unwrap_or(0);
                (0..count).map_while(move |_| name(&mut reader))
            })
    }

    /// The name that the name section gives to a function. The section is read each time.
    pub fn function_name(&self, function: u32) -> Option<&str> {
        self.function_names().find(|(index, _)| *index == function).map(|(_, name)| name)
    }
}

/// The contents of the first subsection of this number.
fn subsection(mut reader: Reader<'_>, wanted: u8) -> Option<Reader<'_>> {
    loop {
        let id = reader.byte().ok()?;
        let size = reader.u32().ok()?;
        let part = reader.part(size).ok()?;
        if id == wanted {
            return Some(part);
        }
    }
}

fn name<'a>(reader: &mut Reader<'a>) -> Option<(u32, &'a str)> {
    let index = reader.u32().ok()?;
    let length = reader.u32().ok()?;
    let name = core::str::from_utf8(reader.take(length).ok()?).ok()?;
    Some((index, name))
}
