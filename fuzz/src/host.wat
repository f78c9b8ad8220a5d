;; What modules of the fuzzer may import.
(module
  (import "h" "none" (func))
  (import "h" "mix" (func (param i32 i64) (result i64)))
  (import "h" "two" (func (param f32) (result f64 i32)))
  (import "h" "stop" (func (param i32)))
  (import "h" "fixed" (global i32))
  (import "h" "counter" (global (mut i64)))
  (import "h" "ratio" (global f64))
  (import "h" "memory" (memory 1 4))
  (import "h" "table" (table 5 20 funcref)))
