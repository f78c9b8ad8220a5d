//! Caps of the section. What is beyond one is refused, by the compiler of a contract and by the
//! runtime alike.

/// Longest section, in bytes.
pub const SECTION_BYTES: usize = 65_536;
/// Longest name of a contract, method, event, error, type, field or handle, in bytes.
pub const NAME_BYTES: usize = 64;
/// Longest doc text, in bytes.
pub const DOCS_BYTES: usize = 4_096;
/// Most entries of the table of types.
pub const TYPES: usize = 256;
/// Deepest nesting of types: a primitive has depth 1, a list of it depth 2.
pub const TYPE_DEPTH: u8 = 16;
/// Most methods.
pub const METHODS: usize = 256;
/// Most parameters of a method.
pub const PARAMETERS: usize = 16;
/// Most events.
pub const EVENTS: usize = 128;
/// Most topics of an event, beside its name.
pub const TOPICS: usize = 3;
/// Longest topic, in bytes.
pub const TOPIC_BYTES: u32 = 64;
/// Most errors; the SDK's own begin at this index.
pub const ERRORS: usize = 240;
/// Most storage handles: one for each prefix.
pub const STORAGE: usize = 256;
/// Most fields of a struct, a tuple, a variant, an event or an error.
pub const FIELDS: usize = 64;
/// Most variants of an enum.
pub const VARIANTS: usize = 256;

const _: () = assert!(ERRORS == crate::SdkError::FIRST as usize);
const _: () = assert!(NAME_BYTES == crate::METHOD_NAME_BYTES as usize);
