;; Running out of stack: at every depth, with operands below the arguments, with many locals, parameters and results,
;; through tables, tail calls and the host, and in functions whose greatest height is in dead code or nowhere.

;; run forever
;; run forever_with_operands i32:0
;; run forever_wide i64:0
;; run forever_indirect
;; run mutual i32:0
;; run deep i32:0
;; run deep i32:5
;; run deep i32:20
;; run deep i32:40
;; run deep_then_wide i32:0
;; run deep_then_wide i32:8
;; run deep_then_wide i32:9
;; run deep_then_wide i32:10
;; run deep_then_wide i32:11
;; run deep_then_wide i32:12
;; run deep_then_wide i32:13
;; run deep_then_wide i32:14
;; run deep_then_wide i32:15
;; run deep_then_wide i32:16
;; run deep_then_wide i32:20
;; run deep_then_host i32:10
;; run deep_then_host i32:25
;; run deep_then_host i32:30
;; run deep_then_host i32:31
;; run deep_then_host i32:32
;; run deep_then_host i32:33
;; run deep_then_host i32:34
;; run deep_then_host i32:35
;; run deep_then_results i32:14
;; run deep_then_results i32:15
;; run deep_then_results i32:16
;; run deep_then_results i32:17
;; run deep_then_results i32:18
;; run deep_then_tail i32:14
;; run deep_then_tail i32:15
;; run deep_then_tail i32:16
;; run deep_then_tail i32:17
;; run deep_then_tail i32:18
;; run forever_dead_height i32:0
;; run forever_block_results i32:0

(module
  (import "spectest" "print_f64_f64" (func $print (param f64 f64)))
  (type $v (func))
  (table 1 funcref)
  (elem (i32.const 0) func $indirect)
  (global $depth (export "depth") (mut i32) (i32.const 0))
  (func $count (global.set $depth (i32.add (global.get $depth) (i32.const 1))))
  (func $forever (export "forever") (call $count) (call $forever))
  (func $operands (export "forever_with_operands") (param i32) (result i32)
    (call $count)
    (i32.const 1)
    (i32.const 2)
    (i32.const 3)
    (call $operands (local.get 0))
    (drop) (drop) (drop))
  (func $wide (export "forever_wide") (param i64) (result i64)
    (local i32 i32 i32 i32 i32 i32 i32 i64 f32 f64)
    (call $count)
    (i64.add (i64.const 1) (call $wide (local.get 0))))
  (func $indirect (export "forever_indirect") (call $count) (call_indirect (type $v) (i32.const 0)))
  (func $a (export "mutual") (param i32) (local i32) (call $count) (call $b (local.get 0) (i32.const 1)))
  (func $b (param i32 i32) (local i64 i64) (call $count) (call $a (local.get 1)))
  (func $deep (export "deep") (param i32) (result i32)
    (call $count)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))
  (func $very_wide (param i32) (result i32) (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (local i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (call $count)
    (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
    (drop) (drop) (drop) (drop) (drop))
  (func $deep_then_wide (export "deep_then_wide") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $deep_then_wide (i32.sub (local.get 0) (i32.const 1))))
      (else (call $very_wide (i32.const 1)))))
  (func $deep_then_host (export "deep_then_host") (param i32)
    (call $count)
    (if (local.get 0)
      (then (call $deep_then_host (i32.sub (local.get 0) (i32.const 1))))
      (else (call $print (f64.const 1) (f64.const 2)))))
  (func $twelve (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (call $count)
    (unreachable))
  (func $deep_then_results (export "deep_then_results") (param i32)
    (call $count)
    (if (local.get 0)
      (then (call $deep_then_results (i32.sub (local.get 0) (i32.const 1))))
      (else
        (call $twelve)
        (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop) (drop))))
  (func $deep_then_tail (export "deep_then_tail") (param i32) (result i32)
    (call $count)
    (if (result i32) (local.get 0)
      (then (i32.eqz (call $deep_then_tail (i32.sub (local.get 0) (i32.const 1)))))
      (else (return_call $very_wide (i32.const 1)))))
  ;; Eight operands that nobody ever pushes.
  (func $dead_height (export "forever_dead_height") (param i32)
    (call $count)
    (block
      (br 0)
      (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)
      (block (i32.const 5) (i32.const 6) (i32.const 7) (i32.const 8) (drop) (drop) (drop) (drop))
      (drop) (drop) (drop) (drop))
    (call $dead_height (local.get 0)))
  ;; The values of a block whose end is reached by nothing but branches.
  (func $block_results (export "forever_block_results") (param i32) (result i32)
    (call $count)
    (block (result i32 i32 i32 i32)
      (br 0 (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)))
    (drop) (drop) (drop)
    (drop)
    (call $block_results (local.get 0))))
