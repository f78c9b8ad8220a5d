;; Code that cannot be reached, in every place where the translator must see it and forget it.

;; run after_br i32:1
;; run after_return i32:1
;; run after_unreachable
;; run in_arm i32:0
;; run in_arm i32:1
;; run both_arms i32:0
;; run both_arms i32:1
;; run nested_dead i32:3
;; run dead_loop i32:3
;; run else_is_alive i32:0
;; run dead_br_table i32:0
;; run stack_polymorphic
;; run block_end_without_value i32:0
;; run dead_calls i32:5

(module
  (func (export "after_br") (param i32) (result i32)
    (block (result i32)
      (br 0 (local.get 0))
      (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)
      (drop) (drop) (drop) (drop)))
  (func (export "after_return") (param i32) (result i32)
    (return (local.get 0))
    (i32.add)
    (i32.load))
  (func (export "after_unreachable") (result i64)
    (unreachable)
    (i64.add)
    (call $never))
  (func (export "in_arm") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (unreachable)) (else (i32.const 5))))
  (func (export "both_arms") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (return (i32.const 1)))
      (else (return (i32.const 2)))))
  (func (export "nested_dead") (param i32) (result i32)
    (block (result i32)
      (br 0 (local.get 0))
      (block (result i32)
        (loop (br 0))
        (if (result i32) (i32.const 1)
          (then (i32.const 2))
          (else (br 1 (i32.const 3)))))
      (i32.add)))
  (func (export "dead_loop") (param i32) (result i32)
    (block
      (br 0)
      (loop (local.set 0 (i32.const 9)) (br 0)))
    (local.get 0))
  (func (export "else_is_alive") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (return (i32.const 1)) (i32.const 2))
      (else (i32.const 3))))
  (func (export "dead_br_table") (param i32) (result i32)
    (block (result i32)
      (return (i32.const 4))
      (br_table 0 0 1 (i32.const 1))))
  (func (export "stack_polymorphic") (result i32)
    (block (result i32)
      (br 0 (i32.const 6))
      (select)
      (i32.eqz)))
  (func (export "block_end_without_value") (param i32) (result i32)
    (i32.const 1)
    (block (br_if 0 (local.get 0)) (br 0) (drop) (drop))
    (i32.const 2)
    (i32.add))
  (func $never (param i64) (result i64) (local.get 0))
  (func (export "dead_calls") (param i32) (result i32)
    (return (local.get 0))
    (call $never)
    (drop)
    (memory.grow (i32.const 1))
    (drop)
    (i32.div_s))
  (memory 1))
