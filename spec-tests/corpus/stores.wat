;; Every store: within bounds, at the last place, one beyond it, and nothing is written when it traps.

;; run i32.store i32:0 i32:0x81828384
;; run i32.store i32:7 i32:0x81828384
;; run i32.store i32:65532 i32:0x81828384
;; run i32.store i32:65533 i32:0x81828384
;; run i32.store i32:-1 i32:0x81828384
;; run i32.store+9 i32:0 i32:0x81828384
;; run i32.store+9 i32:65523 i32:0x81828384
;; run i32.store+9 i32:65524 i32:0x81828384
;; run i32.store+9 i32:-9 i32:0x81828384
;; run i32.store_const i32:4
;; run i32.store_const i32:65531
;; run i32.store_const i32:65532
;; run i64.store i32:0 i64:0x8182838485868788
;; run i64.store i32:7 i64:0x8182838485868788
;; run i64.store i32:65528 i64:0x8182838485868788
;; run i64.store i32:65529 i64:0x8182838485868788
;; run i64.store i32:-1 i64:0x8182838485868788
;; run i64.store+9 i32:0 i64:0x8182838485868788
;; run i64.store+9 i32:65519 i64:0x8182838485868788
;; run i64.store+9 i32:65520 i64:0x8182838485868788
;; run i64.store+9 i32:-9 i64:0x8182838485868788
;; run i64.store_const i32:4
;; run i64.store_const i32:65527
;; run i64.store_const i32:65528
;; run f32.store i32:0 f32:0x7fa00001
;; run f32.store i32:7 f32:0x7fa00001
;; run f32.store i32:65532 f32:0x7fa00001
;; run f32.store i32:65533 f32:0x7fa00001
;; run f32.store i32:-1 f32:0x7fa00001
;; run f32.store+9 i32:0 f32:0x7fa00001
;; run f32.store+9 i32:65523 f32:0x7fa00001
;; run f32.store+9 i32:65524 f32:0x7fa00001
;; run f32.store+9 i32:-9 f32:0x7fa00001
;; run f32.store_const i32:4
;; run f32.store_const i32:65531
;; run f32.store_const i32:65532
;; run f64.store i32:0 f64:0x7ff4000000000001
;; run f64.store i32:7 f64:0x7ff4000000000001
;; run f64.store i32:65528 f64:0x7ff4000000000001
;; run f64.store i32:65529 f64:0x7ff4000000000001
;; run f64.store i32:-1 f64:0x7ff4000000000001
;; run f64.store+9 i32:0 f64:0x7ff4000000000001
;; run f64.store+9 i32:65519 f64:0x7ff4000000000001
;; run f64.store+9 i32:65520 f64:0x7ff4000000000001
;; run f64.store+9 i32:-9 f64:0x7ff4000000000001
;; run f64.store_const i32:4
;; run f64.store_const i32:65527
;; run f64.store_const i32:65528
;; run i32.store8 i32:0 i32:0x81828384
;; run i32.store8 i32:7 i32:0x81828384
;; run i32.store8 i32:65535 i32:0x81828384
;; run i32.store8 i32:65536 i32:0x81828384
;; run i32.store8 i32:-1 i32:0x81828384
;; run i32.store8+9 i32:0 i32:0x81828384
;; run i32.store8+9 i32:65526 i32:0x81828384
;; run i32.store8+9 i32:65527 i32:0x81828384
;; run i32.store8+9 i32:-9 i32:0x81828384
;; run i32.store8_const i32:4
;; run i32.store8_const i32:65534
;; run i32.store8_const i32:65535
;; run i32.store16 i32:0 i32:0x81828384
;; run i32.store16 i32:7 i32:0x81828384
;; run i32.store16 i32:65534 i32:0x81828384
;; run i32.store16 i32:65535 i32:0x81828384
;; run i32.store16 i32:-1 i32:0x81828384
;; run i32.store16+9 i32:0 i32:0x81828384
;; run i32.store16+9 i32:65525 i32:0x81828384
;; run i32.store16+9 i32:65526 i32:0x81828384
;; run i32.store16+9 i32:-9 i32:0x81828384
;; run i32.store16_const i32:4
;; run i32.store16_const i32:65533
;; run i32.store16_const i32:65534
;; run i64.store8 i32:0 i64:0x8182838485868788
;; run i64.store8 i32:7 i64:0x8182838485868788
;; run i64.store8 i32:65535 i64:0x8182838485868788
;; run i64.store8 i32:65536 i64:0x8182838485868788
;; run i64.store8 i32:-1 i64:0x8182838485868788
;; run i64.store8+9 i32:0 i64:0x8182838485868788
;; run i64.store8+9 i32:65526 i64:0x8182838485868788
;; run i64.store8+9 i32:65527 i64:0x8182838485868788
;; run i64.store8+9 i32:-9 i64:0x8182838485868788
;; run i64.store8_const i32:4
;; run i64.store8_const i32:65534
;; run i64.store8_const i32:65535
;; run i64.store16 i32:0 i64:0x8182838485868788
;; run i64.store16 i32:7 i64:0x8182838485868788
;; run i64.store16 i32:65534 i64:0x8182838485868788
;; run i64.store16 i32:65535 i64:0x8182838485868788
;; run i64.store16 i32:-1 i64:0x8182838485868788
;; run i64.store16+9 i32:0 i64:0x8182838485868788
;; run i64.store16+9 i32:65525 i64:0x8182838485868788
;; run i64.store16+9 i32:65526 i64:0x8182838485868788
;; run i64.store16+9 i32:-9 i64:0x8182838485868788
;; run i64.store16_const i32:4
;; run i64.store16_const i32:65533
;; run i64.store16_const i32:65534
;; run i64.store32 i32:0 i64:0x8182838485868788
;; run i64.store32 i32:7 i64:0x8182838485868788
;; run i64.store32 i32:65532 i64:0x8182838485868788
;; run i64.store32 i32:65533 i64:0x8182838485868788
;; run i64.store32 i32:-1 i64:0x8182838485868788
;; run i64.store32+9 i32:0 i64:0x8182838485868788
;; run i64.store32+9 i32:65523 i64:0x8182838485868788
;; run i64.store32+9 i32:65524 i64:0x8182838485868788
;; run i64.store32+9 i32:-9 i64:0x8182838485868788
;; run i64.store32_const i32:4
;; run i64.store32_const i32:65531
;; run i64.store32_const i32:65532

