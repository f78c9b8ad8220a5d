;; Tables of labels: of every size, with values, to loops, beyond the end, in the function's own block.

;; run plain i32:0
;; run plain i32:1
;; run plain i32:2
;; run plain i32:3
;; run plain i32:-1
;; run only_default i32:0
;; run only_default i32:9
;; run values i32:0
;; run values i32:1
;; run values i32:2
;; run to_loop i32:0
;; run to_loop i32:5
;; run returns i32:0
;; run returns i32:1
;; run two_values i32:0
;; run two_values i32:1
;; run two_values i32:2
;; run repeated i32:0
;; run repeated i32:1
;; run repeated i32:2
;; run repeated i32:3

(module
  (func (export "plain") (param i32) (result i32)
    (block $default
      (block $two
        (block $one
          (block $zero
            (br_table $zero $one $two $default (local.get 0)))
          (return (i32.const 100)))
        (return (i32.const 101)))
      (return (i32.const 102)))
    (i32.const 103))
  (func (export "only_default") (param i32) (result i32)
    (block (br_table 0 (local.get 0)))
    (i32.const 1))
  (func (export "values") (param i32) (result i32)
    (block $a (result i32)
      (block $b (result i32)
        (i32.const 5)
        (br_table $a $b (i32.const 50) (local.get 0)))
      (i32.const 1)
      (i32.add)))
  (func (export "to_loop") (param i32) (result i32) (local i32)
    (block $out
      (loop $again
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br_table $again $out $out $again $again $again $out
          (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (local.get 1))
  (func (export "returns") (param i32) (result i32)
    (block (result i32) (br_table 0 1 (i32.const 70) (local.get 0)))
    (drop)
    (i32.const 71))
  (func (export "two_values") (param i32) (result i32)
    (block $a (result i32 i32)
      (block $b (result i32 i32)
        (i32.const 9)
        (i32.const 3)
        (i32.const 4)
        (br_table $a $b $a (local.get 0)))
      (i32.add)
      (i32.const 7))
    (i32.sub))
  (func (export "repeated") (param i32) (result i32)
    (block $a (result i32)
      (block $b (result i32)
        (br_table $b $a $b (i32.mul (local.get 0) (i32.const 3)) (local.get 0)))
      (i32.const 1000)
      (i32.add))))
