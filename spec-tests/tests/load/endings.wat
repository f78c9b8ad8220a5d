;; A contract whose methods end in every way that an operator knows, and some that the host knows.
(module
  (import "env" "input_size" (func $input_size (result i32)))
  (import "env" "input_copy" (func $input_copy (param i32 i32 i32)))
  (import "env" "set_return" (func $set_return (param i32 i32)))
  (import "env" "revert" (func $revert (param i32 i32)))
  (import "env" "storage_set" (func $storage_set (param i32 i32 i32 i32)))
  (import "env" "storage_get" (func $storage_get (param i32 i32 i32 i32) (result i64)))
  (import "env" "emit_event" (func $emit_event (param i32 i32 i32 i32)))
  (import "env" "gas_left" (func $gas_left (result i64)))
  (import "env" "external_call"
    (func $external_call (param i32 i32 i32 i32 i32 i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "key-value-and-no-topics\00\00\00\00")
  (data $passive "0123456789")
  (data (i32.const 1200) "tower")
  (table $t 4 20 funcref)
  (elem (i32.const 0) $nothing $number)
  (elem $more func $nothing $number)
  (global $initialised (mut i32) (i32.const 0))
  (type $nothing (func))

  (func (export "_initialize")
    (global.set $initialised (i32.add (global.get $initialised) (i32.const 7))))

  (func $nothing)
  (func $number (result i32) (i32.const 1))

  ;; The first four bytes of the input.
  (func $n (result i32)
    (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
    (i32.load (i32.const 0)))

  (func (export "unreachable") unreachable)
  (func (export "divide") (drop (i32.div_u (i32.const 1) (i32.const 0))))
  (func (export "overflow")
    (drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1))))
  (func (export "convert") (drop (i32.trunc_f32_s (f32.const nan))))
  (func (export "beyond") (drop (i64.load offset=65532 (i32.const 1))))
  (func (export "undefined") (call_indirect (type $nothing) (i32.const 9)))
  (func (export "uninitialized") (call_indirect (type $nothing) (i32.const 3)))
  (func (export "mismatch") (call_indirect (type $nothing) (i32.const 1)))
  (func (export "fill_beyond")
    (memory.fill (i32.const 65000) (i32.const 1) (i32.const 1000)))
  (func (export "init_beyond")
    (memory.init $passive (i32.const 0) (i32.const 5) (i32.const 6)))
  (func (export "table_beyond")
    (table.copy (i32.const 2) (i32.const 0) (i32.const 3)))
  (func $down (param i32) (result i32) (local i64 i64)
    (i32.add (i32.const 1) (call $down (local.get 0))))
  (func (export "deep") (drop (call $down (i32.const 0))))

  (func (export "spin") (loop (br 0)))
  (func (export "spin_and_ask") (loop (drop (call $gas_left)) (br 0)))
  (func (export "revert") (call $revert (i32.const 1024) (call $n)))

  ;; Traps of the host: a pointer beyond memory, a range beyond the input.
  (func (export "host_pointer")
    (call $storage_set (i32.const 70000) (i32.const 8) (i32.const 0) (i32.const 8)))
  (func (export "host_input") (call $input_copy (i32.const 0) (i32.const 0) (i32.const 9999)))

  ;; Grows as far as the input says, touches the last byte, and returns the old size; gas in between.
  (func (export "grow") (local $old i32)
    (local.set $old (memory.grow (call $n)))
    (i64.store (i32.const 8) (call $gas_left))
    (i32.store (i32.const 4) (local.get $old))
    (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 9))
    (call $set_return (i32.const 4) (i32.const 12)))

  ;; Grows as far as the input says; where the input goes on with addresses, calls the first with
  ;; the rest: pages that many frames hold are dearer.
  (func (export "tower") (local $size i32)
    (local.set $size (call $input_size))
    (call $input_copy (i32.const 2048) (i32.const 0) (local.get $size))
    (drop (memory.grow (i32.load (i32.const 2048))))
    (if (i32.gt_u (local.get $size) (i32.const 35)) (then
      ;; The amount in front of the rest, in place of the end of the address.
      (memory.copy (i32.const 3072) (i32.const 2052) (i32.const 32))
      (i32.store (i32.const 2080) (i32.load (i32.const 2048)))
      (i32.store (i32.const 4) (call $external_call
        (i32.const 3072) (i32.const 1200) (i32.const 5)
        (i32.const 2080) (i32.sub (local.get $size) (i32.const 32))
        (i32.const 4096) (i64.const 0x7fffffffffffffff) (i32.const 0)))
      (call $set_return (i32.const 4) (i32.const 4)))))

  ;; One operator at least of each class that the others leave out.
  (func (export "sundry") (local $f f32) (local $d f64) (local $n i32)
    (local.set $n (call $n))
    (local.set $f (f32.convert_i32_u (local.get $n)))
    (local.set $d (f64.promote_f32 (f32.neg (local.get $f))))
    (local.set $d (f64.sqrt (f64.abs (f64.mul (local.get $d) (f64.add (local.get $d) (f64.const 2))))))
    (local.set $d (f64.div (f64.ceil (local.get $d)) (f64.min (local.get $d) (f64.const 3))))
    (if (f64.lt (local.get $d) (f64.const 1e6))
      (then (i64.store (i32.const 4) (i64.reinterpret_f64 (local.get $d)))))
    (block $c (block $b (block $a
      (br_table $a $b $c (i32.popcnt (local.get $n))))
      (local.set $n (i32.div_u (i32.mul (local.get $n) (i32.const 9)) (i32.const 7))))
      (local.set $n (i32.shl (local.get $n) (i32.const 2))))
    (table.set $t (i32.const 3) (ref.func $nothing))
    (drop (ref.is_null (table.get $t (i32.const 2))))
    (drop (table.grow $t (ref.null func) (i32.and (local.get $n) (i32.const 15))))
    (table.fill $t (i32.const 1) (ref.func $number) (i32.const 2))
    (table.init $t $more (i32.const 2) (i32.const 0) (i32.const 2))
    (table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 3))
    (elem.drop $more)
    (data.drop $passive)
    (i32.store (i32.const 12) (i32.add (local.get $n) (table.size $t)))
    (call $set_return (i32.const 4) (i32.const 12)))

  ;; Bulk operators over as many bytes as the input says, then as many rounds of arithmetic.
  (func (export "work") (local $n i32) (local $sum i64)
    (local.set $n (call $n))
    (memory.fill (i32.const 2048) (i32.const 0xa5) (local.get $n))
    (memory.copy (i32.const 20000) (i32.const 2048) (local.get $n))
    (memory.init $passive (i32.const 16) (i32.const 0) (i32.const 10))
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (local.set $sum
        (i64.add (i64.mul (local.get $sum) (i64.const 31))
          (i64.rem_u (i64.extend_i32_u (local.get $n)) (i64.const 13))))
      (if (i32.and (local.get $n) (i32.const 1))
        (then (local.set $sum (i64.rotl (local.get $sum) (i64.const 3))))
        (else (call_indirect (type $nothing) (i32.const 0))))
      (br $again)))
    (i64.store (i32.const 4) (local.get $sum))
    (call $storage_set (i32.const 1024) (i32.const 3) (i32.const 4) (i32.const 8))
    (drop (call $storage_get (i32.const 1024) (i32.const 3) (i32.const 32) (i32.const 8)))
    (call $set_return (i32.const 32) (i32.const 8)))

  ;; As many events as the input says.
  (func (export "events") (local $n i32)
    (local.set $n (call $n))
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $n)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (call $emit_event (i32.const 1047) (i32.const 4) (i32.const 1024) (local.get $n))
      (br $again)))))
