//! A guest interpreter: a stack machine with one dense `match`, which compiles to `br_table`.
#![no_std]
use dytallix_kernels as _;

#[derive(Clone, Copy)]
#[repr(u8)]
enum Op {
    Push,
    Load,
    Store,
    Add,
    Sub,
    Mul,
    Xor,
    Shift,
    Less,
    JumpIf,
    Jump,
    Dup,
    Swap,
    Drop,
    Halt,
}

/// Counts down from variable 0, mixing into variable 1; odd steps take another path.
const PROGRAM: [(Op, i32); 27] = [
    (Op::Load, 0),
    (Op::Push, 1),
    (Op::Less, 0),
    (Op::JumpIf, 26),
    (Op::Load, 0),
    (Op::Push, 1),
    (Op::Sub, 0),
    (Op::Dup, 0),
    (Op::Store, 0),
    (Op::Load, 1),
    (Op::Swap, 0),
    (Op::Push, 31),
    (Op::Mul, 0),
    (Op::Add, 0),
    (Op::Dup, 0),
    (Op::Shift, 3),
    (Op::Xor, 0),
    (Op::Dup, 0),
    (Op::Push, 0),
    (Op::Less, 0),
    (Op::JumpIf, 23),
    (Op::Push, 17),
    (Op::Add, 0),
    (Op::Dup, 0),
    (Op::Store, 1),
    (Op::Jump, 25),
    (Op::Halt, 0),
];

fn interpret(program: &[(Op, i32)], vars: &mut [i32; 4]) -> u32 {
    let mut stack = [0_i32; 256];
    let (mut top, mut pc, mut steps) = (0_u8, 0, 0);
    loop {
        let (op, arg) = program[pc];
        pc += 1;
        steps += 1;
        let second = usize::from(top.wrapping_sub(1));
        match op {
            Op::Push => {
                top = top.wrapping_add(1);
                stack[usize::from(top)] = arg;
            }
            Op::Load => {
                top = top.wrapping_add(1);
                stack[usize::from(top)] = vars[arg as usize & 3];
            }
            Op::Store => {
                vars[arg as usize & 3] = stack[usize::from(top)];
                top = top.wrapping_sub(1);
            }
            Op::Add => {
                stack[second] = stack[second].wrapping_add(stack[usize::from(top)]);
                top = top.wrapping_sub(1);
            }
            Op::Sub => {
                stack[second] = stack[second].wrapping_sub(stack[usize::from(top)]);
                top = top.wrapping_sub(1);
            }
            Op::Mul => {
                stack[second] = stack[second].wrapping_mul(stack[usize::from(top)]);
                top = top.wrapping_sub(1);
            }
            Op::Xor => {
                stack[second] ^= stack[usize::from(top)];
                top = top.wrapping_sub(1);
            }
            Op::Shift => stack[usize::from(top)] >>= arg & 31,
            Op::Less => {
                stack[second] = i32::from(stack[second] < stack[usize::from(top)]);
                top = top.wrapping_sub(1);
            }
            Op::JumpIf => {
                if stack[usize::from(top)] != 0 {
                    pc = arg as usize;
                }
                top = top.wrapping_sub(1);
            }
            Op::Jump => {
                // Back to the start with an empty stack: the paths leave different heights behind.
                top = 0;
                pc = arg as usize - 25;
            }
            Op::Dup => {
                let value = stack[usize::from(top)];
                top = top.wrapping_add(1);
                stack[usize::from(top)] = value;
            }
            Op::Swap => stack.swap(second, usize::from(top)),
            Op::Drop => top = top.wrapping_sub(1),
            Op::Halt => return steps,
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn run(n: i32) -> i64 {
    // Only a run-time property of `n` decides between the two, so the program stays data.
    let mut program = PROGRAM;
    if n == i32::MIN {
        program[0] = (Op::Drop, 0);
    }
    let mut vars = [n, 1, 0, 0];
    let steps = interpret(&program, &mut vars);
    (i64::from(steps) << 32) ^ i64::from(vars[1])
}
