;; Bulk table operators: within bounds, up to the end, beyond it, empty, overlapping, of passive and dropped segments.

;; run init i32:0 i32:0 i32:3
;; run init i32:9 i32:2 i32:1
;; run init i32:9 i32:1 i32:2
;; run init i32:0 i32:3 i32:1
;; run init i32:10 i32:3 i32:0
;; run init i32:11 i32:0 i32:0
;; run copy i32:1 i32:0 i32:9
;; run copy i32:0 i32:1 i32:9
;; run copy i32:2 i32:1 i32:9
;; run copy i32:10 i32:10 i32:0
;; run copy_between i32:0 i32:0 i32:3
;; run copy_between i32:0 i32:2 i32:3
;; run fill i32:0 i32:10
;; run fill i32:5 i32:6
;; run fill i32:10 i32:0
;; run fill i32:0 i32:9
;; run dropped i32:0
;; run dropped i32:1

(module
  (type $n (func (result i32)))
  (table $t 10 20 funcref)
  (table $u 4 funcref)
  (elem (table $t) (i32.const 2) func $one $two)
  (elem (table $u) (i32.const 0) funcref (ref.func $two) (ref.null func) (ref.func $one))
  (elem $p func $one $two $three)
  (func $one (type $n) (i32.const 1))
  (func $two (type $n) (i32.const 2))
  (func $three (type $n) (i32.const 3))
  ;; The sum over the table tells what is where: an empty element counts ten.
  (func $sum (result i32) (local i32 i32)
    (loop
      (local.set 1 (i32.mul (local.get 1) (i32.const 5)))
      (if (ref.is_null (table.get $t (local.get 0)))
        (then (local.set 1 (i32.add (local.get 1) (i32.const 4))))
        (else
          (local.set 1
            (i32.add (local.get 1) (call_indirect $t (type $n) (local.get 0))))))
      (br_if 0
        (i32.lt_u
          (local.tee 0 (i32.add (local.get 0) (i32.const 1)))
          (table.size $t))))
    (local.get 1))
  (func (export "init") (param i32 i32 i32) (result i32)
    (table.init $t $p (local.get 0) (local.get 1) (local.get 2))
    (call $sum))
  (func (export "copy") (param i32 i32 i32) (result i32)
    (table.copy (local.get 0) (local.get 1) (local.get 2))
    (call $sum))
  (func (export "copy_between") (param i32 i32 i32) (result i32)
    (table.copy $t $u (local.get 0) (local.get 1) (local.get 2))
    (call $sum))
  (func (export "fill") (param i32 i32) (result i32)
    (table.fill $t (local.get 0) (ref.func $three) (local.get 1))
    (call $sum))
  (func (export "dropped") (param i32)
    (elem.drop $p)
    (elem.drop $p)
    (table.init $t $p (i32.const 0) (i32.const 0) (local.get 0))))
