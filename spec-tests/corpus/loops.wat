;; Loops: counting, nested, with parameters, with several exits, entered and left at once.

;; run factorial i64:0
;; run factorial i64:1
;; run factorial i64:6
;; run with_params i32:5
;; run nested i32:3
;; run two_exits i32:4 i32:9
;; run two_exits i32:9 i32:4
;; run once
;; run countdown i32:7
;; run collatz i32:6
;; run br_to_outer_loop i32:3

(module
  (func (export "factorial") (param i64) (result i64) (local i64)
    (local.set 1 (i64.const 1))
    (block $done
      (loop $next
        (br_if $done (i64.eqz (local.get 0)))
        (local.set 1 (i64.mul (local.get 1) (local.get 0)))
        (local.set 0 (i64.sub (local.get 0) (i64.const 1)))
        (br $next)))
    (local.get 1))
  (func (export "with_params") (param i32) (result i32)
    (i32.const 0)
    (i32.const 1)
    (loop $next (param i32 i32) (result i32)
      (i32.add)
      (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))
      (i32.const 2)
      (i32.mul)
      (br_if $next (i32.ne (local.get 0) (i32.const 0)))
      (drop)))
  (func (export "nested") (param i32) (result i32) (local i32 i32 i32)
    (loop $outer
      (local.set 2 (i32.const 0))
      (loop $inner
        (local.set 3 (i32.add (local.get 3) (i32.mul (local.get 1) (local.get 2))))
        (br_if $inner
          (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (local.get 0))))
      (br_if $outer
        (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
    (local.get 3))
  (func (export "two_exits") (param i32 i32) (result i32) (local i32)
    (block $first
      (block $second
        (loop $next
          (br_if $first (i32.eq (local.get 2) (local.get 0)))
          (br_if $second (i32.eq (local.get 2) (local.get 1)))
          (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (br $next)))
      (return (i32.const 2)))
    (i32.const 1))
  (func (export "once") (result i32)
    (loop (result i32) (i32.const 3)))
  (func (export "countdown") (param i32)
    (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func (export "collatz") (param i32) (result i32) (local i32)
    (loop $next
      (if (i32.ne (local.get 0) (i32.const 1))
        (then
          (local.set 1 (i32.add (local.get 1) (i32.const 1)))
          (if (i32.and (local.get 0) (i32.const 1))
            (then
              (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.const 1))))
            (else (local.set 0 (i32.shr_u (local.get 0) (i32.const 1)))))
          (br $next))))
    (local.get 1))
  (func (export "br_to_outer_loop") (param i32) (result i32) (local i32)
    (loop $outer
      (local.set 1 (i32.add (local.get 1) (i32.const 10)))
      (block
        (loop
          (local.set 1 (i32.add (local.get 1) (i32.const 1)))
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_if 1 (i32.eqz (local.get 0)))
          (br $outer))))
    (local.get 1)))
