;; A contract that does what its input says: leaves a mark, emits an event, calls or not, and ends in
;; one of several ways.
;;
;; act:     how (1 byte)
;; forward: how (1) | flags (4) | gas (8) | length of method (1) | to (32) | method | arguments
;;
;; how: 0 return, 1 revert, 2 trap, 3 loop for ever, 4 return after writing nothing.
;; The data that `act` gives back is "done"; that of `forward` is the status (4) and the callee's data.
(module
  (import "env" "storage_get" (func $storage_get (param i32 i32 i32 i32) (result i64)))
  (import "env" "storage_set" (func $storage_set (param i32 i32 i32 i32)))
  (import "env" "input_size" (func $input_size (result i32)))
  (import "env" "input_copy" (func $input_copy (param i32 i32 i32)))
  (import "env" "set_return" (func $set_return (param i32 i32)))
  (import "env" "revert" (func $revert (param i32 i32)))
  (import "env" "return_size" (func $return_size (result i32)))
  (import "env" "return_copy" (func $return_copy (param i32 i32 i32)))
  (import "env" "external_call"
    (func $external_call (param i32 i32 i32 i32 i32 i32 i64 i32) (result i32)))
  (import "env" "caller_address" (func $caller_address (param i32)))
  (import "env" "emit_event" (func $emit_event (param i32 i32 i32 i32)))
  (memory (export "memory") 2)
  ;; 0: input; 65536: no topics (4 zero bytes); 65540: no value (16 zero bytes); 65600: "mark";
  ;; 65604: "done"; 65700: status and data given back; 65608: caller
  (data (i32.const 65600) "markdone")

  ;; Counts in storage under "mark", and emits an event with the count, unless told to write nothing.
  (func $mark
    (if (i32.ne (i32.load8_u (i32.const 0)) (i32.const 4)) (then
      (drop (call $storage_get
        (i32.const 65600) (i32.const 4) (i32.const 65560) (i32.const 4)))
      (i32.store (i32.const 65560) (i32.add (i32.load (i32.const 65560)) (i32.const 1)))
      (call $storage_set (i32.const 65600) (i32.const 4) (i32.const 65560) (i32.const 4))
      (call $emit_event (i32.const 65536) (i32.const 4) (i32.const 65560) (i32.const 4)))))

  (func $end (param $data i32) (param $length i32)
    (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 1))
      (then (call $revert (local.get $data) (local.get $length))))
    (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 2)) (then unreachable))
    (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 3)) (then (loop (br 0))))
    (call $set_return (local.get $data) (local.get $length)))

  (func (export "act")
    (call $input_copy (i32.const 0) (i32.const 0) (i32.const 1))
    (call $mark)
    (call $end (i32.const 65604) (i32.const 4)))

  (func (export "who")
    (call $caller_address (i32.const 65608))
    (call $set_return (i32.const 65608) (i32.const 32)))

  (func (export "forward") (local $size i32) (local $method i32) (local $arguments i32)
    (local.set $size (call $input_size))
    (call $input_copy (i32.const 0) (i32.const 0) (local.get $size))
    (local.set $method (i32.load8_u (i32.const 13)))
    (local.set $arguments (i32.add (i32.const 46) (local.get $method)))
    (call $mark)
    (i32.store (i32.const 65700)
      (call $external_call
        (i32.const 14)
        (i32.const 46) (local.get $method)
        (local.get $arguments) (i32.sub (local.get $size) (local.get $arguments))
        (i32.const 65540)
        (i64.load (i32.const 5))
        (i32.load (i32.const 1))))
    (call $return_copy (i32.const 65704) (i32.const 0) (call $return_size))
    (call $end (i32.const 65700) (i32.add (i32.const 4) (call $return_size)))))
