;; Tables: get, set, size, grow, of functions and of host references.

;; run get i32:0
;; run get i32:3
;; run get i32:4
;; run set i32:3
;; run set i32:4
;; run grow i32:0
;; run grow i32:6
;; run grow i32:7
;; run grow i32:-1
;; run grow_and_call i32:3
;; run externs extern:5
;; run sizes
;; run grow_unbounded i32:100
;; run grow_unbounded i32:198
;; run grow_unbounded i32:199

(module
  (type $n (func (result i32)))
  (table $t 4 10 funcref)
  (table $x 2 externref)
  (elem (table $t) (i32.const 1) func $f)
  (func $f (type $n) (i32.const 42))
  (func (export "get") (param i32) (result funcref) (table.get $t (local.get 0)))
  (func (export "set") (param i32) (result i32)
    (table.set $t (local.get 0) (ref.func $f))
    (call_indirect $t (type $n) (local.get 0)))
  (func (export "grow") (param i32) (result i32 i32)
    (table.grow $t (ref.null func) (local.get 0))
    (table.size $t))
  (func (export "grow_and_call") (param i32) (result i32)
    (drop (table.grow $t (ref.func $f) (local.get 0)))
    (call_indirect $t (type $n) (i32.const 6)))
  (func (export "externs") (param externref) (result externref i32 i32)
    (table.set $x (i32.const 1) (local.get 0))
    (drop (table.grow $x (local.get 0) (i32.const 3)))
    (table.get $x (i32.const 4))
    (ref.is_null (table.get $x (i32.const 0)))
    (ref.is_null (table.get $x (i32.const 1))))
  (func (export "sizes") (result i32 i32) (table.size $t) (table.size $x))
  (func (export "grow_unbounded") (param i32) (result i32)
    (table.grow $x (ref.null extern) (local.get 0))))
