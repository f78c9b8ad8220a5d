;; A start function, active segments and imports of memory and table: instantiation costs what the start function does.

;; run state

(module
  (import "spectest" "memory" (memory 1 2))
  (import "spectest" "table" (table 10 20 funcref))
  (global $g (mut i32) (i32.const 1))
  (data (i32.const 10) "hello")
  (elem (i32.const 3) func $start)
  (func $start
    (global.set $g (i32.add (global.get $g) (i32.load8_u (i32.const 11))))
    (i32.store (i32.const 100) (global.get $g)))
  (start $start)
  (func (export "state") (result i32 i32 i32)
    (global.get $g)
    (i32.load (i32.const 100))
    (ref.is_null (table.get (i32.const 3)))))
