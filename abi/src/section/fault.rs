//! Why bytes are not an ABI section.

use core::fmt;

/// Where a section is wrong, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AbiError {
    /// Offset in the section of the thing that is wrong: the first byte of a name's length, of an
    /// index, of an entry.
    pub offset: u32,
    /// What is wrong with it.
    pub fault: AbiFault,
}

impl fmt::Display for AbiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ABI section, at byte {}: {}", self.offset, self.fault.text())
    }
}

impl core::error::Error for AbiError {}

macro_rules! faults {
    ($( $(#[doc = $doc:literal])* $name:ident = $text:literal, )*) => {
        /// What is wrong with an ABI section.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AbiFault {
            $( $(#[doc = $doc])* $name, )*
        }

        impl AbiFault {
            /// Every one.
            pub const ALL: &'static [AbiFault] = &[$( AbiFault::$name, )*];

            /// The fault as a sentence for people.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $( AbiFault::$name => $text, )* }
            }
        }
    };
}

faults! {
    /// It ends too early.
    Truncated = "the section ends too early",
    /// Bytes follow its end.
    TrailingBytes = "bytes follow the end of the section",
    /// It is longer than `limits::SECTION_BYTES`.
    SectionLength = "the section is longer than 65536 bytes",
    /// Its first byte is not a known version.
    Format = "the format of the section is not version 1",
    /// A name is empty or longer than `limits::NAME_BYTES`.
    NameLength = "a name has between 1 and 64 bytes",
    /// A name has a byte outside of `A`–`Z`, `a`–`z`, `0`–`9`, `_`, or begins with a digit.
    NameCharacter = "a name has letters, digits and `_` of ASCII only and begins with no digit",
    /// A method's name begins with `_`.
    MethodUnderscore = "a method whose name begins with `_` can not be called",
    /// A doc text is longer than `limits::DOCS_BYTES`.
    DocsLength = "a doc text is longer than 4096 bytes",
    /// A doc text is not UTF-8, or has control characters or marks that turn the direction of text.
    DocsCharacter = "a doc text is UTF-8 without control characters or marks of direction",
    /// A count is beyond its cap.
    Count = "there are more entries than the limit",
    /// A bit of the capabilities has no meaning.
    Capabilities = "a bit of the capabilities has no meaning",
    /// A byte that is a flag is neither 0 nor 1.
    Flag = "a flag is neither 0 nor 1",
    /// The tag of a type is unknown.
    TypeTag = "there is no kind of type with this number",
    /// A type refers to itself, a later one, or none.
    TypeReference = "a reference to a type that is not in the table before it",
    /// Two entries of the table of types are equal.
    DuplicateType = "two entries of the table of types are equal",
    /// Nothing refers to an entry of the table of types.
    UnusedType = "nothing refers to this entry of the table of types",
    /// A type is deeper than `limits::TYPE_DEPTH`.
    TypeDepth = "a type is nested deeper than 16",
    /// The elements of a list, array or set, or the keys of a map, can be of no bytes.
    EmptyElement = "the elements of this type can be of no bytes, so their count means nothing",
    /// An enum has no variants.
    NoVariants = "an enum has no variants",
    /// Variants do not ascend by index.
    VariantOrder = "the variants of an enum do not ascend by index",
    /// Two fields, parameters, variants, errors or handles have the same name.
    DuplicateName = "a name is used twice",
    /// Methods do not ascend by name.
    MethodOrder = "the methods do not ascend by name, or one is there twice",
    /// The kind of a method is unknown.
    MethodKind = "there is no kind of method with this number",
    /// The re-entry policy of a method is unknown.
    Reentry = "there is no re-entry policy with this number",
    /// `init` or `migrate` is of another kind, or another method is of their kind.
    KindOfName = "`init` is the one constructor and `migrate` the one migration",
    /// A view is payable.
    PayableView = "a view can not be payable",
    /// A method is payable but the capabilities do not say so.
    PayableCapability = "a method is payable, but the contract does not say that it receives value",
    /// Events do not ascend by name.
    EventOrder = "the events do not ascend by name, or one is there twice",
    /// An event has more than `limits::TOPICS` topics.
    TopicCount = "an event has more than 3 topics",
    /// The type of a topic has no fixed size, or is longer than `limits::TOPIC_BYTES`.
    TopicType = "the type of a topic is not of a fixed size of at most 64 bytes",
    /// Errors do not ascend by index, or an index is not below `limits::ERRORS`.
    ErrorOrder = "the errors do not ascend by index, or an index is not below 240",
    /// Handles do not ascend by prefix.
    StorageOrder = "the storage handles do not ascend by prefix, or a prefix is there twice",
    /// The kind of a storage handle is unknown.
    StorageKind = "there is no kind of storage handle with this number",
    /// The key of a map in storage has no key encoding.
    KeyType = "a key is made of integers, `bool`, byte arrays, addresses and hashes, and of one \
               string or list of bytes at its end",
}
