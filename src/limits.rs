//! Every limit of the runtime, as data.
//!
//! Limits cap *WebAssembly* quantities only (never register-code quantities), so that a better
//! translator cannot change which modules a chain admits. A `Limits` value is part of a chain's
//! protocol.

/// Upper bounds on what a module may declare and on what an execution may use.
///
/// `Default` is the bare machine's generous set; [`Limits::contract`] is the set meant for
/// contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Size of a whole binary module, in bytes.
    pub module_bytes: u32,
    /// Number of entries in the type section.
    pub types: u32,
    /// Number of functions, imported ones included.
    pub functions: u32,
    /// Number of imports of any kind.
    pub imports: u32,
    /// Number of exports.
    pub exports: u32,
    /// Number of globals, imported ones included.
    pub globals: u32,
    /// Number of tables, imported ones included.
    pub tables: u32,
    /// Number of memories, imported ones included.
    pub memories: u32,
    /// Number of element segments.
    pub element_segments: u32,
    /// Number of data segments.
    pub data_segments: u32,
    /// Number of initial items of one element segment.
    pub element_items: u32,
    /// Length of one import, export or custom-section name, in bytes.
    pub name_bytes: u32,
    /// Parameters of one function or block type.
    pub params: u32,
    /// Results of one function or block type, which is also what one branch may carry.
    pub results: u32,
    /// Size of one function body, in bytes.
    pub body_bytes: u32,
    /// Slots that one function uses: parameters, locals after expansion and greatest operand
    /// height, where a `v128` counts two. Never more than
    /// [`MAX_FUNCTION_SLOTS`](Limits::MAX_FUNCTION_SLOTS), since register operands are 16 bits
    /// wide.
    pub function_slots: u32,
    /// Nesting depth of blocks in one function.
    pub nesting: u32,
    /// Labels of one `br_table`, the default included.
    pub br_table_labels: u32,
    /// Operators of one constant expression.
    pub const_operators: u32,
    /// Pages (64 KiB each) that one linear memory may reach.
    pub memory_pages: u32,
    /// Elements that one table may reach.
    pub table_elements: u32,
    /// Slots (8 bytes each) of the value stack of one call tree. An activation that is suspended at
    /// a call uses `max(params, results) + 2 + locals + operand height below the arguments`; the
    /// running one uses the same with its greatest operand height. (`locals` counts declared
    /// locals, a `v128` counts two.) Exceeding it is the trap "call stack exhausted".
    pub stack_slots: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            module_bytes: 64 << 20,
            types: 1_000_000,
            functions: 1_000_000,
            imports: 1_000_000,
            exports: 1_000_000,
            globals: 1_000_000,
            tables: 100_000,
            memories: 100,
            element_segments: 1_000_000,
            data_segments: 1_000_000,
            element_items: 10_000_000,
            name_bytes: 100_000,
            params: 1_000,
            results: 1_000,
            body_bytes: 8 << 20,
            function_slots: 32_000,
            nesting: 10_000,
            br_table_labels: 1_000_000,
            const_operators: 10_000,
            memory_pages: 65_536,
            table_elements: 10_000_000,
            stack_slots: 128 << 10,
        }
    }
}

impl Limits {
    /// Slots that a function can use at most, whatever [`function_slots`](Limits::function_slots)
    /// says.
    pub const MAX_FUNCTION_SLOTS: u32 = 32_000;

    /// The limits meant for contracts on a chain: a module of 1 MiB, 16 MiB of memory, one table of
    /// 10,000 elements.
    pub fn contract() -> Self {
        Limits {
            module_bytes: 1 << 20,
            types: 10_000,
            functions: 10_000,
            imports: 1_000,
            exports: 1_000,
            globals: 1_000,
            tables: 1,
            memories: 1,
            element_segments: 10_000,
            data_segments: 10_000,
            element_items: 10_000,
            name_bytes: 256,
            // Compilers stay far below. A call or block of two bytes moves as many operands.
            params: 32,
            results: 4,
            body_bytes: 128 << 10,
            function_slots: 4_096,
            nesting: 512,
            br_table_labels: 4_096,
            const_operators: 64,
            memory_pages: 256,
            table_elements: 10_000,
            stack_slots: 64 << 10,
        }
    }
}

/// Upper bounds on what contracts may hand to host functions and on trees of calls.
#[cfg(feature = "ledger")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallLimits {
    /// Length of a storage key, in bytes; at least one byte in any case.
    pub key_bytes: u32,
    /// Length of a storage value, in bytes.
    pub value_bytes: u32,
    /// Length of the arguments of a call, in bytes.
    pub argument_bytes: u32,
    /// Length of return and revert data, in bytes.
    pub return_bytes: u32,
    /// Topics of one event.
    pub topics: u32,
    /// Length of one topic, in bytes.
    pub topic_bytes: u32,
    /// Length of the data of one event, in bytes.
    pub event_bytes: u32,
    /// Events of one transaction.
    pub events: u32,
    /// Bytes of keys and transient values that one transaction may hold.
    pub transient_bytes: u32,
    /// Length of what is hashed or checked at once: data, messages, keys, signatures; in bytes.
    pub data_bytes: u32,
    /// Length of one text of `debug_log`, in bytes.
    pub log_bytes: u32,
    /// Frames that may be open at once, the outermost included.
    pub depth: u32,
    /// Pages of memory (64 KiB each) that the frames open at once may have together.
    pub tree_pages: u32,
    /// How much storage contracts may use.
    pub storage: StorageLimits,
}

/// Upper bounds on the storage of contracts.
#[cfg(feature = "ledger")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageLimits {
    /// Entries of one contract.
    pub contract_items: u64,
    /// Bytes of the keys and values of one contract.
    pub contract_bytes: u64,
    /// Writes of one transaction: values that were set or removed and differ from what was there.
    /// Those that were undone do not count.
    pub transaction_writes: u32,
}

#[cfg(feature = "ledger")]
impl StorageLimits {
    /// No limits.
    pub const NONE: StorageLimits = StorageLimits {
        contract_items: u64::MAX,
        contract_bytes: u64::MAX,
        transaction_writes: u32::MAX,
    };
}

#[cfg(feature = "ledger")]
impl Default for StorageLimits {
    fn default() -> Self {
        StorageLimits {
            contract_items: 16 << 20,
            contract_bytes: 4 << 30,
            transaction_writes: 10_000,
        }
    }
}

#[cfg(feature = "ledger")]
impl Default for CallLimits {
    fn default() -> Self {
        CallLimits {
            key_bytes: 256,
            value_bytes: 64 << 10,
            argument_bytes: 64 << 10,
            return_bytes: 64 << 10,
            topics: 4,
            topic_bytes: 64,
            event_bytes: 16 << 10,
            events: 1_024,
            transient_bytes: 1 << 20,
            data_bytes: 1 << 20,
            log_bytes: 1 << 10,
            depth: 64,
            tree_pages: 1_024,
            storage: StorageLimits::default(),
        }
    }
}
