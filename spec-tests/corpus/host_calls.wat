;; Calls of host functions: with arguments of every type, in loops, exported again.

;; run each i32:1 i64:2 f32:3 f64:4
;; run mixed i32:1 f32:2
;; run in_loop i32:4
;; run print
;; run reexported i32:5
;; run keeps_operands i32:6

(module
  (import "spectest" "print" (func $print))
  (import "spectest" "print_i32" (func $i32 (param i32)))
  (import "spectest" "print_i64" (func $i64 (param i64)))
  (import "spectest" "print_f32" (func $f32 (param f32)))
  (import "spectest" "print_f64" (func $f64 (param f64)))
  (import "spectest" "print_i32_f32" (func $i32_f32 (param i32 f32)))
  (export "print" (func $print))
  (export "reexported" (func $i32))
  (func (export "each") (param i32 i64 f32 f64)
    (call $i32 (local.get 0))
    (call $i64 (local.get 1))
    (call $f32 (local.get 2))
    (call $f64 (local.get 3)))
  (func (export "mixed") (param i32 f32) (call $i32_f32 (local.get 0) (local.get 1)))
  (func (export "in_loop") (param i32)
    (loop
      (call $i32 (local.get 0))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "keeps_operands") (param i32) (result i32)
    (i32.const 10)
    (local.get 0)
    (call $print)
    (call $i32 (i32.const 3))
    (i32.sub)))
