;; Tail calls: direct, indirect, to functions with more and fewer locals, with other operands on the stack, to the host.

;; run sum i32:0
;; run sum i32:20
;; run is_even i32:9
;; run is_even i32:40
;; run grows i32:5
;; run leftovers i32:3
;; run indirect i32:0
;; run indirect i32:1
;; run indirect i32:2
;; run indirect i32:3
;; run out_of_a_block i32:0
;; run out_of_a_block i32:1
;; run under_a_call i32:4
;; run to_host i32:1
;; run traps i32:0

(module
  (import "spectest" "print_i32" (func $print (param i32)))
  (type $unary (func (param i32) (result i32)))
  (table 3 funcref)
  (elem (i32.const 0) func $identity $triple)
  (func $identity (type $unary) (local.get 0))
  (func $triple (type $unary) (i32.mul (local.get 0) (i32.const 3)))
  (func $sum_from (param i32 i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (local.get 1))
      (else
        (return_call $sum_from
          (i32.sub (local.get 0) (i32.const 1))
          (i32.add (local.get 1) (local.get 0))))))
  (func (export "sum") (param i32) (result i32) (return_call $sum_from (local.get 0) (i32.const 0)))
  (func $even (export "is_even") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
    (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call $even (i32.sub (local.get 0) (i32.const 1))))
  (func $wide (param i32 i64 f64 i32) (result i32) (local i32 i32 i32 i64)
    (local.set 4 (i32.add (local.get 0) (local.get 3)))
    (return_call $identity (local.get 4)))
  (func (export "grows") (param i32) (result i32)
    (return_call $wide (local.get 0) (i64.const 1) (f64.const 2) (i32.const 30)))
  (func (export "leftovers") (param i32) (result i32)
    (i32.const 1)
    (i32.const 2)
    (local.get 0)
    (return_call $triple))
  (func (export "indirect") (param i32) (result i32)
    (return_call_indirect (type $unary) (i32.const 14) (local.get 0)))
  (func (export "out_of_a_block") (param i32) (result i32)
    (i32.const 100)
    (block
      (br_if 0 (local.get 0))
      (loop (return_call $triple (i32.const 5)))))
  (func (export "under_a_call") (param i32) (result i32)
    (i32.const 1000)
    (call $even (local.get 0))
    (i32.add))
  (func (export "to_host") (param i32) (return_call $print (local.get 0)))
  (func $divide (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
  (func (export "traps") (param i32) (result i32) (return_call $divide (local.get 0))))
