;; Growth of memories: within the limit, to it, beyond it, in the dear half, and what lies in the new pages.

;; run size
;; run grow i32:0
;; run grow i32:1
;; run grow i32:2
;; run grow i32:4
;; run grow i32:5
;; run grow i32:-1
;; run step_by_step
;; run store_beyond i32:0
;; run store_beyond i32:1
;; run zeroed
;; run pending_load i32:1

(module
  (memory (export "memory") 1 5)
  (data (i32.const 65532) "\01\02\03\04")
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32 i32)
    (memory.grow (local.get 0))
    (memory.size))
  (func (export "step_by_step") (result i32 i32 i32 i32 i32)
    (memory.grow (i32.const 1))
    (memory.grow (i32.const 1))
    (memory.grow (i32.const 1))
    (memory.grow (i32.const 1))
    (memory.grow (i32.const 1)))
  (func (export "store_beyond") (param i32) (result i32)
    (drop (memory.grow (local.get 0)))
    (i32.store (i32.const 65536) (i32.const 0x55667788))
    (i32.load16_u offset=65530 (i32.const 7)))
  (func (export "zeroed") (result i32 i32)
    (drop (memory.grow (i32.const 1)))
    (i32.load (i32.const 65534))
    (i32.load (i32.const 131068)))
  (func (export "pending_load") (param i32) (result i32)
    (i32.load (i32.const 65532))
    (drop (memory.grow (local.get 0)))
    (i32.load (i32.const 65532))
    (i32.sub)))
