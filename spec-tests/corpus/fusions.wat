;; What a translator is tempted to fuse: compare and branch, loop steps, addresses, paired moves, chains through an
;; accumulator. Each with the order of operands that makes a fusion wrong.

;; run compare_branches i32:-3 i32:4
;; run compare_branches i32:4 i32:-3
;; run compare_branches i32:4 i32:4
;; run compare_branches64 i64:-3 i64:4
;; run compare_branches64 i64:4 i64:4
;; run eqz_branches i32:0
;; run eqz_branches i32:8
;; run eqz_eqz i32:0
;; run eqz_eqz i32:8
;; run step_up i32:3
;; run step_down i32:3
;; run step64 i64:3
;; run array_sum i32:4
;; run indexed i32:2 i32:3
;; run noncommutative i32:5
;; run chain i32:5
;; run chain64 i64:5
;; run float_chain f64:5
;; run both_accumulators i32:3 f32:2
;; run load_op_store i32:8
;; run condition_reused i32:3
;; run constant_condition
;; run constant_operands
;; run wide_constants i64:1
;; run compare_value i32:1 i32:2
;; run shift_by_local i32:1 i32:33

(module
  (memory (export "memory") 1)
  (data (i32.const 0) "\01\00\00\00\02\00\00\00\03\00\00\00\04\00\00\00\05\00\00\00")
  (func (export "compare_branches") (param i32 i32) (result i32) (local i32)
    (block (br_if 0 (i32.lt_s (local.get 0) (local.get 1))) (local.set 2 (i32.or (local.get 2) (i32.const 1))))
    (block (br_if 0 (i32.lt_u (local.get 0) (local.get 1))) (local.set 2 (i32.or (local.get 2) (i32.const 2))))
    (block (br_if 0 (i32.gt_s (local.get 0) (local.get 1))) (local.set 2 (i32.or (local.get 2) (i32.const 4))))
    (block (br_if 0 (i32.gt_u (local.get 0) (local.get 1))) (local.set 2 (i32.or (local.get 2) (i32.const 8))))
    (block (br_if 0 (i32.le_s (local.get 0) (i32.const 4))) (local.set 2 (i32.or (local.get 2) (i32.const 16))))
    (block (br_if 0 (i32.le_u (i32.const 4) (local.get 0))) (local.set 2 (i32.or (local.get 2) (i32.const 32))))
    (block (br_if 0 (i32.ge_s (i32.const 4) (local.get 0))) (local.set 2 (i32.or (local.get 2) (i32.const 64))))
    (block (br_if 0 (i32.ge_u (local.get 0) (i32.const 4))) (local.set 2 (i32.or (local.get 2) (i32.const 128))))
    (block (br_if 0 (i32.eq (local.get 0) (local.get 1))) (local.set 2 (i32.or (local.get 2) (i32.const 256))))
    (block (br_if 0 (i32.ne (local.get 0) (local.get 1))) (local.set 2 (i32.or (local.get 2) (i32.const 512))))
    (local.get 2))
  (func (export "compare_branches64") (param i64 i64) (result i32) (local i32)
    (if (i64.lt_s (local.get 0) (local.get 1)) (then (local.set 2 (i32.or (local.get 2) (i32.const 1)))))
    (if (i64.lt_u (local.get 0) (local.get 1)) (then (local.set 2 (i32.or (local.get 2) (i32.const 2)))))
    (if (i64.ge_s (local.get 0) (i64.const 4)) (then (local.set 2 (i32.or (local.get 2) (i32.const 4)))))
    (if (i64.le_u (i64.const 4) (local.get 0)) (then (local.set 2 (i32.or (local.get 2) (i32.const 8)))))
    (if (i64.eq (local.get 0) (local.get 1)) (then (local.set 2 (i32.or (local.get 2) (i32.const 16)))))
    (if (i64.ne (local.get 0) (local.get 1)) (then (local.set 2 (i32.or (local.get 2) (i32.const 32)))))
    (if (i64.eqz (local.get 0)) (then (local.set 2 (i32.or (local.get 2) (i32.const 64)))))
    (local.get 2))
  (func (export "eqz_branches") (param i32) (result i32)
    (block (br_if 0 (i32.eqz (local.get 0))) (return (i32.const 1)))
    (i32.const 2))
  (func (export "eqz_eqz") (param i32) (result i32)
    (block (br_if 0 (i32.eqz (i32.eqz (local.get 0)))) (return (i32.const 1)))
    (i32.const 2))
  (func (export "step_up") (param i32) (result i32) (local i32)
    (loop
      (br_if 0 (i32.lt_s (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
    (local.get 1))
  (func (export "step_down") (param i32) (result i32)
    (loop
      (local.set 0 (i32.add (local.get 0) (i32.const -1)))
      (br_if 0 (i32.gt_s (local.get 0) (i32.const 0))))
    (local.get 0))
  (func (export "step64") (param i64) (result i64) (local i64)
    (loop
      (local.set 1 (i64.add (i64.const 1) (local.get 1)))
      (br_if 0 (i64.ne (local.get 1) (local.get 0))))
    (local.get 1))
  (func (export "array_sum") (param i32) (result i32) (local i32 i32)
    (loop
      (local.set 2
        (i32.add
          (local.get 2)
          (i32.load offset=4 (i32.shl (local.get 1) (i32.const 2)))))
      (br_if 0 (i32.ne (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
    (local.get 2))
  (func (export "indexed") (param i32 i32) (result i32)
    (i32.store
      (i32.add (i32.const 64) (i32.shl (local.get 0) (i32.const 2)))
      (i32.load (i32.add (local.get 1) (i32.shl (local.get 0) (i32.const 1)))))
    (i32.load8_u offset=64 (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 1))))
  (func (export "noncommutative") (param i32) (result i32)
    (i32.sub
      (i32.const 100)
      (i32.sub (i32.shl (i32.const 1) (local.get 0)) (i32.div_u (i32.const 60) (local.get 0)))))
  (func (export "chain") (param i32) (result i32)
    (i32.xor
      (i32.mul
        (i32.add (i32.sub (local.get 0) (i32.const 2)) (local.get 0))
        (i32.add (local.get 0) (i32.const 9)))
      (i32.rotl (i32.sub (i32.const 0) (local.get 0)) (i32.const 7))))
  (func (export "chain64") (param i64) (result i64)
    (i64.sub
      (i64.shl (local.get 0) (i64.sub (i64.const 9) (local.get 0)))
      (i64.rem_s (i64.mul (local.get 0) (i64.const -77)) (i64.add (local.get 0) (i64.const 6)))))
  (func (export "float_chain") (param f64) (result f64)
    (f64.div
      (f64.sub (f64.const 1) (f64.mul (local.get 0) (local.get 0)))
      (f64.add (f64.sqrt (local.get 0)) (f64.neg (f64.div (f64.const 1) (local.get 0))))))
  (func (export "both_accumulators") (param i32 f32) (result f32)
    (f32.add
      (f32.mul (local.get 1) (f32.convert_i32_s (i32.mul (local.get 0) (i32.const 3))))
      (f32.sub (f32.convert_i32_u (i32.add (local.get 0) (i32.const 1))) (local.get 1))))
  (func (export "load_op_store") (param i32)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 5)))
    (i64.store offset=8 (local.get 0) (i64.sub (i64.const 1) (i64.load (local.get 0)))))
  (func (export "condition_reused") (param i32) (result i32) (local i32)
    (local.set 1 (i32.gt_s (local.get 0) (i32.const 2)))
    (block (br_if 0 (local.get 1)) (local.set 0 (i32.const 0)))
    (i32.add (local.get 0) (local.get 1)))
  (func (export "constant_condition") (result i32)
    (block (br_if 0 (i32.const 0)) (if (i32.const 1) (then (return (i32.const 5)))))
    (select (i32.const 6) (i32.const 7) (i32.const 0)))
  (func (export "constant_operands") (result i32)
    (i32.add (i32.mul (i32.const 6) (i32.const 7)) (i32.sub (i32.const 1) (i32.const 2))))
  (func (export "wide_constants") (param i64) (result i64)
    (i64.add
      (i64.xor (local.get 0) (i64.const 0x7fffffffffffffff))
      (i64.and (i64.const 0x123456789) (i64.or (i64.const -0x80000000) (local.get 0)))))
  (func (export "compare_value") (param i32 i32) (result i32)
    (i32.add
      (i32.mul (i32.lt_s (local.get 0) (local.get 1)) (i32.const 10))
      (i32.eqz (i32.ge_u (local.get 0) (local.get 1)))))
  (func (export "shift_by_local") (param i32 i32) (result i32)
    (i32.add
      (i32.shl (local.get 0) (local.get 1))
      (i32.shr_s (i32.const -64) (local.get 1)))))
