;; References: null, functions, host references, through locals, blocks and calls.

;; run null_func
;; run null_extern
;; run self
;; run is_null extern:null
;; run is_null extern:7
;; run through_block extern:7 i32:0
;; run through_block extern:7 i32:1
;; run through_call extern:9
;; run choose i32:0
;; run choose i32:1

(module
  (func (export "null_func") (result funcref) (ref.null func))
  (func (export "null_extern") (result externref) (ref.null extern))
  (func $self (export "self") (result funcref) (ref.func $self))
  (func (export "is_null") (param externref) (result i32) (ref.is_null (local.get 0)))
  (func (export "through_block") (param externref i32) (result externref)
    (block (result externref)
      (br_if 0 (local.get 0) (local.get 1))
      (drop)
      (ref.null extern)))
  (func $id (param externref) (result externref) (local.get 0))
  (func (export "through_call") (param externref) (result externref)
    (call $id (call $id (local.get 0))))
  (func (export "choose") (param i32) (result i32) (local funcref)
    (if (local.get 0) (then (local.set 1 (ref.func $self))))
    (ref.is_null (local.get 1))))
