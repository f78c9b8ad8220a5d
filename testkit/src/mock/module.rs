//! The module of a mock.
//!
//! Its memory begins with what the answers need: for each method the head of the text that it logs,
//! arguments to compare with, data to return. The input of a call comes behind that. A method
//! records the call, compares the input with the arguments that it knows, and does what goes with
//! them.

use dytallix_abi::{AbiType, EXPORT_MEMORY, HostFn, IMPORT_MODULE};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, InstructionSink, MemArg, MemArgTarget, MemorySection,
    MemoryType, Module, TypeSection, ValType,
};

use super::{Action, Answers, Methods};
use crate::heard::{CALLER, CHUNK, LENGTH, MARK, NAME, VALUE};

/// What a mock imports; the place in this list is the index of the function.
const IMPORTS: [HostFn; 8] = [
    HostFn::DebugLog,
    HostFn::InputSize,
    HostFn::InputCopy,
    HostFn::CallerAddress,
    HostFn::CallValue,
    HostFn::SetReturn,
    HostFn::Revert,
    HostFn::ExternalCall,
];

const DEBUG_LOG: u32 = 0;
const INPUT_SIZE: u32 = 1;
const INPUT_COPY: u32 = 2;
const CALLER_ADDRESS: u32 = 3;
const CALL_VALUE: u32 = 4;
const SET_RETURN: u32 = 5;
const REVERT: u32 = 6;
const EXTERNAL_CALL: u32 = 7;

/// Our own functions come behind the imports: `record`, `equals`, then the methods.
const RECORD: u32 = IMPORTS.len() as u32;
const EQUALS: u32 = RECORD + 1;
const FIRST_METHOD: u32 = EQUALS + 1;

/// Indices of our own types, behind those of the imports.
const RECORD_TYPE: u32 = IMPORTS.len() as u32;
const EQUALS_TYPE: u32 = RECORD_TYPE + 1;
const METHOD_TYPE: u32 = EQUALS_TYPE + 1;

/// Bytes in a page of memory.
const PAGE: u32 = 65_536;

/// One byte, at the address on the stack.
const BYTE: MemArg =
    MemArg { offset: 0, align: 0, target: MemArgTarget::Memory(0), ordering: None };
/// Four bytes, at the address on the stack.
const WORD: MemArg =
    MemArg { offset: 0, align: 2, target: MemArgTarget::Memory(0), ordering: None };

/// What memory begins with.
#[derive(Default)]
struct Data(Vec<u8>);

impl Data {
    /// Puts bytes there; where they are.
    fn put(&mut self, bytes: &[u8]) -> (i32, i32) {
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        let at = self.0.len();
        self.0.extend_from_slice(bytes);
        // What a test writes down is far below 2 GiB.
        (at as i32, bytes.len() as i32)
    }
}

/// A method before the place of the input is known.
struct Planned<'a> {
    name: &'a str,
    head: (i32, i32),
    exact: Vec<((i32, i32), PlannedAction)>,
    other: PlannedAction,
}

/// An action whose data has a place.
enum PlannedAction {
    Return((i32, i32)),
    Revert((i32, i32)),
    Trap,
    Call { to: i32, method: (i32, i32), arguments: (i32, i32), value: i32, status: i32 },
}

/// The module of these methods.
pub(super) fn write(methods: &Methods) -> Vec<u8> {
    let mut data = Data::default();
    let planned: Vec<Planned<'_>> =
        methods.iter().map(|(name, answers)| plan(name, answers, &mut data)).collect();
    let (input, _) = data.put(&[]);
    let mut code = CodeSection::new();
    code.function(&record(input)).function(&equals(input));
    planned.iter().for_each(|planned| _ = code.function(&method(planned)));

    let mut module = Module::new();
    module.section(&types()).section(&imports());
    let mut functions = FunctionSection::new();
    functions.function(RECORD_TYPE).function(EQUALS_TYPE);
    planned.iter().for_each(|_| _ = functions.function(METHOD_TYPE));
    module.section(&functions);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: u64::from(input as u32 / PAGE) + 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    module.section(&memories);
    let mut exports = ExportSection::new();
    exports.export(EXPORT_MEMORY, ExportKind::Memory, 0);
    for (planned, index) in planned.iter().zip(FIRST_METHOD..) {
        exports.export(planned.name, ExportKind::Func, index);
    }
    module.section(&exports).section(&code);
    let mut segments = DataSection::new();
    segments.active(0, &ConstExpr::i32_const(0), data.0);
    module.section(&segments);
    module.finish()
}

fn plan<'a>(name: &'a str, answers: &Answers, data: &mut Data) -> Planned<'a> {
    let mut head = Vec::from(MARK);
    head.resize(NAME as usize, 0);
    head.extend_from_slice(name.as_bytes());
    let head = data.put(&head);
    let exact = answers.exact.iter().map(|(arguments, action)| {
        let arguments = data.put(arguments);
        (arguments, plan_action(action, data))
    });
    let exact = exact.collect();
    let other = answers.other.as_ref().map_or(PlannedAction::Trap, |a| plan_action(a, data));
    Planned { name, head, exact, other }
}

