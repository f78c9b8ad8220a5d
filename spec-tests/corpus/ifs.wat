;; Both arms, no second arm, values in and out, arms that leave.

;; run both i32:0
;; run both i32:1
;; run one_arm i32:0
;; run one_arm i32:1
;; run params i32:0 i32:5
;; run params i32:1 i32:5
;; run param_without_else i32:0 i32:5
;; run param_without_else i32:1 i32:5
;; run arms_leave i32:0
;; run arms_leave i32:1
;; run chain i32:0
;; run chain i32:1
;; run chain i32:2
;; run chain i32:3
;; run on_compare i64:4 i64:5
;; run on_compare i64:5 i64:4
;; run on_float f64:nan f64:1
;; run on_float f64:1 f64:2
;; run br_out_of_arm i32:0
;; run br_out_of_arm i32:1

(module
  (func (export "both") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 11)) (else (i32.const 22))))
  (func (export "one_arm") (param i32) (result i32) (local i32)
    (if (local.get 0) (then (local.set 1 (i32.const 5))))
    (local.get 1))
  (func (export "params") (param i32 i32) (result i32)
    (local.get 1)
    (local.get 1)
    (if (param i32 i32) (result i32) (local.get 0) (then (i32.add)) (else (i32.mul))))
  (func (export "param_without_else") (param i32 i32) (result i32)
    (local.get 1)
    (if (param i32) (result i32) (local.get 0) (then (i32.const 1) (i32.add))))
  (func (export "arms_leave") (param i32) (result i32)
    (if (local.get 0) (then (return (i32.const 1))) (else (return (i32.const 2))))
    (i32.const 3))
  (func (export "chain") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (i32.const 100))
      (else
        (if (result i32) (i32.eq (local.get 0) (i32.const 1))
          (then (i32.const 101))
          (else
            (if (result i32) (i32.eq (local.get 0) (i32.const 2))
              (then (i32.const 102))
              (else (unreachable))))))))
  (func (export "on_compare") (param i64 i64) (result i64)
    (if (result i64) (i64.lt_s (local.get 0) (local.get 1))
      (then (local.get 0))
      (else (local.get 1))))
  (func (export "on_float") (param f64 f64) (result i32)
    (if (result i32) (f64.lt (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 0))))
  (func (export "br_out_of_arm") (param i32) (result i32)
    (block $out (result i32)
      (if (result i32) (local.get 0)
        (then (br $out (i32.const 7)))
        (else (i32.const 8)))
      (i32.const 1)
      (i32.add))))
