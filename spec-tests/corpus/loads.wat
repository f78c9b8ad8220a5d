;; Every load: within bounds, at the last place, one beyond it, with an offset that overflows 32 bits.

;; run i32.load+0 i32:0
;; run i32.load+0 i32:1
;; run i32.load+0 i32:65532
;; run i32.load+0 i32:65533
;; run i32.load+0 i32:-1
;; run i32.load+3 i32:0
;; run i32.load+3 i32:65529
;; run i32.load+3 i32:65530
;; run i32.load+3 i32:-3
;; run i32.load+4294967295 i32:0
;; run i32.load+4294967295 i32:1
;; run i32.load+4294967295 i32:-1
;; run i32.load_const
;; run i64.load+0 i32:0
;; run i64.load+0 i32:1
;; run i64.load+0 i32:65528
;; run i64.load+0 i32:65529
;; run i64.load+0 i32:-1
;; run i64.load+3 i32:0
;; run i64.load+3 i32:65525
;; run i64.load+3 i32:65526
;; run i64.load+3 i32:-3
;; run i64.load+4294967295 i32:0
;; run i64.load+4294967295 i32:1
;; run i64.load+4294967295 i32:-1
;; run i64.load_const
;; run f32.load+0 i32:0
;; run f32.load+0 i32:1
;; run f32.load+0 i32:65532
;; run f32.load+0 i32:65533
;; run f32.load+0 i32:-1
;; run f32.load+3 i32:0
;; run f32.load+3 i32:65529
;; run f32.load+3 i32:65530
;; run f32.load+3 i32:-3
;; run f32.load+4294967295 i32:0
;; run f32.load+4294967295 i32:1
;; run f32.load+4294967295 i32:-1
;; run f32.load_const
;; run f64.load+0 i32:0
;; run f64.load+0 i32:1
;; run f64.load+0 i32:65528
;; run f64.load+0 i32:65529
;; run f64.load+0 i32:-1
;; run f64.load+3 i32:0
;; run f64.load+3 i32:65525
;; run f64.load+3 i32:65526
;; run f64.load+3 i32:-3
;; run f64.load+4294967295 i32:0
;; run f64.load+4294967295 i32:1
;; run f64.load+4294967295 i32:-1
;; run f64.load_const
;; run i32.load8_s+0 i32:0
;; run i32.load8_s+0 i32:1
;; run i32.load8_s+0 i32:65535
;; run i32.load8_s+0 i32:65536
;; run i32.load8_s+0 i32:-1
;; run i32.load8_s+3 i32:0
;; run i32.load8_s+3 i32:65532
;; run i32.load8_s+3 i32:65533
;; run i32.load8_s+3 i32:-3
;; run i32.load8_s+4294967295 i32:0
;; run i32.load8_s+4294967295 i32:1
;; run i32.load8_s+4294967295 i32:-1
;; run i32.load8_s_const
;; run i32.load8_u+0 i32:0
;; run i32.load8_u+0 i32:1
;; run i32.load8_u+0 i32:65535
;; run i32.load8_u+0 i32:65536
;; run i32.load8_u+0 i32:-1
;; run i32.load8_u+3 i32:0
;; run i32.load8_u+3 i32:65532
;; run i32.load8_u+3 i32:65533
;; run i32.load8_u+3 i32:-3
;; run i32.load8_u+4294967295 i32:0
;; run i32.load8_u+4294967295 i32:1
;; run i32.load8_u+4294967295 i32:-1
;; run i32.load8_u_const
;; run i32.load16_s+0 i32:0
;; run i32.load16_s+0 i32:1
;; run i32.load16_s+0 i32:65534
;; run i32.load16_s+0 i32:65535
;; run i32.load16_s+0 i32:-1
;; run i32.load16_s+3 i32:0
;; run i32.load16_s+3 i32:65531
;; run i32.load16_s+3 i32:65532
;; run i32.load16_s+3 i32:-3
;; run i32.load16_s+4294967295 i32:0
;; run i32.load16_s+4294967295 i32:1
;; run i32.load16_s+4294967295 i32:-1
;; run i32.load16_s_const
;; run i32.load16_u+0 i32:0
;; run i32.load16_u+0 i32:1
;; run i32.load16_u+0 i32:65534
;; run i32.load16_u+0 i32:65535
;; run i32.load16_u+0 i32:-1
;; run i32.load16_u+3 i32:0
;; run i32.load16_u+3 i32:65531
;; run i32.load16_u+3 i32:65532
;; run i32.load16_u+3 i32:-3
;; run i32.load16_u+4294967295 i32:0
;; run i32.load16_u+4294967295 i32:1
;; run i32.load16_u+4294967295 i32:-1
;; run i32.load16_u_const
;; run i64.load8_s+0 i32:0
;; run i64.load8_s+0 i32:1
;; run i64.load8_s+0 i32:65535
;; run i64.load8_s+0 i32:65536
;; run i64.load8_s+0 i32:-1
;; run i64.load8_s+3 i32:0
;; run i64.load8_s+3 i32:65532
;; run i64.load8_s+3 i32:65533
;; run i64.load8_s+3 i32:-3
;; run i64.load8_s+4294967295 i32:0
;; run i64.load8_s+4294967295 i32:1
;; run i64.load8_s+4294967295 i32:-1
;; run i64.load8_s_const
;; run i64.load8_u+0 i32:0
;; run i64.load8_u+0 i32:1
;; run i64.load8_u+0 i32:65535
;; run i64.load8_u+0 i32:65536
;; run i64.load8_u+0 i32:-1
;; run i64.load8_u+3 i32:0
;; run i64.load8_u+3 i32:65532
;; run i64.load8_u+3 i32:65533
;; run i64.load8_u+3 i32:-3
;; run i64.load8_u+4294967295 i32:0
;; run i64.load8_u+4294967295 i32:1
;; run i64.load8_u+4294967295 i32:-1
;; run i64.load8_u_const
;; run i64.load16_s+0 i32:0
;; run i64.load16_s+0 i32:1
;; run i64.load16_s+0 i32:65534
;; run i64.load16_s+0 i32:65535
;; run i64.load16_s+0 i32:-1
;; run i64.load16_s+3 i32:0
;; run i64.load16_s+3 i32:65531
;; run i64.load16_s+3 i32:65532
;; run i64.load16_s+3 i32:-3
;; run i64.load16_s+4294967295 i32:0
;; run i64.load16_s+4294967295 i32:1
;; run i64.load16_s+4294967295 i32:-1
;; run i64.load16_s_const
;; run i64.load16_u+0 i32:0
;; run i64.load16_u+0 i32:1
;; run i64.load16_u+0 i32:65534
;; run i64.load16_u+0 i32:65535
;; run i64.load16_u+0 i32:-1
;; run i64.load16_u+3 i32:0
;; run i64.load16_u+3 i32:65531
;; run i64.load16_u+3 i32:65532
;; run i64.load16_u+3 i32:-3
;; run i64.load16_u+4294967295 i32:0
;; run i64.load16_u+4294967295 i32:1
;; run i64.load16_u+4294967295 i32:-1
;; run i64.load16_u_const
;; run i64.load32_s+0 i32:0
;; run i64.load32_s+0 i32:1
;; run i64.load32_s+0 i32:65532
;; run i64.load32_s+0 i32:65533
;; run i64.load32_s+0 i32:-1
;; run i64.load32_s+3 i32:0
;; run i64.load32_s+3 i32:65529
;; run i64.load32_s+3 i32:65530
;; run i64.load32_s+3 i32:-3
;; run i64.load32_s+4294967295 i32:0
;; run i64.load32_s+4294967295 i32:1
;; run i64.load32_s+4294967295 i32:-1
;; run i64.load32_s_const
;; run i64.load32_u+0 i32:0
;; run i64.load32_u+0 i32:1
;; run i64.load32_u+0 i32:65532
;; run i64.load32_u+0 i32:65533
;; run i64.load32_u+0 i32:-1
;; run i64.load32_u+3 i32:0
;; run i64.load32_u+3 i32:65529
;; run i64.load32_u+3 i32:65530
;; run i64.load32_u+3 i32:-3
;; run i64.load32_u+4294967295 i32:0
;; run i64.load32_u+4294967295 i32:1
;; run i64.load32_u+4294967295 i32:-1
;; run i64.load32_u_const

