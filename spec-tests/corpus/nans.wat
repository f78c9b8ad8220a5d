;; NaNs: arithmetic gives the positive canonical one, moving bits keeps them, whatever way the value takes.

;; run arithmetic_then_bits f32:0xffa00001 f32:1
;; run zero_over_zero
;; run inf_minus_inf
;; run sqrt_of_negative
;; run through_memory i32:0x7fa12345
;; run through_local f64:0xfff4000000000001
;; run through_call f32:0xff800001
;; run through_global f64:0x7ff0000000000001
;; run neg_abs f32:0x7f800001
;; run copysign f64:1 f64:0xfff4000000000000
;; run promote_demote f32:0xffa00000
;; run min_of_nan f64:0xfff4000000000000 f64:1
;; run accumulated f64:0xfff4000000000000
;; run constant
;; run select_keeps i32:1

(module
  (memory (export "memory") 1)
  (global $g (mut f64) (f64.const 0))
  (func (export "arithmetic_then_bits") (param f32 f32) (result i32 i32)
    (i32.reinterpret_f32 (f32.add (local.get 0) (local.get 1)))
    (i32.reinterpret_f32 (f32.mul (local.get 1) (local.get 0))))
  (func (export "zero_over_zero") (result f32) (f32.div (f32.const 0) (f32.const 0)))
  (func (export "inf_minus_inf") (result f64) (f64.sub (f64.const inf) (f64.const inf)))
  (func (export "sqrt_of_negative") (result f64) (f64.sqrt (f64.const -1)))
  (func (export "through_memory") (param i32) (result i32)
    (i32.store (i32.const 0) (local.get 0))
    (f32.store (i32.const 4) (f32.load (i32.const 0)))
    (i32.load (i32.const 4)))
  (func (export "through_local") (param f64) (result i64) (local f64)
    (local.set 1 (local.get 0))
    (i64.reinterpret_f64 (local.get 1)))
  (func $id (param f32) (result f32) (local.get 0))
  (func (export "through_call") (param f32) (result f32) (call $id (local.get 0)))
  (func (export "through_global") (param f64) (result f64)
    (global.set $g (local.get 0))
    (global.get $g))
  (func (export "neg_abs") (param f32) (result f32 f32)
    (f32.neg (local.get 0))
    (f32.abs (f32.neg (local.get 0))))
  (func (export "copysign") (param f64 f64) (result f64 f64)
    (f64.copysign (local.get 0) (local.get 1))
    (f64.copysign (local.get 1) (local.get 0)))
  (func (export "promote_demote") (param f32) (result i64 i32)
    (i64.reinterpret_f64 (f64.promote_f32 (local.get 0)))
    (i32.reinterpret_f32 (f32.demote_f64 (f64.const -nan:0x8000000000001))))
  (func (export "min_of_nan") (param f64 f64) (result f64 f64)
    (f64.min (local.get 0) (local.get 1))
    (f64.max (local.get 1) (local.get 0)))
  (func (export "accumulated") (param f64) (result i64) (local f64 i32)
    (loop
      (local.set 1 (f64.add (local.get 1) (local.get 0)))
      (br_if 0 (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 3))))
    (i64.reinterpret_f64 (local.get 1)))
  (func (export "constant") (result i32) (i32.reinterpret_f32 (f32.const -nan:0x12345)))
  (func (export "select_keeps") (param i32) (result f32)
    (select (f32.const nan:0x1) (f32.const 1) (local.get 0))))
