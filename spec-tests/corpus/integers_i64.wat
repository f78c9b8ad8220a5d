;; Every i64 operator on ordinary values, edges and what traps.

;; run i64.eqz i64:0
;; run i64.eqz i64:1
;; run i64.eqz i64:-1
;; run i64.eqz i64:-9223372036854775808
;; run i64.eqz i64:9223372036854775807
;; run i64.eqz i64:0x123456789abcdef0
;; run i64.eqz i64:65
;; run i64.eq i64:0 i64:1
;; run i64.eq i64:1 i64:9223372036854775807
;; run i64.eq i64:-1 i64:0
;; run i64.eq i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.eq i64:9223372036854775807 i64:65
;; run i64.eq i64:0x123456789abcdef0 i64:-1
;; run i64.eq i64:65 i64:0x123456789abcdef0
;; run i64.eq i64:-9223372036854775808 i64:-1
;; run i64.eq i64:-1 i64:0
;; run i64.eq i64:1 i64:0
;; run i64.eq i64:0 i64:1
;; run i64.ne i64:0 i64:1
;; run i64.ne i64:1 i64:9223372036854775807
;; run i64.ne i64:-1 i64:0
;; run i64.ne i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.ne i64:9223372036854775807 i64:65
;; run i64.ne i64:0x123456789abcdef0 i64:-1
;; run i64.ne i64:65 i64:0x123456789abcdef0
;; run i64.ne i64:-9223372036854775808 i64:-1
;; run i64.ne i64:-1 i64:0
;; run i64.ne i64:1 i64:0
;; run i64.ne i64:0 i64:1
;; run i64.lt_s i64:0 i64:1
;; run i64.lt_s i64:1 i64:9223372036854775807
;; run i64.lt_s i64:-1 i64:0
;; run i64.lt_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.lt_s i64:9223372036854775807 i64:65
;; run i64.lt_s i64:0x123456789abcdef0 i64:-1
;; run i64.lt_s i64:65 i64:0x123456789abcdef0
;; run i64.lt_s i64:-9223372036854775808 i64:-1
;; run i64.lt_s i64:-1 i64:0
;; run i64.lt_s i64:1 i64:0
;; run i64.lt_s i64:0 i64:1
;; run i64.lt_u i64:0 i64:1
;; run i64.lt_u i64:1 i64:9223372036854775807
;; run i64.lt_u i64:-1 i64:0
;; run i64.lt_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.lt_u i64:9223372036854775807 i64:65
;; run i64.lt_u i64:0x123456789abcdef0 i64:-1
;; run i64.lt_u i64:65 i64:0x123456789abcdef0
;; run i64.lt_u i64:-9223372036854775808 i64:-1
;; run i64.lt_u i64:-1 i64:0
;; run i64.lt_u i64:1 i64:0
;; run i64.lt_u i64:0 i64:1
;; run i64.gt_s i64:0 i64:1
;; run i64.gt_s i64:1 i64:9223372036854775807
;; run i64.gt_s i64:-1 i64:0
;; run i64.gt_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.gt_s i64:9223372036854775807 i64:65
;; run i64.gt_s i64:0x123456789abcdef0 i64:-1
;; run i64.gt_s i64:65 i64:0x123456789abcdef0
;; run i64.gt_s i64:-9223372036854775808 i64:-1
;; run i64.gt_s i64:-1 i64:0
;; run i64.gt_s i64:1 i64:0
;; run i64.gt_s i64:0 i64:1
;; run i64.gt_u i64:0 i64:1
;; run i64.gt_u i64:1 i64:9223372036854775807
;; run i64.gt_u i64:-1 i64:0
;; run i64.gt_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.gt_u i64:9223372036854775807 i64:65
;; run i64.gt_u i64:0x123456789abcdef0 i64:-1
;; run i64.gt_u i64:65 i64:0x123456789abcdef0
;; run i64.gt_u i64:-9223372036854775808 i64:-1
;; run i64.gt_u i64:-1 i64:0
;; run i64.gt_u i64:1 i64:0
;; run i64.gt_u i64:0 i64:1
;; run i64.le_s i64:0 i64:1
;; run i64.le_s i64:1 i64:9223372036854775807
;; run i64.le_s i64:-1 i64:0
;; run i64.le_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.le_s i64:9223372036854775807 i64:65
;; run i64.le_s i64:0x123456789abcdef0 i64:-1
;; run i64.le_s i64:65 i64:0x123456789abcdef0
;; run i64.le_s i64:-9223372036854775808 i64:-1
;; run i64.le_s i64:-1 i64:0
;; run i64.le_s i64:1 i64:0
;; run i64.le_s i64:0 i64:1
;; run i64.le_u i64:0 i64:1
;; run i64.le_u i64:1 i64:9223372036854775807
;; run i64.le_u i64:-1 i64:0
;; run i64.le_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.le_u i64:9223372036854775807 i64:65
;; run i64.le_u i64:0x123456789abcdef0 i64:-1
;; run i64.le_u i64:65 i64:0x123456789abcdef0
;; run i64.le_u i64:-9223372036854775808 i64:-1
;; run i64.le_u i64:-1 i64:0
;; run i64.le_u i64:1 i64:0
;; run i64.le_u i64:0 i64:1
;; run i64.ge_s i64:0 i64:1
;; run i64.ge_s i64:1 i64:9223372036854775807
;; run i64.ge_s i64:-1 i64:0
;; run i64.ge_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.ge_s i64:9223372036854775807 i64:65
;; run i64.ge_s i64:0x123456789abcdef0 i64:-1
;; run i64.ge_s i64:65 i64:0x123456789abcdef0
;; run i64.ge_s i64:-9223372036854775808 i64:-1
;; run i64.ge_s i64:-1 i64:0
;; run i64.ge_s i64:1 i64:0
;; run i64.ge_s i64:0 i64:1
;; run i64.ge_u i64:0 i64:1
;; run i64.ge_u i64:1 i64:9223372036854775807
;; run i64.ge_u i64:-1 i64:0
;; run i64.ge_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.ge_u i64:9223372036854775807 i64:65
;; run i64.ge_u i64:0x123456789abcdef0 i64:-1
;; run i64.ge_u i64:65 i64:0x123456789abcdef0
;; run i64.ge_u i64:-9223372036854775808 i64:-1
;; run i64.ge_u i64:-1 i64:0
;; run i64.ge_u i64:1 i64:0
;; run i64.ge_u i64:0 i64:1
;; run i64.clz i64:0
;; run i64.clz i64:1
;; run i64.clz i64:-1
;; run i64.clz i64:-9223372036854775808
;; run i64.clz i64:9223372036854775807
;; run i64.clz i64:0x123456789abcdef0
;; run i64.clz i64:65
;; run i64.ctz i64:0
;; run i64.ctz i64:1
;; run i64.ctz i64:-1
;; run i64.ctz i64:-9223372036854775808
;; run i64.ctz i64:9223372036854775807
;; run i64.ctz i64:0x123456789abcdef0
;; run i64.ctz i64:65
;; run i64.popcnt i64:0
;; run i64.popcnt i64:1
;; run i64.popcnt i64:-1
;; run i64.popcnt i64:-9223372036854775808
;; run i64.popcnt i64:9223372036854775807
;; run i64.popcnt i64:0x123456789abcdef0
;; run i64.popcnt i64:65
;; run i64.extend8_s i64:0
;; run i64.extend8_s i64:1
;; run i64.extend8_s i64:-1
;; run i64.extend8_s i64:-9223372036854775808
;; run i64.extend8_s i64:9223372036854775807
;; run i64.extend8_s i64:0x123456789abcdef0
;; run i64.extend8_s i64:65
;; run i64.extend16_s i64:0
;; run i64.extend16_s i64:1
;; run i64.extend16_s i64:-1
;; run i64.extend16_s i64:-9223372036854775808
;; run i64.extend16_s i64:9223372036854775807
;; run i64.extend16_s i64:0x123456789abcdef0
;; run i64.extend16_s i64:65
;; run i64.extend32_s i64:0
;; run i64.extend32_s i64:1
;; run i64.extend32_s i64:-1
;; run i64.extend32_s i64:-9223372036854775808
;; run i64.extend32_s i64:9223372036854775807
;; run i64.extend32_s i64:0x123456789abcdef0
;; run i64.extend32_s i64:65
;; run i64.add i64:0 i64:1
;; run i64.add i64:1 i64:9223372036854775807
;; run i64.add i64:-1 i64:0
;; run i64.add i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.add i64:9223372036854775807 i64:65
;; run i64.add i64:0x123456789abcdef0 i64:-1
;; run i64.add i64:65 i64:0x123456789abcdef0
;; run i64.add i64:-9223372036854775808 i64:-1
;; run i64.add i64:-1 i64:0
;; run i64.add i64:1 i64:0
;; run i64.add i64:0 i64:1
;; run i64.sub i64:0 i64:1
;; run i64.sub i64:1 i64:9223372036854775807
;; run i64.sub i64:-1 i64:0
;; run i64.sub i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.sub i64:9223372036854775807 i64:65
;; run i64.sub i64:0x123456789abcdef0 i64:-1
;; run i64.sub i64:65 i64:0x123456789abcdef0
;; run i64.sub i64:-9223372036854775808 i64:-1
;; run i64.sub i64:-1 i64:0
;; run i64.sub i64:1 i64:0
;; run i64.sub i64:0 i64:1
;; run i64.mul i64:0 i64:1
;; run i64.mul i64:1 i64:9223372036854775807
;; run i64.mul i64:-1 i64:0
;; run i64.mul i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.mul i64:9223372036854775807 i64:65
;; run i64.mul i64:0x123456789abcdef0 i64:-1
;; run i64.mul i64:65 i64:0x123456789abcdef0
;; run i64.mul i64:-9223372036854775808 i64:-1
;; run i64.mul i64:-1 i64:0
;; run i64.mul i64:1 i64:0
;; run i64.mul i64:0 i64:1
;; run i64.div_s i64:0 i64:1
;; run i64.div_s i64:1 i64:9223372036854775807
;; run i64.div_s i64:-1 i64:0
;; run i64.div_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.div_s i64:9223372036854775807 i64:65
;; run i64.div_s i64:0x123456789abcdef0 i64:-1
;; run i64.div_s i64:65 i64:0x123456789abcdef0
;; run i64.div_s i64:-9223372036854775808 i64:-1
;; run i64.div_s i64:-1 i64:0
;; run i64.div_s i64:1 i64:0
;; run i64.div_s i64:0 i64:1
;; run i64.div_u i64:0 i64:1
;; run i64.div_u i64:1 i64:9223372036854775807
;; run i64.div_u i64:-1 i64:0
;; run i64.div_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.div_u i64:9223372036854775807 i64:65
;; run i64.div_u i64:0x123456789abcdef0 i64:-1
;; run i64.div_u i64:65 i64:0x123456789abcdef0
;; run i64.div_u i64:-9223372036854775808 i64:-1
;; run i64.div_u i64:-1 i64:0
;; run i64.div_u i64:1 i64:0
;; run i64.div_u i64:0 i64:1
;; run i64.rem_s i64:0 i64:1
;; run i64.rem_s i64:1 i64:9223372036854775807
;; run i64.rem_s i64:-1 i64:0
;; run i64.rem_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.rem_s i64:9223372036854775807 i64:65
;; run i64.rem_s i64:0x123456789abcdef0 i64:-1
;; run i64.rem_s i64:65 i64:0x123456789abcdef0
;; run i64.rem_s i64:-9223372036854775808 i64:-1
;; run i64.rem_s i64:-1 i64:0
;; run i64.rem_s i64:1 i64:0
;; run i64.rem_s i64:0 i64:1
;; run i64.rem_u i64:0 i64:1
;; run i64.rem_u i64:1 i64:9223372036854775807
;; run i64.rem_u i64:-1 i64:0
;; run i64.rem_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.rem_u i64:9223372036854775807 i64:65
;; run i64.rem_u i64:0x123456789abcdef0 i64:-1
;; run i64.rem_u i64:65 i64:0x123456789abcdef0
;; run i64.rem_u i64:-9223372036854775808 i64:-1
;; run i64.rem_u i64:-1 i64:0
;; run i64.rem_u i64:1 i64:0
;; run i64.rem_u i64:0 i64:1
;; run i64.and i64:0 i64:1
;; run i64.and i64:1 i64:9223372036854775807
;; run i64.and i64:-1 i64:0
;; run i64.and i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.and i64:9223372036854775807 i64:65
;; run i64.and i64:0x123456789abcdef0 i64:-1
;; run i64.and i64:65 i64:0x123456789abcdef0
;; run i64.and i64:-9223372036854775808 i64:-1
;; run i64.and i64:-1 i64:0
;; run i64.and i64:1 i64:0
;; run i64.and i64:0 i64:1
;; run i64.or i64:0 i64:1
;; run i64.or i64:1 i64:9223372036854775807
;; run i64.or i64:-1 i64:0
;; run i64.or i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.or i64:9223372036854775807 i64:65
;; run i64.or i64:0x123456789abcdef0 i64:-1
;; run i64.or i64:65 i64:0x123456789abcdef0
;; run i64.or i64:-9223372036854775808 i64:-1
;; run i64.or i64:-1 i64:0
;; run i64.or i64:1 i64:0
;; run i64.or i64:0 i64:1
;; run i64.xor i64:0 i64:1
;; run i64.xor i64:1 i64:9223372036854775807
;; run i64.xor i64:-1 i64:0
;; run i64.xor i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.xor i64:9223372036854775807 i64:65
;; run i64.xor i64:0x123456789abcdef0 i64:-1
;; run i64.xor i64:65 i64:0x123456789abcdef0
;; run i64.xor i64:-9223372036854775808 i64:-1
;; run i64.xor i64:-1 i64:0
;; run i64.xor i64:1 i64:0
;; run i64.xor i64:0 i64:1
;; run i64.shl i64:0 i64:1
;; run i64.shl i64:1 i64:9223372036854775807
;; run i64.shl i64:-1 i64:0
;; run i64.shl i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.shl i64:9223372036854775807 i64:65
;; run i64.shl i64:0x123456789abcdef0 i64:-1
;; run i64.shl i64:65 i64:0x123456789abcdef0
;; run i64.shl i64:-9223372036854775808 i64:-1
;; run i64.shl i64:-1 i64:0
;; run i64.shl i64:1 i64:0
;; run i64.shl i64:0 i64:1
;; run i64.shr_s i64:0 i64:1
;; run i64.shr_s i64:1 i64:9223372036854775807
;; run i64.shr_s i64:-1 i64:0
;; run i64.shr_s i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.shr_s i64:9223372036854775807 i64:65
;; run i64.shr_s i64:0x123456789abcdef0 i64:-1
;; run i64.shr_s i64:65 i64:0x123456789abcdef0
;; run i64.shr_s i64:-9223372036854775808 i64:-1
;; run i64.shr_s i64:-1 i64:0
;; run i64.shr_s i64:1 i64:0
;; run i64.shr_s i64:0 i64:1
;; run i64.shr_u i64:0 i64:1
;; run i64.shr_u i64:1 i64:9223372036854775807
;; run i64.shr_u i64:-1 i64:0
;; run i64.shr_u i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.shr_u i64:9223372036854775807 i64:65
;; run i64.shr_u i64:0x123456789abcdef0 i64:-1
;; run i64.shr_u i64:65 i64:0x123456789abcdef0
;; run i64.shr_u i64:-9223372036854775808 i64:-1
;; run i64.shr_u i64:-1 i64:0
;; run i64.shr_u i64:1 i64:0
;; run i64.shr_u i64:0 i64:1
;; run i64.rotl i64:0 i64:1
;; run i64.rotl i64:1 i64:9223372036854775807
;; run i64.rotl i64:-1 i64:0
;; run i64.rotl i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.rotl i64:9223372036854775807 i64:65
;; run i64.rotl i64:0x123456789abcdef0 i64:-1
;; run i64.rotl i64:65 i64:0x123456789abcdef0
;; run i64.rotl i64:-9223372036854775808 i64:-1
;; run i64.rotl i64:-1 i64:0
;; run i64.rotl i64:1 i64:0
;; run i64.rotl i64:0 i64:1
;; run i64.rotr i64:0 i64:1
;; run i64.rotr i64:1 i64:9223372036854775807
;; run i64.rotr i64:-1 i64:0
;; run i64.rotr i64:-9223372036854775808 i64:-9223372036854775808
;; run i64.rotr i64:9223372036854775807 i64:65
;; run i64.rotr i64:0x123456789abcdef0 i64:-1
;; run i64.rotr i64:65 i64:0x123456789abcdef0
;; run i64.rotr i64:-9223372036854775808 i64:-1
;; run i64.rotr i64:-1 i64:0
;; run i64.rotr i64:1 i64:0
;; run i64.rotr i64:0 i64:1

