;; Blocks that carry values in and out, nested, left early and late.

;; run nested i32:0
;; run nested i32:1
;; run nested i32:2
;; run nested i32:3
;; run params i32:7 i32:9
;; run carried i32:0
;; run carried i32:5
;; run untouched_below i32:0
;; run untouched_below i32:1
;; run swap_through_block i32:3 i32:4
;; run empty

(module
  (func (export "nested") (param i32) (result i32)
    (block $a (result i32)
      (i32.const 10)
      (block $b (result i32)
        (i32.const 20)
        (block $c (result i32)
          (br_if $c (i32.const 30) (i32.eq (local.get 0) (i32.const 1)))
          (drop)
          (br_if $b (i32.const 31) (i32.eq (local.get 0) (i32.const 2)))
          (drop)
          (br_if $a (i32.const 32) (i32.eq (local.get 0) (i32.const 3)))
          (i32.const 1)
          (i32.add))
        (i32.add))
      (i32.add)))
  (func (export "params") (param i32 i32) (result i32)
    (local.get 0)
    (local.get 1)
    (block (param i32 i32) (result i32 i32)
      (i32.mul)
      (i32.const 5)
      (br 0)
      (unreachable))
    (i32.sub))
  (func (export "carried") (param i32) (result i64) (local i64)
    (block (result i32 i64)
      (i32.const 1)
      (i64.const 2)
      (br_if 0 (local.get 0))
      (drop) (drop)
      (i32.const 3)
      (i64.const 4))
    (local.set 1)
    (i64.extend_i32_u)
    (i64.const 100)
    (i64.mul)
    (local.get 1)
    (i64.add))
  (func (export "untouched_below") (param i32) (result i32)
    (i32.const 1000)
    (i32.const 100)
    (block (br_if 0 (local.get 0)) (local.set 0 (i32.const 50)))
    (i32.add)
    (local.get 0)
    (i32.add))
  (func (export "swap_through_block") (param i32 i32) (result i32)
    (local i32)
    (local.get 0)
    (local.get 1)
    (block (param i32 i32) (result i32 i32)
      (local.set 2)
      (local.set 1)
      (local.get 2)
      (local.get 1))
    (i32.const 10)
    (i32.mul)
    (i32.add))
  (func (export "empty")
    (block) (block (block (block))) (nop) (loop)))
