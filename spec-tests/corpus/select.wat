;; Select, typed and untyped, on conditions of all sorts.

;; run i32 i32:1 i32:2 i32:0
;; run i32 i32:1 i32:2 i32:1
;; run i32 i32:1 i32:2 i32:-1
;; run i64 i64:1 i64:2 i32:0
;; run f32 f32:0x7fa00000 f32:2 i32:1
;; run f64 f64:1 f64:0xfff4000000000000 i32:0
;; run typed i32:0
;; run typed i32:1
;; run min i32:-5 i32:5
;; run min i32:5 i32:-5
;; run on_eqz i32:0
;; run on_eqz i32:7
;; run on_float f32:1 f32:nan
;; run constants i32:0
;; run constants i32:1
;; run evaluates_both i32:0 i32:1
;; run clamp i64:300
;; run clamp i64:-1
;; run clamp i64:30

(module
  (func (export "i32") (param i32 i32 i32) (result i32)
    (select (local.get 0) (local.get 1) (local.get 2)))
  (func (export "i64") (param i64 i64 i32) (result i64)
    (select (local.get 0) (local.get 1) (local.get 2)))
  (func (export "f32") (param f32 f32 i32) (result f32)
    (select (local.get 0) (local.get 1) (local.get 2)))
  (func (export "f64") (param f64 f64 i32) (result f64)
    (select (local.get 0) (local.get 1) (local.get 2)))
  (func $f (export "typed") (param i32) (result funcref)
    (select (result funcref) (ref.func $f) (ref.null func) (local.get 0)))
  (func (export "min") (param i32 i32) (result i32)
    (select (local.get 0) (local.get 1) (i32.lt_s (local.get 0) (local.get 1))))
  (func (export "on_eqz") (param i32) (result i32)
    (select (i32.const 10) (local.get 0) (i32.eqz (local.get 0))))
  (func (export "on_float") (param f32 f32) (result f32)
    (select (local.get 0) (local.get 1) (f32.gt (local.get 0) (local.get 1))))
  (func (export "constants") (param i32) (result i64)
    (select (i64.const 0x7766554433221100) (i64.const -1) (local.get 0)))
  (func (export "evaluates_both") (param i32 i32) (result i32)
    (select (i32.const 1) (i32.div_u (i32.const 4) (local.get 0)) (local.get 1)))
  (func (export "clamp") (param i64) (result i64)
    (local.set 0
      (select (i64.const 0) (local.get 0) (i64.lt_s (local.get 0) (i64.const 0))))
    (select (i64.const 255) (local.get 0) (i64.gt_s (local.get 0) (i64.const 255)))))