(module
  (func (export "i64.eqz") (param i64) (result i32)
    (i64.eqz (local.get 0)))
  (func (export "i64.eq") (param i64 i64) (result i32)
    (i64.eq (local.get 0) (local.get 1)))
  (func (export "i64.ne") (param i64 i64) (result i32)
    (i64.ne (local.get 0) (local.get 1)))
  (func (export "i64.lt_s") (param i64 i64) (result i32)
    (i64.lt_s (local.get 0) (local.get 1)))
  (func (export "i64.lt_u") (param i64 i64) (result i32)
    (i64.lt_u (local.get 0) (local.get 1)))
  (func (export "i64.gt_s") (param i64 i64) (result i32)
    (i64.gt_s (local.get 0) (local.get 1)))
  (func (export "i64.gt_u") (param i64 i64) (result i32)
    (i64.gt_u (local.get 0) (local.get 1)))
  (func (export "i64.le_s") (param i64 i64) (result i32)
    (i64.le_s (local.get 0) (local.get 1)))
  (func (export "i64.le_u") (param i64 i64) (result i32)
    (i64.le_u (local.get 0) (local.get 1)))
  (func (export "i64.ge_s") (param i64 i64) (result i32)
    (i64.ge_s (local.get 0) (local.get 1)))
  (func (export "i64.ge_u") (param i64 i64) (result i32)
    (i64.ge_u (local.get 0) (local.get 1)))
  (func (export "i64.clz") (param i64) (result i64)
    (i64.clz (local.get 0)))
  (func (export "i64.ctz") (param i64) (result i64)
    (i64.ctz (local.get 0)))
  (func (export "i64.popcnt") (param i64) (result i64)
    (i64.popcnt (local.get 0)))
  (func (export "i64.extend8_s") (param i64) (result i64)
    (i64.extend8_s (local.get 0)))
  (func (export "i64.extend16_s") (param i64) (result i64)
    (i64.extend16_s (local.get 0)))
  (func (export "i64.extend32_s") (param i64) (result i64)
    (i64.extend32_s (local.get 0)))
  (func (export "i64.add") (param i64 i64) (result i64)
    (i64.add (local.get 0) (local.get 1)))
  (func (export "i64.sub") (param i64 i64) (result i64)
    (i64.sub (local.get 0) (local.get 1)))
  (func (export "i64.mul") (param i64 i64) (result i64)
    (i64.mul (local.get 0) (local.get 1)))
  (func (export "i64.div_s") (param i64 i64) (result i64)
    (i64.div_s (local.get 0) (local.get 1)))
  (func (export "i64.div_u") (param i64 i64) (result i64)
    (i64.div_u (local.get 0) (local.get 1)))
  (func (export "i64.rem_s") (param i64 i64) (result i64)
    (i64.rem_s (local.get 0) (local.get 1)))
  (func (export "i64.rem_u") (param i64 i64) (result i64)
    (i64.rem_u (local.get 0) (local.get 1)))
  (func (export "i64.and") (param i64 i64) (result i64)
    (i64.and (local.get 0) (local.get 1)))
  (func (export "i64.or") (param i64 i64) (result i64)
    (i64.or (local.get 0) (local.get 1)))
  (func (export "i64.xor") (param i64 i64) (result i64)
    (i64.xor (local.get 0) (local.get 1)))
  (func (export "i64.shl") (param i64 i64) (result i64)
    (i64.shl (local.get 0) (local.get 1)))
  (func (export "i64.shr_s") (param i64 i64) (result i64)
    (i64.shr_s (local.get 0) (local.get 1)))
  (func (export "i64.shr_u") (param i64 i64) (result i64)
    (i64.shr_u (local.get 0) (local.get 1)))
  (func (export "i64.rotl") (param i64 i64) (result i64)
    (i64.rotl (local.get 0) (local.get 1)))
  (func (export "i64.rotr") (param i64 i64) (result i64)
    (i64.rotr (local.get 0) (local.get 1)))
)