(module
  (memory 1 1)
  (func (export "i32.store") (param i32 i32)
    (i32.store (local.get 0) (local.get 1)))
  (func (export "i32.store+9") (param i32 i32)
    (i32.store offset=9 (local.get 0) (local.get 1)))
  (func (export "i32.store_const") (param i32)
    (i32.store offset=1 (local.get 0) (i32.const 0x71727374)))
  (func (export "i64.store") (param i32 i64)
    (i64.store (local.get 0) (local.get 1)))
  (func (export "i64.store+9") (param i32 i64)
    (i64.store offset=9 (local.get 0) (local.get 1)))
  (func (export "i64.store_const") (param i32)
    (i64.store offset=1 (local.get 0) (i64.const 0x7172737475767778)))
  (func (export "f32.store") (param i32 f32)
    (f32.store (local.get 0) (local.get 1)))
  (func (export "f32.store+9") (param i32 f32)
    (f32.store offset=9 (local.get 0) (local.get 1)))
  (func (export "f32.store_const") (param i32)
    (f32.store offset=1 (local.get 0) (f32.const nan:0x200001)))
  (func (export "f64.store") (param i32 f64)
    (f64.store (local.get 0) (local.get 1)))
  (func (export "f64.store+9") (param i32 f64)
    (f64.store offset=9 (local.get 0) (local.get 1)))
  (func (export "f64.store_const") (param i32)
    (f64.store offset=1 (local.get 0) (f64.const -nan:0x4000000000001)))
  (func (export "i32.store8") (param i32 i32)
    (i32.store8 (local.get 0) (local.get 1)))
  (func (export "i32.store8+9") (param i32 i32)
    (i32.store8 offset=9 (local.get 0) (local.get 1)))
  (func (export "i32.store8_const") (param i32)
    (i32.store8 offset=1 (local.get 0) (i32.const 0x71727374)))
  (func (export "i32.store16") (param i32 i32)
    (i32.store16 (local.get 0) (local.get 1)))
  (func (export "i32.store16+9") (param i32 i32)
    (i32.store16 offset=9 (local.get 0) (local.get 1)))
  (func (export "i32.store16_const") (param i32)
    (i32.store16 offset=1 (local.get 0) (i32.const 0x71727374)))
  (func (export "i64.store8") (param i32 i64)
    (i64.store8 (local.get 0) (local.get 1)))
  (func (export "i64.store8+9") (param i32 i64)
    (i64.store8 offset=9 (local.get 0) (local.get 1)))
  (func (export "i64.store8_const") (param i32)
    (i64.store8 offset=1 (local.get 0) (i64.const 0x7172737475767778)))
  (func (export "i64.store16") (param i32 i64)
    (i64.store16 (local.get 0) (local.get 1)))
  (func (export "i64.store16+9") (param i32 i64)
    (i64.store16 offset=9 (local.get 0) (local.get 1)))
  (func (export "i64.store16_const") (param i32)
    (i64.store16 offset=1 (local.get 0) (i64.const 0x7172737475767778)))
  (func (export "i64.store32") (param i32 i64)
    (i64.store32 (local.get 0) (local.get 1)))
  (func (export "i64.store32+9") (param i32 i64)
    (i64.store32 offset=9 (local.get 0) (local.get 1)))
  (func (export "i64.store32_const") (param i32)
    (i64.store32 offset=1 (local.get 0) (i64.const 0x7172737475767778)))
)