fn plan_action(action: &Action, data: &mut Data) -> PlannedAction {
    match action {
        Action::Return(bytes) => PlannedAction::Return(data.put(bytes)),
        Action::Revert(bytes) => PlannedAction::Revert(data.put(bytes)),
        Action::Trap => PlannedAction::Trap,
        Action::Call { to, method, arguments } => PlannedAction::Call {
            to: data.put(to.as_bytes()).0,
            method: data.put(method.as_bytes()),
            arguments: data.put(arguments),
            value: data.put(&[0; 16]).0,
            status: data.put(&[0; 4]).0,
        },
    }
}

fn types() -> TypeSection {
    let mut types = TypeSection::new();
    let val = |ty: AbiType| match ty {
        AbiType::I32 => ValType::I32,
        AbiType::I64 => ValType::I64,
    };
    for import in IMPORTS {
        let params = import.params().iter().map(|param| val(param.ty));
        types.ty().function(params, import.results().iter().map(|ty| val(*ty)));
    }
    types.ty().function([ValType::I32; 2], [ValType::I32]);
    types.ty().function([ValType::I32; 3], [ValType::I32]);
    types.ty().function([], []);
    types
}

fn imports() -> ImportSection {
    let mut imports = ImportSection::new();
    for (import, ty) in IMPORTS.iter().zip(0..) {
        imports.import(IMPORT_MODULE, import.name(), EntityType::Function(ty));
    }
    imports
}

/// `record(head, length) -> size`: tells caller, value and input, reads the input and returns its
/// size.
fn record(input: i32) -> Function {
    let (head, length, size, at, rest) = (0, 1, 2, 3, 4);
    let mut function = Function::new([(3, ValType::I32)]);
    let mut code = function.instructions();
    code.local_get(head).i32_const(CALLER as i32).i32_add().call(CALLER_ADDRESS);
    code.local_get(head).i32_const(VALUE as i32).i32_add().call(CALL_VALUE);
    code.call(INPUT_SIZE).local_set(size);
    code.local_get(head).i32_const(LENGTH as i32).i32_add().local_get(size).i32_store(WORD);
    code.local_get(head).local_get(length).call(DEBUG_LOG);
    // Pages that are missing: (input + size + PAGE - 1) / PAGE - memory.size.
    code.local_get(size).i32_const(input + PAGE as i32 - 1).i32_add();
    code.i32_const(PAGE as i32).i32_div_u().memory_size(0).i32_sub().local_tee(at);
    code.i32_const(0).i32_gt_s().if_(BlockType::Empty);
    code.local_get(at).memory_grow(0).i32_const(-1).i32_eq();
    code.if_(BlockType::Empty).unreachable().end();
    code.end();
    code.i32_const(input).i32_const(0).local_get(size).call(INPUT_COPY);
    // The input in pieces.
    code.i32_const(0).local_set(at);
    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(at).local_get(size).i32_ge_u().br_if(1);
    code.local_get(size).local_get(at).i32_sub().local_set(rest);
    code.i32_const(input).local_get(at).i32_add();
    code.local_get(rest).i32_const(CHUNK as i32);
    code.local_get(rest).i32_const(CHUNK as i32).i32_lt_u().select().call(DEBUG_LOG);
    code.local_get(at).i32_const(CHUNK as i32).i32_add().local_set(at);
    code.br(0).end().end();
    code.local_get(size).end();
    function
}

/// `equals(size, place, length) -> 1 or 0`: whether the input is what is at that place.
fn equals(input: i32) -> Function {
    let (size, place, length, at) = (0, 1, 2, 3);
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.local_get(size).local_get(length).i32_ne();
    code.if_(BlockType::Empty).i32_const(0).return_().end();
    code.loop_(BlockType::Empty);
    code.local_get(at).local_get(length).i32_eq();
    code.if_(BlockType::Empty).i32_const(1).return_().end();
    code.i32_const(input).local_get(at).i32_add().i32_load8_u(BYTE);
    code.local_get(place).local_get(at).i32_add().i32_load8_u(BYTE).i32_ne();
    code.if_(BlockType::Empty).i32_const(0).return_().end();
    code.local_get(at).i32_const(1).i32_add().local_set(at);
    code.br(0).end().unreachable().end();
    function
}

fn method(planned: &Planned<'_>) -> Function {
    let size = 0;
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    let (head, length) = planned.head;
    code.i32_const(head).i32_const(length).call(RECORD).local_set(size);
    for ((place, length), action) in &planned.exact {
        code.local_get(size).i32_const(*place).i32_const(*length).call(EQUALS);
        code.if_(BlockType::Empty);
        perform(&mut code, action);
        code.return_().end();
    }
    perform(&mut code, &planned.other);
    code.end();
    function
}

fn perform(code: &mut InstructionSink<'_>, action: &PlannedAction) {
    match action {
        PlannedAction::Return((at, length)) => {
            code.i32_const(*at).i32_const(*length).call(SET_RETURN);
        }
        PlannedAction::Revert((at, length)) => {
            code.i32_const(*at).i32_const(*length).call(REVERT);
        }
        PlannedAction::Trap => _ = code.unreachable(),
        PlannedAction::Call { to, method, arguments, value, status } => {
            code.i32_const(*status).i32_const(*to);
            code.i32_const(method.0).i32_const(method.1);
            code.i32_const(arguments.0).i32_const(arguments.1);
            code.i32_const(*value).i64_const(-1).i32_const(0);
            code.call(EXTERNAL_CALL).i32_store(WORD);
            code.i32_const(*status).i32_const(4).call(SET_RETURN);
        }
    }
}
