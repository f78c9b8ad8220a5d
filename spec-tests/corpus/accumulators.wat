;; Values that stay in accumulators, and what makes them leave.

;; run float_branches f32:1 f32:2
;; run float_branches f32:2 f32:1
;; run float_branches f32:NaN f32:1
;; run double_branches f64:1 f64:2
;; run double_branches f64:2 f64:1
;; run double_branches f64:NaN f64:1
;; run float_over_alias f64:1
;; run integer_over_alias i64:41
;; run store_sums f64:1 f32:1
;; run both_from_one i32:7
;; run two_at_once i32:5 f64:2
;; run wide_constants i64:3

(module
  (memory 1)
  (func (export "float_branches") (param f32 f32) (result i32) (local i32)
    (if (f32.lt (local.get 0) (local.get 1)) (then (local.set 2 (i32.const 1))))
    (if (f32.gt (local.get 0) (local.get 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 2)))))
    (if (f32.le (local.get 0) (local.get 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 4)))))
    (if (f32.ge (local.get 0) (local.get 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 8)))))
    (if (f32.eq (local.get 0) (f32.const 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 16)))))
    (if (f32.ne (f32.const 2) (local.get 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 32)))))
    (local.get 2))
  (func (export "double_branches") (param f64 f64) (result i32) (local i32)
    (if (f64.lt (local.get 0) (local.get 1)) (then (local.set 2 (i32.const 1))))
    (if (f64.gt (local.get 0) (local.get 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 2)))))
    (if (f64.le (f64.neg (local.get 0)) (local.get 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 4)))))
    (if (f64.ge (local.get 0) (f64.neg (local.get 1))) (then (local.set 2 (i32.add (local.get 2) (i32.const 8)))))
    (if (i32.eqz (f64.lt (local.get 0) (f64.const 1.5))) (then (local.set 2 (i32.add (local.get 2) (i32.const 16)))))
    (local.get 2))
  ;; The old value of the local is still wanted when the sum is set.
  (func (export "float_over_alias") (param f64) (result f64)
    (local.get 0)
    (local.set 0 (f64.add (local.get 0) (f64.const 2)))
    (f64.mul (local.get 0)))
  (func (export "integer_over_alias") (param i64) (result i64)
    (local.get 0)
    (local.set 0 (i64.add (local.get 0) (i64.const 1)))
    (i64.mul (local.get 0)))
  (func (export "store_sums") (param f64 f32) (result f64)
    (f64.store (i32.const 8) (f64.add (local.get 0) (local.get 0)))
    (f32.store offset=4 (i32.const 16) (f32.add (local.get 1) (local.get 1)))
    (f64.store (i32.wrap_i64 (i64.const 32)) (f64.sqrt (local.get 0)))
    (f64.add (f64.load (i32.const 8)) (f64.promote_f32 (f32.load (i32.const 20)))))
  ;; Both operands are the value that was just set.
  (func (export "both_from_one") (param i32) (result i32)
    (local.set 0 (i32.add (local.get 0) (i32.const 1)))
    (i32.mul (local.get 0) (local.get 0))
    (i32.sub (local.tee 0 (i32.xor (local.get 0) (i32.const 3))) (local.get 0))
    (i32.add))
  ;; One integer and one float wait at the same time.
  (func (export "two_at_once") (param i32 f64) (result f64)
    (f64.mul (local.get 1) (f64.const 3))
    (i32.mul (local.get 0) (i32.const 3))
    (f64.convert_i32_s)
    (f64.add))
  (func (export "wide_constants") (param i64) (result i64)
    (i64.store (i32.const 0) (i64.const 0x123456789abcdef0))
    (i64.store (i32.const 8) (i64.const -5))
    (local.set 0 (i64.xor (i64.const 0x123456789abcdef0) (local.get 0)))
    (i64.sub (i64.const 0x7fffffffffff) (i64.add (local.get 0) (i64.load (i32.const 8))))))
