//! Functions whose operators the translator makes one op of, in every form that it has for them,
//! and the ways in which that could go wrong: a local that is overwritten in between, an
//! accumulator that is taken, a value that something else needs.

use dytallix::wasm::{OperatorKind, Shape, ValType};

use crate::variants::{From, Variants, is_number, operand};

const I32: ValType = ValType::I32;

/// Addresses of two operands: locals 0 and 1, and what comes before where the accumulator is to
/// hold a local.
fn addresses() -> Vec<String> {
    let mut all: Vec<String> = [
        "local.get 0 i32.const 4 i32.add",
        "i32.const -8 local.get 0 i32.add",
        "local.get 0 i32.const 0x80000000 i32.sub",
        "local.get 0 i32.const 9 i32.sub i32.const 4 i32.add",
        "local.get 0 i32.const 3 i32.xor local.tee 0 i32.const 8 i32.add",
        "local.get 0 local.get 1 i32.add",
        "local.get 0 local.get 1 i32.const 3 i32.and i32.add",
        "local.get 1 i32.const 3 i32.and local.get 0 i32.add",
        "local.get 0 i32.const 3 i32.and local.tee 0 local.get 1 i32.add",
        "local.get 0 local.get 1 i32.xor i32.const 8 i32.add",
        "i32.const -8 local.get 0 local.get 1 i32.or i32.add",
        "local.get 0 i32.const 8 i32.add local.get 1 local.get 0 i32.mul i32.add",
        "local.get 1 local.get 0 i32.mul local.get 1 i32.const 8 i32.sub i32.add",
    ]
    .map(String::from)
    .to_vec();
    for shift in 0..4 {
        all.push(format!("local.get 0 local.get 1 i32.const {shift} i32.shl i32.add"));
        all.push(format!("local.get 0 i32.const {shift} i32.shl"));
        all.push(format!("local.get 0 i32.const 1 i32.xor i32.const {shift} i32.shl"));
        all.push(format!(
            "local.get 0 local.get 1 i32.const 15 i32.and i32.const {shift} i32.shl i32.add"
        ));
        let index = format!("local.get 1 i32.const 15 i32.and i32.const {shift} i32.shl");
        let scaled = format!("local.get 1 i32.const {shift} i32.shl");
        for index in [index, scaled] {
            all.push(format!("local.get 0 i32.const 9 i32.add {index} i32.add"));
            all.push(format!("{index} local.get 0 i32.const 0x80000000 i32.sub i32.add"));
            all.push(format!("{index} local.get 1 i32.const 1 i32.add i32.add"));
        }
    }
    all
}

/// Sets local 2 to a number made of local 1. `keep` says whether the accumulator goes on holding
/// it.
fn value(ty: ValType, keep: bool) -> String {
    let convert = match ty {
        ValType::I32 => "i32.const 77 i32.xor",
        ValType::I64 => "i64.extend_i32_s",
        ValType::F32 => "f32.convert_i32_s",
        _ => "f64.convert_i32_s",
    };
    let clobber = match ty.is_float() {
        true if !keep => format!("local.get 2 {ty}.neg drop"),
        _ => String::new(),
    };
    format!("local.get 1 {convert} local.set 2 {clobber}")
}

