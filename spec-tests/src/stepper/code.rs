//! A function body as the stepper walks it: operators in order, where each block ends, and the
//! greatest operand height.
//!
//! # Greatest operand height
//!
//! The height of the operand stack, in slots, is looked at between any two operators of the body:
//! after each operator but the function's own `end`, once the operator has popped and pushed. Only
//! *reachable* places count. Reachability is a matter of syntax alone:
//!
//! * a body begins reachable;
//! * what follows `unreachable`, `br`, `br_table`, `return`, `return_call` or
//!   `return_call_indirect` is not reachable, up to the `else` or `end` of the innermost block
//!   around it, nor are blocks within that stretch;
//! * an `else` and an `end` are followed by reachable code if their block began reachable; the
//!   height there is the one below the block plus the block's parameters (`else`) or results
//!   (`end`).

use std::collections::HashMap;

use dytallix::wasm::{BlockType, Module, Operator, Shape, ValType};

/// The body of one function.
pub struct Code<'m> {
    /// Byte offset of the body in the module.
    pub start: u32,
    /// Operators in order, each with its byte offset in the module.
    pub operators: Vec<(u32, Operator<'m>)>,
    /// Types of the declared locals, in order.
    pub locals: Vec<ValType>,
    /// Position of the `end` of the block, loop or if that begins at a position.
    pub ends: HashMap<usize, usize>,
    /// Position of the `else` of the if that begins at a position.
    pub elses: HashMap<usize, usize>,
    /// Greatest operand height, in slots.
    pub greatest_height: u64,
}

impl<'m> Code<'m> {
    /// Reads the body of the function with this index.
    pub fn new(module: &'m Module, function: u32) -> Self {
        let operators: Vec<_> = module.operators(function).collect();
        let locals = module
            .locals(function)
            .flat_map(|(count, ty)| std::iter::repeat_n(ty, count as usize))
            .collect();
        let (ends, elses) = match_blocks(&operators);
        let greatest_height = greatest_height(module, function, &operators);
        let start = module.functions()[function as usize].body.start;
        Code { start, operators, locals, ends, elses, greatest_height }
    }

    /// Slots that the declared locals take.
    pub fn local_slots(&self) -> u64 {
        slots(&self.locals)
    }
}

/// Slots that values of these types take.
pub fn slots(types: &[ValType]) -> u64 {
    types.iter().map(|ty| if *ty == ValType::V128 { 2 } else { 1 }).sum()
}

/// Parameters and results of a block.
pub fn block_signature(module: &Module, ty: BlockType) -> (Vec<ValType>, Vec<ValType>) {
    match ty {
        BlockType::Empty => (Vec::new(), Vec::new()),
        BlockType::Value(ty) => (Vec::new(), vec![ty]),
        BlockType::Type(index) => {
            let ty = &module.types()[index as usize];
            (ty.params().to_vec(), ty.results().to_vec())
        }
    }
}

/// Positions of the `end` and of the `else` of each block, by the position where the block begins.
fn match_blocks(
    operators: &[(u32, Operator<'_>)],
) -> (HashMap<usize, usize>, HashMap<usize, usize>) {
    let (mut ends, mut elses) = (HashMap::new(), HashMap::new());
    let mut open = Vec::new();
    for (position, (_, operator)) in operators.iter().enumerate() {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                open.push(position);
            }
            Operator::Else { .. } => {
                if let Some(&begin) = open.last() {
                    elses.insert(begin, position);
                }
            }
            // The last `end` is the function's own and closes no block.
            Operator::End { .. } => {
                if let Some(begin) = open.pop() {
                    ends.insert(begin, position);
                }
            }
            _ => {}
        }
    }
    (ends, elses)
}

/// A block that is open while heights are computed.
struct OpenBlock {
    /// Height below the block's parameters.
    base: u64,
    params: u64,
    results: u64,
    /// Whether the block began in reachable code.
    reachable: bool,
}

fn greatest_height(module: &Module, function: u32, operators: &[(u32, Operator<'_>)]) -> u64 {
    let (mut height, mut greatest, mut reachable) = (0, 0, true);
    let mut open: Vec<OpenBlock> = Vec::new();
    for (_, operator) in operators {
        match *operator {
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                if reachable && matches!(operator, Operator::If { .. }) {
                    height -= 1;
                }
                let (params, results) = block_signature(module, blockty);
                let (params, results) = (slots(&params), slots(&results));
                let base = if reachable { height - params } else { 0 };
                open.push(OpenBlock { base, params, results, reachable });
            }
            Operator::Else { .. } => {
                let block = open.last().expect("validated: `else` is within an `if`");
                reachable = block.reachable;
                height = block.base + block.params;
            }
            Operator::End { .. } => match open.pop() {
                Some(block) => {
                    reachable = block.reachable;
                    height = block.base + block.results;
                }
                // The function's own `end`: nothing follows it.
                None => break,
            },
            Operator::Unreachable { .. }
            | Operator::Br { .. }
            | Operator::BrTable { .. }
            | Operator::Return { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. } => reachable = false,
            _ if reachable => {
                let (popped, pushed) = effect(module, function, operator);
                height = height - popped + pushed;
            }
            _ => {}
        }
        if reachable {
            greatest = greatest.max(height);
        }
    }
    greatest
}

/// Slots that an operator pops and pushes, blocks and unconditional branches apart.
///
/// `drop` and `select` are counted as if their operands took one slot, which holds as long as no
/// profile admits vectors.
fn effect(module: &Module, function: u32, operator: &Operator<'_>) -> (u64, u64) {
    let signature = |ty: &dytallix::wasm::FuncType| (slots(ty.params()), slots(ty.results()));
    match *operator {
        Operator::Nop { .. } | Operator::DataDrop { .. } | Operator::ElemDrop { .. } => (0, 0),
        Operator::LocalGet { .. }
        | Operator::GlobalGet { .. }
        | Operator::RefNull { .. }
        | Operator::RefFunc { .. }
        | Operator::MemorySize { .. }
        | Operator::TableSize { .. } => (0, 1),
        Operator::Drop { .. }
        | Operator::LocalSet { .. }
        | Operator::GlobalSet { .. }
        | Operator::BrIf { .. } => (1, 0),
        Operator::LocalTee { .. }
        | Operator::RefIsNull { .. }
        | Operator::MemoryGrow { .. }
        | Operator::TableGet { .. } => (1, 1),
        Operator::TableSet { .. } => (2, 0),
        Operator::TableGrow { .. } => (2, 1),
        Operator::Select { .. } | Operator::TypedSelect { .. } => (3, 1),
        Operator::MemoryInit { .. }
        | Operator::MemoryCopy { .. }
        | Operator::MemoryFill { .. }
        | Operator::TableInit { .. }
        | Operator::TableCopy { .. }
        | Operator::TableFill { .. } => (3, 0),
        Operator::Call { function_index } => signature(module.type_of(function_index)),
        Operator::CallIndirect { type_index, .. } => {
            let (params, results) = signature(&module.types()[type_index as usize]);
            (params + 1, results)
        }
        _ => match operator.row().shape {
            Shape::Plain { params, results } => (slots(params), slots(results)),
            Shape::Load { ty, .. } => (1, slots(&[ty])),
            Shape::Store { ty, .. } => (1 + slots(&[ty]), 0),
            Shape::Special => {
                unreachable!("function {function}: {} has an effect of its own", operator.name())
            }
        },
    }
}
