;; Bulk memory: within bounds, up to the end, beyond it, empty, overlapping, of passive and dropped segments.

;; run fill i32:0 i32:0xaa i32:200
;; run fill i32:65536 i32:0 i32:0
;; run fill i32:65537 i32:0 i32:0
;; run fill i32:65500 i32:1 i32:36
;; run fill i32:65500 i32:1 i32:37
;; run fill i32:0 i32:0x1ff i32:64
;; run fill i32:0 i32:1 i32:65
;; run fill i32:1 i32:1 i32:-1
;; run copy i32:100 i32:0 i32:16
;; run copy i32:4 i32:0 i32:16
;; run copy i32:0 i32:4 i32:16
;; run copy i32:65536 i32:65536 i32:0
;; run copy i32:0 i32:65535 i32:2
;; run copy i32:65535 i32:0 i32:2
;; run copy i32:0 i32:0 i32:65536
;; run init i32:50 i32:0 i32:10
;; run init i32:50 i32:4 i32:6
;; run init i32:50 i32:4 i32:7
;; run init i32:65530 i32:0 i32:7
;; run init i32:0 i32:10 i32:0
;; run init_after_drop i32:0
;; run init_after_drop i32:1
;; run init_active i32:0
;; run init_active i32:1
;; run drop_twice

(module
  (memory (export "memory") 1 1)
  (data (i32.const 0) "0123456789abcdef")
  (data $p "passive!!?")
  (func (export "fill") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32)
    (memory.init $p (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init_after_drop") (param i32)
    (data.drop $p)
    (memory.init $p (i32.const 5) (i32.const 0) (local.get 0)))
  (func (export "init_active") (param i32)
    (memory.init 0 (i32.const 5) (i32.const 0) (local.get 0)))
  (func (export "drop_twice") (data.drop $p) (data.drop $p)))
