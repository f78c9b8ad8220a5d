;; Traps in the middle of straight-line code: what came before has happened and is paid, what comes after has not.

;; run divide i32:0
;; run divide i32:3
;; run load i32:65535
;; run load i32:100
;; run store_store i32:65533
;; run store_store i32:8
;; run convert f32:nan
;; run convert f32:1e20
;; run convert f32:12.7
;; run two_divisions i32:1 i32:0
;; run two_divisions i32:0 i32:1
;; run two_divisions i32:2 i32:3
;; run second_is_dead i32:0
;; run in_loop i32:3
;; run behind_branch i32:0 i32:0
;; run behind_branch i32:1 i32:0
;; run table_get i32:9
;; run fill i32:65530
;; run condition_traps i32:0
;; run address_from_trap i32:0

(module
  (memory (export "memory") 1 2)
  (table 2 funcref)
  (global $g (export "g") (mut i32) (i32.const 0))
  (func (export "divide") (param i32) (result i32)
    (i32.store (i32.const 0) (i32.const 1))
    (global.set $g (i32.const 2))
    (i32.add
      (i32.mul (i32.const 3) (local.get 0))
      (i32.div_u (i32.const 100) (local.get 0)))
    (i32.store (i32.const 4) (i32.const 5))
    (global.set $g (i32.const 6)))
  (func (export "load") (param i32) (result i32)
    (i32.store (i32.const 0) (i32.const 1))
    (i32.add (i32.load (local.get 0)) (i32.const 7))
    (i32.store (i32.const 4) (i32.const 5)))
  (func (export "store_store") (param i32)
    (i32.store (i32.const 0) (i32.const -1))
    (i32.store (local.get 0) (i32.const -1))
    (i32.store (i32.const 4) (i32.const -1)))
  (func (export "convert") (param f32) (result i32)
    (global.set $g (i32.const 1))
    (i32.add (i32.const 1) (i32.trunc_f32_s (local.get 0)))
    (global.set $g (i32.const 2)))
  (func (export "two_divisions") (param i32 i32) (result i32)
    (i32.add
      (i32.div_s (i32.const 12) (local.get 0))
      (i32.rem_s (i32.const 12) (local.get 1))))
  (func (export "second_is_dead") (param i32) (result i32)
    (drop (i32.div_s (i32.const 12) (local.get 0)))
    (i32.store (i32.const 0) (i32.const 1))
    (i32.const 4))
  (func (export "in_loop") (param i32) (result i32)
    (loop $next
      (global.set $g (i32.add (global.get $g) (i32.div_u (i32.const 60) (local.get 0))))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br $next))
    (i32.const 0))
  (func (export "behind_branch") (param i32 i32) (result i32)
    (block
      (global.set $g (i32.const 1))
      (br_if 0 (local.get 0))
      (global.set $g (i32.const 2)))
    (i32.div_u (global.get $g) (local.get 1)))
  (func (export "table_get") (param i32) (result funcref)
    (global.set $g (i32.const 1))
    (table.get (local.get 0)))
  (func (export "fill") (param i32)
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 100))
    (memory.fill (local.get 0) (i32.const 2) (i32.const 100))
    (memory.fill (i32.const 0) (i32.const 3) (i32.const 100)))
  (func (export "condition_traps") (param i32) (result i32)
    (if (result i32) (i32.div_u (i32.const 1) (local.get 0))
      (then (i32.const 1))
      (else (i32.const 2))))
  (func (export "address_from_trap") (param i32)
    (i32.store8 (i32.rem_u (i32.const 9) (local.get 0)) (i32.const 1))))
