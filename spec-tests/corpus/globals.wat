;; Globals of every type, read, written, imported, initialised by constant expressions.

;; run rotate
;; run count
;; run imported
;; run extended
;; run write_after_read i32:5
;; run keep_pending i32:5

(module
  (import "spectest" "global_i32" (global $six i32))
  (import "spectest" "global_f64" (global $sixf f64))
  (global $a (export "a") (mut i32) (i32.const 1))
  (global $b (export "b") (mut i64) (i64.const -2))
  (global $c (export "c") (mut f32) (f32.const 3.5))
  (global $d (export "d") (mut f64) (f64.const -nan:0x4000000000001))
  (global $e (export "e") (mut funcref) (ref.null func))
  (global $f (export "f") i32 (i32.add (global.get $six) (i32.mul (i32.const 4) (i32.const -5))))
  (global $g (export "g") i64 (i64.sub (i64.const 10) (i64.mul (i64.const 3) (i64.const 4))))
  (func $self (export "rotate") (result i32 i64 f32 f64)
    (global.set $a (i32.add (global.get $a) (i32.const 1)))
    (global.set $b (i64.mul (global.get $b) (i64.const 3)))
    (global.set $c (f32.neg (global.get $c)))
    (global.set $d (f64.abs (global.get $d)))
    (global.set $e (ref.func $self))
    (global.get $a) (global.get $b) (global.get $c) (global.get $d))
  (func (export "count") (result i32)
    (loop
      (global.set $a (i32.add (global.get $a) (i32.const 1)))
      (br_if 0 (i32.lt_s (global.get $a) (i32.const 8))))
    (global.get $a))
  (func (export "imported") (result i32 f64) (global.get $six) (global.get $sixf))
  (func (export "extended") (result i32 i64) (global.get $f) (global.get $g))
  ;; The value read before the write must be the old one, wherever it waits.
  (func (export "write_after_read") (param i32) (result i32)
    (global.get $a)
    (global.set $a (local.get 0))
    (global.get $a)
    (i32.const 10)
    (i32.mul)
    (i32.add))
  (func (export "keep_pending") (param i32) (result i32)
    (global.get $a)
    (global.set $a (local.get 0))
    (call $touch)
    (global.get $a)
    (i32.sub))
  (func $touch (global.set $a (i32.add (global.get $a) (i32.const 100)))))
