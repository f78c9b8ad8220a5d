;; Operators that become one op: shifts and products in operands, addresses of several pieces, bit
;; tests and steps that branch.

;; run shifted_32 i32:123456789 i32:-7
;; run slots_32 i32:5 i32:9
;; run product_32 i32:6 i32:-7
;; run tests_32 i32:5 i32:4
;; run tests_32 i32:8 i32:3
;; run shifted_64 i64:123456789 i64:-7
;; run slots_64 i64:5 i64:9
;; run product_64 i64:6 i64:-7
;; run tests_64 i64:5 i64:4
;; run tests_64 i64:8 i64:3
;; run products_f64 f64:1.5 f64:-3
;; run differences_f64 f64:0.1 f64:3 f64:0.3
;; run differences_f64 f64:NaN f64:3 f64:1
;; run steps i32:1 i32:4
;; run loads i32:16 i32:4
;; run loads i32:65528 i32:1
;; run loads i32:65520 i32:12
;; run loads i32:-8 i32:16380
;; run stores i32:32 i32:8
;; run stores i32:65520 i32:2
;; run stores i32:65500 i32:9

(module
  (memory 1)
  (data (i32.const 0) "some bytes that loads find here, and more of them to be read")
  (func (export "shifted_32") (param i32 i32) (result i32)
    (i32.xor (local.get 1) (i32.rotl (i32.xor (local.get 1) (i32.shr_u (i32.xor (local.get 1) (i32.shl (i32.or (local.get 1) (i32.shr_u (i32.or (local.get 1) (i32.shl (i32.add (local.get 1) (i32.shr_u (i32.add (local.get 1) (i32.shl (local.get 0) (i32.const 3))) (i32.const 3))) (i32.const 3))) (i32.const 3))) (i32.const 3))) (i32.const 3))) (i32.const 11))))
  (func (export "slots_32") (param i32 i32) (result i32)
    (i32.xor (local.get 0) (i32.rotl (local.get 1) (i32.const 5))))
  (func (export "product_32") (param i32 i32) (result i32)
    (i32.add (i32.mul (local.get 0) (local.get 1)) (local.get 0)))
  (func (export "tests_32") (param i32 i32) (result i32) (local i32)
    (if (i32.and (local.get 0) (local.get 1)) (then (local.set 2 (i32.const 1))))
    (block (br_if 0 (i32.and (local.get 0) (i32.const 6))) (local.set 2 (i32.add (local.get 2) (i32.const 2))))
    (local.get 2))
  (func (export "shifted_64") (param i64 i64) (result i64)
    (i64.xor (local.get 1) (i64.rotl (i64.xor (local.get 1) (i64.shr_u (i64.xor (local.get 1) (i64.shl (i64.or (local.get 1) (i64.shr_u (i64.or (local.get 1) (i64.shl (i64.add (local.get 1) (i64.shr_u (i64.add (local.get 1) (i64.shl (local.get 0) (i64.const 3))) (i64.const 3))) (i64.const 3))) (i64.const 3))) (i64.const 3))) (i64.const 3))) (i64.const 11))))
  (func (export "slots_64") (param i64 i64) (result i64)
    (i64.xor (local.get 0) (i64.rotl (local.get 1) (i64.const 5))))
  (func (export "product_64") (param i64 i64) (result i64)
    (i64.add (i64.mul (local.get 0) (local.get 1)) (local.get 0)))
  (func (export "tests_64") (param i64 i64) (result i32) (local i32)
    (if (i64.eqz (i64.and (local.get 0) (local.get 1))) (then (local.set 2 (i32.const 1))))
    (block (br_if 0 (i64.eqz (i64.and (local.get 0) (i64.const 6)))) (local.set 2 (i32.add (local.get 2) (i32.const 2))))
    (local.get 2))
  (func (export "products_f64") (param f64 f64) (result f64)
    (f64.sub (f64.mul (local.get 0) (local.get 1))
      (f64.sub (local.get 1)
        (f64.mul (f64.add (f64.mul (local.get 0) (local.get 0)) (local.get 1)) (local.get 0)))))
  (func (export "differences_f64") (param f64 f64 f64) (result f64)
    (f64.add
      (f64.sub (f64.mul (local.get 0) (local.get 1)) (local.get 2))
      (f64.sub (local.get 2) (f64.mul (local.get 1) (local.get 0)))))
  (func (export "steps") (param i32 i32) (result i32)
    (loop (br_if 0 (i32.ne (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
    (loop (br_if 0 (i32.lt_s (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
    (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
    (loop (br_if 0 (i32.le_s (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
    (loop (br_if 0 (i32.le_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
    (local.set 0 (i32.const 5))
    (loop (br_if 0 (i32.eq (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 2))))
    (local.set 0 (i32.const 5))
    (loop (br_if 0 (i32.gt_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 2))))
    (local.set 0 (i32.const 5))
    (loop (br_if 0 (i32.gt_u (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 2))))
    (local.set 0 (i32.const 5))
    (loop (br_if 0 (i32.ge_s (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 2))))
    (local.set 0 (i32.const 5))
    (loop (br_if 0 (i32.ge_u (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (i32.const 2))))
    (local.set 0 (i32.const 5))
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 0))
  (func (export "loads") (param i32 i32) (result i32)
    (i32.xor
      (i32.add (i32.load (i32.add (local.get 0) (i32.const 8)))
               (i32.load offset=4 (i32.add (local.get 0) (local.get 1))))
      (i32.add (i32.load (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 2))))
               (i32.load offset=8 (i32.shl (local.get 1) (i32.const 2))))))
  (func (export "stores") (param i32 i32) (result i32)
    (i32.store (i32.add (local.get 0) (i32.const 12)) (local.get 1))
    (i32.store offset=4 (i32.add (local.get 0) (local.get 1)) (i32.const 7))
    (i32.store (i32.add (local.get 0) (i32.shl (local.get 1) (i32.const 2))) (local.get 0))
    (i32.store (i32.add (local.get 0) (i32.const 16)) (i32.mul (local.get 1) (local.get 0)))
    (i32.load (i32.add (local.get 0) (local.get 1)))))
