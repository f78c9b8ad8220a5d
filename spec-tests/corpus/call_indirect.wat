;; Calls through tables: by index, with the three ways to trap, through a second table, after the table changed.

;; run by_index i32:0 i32:7
;; run by_index i32:1 i32:7
;; run by_index i32:2 i32:7
;; run by_index i32:3 i32:7
;; run by_index i32:4 i32:7
;; run by_index i32:-1 i32:7
;; run second_table i32:0
;; run second_table i32:1
;; run after_set i32:5
;; run keeps_below i32:1
;; run equal_types i32:2

(module
  (type $unary (func (param i32) (result i32)))
  (type $same (func (param i32) (result i32)))
  (type $nullary (func (result i32)))
  (table $t 5 8 funcref)
  (table $u 2 funcref)
  (elem (table $t) (i32.const 0) func $double $square $nine)
  (elem (table $u) (i32.const 0) func $nine)
  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func $square (type $same) (i32.mul (local.get 0) (local.get 0)))
  (func $nine (type $nullary) (i32.const 9))
  (func (export "by_index") (param i32 i32) (result i32)
    (call_indirect $t (type $unary) (local.get 1) (local.get 0)))
  (func (export "second_table") (param i32) (result i32)
    (call_indirect $u (type $nullary) (local.get 0)))
  (func (export "after_set") (param i32) (result i32)
    (table.set $t (i32.const 3) (table.get $t (i32.const 1)))
    (call_indirect $t (type $unary) (local.get 0) (i32.const 3)))
  (func (export "keeps_below") (param i32) (result i32)
    (i32.const 500)
    (call_indirect $t (type $same) (i32.const 6) (local.get 0))
    (i32.sub))
  (func (export "equal_types") (param i32) (result i32)
    (call_indirect $t (type $same) (local.get 0) (i32.const 0))
    (call_indirect $t (type $unary) (local.get 0) (i32.const 1))
    (i32.add)))
