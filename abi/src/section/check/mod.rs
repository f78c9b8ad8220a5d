//! The check of a section: a loop over its bytes that remembers a few numbers about each type.

mod names;
mod types;

use super::cursor::{Cursor, checked, error};
use super::fault::{AbiError, AbiFault};
use super::numbers::{Capabilities, MethodKind, Reentry, storage};
use super::text::{compare, equal};
use super::{ABI_FORMAT, limits};
use crate::{METHOD_INIT, METHOD_MIGRATE};
use names::Names;
use types::Types;

/// Whether `bytes` are a section: canonical, so that decoding and encoding gives the same bytes,
/// and within all caps.
///
/// # Errors
///
/// The first place where they are not.
pub(crate) const fn check(bytes: &[u8]) -> Result<(), AbiError> {
    if bytes.len() > limits::SECTION_BYTES {
        return Err(error(limits::SECTION_BYTES, AbiFault::SectionLength));
    }
    let mut cursor = Cursor::new(bytes);
    if checked!(cursor.byte()) != ABI_FORMAT {
        return Err(error(0, AbiFault::Format));
    }
    checked!(cursor.name(false));
    checked!(cursor.u32());
    let start = cursor.at();
    let Some(capabilities) = Capabilities::from_bits(checked!(cursor.u32())) else {
        return Err(error(start, AbiFault::Capabilities));
    };
    let mut types = checked!(Types::check(&mut cursor));
    checked!(methods(&mut cursor, &mut types, capabilities));
    checked!(events(&mut cursor, &mut types));
    checked!(errors(&mut cursor, &mut types));
    checked!(handles(&mut cursor, &mut types));
    checked!(cursor.docs());
    if cursor.at() != bytes.len() {
        return Err(error(cursor.at(), AbiFault::TrailingBytes));
    }
    types.all_used()
}

/// A name that is greater than `previous` in byte order.
const fn ascending<'a>(
    cursor: &mut Cursor<'a>,
    previous: &'a [u8],
    fault: AbiFault,
) -> Result<&'a [u8], AbiError> {
    let start = cursor.at();
    let name = checked!(cursor.name(false));
    if compare(previous, name) < 0 { Ok(name) } else { Err(error(start, fault)) }
}

const fn methods(
    cursor: &mut Cursor<'_>,
    types: &mut Types,
    capabilities: Capabilities,
) -> Result<(), AbiError> {
    let mut left = checked!(cursor.count(limits::METHODS, AbiFault::Count));
    let mut name: &[u8] = &[];
    while left > 0 {
        let start = cursor.at();
        name = checked!(ascending(cursor, name, AbiFault::MethodOrder));
        if name[0] == b'_' {
            return Err(error(start, AbiFault::MethodUnderscore));
        }
        let kind_at = cursor.at();
        let Some(kind) = MethodKind::from_code(checked!(cursor.byte())) else {
            return Err(error(kind_at, AbiFault::MethodKind));
        };
        let is_init = equal(name, METHOD_INIT.as_bytes());
        let is_migrate = equal(name, METHOD_MIGRATE.as_bytes());
        if is_init != matches!(kind, MethodKind::Init)
            || is_migrate != matches!(kind, MethodKind::Migrate)
        {
            return Err(error(kind_at, AbiFault::KindOfName));
        }
        let payable_at = cursor.at();
        if checked!(cursor.flag()) {
            if matches!(kind, MethodKind::View) {
                return Err(error(payable_at, AbiFault::PayableView));
            }
            if !capabilities.contains(Capabilities::RECEIVE_VALUE) {
                return Err(error(payable_at, AbiFault::PayableCapability));
            }
        }
        let reentry_at = cursor.at();
        if Reentry::from_code(checked!(cursor.byte())).is_none() {
            return Err(error(reentry_at, AbiFault::Reentry));
        }
        checked!(types.fields(cursor, limits::PARAMETERS));
        checked!(types.reference(cursor));
        checked!(cursor.docs());
        left -= 1;
    }
    Ok(())
}

const fn events(cursor: &mut Cursor<'_>, types: &mut Types) -> Result<(), AbiError> {
    let mut left = checked!(cursor.count(limits::EVENTS, AbiFault::Count));
    let mut name: &[u8] = &[];
    while left > 0 {
        name = checked!(ascending(cursor, name, AbiFault::EventOrder));
        let mut fields = checked!(cursor.count(limits::FIELDS, AbiFault::Count));
        let mut names = Names::<{ limits::FIELDS }>::new();
        let mut topics = 0;
        while fields > 0 {
            checked!(names.read(cursor, true));
            let start = cursor.at();
            let facts = checked!(types.reference(cursor));
            let flag_at = cursor.at();
            if checked!(cursor.flag()) {
                topics += 1;
                if topics > limits::TOPICS {
                    return Err(error(flag_at, AbiFault::TopicCount));
                }
                if facts.least != facts.most || facts.most > limits::TOPIC_BYTES {
                    return Err(error(start, AbiFault::TopicType));
                }
            }
            fields -= 1;
        }
        checked!(cursor.docs());
        left -= 1;
    }
    Ok(())
}

const fn errors(cursor: &mut Cursor<'_>, types: &mut Types) -> Result<(), AbiError> {
    let mut left = checked!(cursor.count(limits::ERRORS, AbiFault::Count));
    let mut names = Names::<{ limits::ERRORS }>::new();
    let mut least = 0;
    while left > 0 {
        let start = cursor.at();
        let index = checked!(cursor.byte()) as usize;
        if index < least || index >= limits::ERRORS {
            return Err(error(start, AbiFault::ErrorOrder));
        }
        least = index + 1;
        checked!(names.read(cursor, false));
        checked!(types.fields(cursor, limits::FIELDS));
        checked!(cursor.docs());
        left -= 1;
    }
    Ok(())
}

const fn handles(cursor: &mut Cursor<'_>, types: &mut Types) -> Result<(), AbiError> {
    let mut left = checked!(cursor.count(limits::STORAGE, AbiFault::Count));
    let mut names = Names::<{ limits::STORAGE }>::new();
    let mut least = 0;
    while left > 0 {
        checked!(names.read(cursor, false));
        let start = cursor.at();
        let prefix = checked!(cursor.byte()) as u32;
        if prefix < least {
            return Err(error(start, AbiFault::StorageOrder));
        }
        least = prefix + 1;
        let kind_at = cursor.at();
        match checked!(cursor.byte()) {
            storage::ITEM | storage::LIST => {
                checked!(types.reference(cursor));
            }
            storage::MAP => {
                let key_at = cursor.at();
                let key = checked!(types.reference(cursor));
                if !key.is_key() {
                    return Err(error(key_at, AbiFault::KeyType));
                }
                checked!(types.reference(cursor));
            }
            _ => return Err(error(kind_at, AbiFault::StorageKind)),
        }
        checked!(cursor.docs());
        left -= 1;
    }
    Ok(())
}
