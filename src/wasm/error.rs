//! What can be wrong with a module, and where.

use alloc::boxed::Box;
use core::fmt;

use super::{Features, ValType};

/// Why bytes are not an admissible module: what is wrong, at which byte, in which section and
/// function.
///
/// One pointer wide, so that results of the hot paths stay in registers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WasmError(Box<Details>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct Details {
    kind: WasmErrorKind,
    offset: u32,
    section: Option<SectionId>,
    function: Option<u32>,
}

impl WasmError {
    /// An error of this kind at this byte of the module.
    #[cold]
    #[inline(never)]
    pub fn new(kind: WasmErrorKind, offset: u32) -> WasmError {
        WasmError(Box::new(Details { kind, offset, section: None, function: None }))
    }

    /// What is wrong.
    pub fn kind(&self) -> &WasmErrorKind {
        &self.0.kind
    }

    /// Whose fault it is: syntax, validation, feature set or limits.
    pub fn class(&self) -> ErrorClass {
        self.0.kind.class()
    }

    /// Byte offset in the module.
    pub fn offset(&self) -> u32 {
        self.0.offset
    }

    /// The section, where one had been entered.
    pub fn section(&self) -> Option<SectionId> {
        self.0.section
    }

    /// Index of the function, within a function body.
    pub fn function(&self) -> Option<u32> {
        self.0.function
    }

    /// Names the section, unless an inner call has.
    pub(super) fn in_section(mut self, section: SectionId) -> WasmError {
        self.0.section.get_or_insert(section);
        self
    }

    /// Names the function, unless an inner call has.
    pub(super) fn in_function(mut self, function: u32) -> WasmError {
        self.0.function.get_or_insert(function);
        self
    }
}

impl fmt::Display for WasmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { kind, offset, section, function } = &*self.0;
        write!(f, "{kind} (offset {offset:#x}")?;
        if let Some(section) = section {
            write!(f, ", {section} section")?;
        }
        if let Some(function) = function {
            write!(f, ", function {function}")?;
        }
        f.write_str(")")
    }
}

impl core::error::Error for WasmError {}

/// The kinds of blame that a [`WasmErrorKind`] can carry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorClass {
    /// The bytes are not a module in the binary format.
    Malformed,
    /// A well-formed module that does not validate.
    Invalid,
    /// The module needs a feature that is not admitted.
    Unsupported,
    /// The module exceeds one of the [`Limits`](crate::Limits).
    Limit,
    /// A [`CodeSink`](super::CodeSink) refused a body.
    Refused,
}

/// What is an index out of bounds of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Space {
    /// Types.
    Type,
    /// Functions.
    Function,
    /// Tables.
    Table,
    /// Memories.
    Memory,
    /// Globals.
    Global,
    /// Locals of a function.
    Local,
    /// Labels of enclosing blocks.
    Label,
    /// Data segments.
    Data,
    /// Element segments.
    Element,
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Space::Type => "type",
            Space::Function => "function",
            Space::Table => "table",
            Space::Memory => "memory",
            Space::Global => "global",
            Space::Local => "local",
            Space::Label => "label",
            Space::Data => "data segment",
            Space::Element => "elem segment",
        })
    }
}

