;; Several results: of functions, blocks, loops and ifs, in the right order, of mixed types.

;; run swap i32:1 i64:2
;; run divmod i32:17 i32:5
;; run divmod i32:17 i32:0
;; run chain i32:3
;; run loop_pair i32:5
;; run if_pair i32:0
;; run if_pair i32:1
;; run early i32:0
;; run early i32:1
;; run ten
;; run more_results_than_params i32:1
;; run duplicated i32:8

(module
  (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func $divmod (export "divmod") (param i32 i32) (result i32 i32)
    (i32.div_u (local.get 0) (local.get 1))
    (i32.rem_u (local.get 0) (local.get 1)))
  (func (export "chain") (param i32) (result i32 i32)
    (call $divmod (call $divmod (i32.const 1000) (local.get 0))))
  (func (export "loop_pair") (param i32) (result i64 i64) (local i64)
    (i64.const 0)
    (i64.const 1)
    (loop $next (param i64 i64) (result i64 i64)
      (local.tee 1)
      (i64.add)
      (local.get 1)
      (local.set 1)
      (local.get 1)
      (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "if_pair") (param i32) (result i32 f32)
    (if (result i32 f32) (local.get 0)
      (then (i32.const 1) (f32.const 1.5))
      (else (i32.const 2) (f32.const 2.5))))
  (func (export "early") (param i32) (result i32 i64)
    (i32.const 5)
    (i64.const 6)
    (br_if 0 (local.get 0))
    (drop)
    (drop)
    (i32.const 7)
    (return (i64.const 8)))
  (func $ten (export "ten") (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.const 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
    (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9))
  (func (export "more_results_than_params") (param i32) (result i32)
    (local.get 0)
    (call $ten)
    (i32.add) (i32.sub) (i32.mul) (i32.add) (i32.sub)
    (i32.mul) (i32.add) (i32.sub) (i32.mul)
    (i32.add))
  (func (export "duplicated") (param i32) (result i32 i32 i32)
    (local.get 0) (local.get 0) (local.get 0)))
