;; Locals: zeroed, of every type, written while an older value is still pending on the operand stack.

;; run zeroed
;; run pending i32:3
;; run pending_twice i32:3
;; run pending_tee i32:3
;; run pending_over_block i32:3 i32:0
;; run pending_over_block i32:3 i32:1
;; run pending_over_loop i32:3
;; run swap i32:1 i32:2
;; run rotate i64:1 i64:2 i64:3
;; run many
;; run copy_chain i32:9
;; run set_in_arm i32:0
;; run set_in_arm i32:1
;; run tee_tee i32:4
;; run own_value i32:4
;; run across_call i32:4

(module
  (func (export "zeroed") (result i32 i64 f32 f64 funcref externref)
    (local i32 i64 f32 f64 funcref externref)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5))
  (func (export "pending") (param i32) (result i32)
    (local.get 0)
    (local.set 0 (i32.const 100))
    (local.get 0)
    (i32.sub))
  (func (export "pending_twice") (param i32) (result i32)
    (local.get 0)
    (local.get 0)
    (local.set 0 (i32.const 10))
    (local.get 0)
    (local.set 0 (i32.const 20))
    (local.get 0)
    (i32.mul) (i32.add) (i32.add))
  (func (export "pending_tee") (param i32) (result i32)
    (local.get 0)
    (local.tee 0 (i32.add (local.get 0) (i32.const 5)))
    (local.get 0)
    (i32.mul)
    (i32.sub))
  (func (export "pending_over_block") (param i32 i32) (result i32)
    (local.get 0)
    (block
      (br_if 0 (local.get 1))
      (local.set 0 (i32.const 50)))
    (local.get 0)
    (i32.mul))
  (func (export "pending_over_loop") (param i32) (result i32)
    (local.get 0)
    (loop
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if 0 (local.get 0)))
    (local.get 0)
    (i32.sub))
  (func (export "swap") (param i32 i32) (result i32 i32)
    (local.get 0)
    (local.get 1)
    (local.set 0)
    (local.set 1)
    (local.get 0)
    (local.get 1))
  (func (export "rotate") (param i64 i64 i64) (result i64 i64 i64)
    (local.get 0)
    (local.set 0 (local.get 1))
    (local.set 1 (local.get 2))
    (local.set 2)
    (local.get 0) (local.get 1) (local.get 2))
  (func (export "many") (result i64)
    (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 i64 i64 i64 f32 f64)
    (local.set 10 (i64.const 4))
    (local.set 17 (i64.const 5))
    (i64.add (i64.add (local.get 10) (local.get 17)) (local.get 13)))
  (func (export "copy_chain") (param i32) (result i32) (local i32 i32 i32)
    (local.set 1 (local.get 0))
    (local.set 2 (local.get 1))
    (local.set 1 (i32.const 1))
    (local.set 3 (local.get 2))
    (local.set 2 (local.get 1))
    (i32.sub (local.get 3) (local.get 2)))
  (func (export "set_in_arm") (param i32) (result i32) (local i32)
    (local.set 1 (i32.const 7))
    (local.get 1)
    (if (local.get 0) (then (local.set 1 (i32.const 8))) (else (local.set 0 (i32.const 9))))
    (local.get 1)
    (local.get 0)
    (i32.add)
    (i32.mul))
  (func (export "tee_tee") (param i32) (result i32) (local i32 i32)
    (local.tee 1 (local.tee 2 (i32.mul (local.get 0) (i32.const 3))))
    (i32.add (local.get 1))
    (i32.add (local.get 2)))
  (func (export "own_value") (param i32) (result i32)
    (local.set 0 (local.get 0))
    (local.tee 0 (local.get 0)))
  (func $change (param i32) (result i32) (local.set 0 (i32.const 77)) (local.get 0))
  (func (export "across_call") (param i32) (result i32)
    (local.get 0)
    (local.set 0 (call $change (local.get 0)))
    (local.get 0)
    (i32.sub)))
