//! The table of types: what is remembered of each entry, and the check of the table.

use super::super::cursor::{Cursor, checked, error};
use super::super::fault::{AbiError, AbiFault};
use super::super::limits;
use super::super::numbers::tag;
use super::super::text::equal;
use super::names::Names;

/// Length of what has no longest encoding.
const UNBOUNDED: u32 = u32::MAX;

/// Whether a type can be part of a storage key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// It can not.
    No,
    /// Anywhere: its key encoding has a fixed length.
    Anywhere,
    /// As the last part only.
    Last,
}

/// What is remembered of a type.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    /// Where its entry begins and ends in the section.
    start: usize,
    end: usize,
    tag: u8,
    depth: u8,
    /// Lengths of its shortest and its longest encoding, saturating.
    pub(super) least: u32,
    pub(super) most: u32,
    key: Key,
    used: bool,
}

impl Facts {
    const NONE: Facts =
        Facts { start: 0, end: 0, tag: 0, depth: 1, least: 0, most: 0, key: Key::No, used: false };

    const fn leaf(least: u32, most: u32, key: Key) -> Facts {
        Facts { least, most, key, ..Facts::NONE }
    }

    /// Whether values of it can be the key of a map in storage.
    pub(super) const fn is_key(&self) -> bool {
        !matches!(self.key, Key::No)
    }

    /// Deep enough to hold `inner`.
    const fn deepen(&mut self, inner: &Facts) {
        if self.depth <= inner.depth {
            self.depth = inner.depth + 1;
        }
    }

    /// Followed by a value of `next`.
    const fn append(&mut self, next: &Facts) {
        self.deepen(next);
        self.least = self.least.saturating_add(next.least);
        self.most = self.most.saturating_add(next.most);
        self.key = match (self.key, next.key) {
            (Key::Anywhere, key) => key,
            _ => Key::No,
        };
    }
}

/// The table of types, checked.
pub(super) struct Types {
    facts: [Facts; limits::TYPES],
    count: usize,
}

impl Types {
    /// Checks the table that `cursor` is at.
    pub(super) const fn check(cursor: &mut Cursor<'_>) -> Result<Types, AbiError> {
        let count = checked!(cursor.count(limits::TYPES, AbiFault::Count));
        let mut types = Types { facts: [Facts::NONE; limits::TYPES], count: 0 };
        while types.count < count {
            let start = cursor.at();
            let mut facts = checked!(types.entry(cursor));
            if facts.depth > limits::TYPE_DEPTH {
                return Err(error(start, AbiFault::TypeDepth));
            }
            facts.start = start;
            facts.end = cursor.at();
            facts.tag = cursor.between(start, start + 1)[0];
            checked!(types.differs(cursor, &facts));
            types.facts[types.count] = facts;
            types.count += 1;
        }
        Ok(types)
    }

    /// Entries are equal exactly where their bytes are, because what they refer to differs.
    const fn differs(&self, cursor: &Cursor<'_>, new: &Facts) -> Result<(), AbiError> {
        let entry = cursor.between(new.start, new.end);
        let mut at = 0;
        while at < self.count {
            let old = &self.facts[at];
            if old.tag == new.tag && equal(cursor.between(old.start, old.end), entry) {
                return Err(error(new.start, AbiFault::DuplicateType));
            }
            at += 1;
        }
        Ok(())
    }

    /// A reference to an entry that has been read already.
    pub(super) const fn reference(&mut self, cursor: &mut Cursor<'_>) -> Result<Facts, AbiError> {
        let start = cursor.at();
        let index = checked!(cursor.u16()) as usize;
        if index >= self.count {
            return Err(error(start, AbiFault::TypeReference));
        }
        self.facts[index].used = true;
        Ok(self.facts[index])
    }

    /// Names and types, as a struct, a variant, an error or the parameters of a method have them.
    pub(super) const fn fields(
        &mut self,
        cursor: &mut Cursor<'_>,
        cap: usize,
    ) -> Result<Facts, AbiError> {
        let mut left = checked!(cursor.count(cap, AbiFault::Count));
        let mut names = Names::<{ limits::FIELDS }>::new();
        let mut all = Facts::NONE;
        while left > 0 {
            checked!(names.read(cursor, true));
            all.append(&checked!(self.reference(cursor)));
            left -= 1;
        }
        Ok(all)
    }

    /// A reference to a type of which there can be any number one after another.
    const fn element(&mut self, cursor: &mut Cursor<'_>) -> Result<Facts, AbiError> {
        let start = cursor.at();
        let element = checked!(self.reference(cursor));
        if element.least == 0 {
            return Err(error(start, AbiFault::EmptyElement));
        }
        Ok(element)
    }