/// Every load and store with addresses of several pieces.
pub fn addressed() -> Variants {
    let mut all = Variants::new("(memory 1)");
    for kind in OperatorKind::ALL {
        let row = kind.row();
        for offset in ["", " offset=8", " offset=65535", " offset=65536"] {
            let text = format!("{}{offset}", row.name);
            for address in addresses() {
                match row.shape {
                    Shape::Load { ty, .. } if is_number(&ty) => {
                        all.results(&[I32, I32], ty, &format!("{address} {text}"));
                    }
                    Shape::Store { ty, .. } if is_number(&ty) && offset.len() < 10 => {
                        let mut forms = vec![From::Slot, From::Acc, From::Const(0)];
                        forms.push(From::Const(2));
                        for form in forms {
                            let operand = operand(form, 2, ty);
                            for keep in [false, true] {
                                let set = value(ty, keep);
                                let body = format!("{set} {address} {operand} {text} local.get 2");
                                all.add(&[I32, I32], ty, &body);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    all.close()
}

/// A local as it is in its slot, as it is in the accumulator alone, and as it is in both.
fn forms(ty: ValType, local: usize) -> [String; 3] {
    let acc = operand(From::Acc, local, ty);
    [format!("local.get {local}"), acc.clone(), format!("{acc} local.tee {local}")]
}

/// Operators on shifted operands and on products.
pub fn combined() -> Variants {
    let mut all = Variants::new("");
    for ty in [ValType::I32, ValType::I64] {
        for shift in ["shl", "shr_u", "rotl", "shr_s"] {
            for amount in [0, 1, 3, 31, 33, 63] {
                for b in forms(ty, 1) {
                    for a in forms(ty, 0) {
                        let b = format!("{b} {ty}.const {amount} {ty}.{shift}");
                        for name in ["add", "or", "xor"] {
                            all.results(&[ty, ty], ty, &format!("{a} {b} {ty}.{name}"));
                            all.results(&[ty, ty], ty, &format!("{b} {a} {ty}.{name}"));
                        }
                    }
                    // A sum waits, on either side, of a local that the shift reads too or not.
                    for local in 0..2 {
                        let sum = format!("local.get {local} {ty}.const 7 {ty}.add");
                        let b = format!("{b} {ty}.const {amount} {ty}.{shift}");
                        all.results(&[ty, ty], ty, &format!("{sum} {b} {ty}.add"));
                        all.results(&[ty, ty], ty, &format!("{b} {sum} {ty}.add"));
                    }
                }
            }
        }
    }
    for ty in [ValType::I32, ValType::I64, ValType::F32, ValType::F64] {
        for a in forms(ty, 0) {
            for b in forms(ty, 1) {
                // The third operand is a parameter again, or what the accumulator last held.
                for c in ["local.get 0", "local.get 1"] {
                    for name in ["add", "sub"] {
                        let product = format!("{a} {b} {ty}.mul");
                        all.results(&[ty, ty], ty, &format!("{product} {c} {ty}.{name}"));
                        all.results(&[ty, ty], ty, &format!("{c} {product} {ty}.{name}"));
                    }
                }
            }
        }
    }
    for a in forms(ValType::I64, 0) {
        for b in forms(ValType::I64, 1) {
            all.conditions(&[ValType::I64; 2], &format!("{a} {b} i64.and i64.eqz"));
        }
        let body = format!("{a} i64.const 0x123456789abcdef0 i64.and i64.eqz");
        all.conditions(&[ValType::I64; 2], &body);
    }
    for a in forms(I32, 0) {
        for b in forms(I32, 1) {
            all.conditions(&[I32; 2], &format!("{a} {b} i32.and i32.eqz"));
        }
    }
    all.close()
}

/// Steps that decide about a branch: by every relation, with the local on either side.
pub fn steps() -> Variants {
    let mut all = Variants::new("");
    let relations = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
    for step in ["i32.const 1 i32.add", "i32.const 0x7fffffff i32.add", "i32.const 5 i32.sub"] {
        let step = format!("local.get 0 {step} local.tee 0");
        let mut conditions = vec![step.clone(), format!("{step} i32.eqz")];
        for relation in relations {
            for limit in ["local.get 1", "i32.const 31", "i32.const -1", "local.get 0"] {
                conditions.push(format!("{step} {limit} i32.{relation}"));
                conditions.push(format!("{step} {limit} i32.{relation} i32.eqz"));
            }
            conditions.push(format!("local.get 1 {step} i32.{relation}"));
            conditions.push(format!("i32.const 7 {step} i32.{relation}"));
        }
        for condition in conditions {
            all.add(
                &[I32, I32],
                I32,
                &format!(
                    "block {condition} br_if 0 local.get 0 return end local.get 0 i32.const 64 \
                     i32.xor"
                ),
            );
            all.add(
                &[I32, I32],
                I32,
                &format!(
                    "{condition} if (result i32) local.get 0 else local.get 0 i32.const 64 \
                     i32.xor end"
                ),
            );
            all.add(
                &[I32, I32],
                I32,
                &format!(
                    "block (result i32) local.get 1 {condition} br_if 0 local.get 0 i32.sub end"
                ),
            );
        }
    }
    all.close()
}

/// Sums that wait on the stack while something happens to their local, to the accumulator or to
/// control.
pub fn waiting_sums() -> Variants {
    let mut all = Variants::new("(memory 1) (global $g (mut i32) (i32.const 0))");
    let sum = "local.get 0 i32.const 5 i32.add";
    let other = "local.get 1 i32.const 6 i32.sub";
    let acc = "local.get 1 i32.const 3 i32.xor";
    for body in [
        sum.to_string(),
        format!("{sum} i32.const 5 i32.sub"),
        format!("{sum} i32.const 9 local.set 0"),
        format!("{sum} {other} local.set 0 local.get 0 i32.mul"),
        format!("{sum} {acc} local.set 0"),
        format!("{sum} {acc} local.set 0 local.get 0 i32.sub"),
        format!("{sum} {acc} local.tee 0 i32.sub"),
        format!("{sum} {sum} local.tee 0 i32.sub"),
        format!("local.get 0 {sum} local.tee 0 i32.sub"),
        format!("{sum} local.get 0 i32.sub"),
        format!("{sum} {other} i32.sub"),
        format!("{other} {sum} i32.sub"),
        format!("{sum} {acc} i32.sub"),
        format!("{acc} {sum} i32.sub"),
        format!("{sum} {other} i32.lt_s"),
        format!("{sum} {sum} {other} select"),
        format!("{sum} {acc} {sum} select"),
        format!("{acc} {sum} {acc} select"),
        format!("{sum} drop {other}"),
        format!("{sum} i32.clz"),
        format!("{sum} f32.reinterpret_i32 i32.reinterpret_f32"),
        format!("{sum} i64.extend_i32_u i32.wrap_i64"),
        format!("{sum} i64.extend_i32_u i64.const 40 i64.shl i64.const 8 i64.rotl i32.wrap_i64"),
        format!("{sum} global.set $g global.get $g"),
        format!("{sum} {acc} if (result i32) i32.const 1 else local.get 0 end i32.sub"),
        format!("{sum} if (result i32) local.get 0 else local.get 1 end"),
        format!("block (result i32) {sum} {acc} br_if 0 {other} i32.sub end"),
        format!("block (result i32) {sum} {sum} br_if 0 {other} i32.sub end"),
        format!("block (result i32) {sum} {acc} {other} i32.lt_u br_if 0 i32.const 1 i32.add end"),
        format!("{sum} block (result i32) {other} {acc} br_if 0 i32.const 1 i32.add end i32.sub"),
        format!("{sum} block {acc} br_if 0 i32.const 1 local.set 0 end local.get 0 i32.sub"),
        format!("{sum} loop (param i32) (result i32) local.get 1 i32.sub end"),
        format!("block block {sum} br_table 0 1 1 end local.get 0 return end local.get 1"),
        format!("block (result i32) {sum} {acc} br_table 0 0 0 end"),
        format!("{sum} local.get 0 i32.store offset=4 {other}"),
        format!("{sum} {sum} i32.store {other}"),
        format!("{sum} {other} i32.store offset=4 {sum}"),
        format!("{sum} {acc} i32.store8 {sum} i32.load8_u"),
        format!("{sum} i32.load offset=3"),
        format!("{sum} memory.grow {other} i32.sub"),
        format!("{sum} return"),
    ] {
        all.results(&[I32, I32], I32, &body);
    }
    all.close()
}
