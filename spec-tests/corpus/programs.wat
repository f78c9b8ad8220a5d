;; Small real programs: a sieve, a sort, a checksum, a matrix product, a string search, a bit trick.

;; run sieve i32:20
;; run sort
;; run crc i32:9
;; run matrix
;; run find i32:0x64
;; run find i32:0x7a
;; run gcd i64:84 i64:36
;; run pi i32:10
;; run popcount i64:0x123456789abcdef0

(module
  (memory (export "memory") 1)
  (data (i32.const 512) "123456789 quick fox jumps over the lazy dog")
  (data (i32.const 768) "\09\03\07\01\08\02")
  (func (export "sieve") (param i32) (result i32) (local i32 i32 i32)
    (local.set 1 (i32.const 2))
    (loop $numbers
      (if (i32.eqz (i32.load8_u (local.get 1)))
        (then
          (local.set 3 (i32.add (local.get 3) (i32.const 1)))
          (local.set 2 (i32.mul (local.get 1) (local.get 1)))
          (block $marked
            (loop $mark
              (br_if $marked (i32.ge_u (local.get 2) (local.get 0)))
              (i32.store8 (local.get 2) (i32.const 1))
              (local.set 2 (i32.add (local.get 2) (local.get 1)))
              (br $mark)))))
      (br_if $numbers
        (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0))))
    (local.get 3))
  (func (export "sort") (local i32 i32 i32)
    (local.set 0 (i32.const 1))
    (loop $outer
      (local.set 1 (local.get 0))
      (local.set 2 (i32.load8_u offset=768 (local.get 0)))
      (block $placed
        (loop $shift
          (br_if $placed (i32.eqz (local.get 1)))
          (br_if $placed
            (i32.le_u (i32.load8_u offset=767 (local.get 1)) (local.get 2)))
          (i32.store8 offset=768 (local.get 1) (i32.load8_u offset=767 (local.get 1)))
          (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
          (br $shift)))
      (i32.store8 offset=768 (local.get 1) (local.get 2))
      (br_if $outer
        (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 6)))))
  (func (export "crc") (param i32) (result i32) (local i32 i32 i32)
    (local.set 1 (i32.const -1))
    (loop $bytes
      (local.set 1
        (i32.xor (local.get 1) (i32.load8_u offset=512 (local.get 2))))
      (local.set 3 (i32.const 8))
      (loop $bits
        (local.set 1
          (i32.xor
            (i32.shr_u (local.get 1) (i32.const 1))
            (i32.and
              (i32.const 0xedb88320)
              (i32.sub (i32.const 0) (i32.and (local.get 1) (i32.const 1))))))
        (br_if $bits (local.tee 3 (i32.sub (local.get 3) (i32.const 1)))))
      (br_if $bytes
        (i32.ne (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (local.get 0))))
    (i32.xor (local.get 1) (i32.const -1)))
  (func $at (param i32 i32) (result i32)
    (i32.shl (i32.add (i32.mul (local.get 0) (i32.const 2)) (local.get 1)) (i32.const 3)))
  (func (export "matrix") (result f64) (local i32 i32 i32 f64)
    (f64.store offset=1024 (call $at (i32.const 0) (i32.const 0)) (f64.const 1.5))
    (f64.store offset=1024 (call $at (i32.const 0) (i32.const 1)) (f64.const -2))
    (f64.store offset=1024 (call $at (i32.const 1) (i32.const 0)) (f64.const 0.25))
    (f64.store offset=1024 (call $at (i32.const 1) (i32.const 1)) (f64.const 4))
    (loop $i
      (local.set 1 (i32.const 0))
      (loop $j
        (local.set 2 (i32.const 0))
        (local.set 3 (f64.const 0))
        (loop $k
          (local.set 3
            (f64.add
              (local.get 3)
              (f64.mul
                (f64.load offset=1024 (call $at (local.get 0) (local.get 2)))
                (f64.load offset=1024 (call $at (local.get 2) (local.get 1))))))
          (br_if $k
            (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 2))))
        (f64.store offset=1056 (call $at (local.get 0) (local.get 1)) (local.get 3))
        (br_if $j
          (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 2))))
      (br_if $i
        (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 2))))
    (f64.load offset=1056 (call $at (i32.const 1) (i32.const 1))))
  (func (export "find") (param i32) (result i32) (local i32)
    (block $found
      (loop $next
        (br_if $found (i32.eq (i32.load8_u offset=512 (local.get 1)) (local.get 0)))
        (br_if $next
          (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 43))))
      (return (i32.const -1)))
    (local.get 1))
  (func $gcd (export "gcd") (param i64 i64) (result i64)
    (if (result i64) (i64.eqz (local.get 1))
      (then (local.get 0))
      (else (call $gcd (local.get 1) (i64.rem_u (local.get 0) (local.get 1))))))
  (func (export "pi") (param i32) (result f64) (local f64 f64 f64)
    (local.set 2 (f64.const 1))
    (local.set 3 (f64.const 1))
    (loop
      (local.set 1 (f64.add (local.get 1) (f64.div (local.get 3) (local.get 2))))
      (local.set 2 (f64.add (local.get 2) (f64.const 2)))
      (local.set 3 (f64.neg (local.get 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (f64.mul (local.get 1) (f64.const 4)))
  (func (export "popcount") (param i64) (result i32) (local i32)
    (block $done
      (loop $next
        (br_if $done (i64.eqz (local.get 0)))
        (local.set 0 (i64.and (local.get 0) (i64.sub (local.get 0) (i64.const 1))))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br $next)))
    (local.get 1)))