    /// One entry of the table.
    const fn entry(&mut self, cursor: &mut Cursor<'_>) -> Result<Facts, AbiError> {
        let start = cursor.at();
        let kind = checked!(cursor.byte());
        Ok(match kind {
            tag::BOOL | tag::U8 | tag::I8 => Facts::leaf(1, 1, Key::Anywhere),
            tag::U16 | tag::I16 => Facts::leaf(2, 2, Key::Anywhere),
            tag::U32 | tag::I32 => Facts::leaf(4, 4, Key::Anywhere),
            tag::U64 | tag::I64 => Facts::leaf(8, 8, Key::Anywhere),
            tag::U128 | tag::I128 => Facts::leaf(16, 16, Key::Anywhere),
            tag::ADDRESS | tag::HASH => Facts::leaf(32, 32, Key::Anywhere),
            tag::STRING | tag::BYTES => Facts::leaf(4, UNBOUNDED, Key::Last),
            tag::OPTION => {
                let inner = checked!(self.reference(cursor));
                let mut option = Facts::leaf(1, inner.most.saturating_add(1), Key::No);
                option.deepen(&inner);
                option
            }
            tag::LIST | tag::SET => {
                let element = checked!(self.element(cursor));
                let is_bytes = kind == tag::LIST && element.tag == tag::U8;
                let key = if is_bytes { Key::Last } else { Key::No };
                let mut list = Facts::leaf(4, UNBOUNDED, key);
                list.deepen(&element);
                list
            }
            tag::MAP => {
                let key = checked!(self.element(cursor));
                let value = checked!(self.reference(cursor));
                let mut map = Facts::leaf(4, UNBOUNDED, Key::No);
                map.deepen(&key);
                map.deepen(&value);
                map
            }
            tag::ARRAY => checked!(self.array(cursor)),
            tag::TUPLE => checked!(self.tuple(cursor)),
            tag::STRUCT => {
                checked!(cursor.name(false));
                let fields = checked!(self.fields(cursor, limits::FIELDS));
                Facts { key: Key::No, ..fields }
            }
            tag::ENUM => checked!(self.variants(cursor)),
            _ => return Err(error(start, AbiFault::TypeTag)),
        })
    }

    const fn array(&mut self, cursor: &mut Cursor<'_>) -> Result<Facts, AbiError> {
        let element = checked!(self.element(cursor));
        let count = checked!(cursor.u32());
        let key = if element.tag == tag::U8 { Key::Anywhere } else { Key::No };
        let least = element.least.saturating_mul(count);
        let mut array = Facts::leaf(least, element.most.saturating_mul(count), key);
        array.deepen(&element);
        Ok(array)
    }

    const fn tuple(&mut self, cursor: &mut Cursor<'_>) -> Result<Facts, AbiError> {
        let mut left = checked!(cursor.count(limits::FIELDS, AbiFault::Count));
        let mut tuple = Facts::leaf(0, 0, Key::Anywhere);
        while left > 0 {
            tuple.append(&checked!(self.reference(cursor)));
            left -= 1;
        }
        Ok(tuple)
    }

    const fn variants(&mut self, cursor: &mut Cursor<'_>) -> Result<Facts, AbiError> {
        checked!(cursor.name(false));
        let start = cursor.at();
        let mut left = checked!(cursor.count(limits::VARIANTS, AbiFault::Count));
        if left == 0 {
            return Err(error(start, AbiFault::NoVariants));
        }
        let mut names = Names::<{ limits::VARIANTS }>::new();
        let mut all = Facts::leaf(UNBOUNDED, 0, Key::No);
        let mut least = 0;
        while left > 0 {
            let start = cursor.at();
            let index = checked!(cursor.byte()) as u32;
            if index < least {
                return Err(error(start, AbiFault::VariantOrder));
            }
            least = index + 1;
            checked!(names.read(cursor, false));
            let fields = checked!(self.fields(cursor, limits::FIELDS));
            // The depth of fields is that of the enum: the variant is no type.
            if fields.depth > all.depth {
                all.depth = fields.depth;
            }
            if fields.least < all.least {
                all.least = fields.least;
            }
            if fields.most > all.most {
                all.most = fields.most;
            }
            left -= 1;
        }
        all.least = all.least.saturating_add(1);
        all.most = all.most.saturating_add(1);
        Ok(all)
    }

    /// Whether something refers to each entry.
    pub(super) const fn all_used(&self) -> Result<(), AbiError> {
        let mut at = 0;
        while at < self.count {
            if !self.facts[at].used {
                return Err(error(self.facts[at].start, AbiFault::UnusedType));
            }
            at += 1;
        }
        Ok(())
    }
}
