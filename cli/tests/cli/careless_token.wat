;; A token that anybody may overdraw: amounts wrap at 64 bits and nothing is checked. The demo must
;; find it out; the tests also take single calls away from it.
(module
  (import "env" "input_copy" (func $input_copy (param i32 i32 i32)))
  (import "env" "caller_address" (func $caller_address (param i32)))
  (import "env" "storage_get" (func $storage_get (param i32 i32 i32 i32) (result i64)))
  (import "env" "storage_set" (func $storage_set (param i32 i32 i32 i32)))
  (import "env" "set_return" (func $set_return (param i32 i32)))
  (import "env" "emit_event" (func $emit_event (param i32 i32 i32 i32)))

  ;; 0: an address and an amount of 16 bytes, the arguments. 64: the caller. 128: a balance.
  ;; 192: 32 bytes that are no one's address, the key of the supply. 256: no topics.
  (memory (export "memory") 1)
  (data (i32.const 192) "supply")

  (func $load (param $key i32)
    (i64.store (i32.const 128) (i64.const 0))
    (drop (call $storage_get
      (local.get $key) (i32.const 32) (i32.const 128) (i32.const 16))))

  (func $add (param $key i32) (param $amount i64)
    (call $load (local.get $key))
    (i64.store (i32.const 128) (i64.add (i64.load (i32.const 128)) (local.get $amount)))
    (call $storage_set (local.get $key) (i32.const 32) (i32.const 128) (i32.const 16)))

  (func $emit
    (call $emit_event (i32.const 256) (i32.const 4) (i32.const 32) (i32.const 16)))

  ;; The first supply is that of who deploys.
  (func (export "init")
    (call $caller_address (i32.const 0))
    (call $input_copy (i32.const 32) (i32.const 0) (i32.const 16))
    (call $put))

  (func (export "mint")
    (call $input_copy (i32.const 0) (i32.const 0) (i32.const 48))
    (call $put))

  (func $put
    (call $add (i32.const 0) (i64.load (i32.const 32)))
    (call $add (i32.const 192) (i64.load (i32.const 32))) ;; the supply
    (call $emit))

  (func (export "transfer")
    (call $input_copy (i32.const 0) (i32.const 0) (i32.const 48))
    (call $caller_address (i32.const 64))
    (call $add (i32.const 64) (i64.sub (i64.const 0) (i64.load (i32.const 32)))) ;; the sender
    (call $add (i32.const 0) (i64.load (i32.const 32))) ;; the receiver
    (call $emit)) ;; of a transfer

  (func (export "balance_of")
    (call $input_copy (i32.const 0) (i32.const 0) (i32.const 32))
    (call $load (i32.const 0))
    (call $set_return (i32.const 128) (i32.const 16)))

  (func (export "total_supply")
    (call $load (i32.const 192))
    (call $set_return (i32.const 128) (i32.const 16))))
