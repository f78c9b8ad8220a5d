;; Direct calls: recursion, mutual recursion, arguments out of expressions, several results, calls without arguments.

;; run fib i32:0
;; run fib i32:6
;; run is_even i32:5
;; run is_even i32:6
;; run ackermann i32:1 i32:2
;; run reversed i32:7 i32:3
;; run keeps_below i32:4
;; run results
;; run nothing
;; run many i32:1 i64:2 f32:3 f64:4
;; run traps_inside i32:1
;; run traps_inside i32:0
;; run argument_is_changed i32:3

(module
  (memory (export "memory") 1)
  (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else
        (i32.add
          (call $fib (i32.sub (local.get 0) (i32.const 1)))
          (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func $even (export "is_even") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 1))
      (else (call $odd (i32.sub (local.get 0) (i32.const 1))))))
  (func $odd (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 0))
      (else (call $even (i32.sub (local.get 0) (i32.const 1))))))
  (func $ackermann (export "ackermann") (param i32 i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.add (local.get 1) (i32.const 1)))))
    (if (i32.eqz (local.get 1))
      (then
        (return (call $ackermann (i32.sub (local.get 0) (i32.const 1)) (i32.const 1)))))
    (call $ackermann
      (i32.sub (local.get 0) (i32.const 1))
      (call $ackermann (local.get 0) (i32.sub (local.get 1) (i32.const 1)))))
  (func $sub (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
  (func (export "reversed") (param i32 i32) (result i32) (call $sub (local.get 1) (local.get 0)))
  (func (export "keeps_below") (param i32) (result i32)
    (i32.const 1000)
    (local.get 0)
    (call $sub (i32.const 9) (local.get 0))
    (i32.mul)
    (i32.add))
  (func $pair (result i32 i64 f64) (i32.const 1) (i64.const 2) (f64.const 3))
  (func (export "results") (result i32 i64 f64) (call $pair))
  (func $nop)
  (func (export "nothing") (call $nop) (call $nop))
  (func $many (param i32 i64 f32 f64) (result f64)
    (f64.add
      (f64.add (f64.convert_i32_s (local.get 0)) (f64.convert_i64_s (local.get 1)))
      (f64.add (f64.promote_f32 (local.get 2)) (local.get 3))))
  (func (export "many") (param i32 i64 f32 f64) (result f64)
    (call $many (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func $divide (param i32) (result i32)
    (i32.store (i32.const 0) (i32.const 77))
    (i32.div_u (i32.const 100) (local.get 0)))
  (func (export "traps_inside") (param i32) (result i32)
    (i32.store (i32.const 4) (i32.const 88))
    (call $divide (local.get 0))
    (i32.store (i32.const 8) (i32.const 99)))
  (func $scribble (param i32) (local.set 0 (i32.const -1)))
  (func (export "argument_is_changed") (param i32) (result i32)
    (local.get 0)
    (call $scribble (local.get 0))
    (local.get 0)
    (i32.mul)))