(module
  (memory 1 1)
  (data (i32.const 0) "\80\91\a2\b3\c4\d5\e6\f7\08\19\2a\3b\4c\5d\6e\7f")
  (data (i32.const 65528) "\ff\fe\fd\fc\fb\fa\f9\f8")
  (func (export "i32.load+0") (param i32) (result i32)
    (i32.load (local.get 0)))
  (func (export "i32.load+3") (param i32) (result i32)
    (i32.load offset=3 (local.get 0)))
  (func (export "i32.load+4294967295") (param i32) (result i32)
    (i32.load offset=4294967295 (local.get 0)))
  (func (export "i32.load_const") (result i32)
    (i32.load offset=2 (i32.const 5)))
  (func (export "i64.load+0") (param i32) (result i64)
    (i64.load (local.get 0)))
  (func (export "i64.load+3") (param i32) (result i64)
    (i64.load offset=3 (local.get 0)))
  (func (export "i64.load+4294967295") (param i32) (result i64)
    (i64.load offset=4294967295 (local.get 0)))
  (func (export "i64.load_const") (result i64)
    (i64.load offset=2 (i32.const 5)))
  (func (export "f32.load+0") (param i32) (result f32)
    (f32.load (local.get 0)))
  (func (export "f32.load+3") (param i32) (result f32)
    (f32.load offset=3 (local.get 0)))
  (func (export "f32.load+4294967295") (param i32) (result f32)
    (f32.load offset=4294967295 (local.get 0)))
  (func (export "f32.load_const") (result f32)
    (f32.load offset=2 (i32.const 5)))
  (func (export "f64.load+0") (param i32) (result f64)
    (f64.load (local.get 0)))
  (func (export "f64.load+3") (param i32) (result f64)
    (f64.load offset=3 (local.get 0)))
  (func (export "f64.load+4294967295") (param i32) (result f64)
    (f64.load offset=4294967295 (local.get 0)))
  (func (export "f64.load_const") (result f64)
    (f64.load offset=2 (i32.const 5)))
  (func (export "i32.load8_s+0") (param i32) (result i32)
    (i32.load8_s (local.get 0)))
  (func (export "i32.load8_s+3") (param i32) (result i32)
    (i32.load8_s offset=3 (local.get 0)))
  (func (export "i32.load8_s+4294967295") (param i32) (result i32)
    (i32.load8_s offset=4294967295 (local.get 0)))
  (func (export "i32.load8_s_const") (result i32)
    (i32.load8_s offset=2 (i32.const 5)))
  (func (export "i32.load8_u+0") (param i32) (result i32)
    (i32.load8_u (local.get 0)))
  (func (export "i32.load8_u+3") (param i32) (result i32)
    (i32.load8_u offset=3 (local.get 0)))
  (func (export "i32.load8_u+4294967295") (param i32) (result i32)
    (i32.load8_u offset=4294967295 (local.get 0)))
  (func (export "i32.load8_u_const") (result i32)
    (i32.load8_u offset=2 (i32.const 5)))
  (func (export "i32.load16_s+0") (param i32) (result i32)
    (i32.load16_s (local.get 0)))
  (func (export "i32.load16_s+3") (param i32) (result i32)
    (i32.load16_s offset=3 (local.get 0)))
  (func (export "i32.load16_s+4294967295") (param i32) (result i32)
    (i32.load16_s offset=4294967295 (local.get 0)))
  (func (export "i32.load16_s_const") (result i32)
    (i32.load16_s offset=2 (i32.const 5)))
  (func (export "i32.load16_u+0") (param i32) (result i32)
    (i32.load16_u (local.get 0)))
  (func (export "i32.load16_u+3") (param i32) (result i32)
    (i32.load16_u offset=3 (local.get 0)))
  (func (export "i32.load16_u+4294967295") (param i32) (result i32)
    (i32.load16_u offset=4294967295 (local.get 0)))
  (func (export "i32.load16_u_const") (result i32)
    (i32.load16_u offset=2 (i32.const 5)))
  (func (export "i64.load8_s+0") (param i32) (result i64)
    (i64.load8_s (local.get 0)))
  (func (export "i64.load8_s+3") (param i32) (result i64)
    (i64.load8_s offset=3 (local.get 0)))
  (func (export "i64.load8_s+4294967295") (param i32) (result i64)
    (i64.load8_s offset=4294967295 (local.get 0)))
  (func (export "i64.load8_s_const") (result i64)
    (i64.load8_s offset=2 (i32.const 5)))
  (func (export "i64.load8_u+0") (param i32) (result i64)
    (i64.load8_u (local.get 0)))
  (func (export "i64.load8_u+3") (param i32) (result i64)
    (i64.load8_u offset=3 (local.get 0)))
  (func (export "i64.load8_u+4294967295") (param i32) (result i64)
    (i64.load8_u offset=4294967295 (local.get 0)))
  (func (export "i64.load8_u_const") (result i64)
    (i64.load8_u offset=2 (i32.const 5)))
  (func (export "i64.load16_s+0") (param i32) (result i64)
    (i64.load16_s (local.get 0)))
  (func (export "i64.load16_s+3") (param i32) (result i64)
    (i64.load16_s offset=3 (local.get 0)))
  (func (export "i64.load16_s+4294967295") (param i32) (result i64)
    (i64.load16_s offset=4294967295 (local.get 0)))
  (func (export "i64.load16_s_const") (result i64)
    (i64.load16_s offset=2 (i32.const 5)))
  (func (export "i64.load16_u+0") (param i32) (result i64)
    (i64.load16_u (local.get 0)))
  (func (export "i64.load16_u+3") (param i32) (result i64)
    (i64.load16_u offset=3 (local.get 0)))
  (func (export "i64.load16_u+4294967295") (param i32) (result i64)
    (i64.load16_u offset=4294967295 (local.get 0)))
  (func (export "i64.load16_u_const") (result i64)
    (i64.load16_u offset=2 (i32.const 5)))
  (func (export "i64.load32_s+0") (param i32) (result i64)
    (i64.load32_s (local.get 0)))
  (func (export "i64.load32_s+3") (param i32) (result i64)
    (i64.load32_s offset=3 (local.get 0)))
  (func (export "i64.load32_s+4294967295") (param i32) (result i64)
    (i64.load32_s offset=4294967295 (local.get 0)))
  (func (export "i64.load32_s_const") (result i64)
    (i64.load32_s offset=2 (i32.const 5)))
  (func (export "i64.load32_u+0") (param i32) (result i64)
    (i64.load32_u (local.get 0)))
  (func (export "i64.load32_u+3") (param i32) (result i64)
    (i64.load32_u offset=3 (local.get 0)))
  (func (export "i64.load32_u+4294967295") (param i32) (result i64)
    (i64.load32_u offset=4294967295 (local.get 0)))
  (func (export "i64.load32_u_const") (result i64)
    (i64.load32_u offset=2 (i32.const 5)))
)