macro_rules! simple_kinds {
    ($($class:ident $name:ident $text:literal;)*) => {
        /// What is wrong with a module. Texts follow the specification's test suite where it has
        /// one.
        #[derive(Clone, PartialEq, Eq, Debug)]
        #[non_exhaustive]
        pub enum WasmErrorKind {
            $(#[doc = concat!("\"", $text, "\".")] $name,)*
            /// An opcode that no operator of this version has; behind a prefix, the prefix is in
            /// the upper half.
            IllegalOpcode(u32),
            /// A section of unknown number.
            MalformedSectionId(u8),
            /// A byte that begins no type.
            MalformedType(u8),
            /// An operand of the wrong type. `None` stands for an empty stack; where both are, any
            /// value is wanted.
            TypeMismatch {
                /// What the operator wants.
                expected: Option<ValType>,
                /// What is there.
                found: Option<ValType>,
            },
            /// An index that nothing has.
            Unknown {
                /// The index space.
                space: Space,
                /// The index.
                index: u32,
            },
            /// A needed feature is not admitted.
            Unsupported(Features),
            /// A limit is exceeded.
            Limit {
                /// Name of the field in [`Limits`](crate::Limits).
                name: &'static str,
                /// Its value.
                limit: u64,
            },
            /// A sink's reason to refuse a body.
            Refused(&'static str),
        }

        impl WasmErrorKind {
            /// Whose fault it is.
            pub fn class(&self) -> ErrorClass {
                match self {
                    $(WasmErrorKind::$name => ErrorClass::$class,)*
                    WasmErrorKind::IllegalOpcode(_)
                    | WasmErrorKind::MalformedSectionId(_)
                    | WasmErrorKind::MalformedType(_) => ErrorClass::Malformed,
                    WasmErrorKind::TypeMismatch { .. } | WasmErrorKind::Unknown { .. } => {
                        ErrorClass::Invalid
                    }
                    WasmErrorKind::Unsupported(_) => ErrorClass::Unsupported,
                    WasmErrorKind::Limit { .. } => ErrorClass::Limit,
                    WasmErrorKind::Refused(_) => ErrorClass::Refused,
                }
            }

            fn text(&self) -> &'static str {
                match self {
                    $(WasmErrorKind::$name => $text,)*
                    _ => "",
                }
            }
        }
    };
}

simple_kinds! {
    Malformed BadMagic "magic header not detected";
    Malformed UnknownVersion "unknown binary version";
    Malformed UnexpectedEnd "unexpected end";
    Malformed IntegerTooLong "integer representation too long";
    Malformed IntegerTooLarge "integer too large";
    Malformed MalformedUtf8 "malformed UTF-8 encoding";
    Malformed LengthOutOfBounds "length out of bounds";
    Malformed SectionOutOfOrder "unexpected content after last section";
    Malformed SectionSizeMismatch "section size mismatch";
    Malformed BodySizeMismatch "function body size mismatch";
    Malformed EndExpected "END opcode expected";
    Malformed FunctionCodeMismatch "function and code section have inconsistent lengths";
    Malformed DataCountMismatch "data count and data section have inconsistent lengths";
    Malformed DataCountRequired "data count section required";
    Malformed TooManyLocals "too many locals";
    Malformed ZeroByteExpected "zero byte expected";
    Malformed MalformedLimitsFlags "malformed limits flags";
    Malformed MalformedMutability "malformed mutability";
    Malformed MalformedImportKind "malformed import kind";
    Malformed MalformedExportKind "malformed export kind";
    Malformed MalformedElementKind "malformed element kind";
    Malformed MalformedSegmentFlags "malformed segment flags";
    Malformed MalformedMemopFlags "malformed memop flags";
    Malformed MisplacedElse "else without if";
    Invalid AlignmentTooLarge "alignment must not be larger than natural";
    Invalid UntypedSelect "type mismatch: select without a type selects numbers";
    Invalid InvalidResultArity "invalid result arity";
    Invalid ConstantExpressionRequired "constant expression required";
    Invalid ImmutableGlobal "global is immutable";
    Invalid DuplicateExport "duplicate export name";
    Invalid BadStartFunction "start function must have type [] -> []";
    Invalid MinimumAboveMaximum "size minimum must not be greater than maximum";
    Invalid MemoryTooLarge "memory size must be at most 65536 pages (4 GiB)";
    Invalid UndeclaredFunctionReference "undeclared function reference";
    Invalid MultipleMemories "multiple memories";
    Invalid MultipleTables "multiple tables";
}

impl fmt::Display for WasmErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WasmErrorKind::IllegalOpcode(code) => write!(f, "illegal opcode {code:#04x}"),
            WasmErrorKind::MalformedSectionId(id) => write!(f, "malformed section id {id}"),
            WasmErrorKind::MalformedType(byte) => write!(f, "malformed type {byte:#04x}"),
            WasmErrorKind::TypeMismatch { expected, found } => {
                let name = |f: &mut fmt::Formatter<'_>, ty: &Option<ValType>| match ty {
                    Some(ty) => ty.fmt(f),
                    None => f.write_str("nothing"),
                };
                f.write_str("type mismatch: expected ")?;
                if expected.is_none() && found.is_none() {
                    return f.write_str("a value, found nothing");
                }
                name(f, expected)?;
                f.write_str(", found ")?;
                name(f, found)
            }
            WasmErrorKind::Unknown { space, index } => write!(f, "unknown {space} {index}"),
            WasmErrorKind::Unsupported(features) => write!(f, "unsupported feature: {features}"),
            WasmErrorKind::Limit { name, limit } => {
                write!(f, "limit exceeded: {name} is {limit}")
            }
            WasmErrorKind::Refused(why) => f.write_str(why),
            _ => f.write_str(self.text()),
        }
    }
}

macro_rules! section_ids {
    ($($id:literal $name:ident $text:literal;)*) => {
        /// The sections of a module, by their numbers in the binary format.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum SectionId {
            $(#[doc = concat!("The ", $text, " section.")] $name = $id,)*
        }

        impl SectionId {
            /// The section with this number.
            pub const fn from_id(id: u8) -> Option<SectionId> {
                match id {
                    $($id => Some(SectionId::$name),)*
                    _ => None,
                }
            }

            /// Name of the section, in lower case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(SectionId::$name => $text,)*
                }
            }
        }
    };
}

section_ids! {
    0 Custom "custom";
    1 Type "type";
    2 Import "import";
    3 Function "function";
    4 Table "table";
    5 Memory "memory";
    6 Global "global";
    7 Export "export";
    8 Start "start";
    9 Element "element";
    10 Code "code";
    11 Data "data";
    12 DataCount "data count";
}

impl fmt::Display for SectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
