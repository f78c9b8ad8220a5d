;; Return from everywhere: out of nested blocks, with operands left over, with and without values, at the very end.

;; run deep i32:0
;; run deep i32:1
;; run leftovers i32:5
;; run void i32:0
;; run void i32:1
;; run last i32:3
;; run br_to_function i32:0
;; run br_to_function i32:1
;; run br_if_to_function i32:0
;; run br_if_to_function i32:1
;; run several i32:0
;; run several i32:1
;; run constant
;; run parameter i64:5
;; run second_parameter i32:1 i32:2

(module
  (global $g (export "g") (mut i32) (i32.const 0))
  (func (export "deep") (param i32) (result i32)
    (block (loop (block (if (local.get 0) (then (return (i32.const 1)))))))
    (i32.const 2))
  (func (export "leftovers") (param i32) (result i32)
    (i32.const 1) (i32.const 2) (i32.const 3)
    (return (local.get 0)))
  (func (export "void") (param i32)
    (global.set $g (i32.const 1))
    (if (local.get 0) (then (return)))
    (global.set $g (i32.const 2)))
  (func (export "last") (param i32) (result i32) (return (i32.add (local.get 0) (i32.const 1))))
  (func (export "br_to_function") (param i32) (result i32)
    (i32.const 9)
    (block (br_if 0 (local.get 0)) (br 1 (i32.const 3)))
    (i32.const 1)
    (i32.add))
  (func (export "br_if_to_function") (param i32) (result i32)
    (br_if 0 (i32.const 7) (local.get 0))
    (i32.const 1)
    (i32.add))
  (func (export "several") (param i32) (result i32 i64 f32)
    (i32.const 99)
    (if (local.get 0) (then (return (i32.const 1) (i64.const 2) (f32.const 3))))
    (drop)
    (i32.const 4) (i64.const 5) (f32.const 6))
  (func (export "constant") (result i64) (i64.const -7))
  (func (export "parameter") (param i64) (result i64) (local.get 0))
  (func (export "second_parameter") (param i32 i32) (result i32) (local.get 1)))
