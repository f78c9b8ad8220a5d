;; Growth that no declared maximum stops but the limits do (8 pages, 200 elements in the corpus), in
;; both halves of them.

;; run grow i32:0
;; run grow i32:2
;; run grow i32:3
;; run grow i32:4
;; run grow i32:7
;; run grow i32:8
;; run grow i32:-1
;; run memory_twice i32:3 i32:4
;; run memory_twice i32:3 i32:5
;; run memory_in_loop
;; run table i32:0
;; run table i32:8
;; run table i32:9
;; run table i32:199
;; run table i32:200
;; run table i32:-1
;; run table_twice i32:100 i32:99
;; run table_twice i32:100 i32:100
;; run beyond_the_limit
;; run big_maximum i32:199
;; run big_maximum i32:200

(module
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (table $u 1 5000 externref)
  (func (export "grow") (param i32) (result i32 i32)
    (memory.grow (local.get 0))
    (memory.size))
  (func (export "memory_twice") (param i32 i32) (result i32 i32 i32)
    (memory.grow (local.get 0))
    (memory.grow (local.get 1))
    (memory.size))
  (func (export "memory_in_loop") (result i32) (local i32)
    (loop
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (i32.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)) (i32.const -1))
    (local.get 0))
  (func (export "table") (param i32) (result i32 i32)
    (table.grow $t (ref.null func) (local.get 0))
    (table.size $t))
  (func (export "table_twice") (param i32 i32) (result i32 i32 i32)
    (table.grow $t (ref.null func) (local.get 0))
    (table.grow $t (ref.null func) (local.get 1))
    (table.size $t))
  (func (export "beyond_the_limit") (result i32)
    (drop (memory.grow (i32.const 100)))
    (i32.load (i32.const 0x80000)))
  (func (export "big_maximum") (param i32) (result i32)
    (table.grow $u (ref.null extern) (local.get 0))))
