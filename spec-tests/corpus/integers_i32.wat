;; Every i32 operator on ordinary values, edges and what traps.

;; run i32.eqz i32:0
;; run i32.eqz i32:1
;; run i32.eqz i32:-1
;; run i32.eqz i32:-2147483648
;; run i32.eqz i32:2147483647
;; run i32.eqz i32:0x12345678
;; run i32.eqz i32:33
;; run i32.eq i32:0 i32:1
;; run i32.eq i32:1 i32:2147483647
;; run i32.eq i32:-1 i32:0
;; run i32.eq i32:-2147483648 i32:-2147483648
;; run i32.eq i32:2147483647 i32:33
;; run i32.eq i32:0x12345678 i32:-1
;; run i32.eq i32:33 i32:0x12345678
;; run i32.eq i32:-2147483648 i32:-1
;; run i32.eq i32:-1 i32:0
;; run i32.eq i32:1 i32:0
;; run i32.eq i32:0 i32:1
;; run i32.ne i32:0 i32:1
;; run i32.ne i32:1 i32:2147483647
;; run i32.ne i32:-1 i32:0
;; run i32.ne i32:-2147483648 i32:-2147483648
;; run i32.ne i32:2147483647 i32:33
;; run i32.ne i32:0x12345678 i32:-1
;; run i32.ne i32:33 i32:0x12345678
;; run i32.ne i32:-2147483648 i32:-1
;; run i32.ne i32:-1 i32:0
;; run i32.ne i32:1 i32:0
;; run i32.ne i32:0 i32:1
;; run i32.lt_s i32:0 i32:1
;; run i32.lt_s i32:1 i32:2147483647
;; run i32.lt_s i32:-1 i32:0
;; run i32.lt_s i32:-2147483648 i32:-2147483648
;; run i32.lt_s i32:2147483647 i32:33
;; run i32.lt_s i32:0x12345678 i32:-1
;; run i32.lt_s i32:33 i32:0x12345678
;; run i32.lt_s i32:-2147483648 i32:-1
;; run i32.lt_s i32:-1 i32:0
;; run i32.lt_s i32:1 i32:0
;; run i32.lt_s i32:0 i32:1
;; run i32.lt_u i32:0 i32:1
;; run i32.lt_u i32:1 i32:2147483647
;; run i32.lt_u i32:-1 i32:0
;; run i32.lt_u i32:-2147483648 i32:-2147483648
;; run i32.lt_u i32:2147483647 i32:33
;; run i32.lt_u i32:0x12345678 i32:-1
;; run i32.lt_u i32:33 i32:0x12345678
;; run i32.lt_u i32:-2147483648 i32:-1
;; run i32.lt_u i32:-1 i32:0
;; run i32.lt_u i32:1 i32:0
;; run i32.lt_u i32:0 i32:1
;; run i32.gt_s i32:0 i32:1
;; run i32.gt_s i32:1 i32:2147483647
;; run i32.gt_s i32:-1 i32:0
;; run i32.gt_s i32:-2147483648 i32:-2147483648
;; run i32.gt_s i32:2147483647 i32:33
;; run i32.gt_s i32:0x12345678 i32:-1
;; run i32.gt_s i32:33 i32:0x12345678
;; run i32.gt_s i32:-2147483648 i32:-1
;; run i32.gt_s i32:-1 i32:0
;; run i32.gt_s i32:1 i32:0
;; run i32.gt_s i32:0 i32:1
;; run i32.gt_u i32:0 i32:1
;; run i32.gt_u i32:1 i32:2147483647
;; run i32.gt_u i32:-1 i32:0
;; run i32.gt_u i32:-2147483648 i32:-2147483648
;; run i32.gt_u i32:2147483647 i32:33
;; run i32.gt_u i32:0x12345678 i32:-1
;; run i32.gt_u i32:33 i32:0x12345678
;; run i32.gt_u i32:-2147483648 i32:-1
;; run i32.gt_u i32:-1 i32:0
;; run i32.gt_u i32:1 i32:0
;; run i32.gt_u i32:0 i32:1
;; run i32.le_s i32:0 i32:1
;; run i32.le_s i32:1 i32:2147483647
;; run i32.le_s i32:-1 i32:0
;; run i32.le_s i32:-2147483648 i32:-2147483648
;; run i32.le_s i32:2147483647 i32:33
;; run i32.le_s i32:0x12345678 i32:-1
;; run i32.le_s i32:33 i32:0x12345678
;; run i32.le_s i32:-2147483648 i32:-1
;; run i32.le_s i32:-1 i32:0
;; run i32.le_s i32:1 i32:0
;; run i32.le_s i32:0 i32:1
;; run i32.le_u i32:0 i32:1
;; run i32.le_u i32:1 i32:2147483647
;; run i32.le_u i32:-1 i32:0
;; run i32.le_u i32:-2147483648 i32:-2147483648
;; run i32.le_u i32:2147483647 i32:33
;; run i32.le_u i32:0x12345678 i32:-1
;; run i32.le_u i32:33 i32:0x12345678
;; run i32.le_u i32:-2147483648 i32:-1
;; run i32.le_u i32:-1 i32:0
;; run i32.le_u i32:1 i32:0
;; run i32.le_u i32:0 i32:1
;; run i32.ge_s i32:0 i32:1
;; run i32.ge_s i32:1 i32:2147483647
;; run i32.ge_s i32:-1 i32:0
;; run i32.ge_s i32:-2147483648 i32:-2147483648
;; run i32.ge_s i32:2147483647 i32:33
;; run i32.ge_s i32:0x12345678 i32:-1
;; run i32.ge_s i32:33 i32:0x12345678
;; run i32.ge_s i32:-2147483648 i32:-1
;; run i32.ge_s i32:-1 i32:0
;; run i32.ge_s i32:1 i32:0
;; run i32.ge_s i32:0 i32:1
;; run i32.ge_u i32:0 i32:1
;; run i32.ge_u i32:1 i32:2147483647
;; run i32.ge_u i32:-1 i32:0
;; run i32.ge_u i32:-2147483648 i32:-2147483648
;; run i32.ge_u i32:2147483647 i32:33
;; run i32.ge_u i32:0x12345678 i32:-1
;; run i32.ge_u i32:33 i32:0x12345678
;; run i32.ge_u i32:-2147483648 i32:-1
;; run i32.ge_u i32:-1 i32:0
;; run i32.ge_u i32:1 i32:0
;; run i32.ge_u i32:0 i32:1
;; run i32.clz i32:0
;; run i32.clz i32:1
;; run i32.clz i32:-1
;; run i32.clz i32:-2147483648
;; run i32.clz i32:2147483647
;; run i32.clz i32:0x12345678
;; run i32.clz i32:33
;; run i32.ctz i32:0
;; run i32.ctz i32:1
;; run i32.ctz i32:-1
;; run i32.ctz i32:-2147483648
;; run i32.ctz i32:2147483647
;; run i32.ctz i32:0x12345678
;; run i32.ctz i32:33
;; run i32.popcnt i32:0
;; run i32.popcnt i32:1
;; run i32.popcnt i32:-1
;; run i32.popcnt i32:-2147483648
;; run i32.popcnt i32:2147483647
;; run i32.popcnt i32:0x12345678
;; run i32.popcnt i32:33
;; run i32.extend8_s i32:0
;; run i32.extend8_s i32:1
;; run i32.extend8_s i32:-1
;; run i32.extend8_s i32:-2147483648
;; run i32.extend8_s i32:2147483647
;; run i32.extend8_s i32:0x12345678
;; run i32.extend8_s i32:33
;; run i32.extend16_s i32:0
;; run i32.extend16_s i32:1
;; run i32.extend16_s i32:-1
;; run i32.extend16_s i32:-2147483648
;; run i32.extend16_s i32:2147483647
;; run i32.extend16_s i32:0x12345678
;; run i32.extend16_s i32:33
;; run i32.add i32:0 i32:1
;; run i32.add i32:1 i32:2147483647
;; run i32.add i32:-1 i32:0
;; run i32.add i32:-2147483648 i32:-2147483648
;; run i32.add i32:2147483647 i32:33
;; run i32.add i32:0x12345678 i32:-1
;; run i32.add i32:33 i32:0x12345678
;; run i32.add i32:-2147483648 i32:-1
;; run i32.add i32:-1 i32:0
;; run i32.add i32:1 i32:0
;; run i32.add i32:0 i32:1
;; run i32.sub i32:0 i32:1
;; run i32.sub i32:1 i32:2147483647
;; run i32.sub i32:-1 i32:0
;; run i32.sub i32:-2147483648 i32:-2147483648
;; run i32.sub i32:2147483647 i32:33
;; run i32.sub i32:0x12345678 i32:-1
;; run i32.sub i32:33 i32:0x12345678
;; run i32.sub i32:-2147483648 i32:-1
;; run i32.sub i32:-1 i32:0
;; run i32.sub i32:1 i32:0
;; run i32.sub i32:0 i32:1
;; run i32.mul i32:0 i32:1
;; run i32.mul i32:1 i32:2147483647
;; run i32.mul i32:-1 i32:0
;; run i32.mul i32:-2147483648 i32:-2147483648
;; run i32.mul i32:2147483647 i32:33
;; run i32.mul i32:0x12345678 i32:-1
;; run i32.mul i32:33 i32:0x12345678
;; run i32.mul i32:-2147483648 i32:-1
;; run i32.mul i32:-1 i32:0
;; run i32.mul i32:1 i32:0
;; run i32.mul i32:0 i32:1
;; run i32.div_s i32:0 i32:1
;; run i32.div_s i32:1 i32:2147483647
;; run i32.div_s i32:-1 i32:0
;; run i32.div_s i32:-2147483648 i32:-2147483648
;; run i32.div_s i32:2147483647 i32:33
;; run i32.div_s i32:0x12345678 i32:-1
;; run i32.div_s i32:33 i32:0x12345678
;; run i32.div_s i32:-2147483648 i32:-1
;; run i32.div_s i32:-1 i32:0
;; run i32.div_s i32:1 i32:0
;; run i32.div_s i32:0 i32:1
;; run i32.div_u i32:0 i32:1
;; run i32.div_u i32:1 i32:2147483647
;; run i32.div_u i32:-1 i32:0
;; run i32.div_u i32:-2147483648 i32:-2147483648
;; run i32.div_u i32:2147483647 i32:33
;; run i32.div_u i32:0x12345678 i32:-1
;; run i32.div_u i32:33 i32:0x12345678
;; run i32.div_u i32:-2147483648 i32:-1
;; run i32.div_u i32:-1 i32:0
;; run i32.div_u i32:1 i32:0
;; run i32.div_u i32:0 i32:1
;; run i32.rem_s i32:0 i32:1
;; run i32.rem_s i32:1 i32:2147483647
;; run i32.rem_s i32:-1 i32:0
;; run i32.rem_s i32:-2147483648 i32:-2147483648
;; run i32.rem_s i32:2147483647 i32:33
;; run i32.rem_s i32:0x12345678 i32:-1
;; run i32.rem_s i32:33 i32:0x12345678
;; run i32.rem_s i32:-2147483648 i32:-1
;; run i32.rem_s i32:-1 i32:0
;; run i32.rem_s i32:1 i32:0
;; run i32.rem_s i32:0 i32:1
;; run i32.rem_u i32:0 i32:1
;; run i32.rem_u i32:1 i32:2147483647
;; run i32.rem_u i32:-1 i32:0
;; run i32.rem_u i32:-2147483648 i32:-2147483648
;; run i32.rem_u i32:2147483647 i32:33
;; run i32.rem_u i32:0x12345678 i32:-1
;; run i32.rem_u i32:33 i32:0x12345678
;; run i32.rem_u i32:-2147483648 i32:-1
;; run i32.rem_u i32:-1 i32:0
;; run i32.rem_u i32:1 i32:0
;; run i32.rem_u i32:0 i32:1
;; run i32.and i32:0 i32:1
;; run i32.and i32:1 i32:2147483647
;; run i32.and i32:-1 i32:0
;; run i32.and i32:-2147483648 i32:-2147483648
;; run i32.and i32:2147483647 i32:33
;; run i32.and i32:0x12345678 i32:-1
;; run i32.and i32:33 i32:0x12345678
;; run i32.and i32:-2147483648 i32:-1
;; run i32.and i32:-1 i32:0
;; run i32.and i32:1 i32:0
;; run i32.and i32:0 i32:1
;; run i32.or i32:0 i32:1
;; run i32.or i32:1 i32:2147483647
;; run i32.or i32:-1 i32:0
;; run i32.or i32:-2147483648 i32:-2147483648
;; run i32.or i32:2147483647 i32:33
;; run i32.or i32:0x12345678 i32:-1
;; run i32.or i32:33 i32:0x12345678
;; run i32.or i32:-2147483648 i32:-1
;; run i32.or i32:-1 i32:0
;; run i32.or i32:1 i32:0
;; run i32.or i32:0 i32:1
;; run i32.xor i32:0 i32:1
;; run i32.xor i32:1 i32:2147483647
;; run i32.xor i32:-1 i32:0
;; run i32.xor i32:-2147483648 i32:-2147483648
;; run i32.xor i32:2147483647 i32:33
;; run i32.xor i32:0x12345678 i32:-1
;; run i32.xor i32:33 i32:0x12345678
;; run i32.xor i32:-2147483648 i32:-1
;; run i32.xor i32:-1 i32:0
;; run i32.xor i32:1 i32:0
;; run i32.xor i32:0 i32:1
;; run i32.shl i32:0 i32:1
;; run i32.shl i32:1 i32:2147483647
;; run i32.shl i32:-1 i32:0
;; run i32.shl i32:-2147483648 i32:-2147483648
;; run i32.shl i32:2147483647 i32:33
;; run i32.shl i32:0x12345678 i32:-1
;; run i32.shl i32:33 i32:0x12345678
;; run i32.shl i32:-2147483648 i32:-1
;; run i32.shl i32:-1 i32:0
;; run i32.shl i32:1 i32:0
;; run i32.shl i32:0 i32:1
;; run i32.shr_s i32:0 i32:1
;; run i32.shr_s i32:1 i32:2147483647
;; run i32.shr_s i32:-1 i32:0
;; run i32.shr_s i32:-2147483648 i32:-2147483648
;; run i32.shr_s i32:2147483647 i32:33
;; run i32.shr_s i32:0x12345678 i32:-1
;; run i32.shr_s i32:33 i32:0x12345678
;; run i32.shr_s i32:-2147483648 i32:-1
;; run i32.shr_s i32:-1 i32:0
;; run i32.shr_s i32:1 i32:0
;; run i32.shr_s i32:0 i32:1
;; run i32.shr_u i32:0 i32:1
;; run i32.shr_u i32:1 i32:2147483647
;; run i32.shr_u i32:-1 i32:0
;; run i32.shr_u i32:-2147483648 i32:-2147483648
;; run i32.shr_u i32:2147483647 i32:33
;; run i32.shr_u i32:0x12345678 i32:-1
;; run i32.shr_u i32:33 i32:0x12345678
;; run i32.shr_u i32:-2147483648 i32:-1
;; run i32.shr_u i32:-1 i32:0
;; run i32.shr_u i32:1 i32:0
;; run i32.shr_u i32:0 i32:1
;; run i32.rotl i32:0 i32:1
;; run i32.rotl i32:1 i32:2147483647
;; run i32.rotl i32:-1 i32:0
;; run i32.rotl i32:-2147483648 i32:-2147483648
;; run i32.rotl i32:2147483647 i32:33
;; run i32.rotl i32:0x12345678 i32:-1
;; run i32.rotl i32:33 i32:0x12345678
;; run i32.rotl i32:-2147483648 i32:-1
;; run i32.rotl i32:-1 i32:0
;; run i32.rotl i32:1 i32:0
;; run i32.rotl i32:0 i32:1
;; run i32.rotr i32:0 i32:1
;; run i32.rotr i32:1 i32:2147483647
;; run i32.rotr i32:-1 i32:0
;; run i32.rotr i32:-2147483648 i32:-2147483648
;; run i32.rotr i32:2147483647 i32:33
;; run i32.rotr i32:0x12345678 i32:-1
;; run i32.rotr i32:33 i32:0x12345678
;; run i32.rotr i32:-2147483648 i32:-1
;; run i32.rotr i32:-1 i32:0
;; run i32.rotr i32:1 i32:0
;; run i32.rotr i32:0 i32:1

(module
  (func (export "i32.eqz") (param i32) (result i32)
    (i32.eqz (local.get 0)))
  (func (export "i32.eq") (param i32 i32) (result i32)
    (i32.eq (local.get 0) (local.get 1)))
  (func (export "i32.ne") (param i32 i32) (result i32)
    (i32.ne (local.get 0) (local.get 1)))
  (func (export "i32.lt_s") (param i32 i32) (result i32)
    (i32.lt_s (local.get 0) (local.get 1)))
  (func (export "i32.lt_u") (param i32 i32) (result i32)
    (i32.lt_u (local.get 0) (local.get 1)))
  (func (export "i32.gt_s") (param i32 i32) (result i32)
    (i32.gt_s (local.get 0) (local.get 1)))
  (func (export "i32.gt_u") (param i32 i32) (result i32)
    (i32.gt_u (local.get 0) (local.get 1)))
  (func (export "i32.le_s") (param i32 i32) (result i32)
    (i32.le_s (local.get 0) (local.get 1)))
  (func (export "i32.le_u") (param i32 i32) (result i32)
    (i32.le_u (local.get 0) (local.get 1)))
  (func (export "i32.ge_s") (param i32 i32) (result i32)
    (i32.ge_s (local.get 0) (local.get 1)))
  (func (export "i32.ge_u") (param i32 i32) (result i32)
    (i32.ge_u (local.get 0) (local.get 1)))
  (func (export "i32.clz") (param i32) (result i32)
    (i32.clz (local.get 0)))
  (func (export "i32.ctz") (param i32) (result i32)
    (i32.ctz (local.get 0)))
  (func (export "i32.popcnt") (param i32) (result i32)
    (i32.popcnt (local.get 0)))
  (func (export "i32.extend8_s") (param i32) (result i32)
    (i32.extend8_s (local.get 0)))
  (func (export "i32.extend16_s") (param i32) (result i32)
    (i32.extend16_s (local.get 0)))
  (func (export "i32.add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func (export "i32.sub") (param i32 i32) (result i32)
    (i32.sub (local.get 0) (local.get 1)))
  (func (export "i32.mul") (param i32 i32) (result i32)
    (i32.mul (local.get 0) (local.get 1)))
  (func (export "i32.div_s") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1)))
  (func (export "i32.div_u") (param i32 i32) (result i32)
    (i32.div_u (local.get 0) (local.get 1)))
  (func (export "i32.rem_s") (param i32 i32) (result i32)
    (i32.rem_s (local.get 0) (local.get 1)))
  (func (export "i32.rem_u") (param i32 i32) (result i32)
    (i32.rem_u (local.get 0) (local.get 1)))
  (func (export "i32.and") (param i32 i32) (result i32)
    (i32.and (local.get 0) (local.get 1)))
  (func (export "i32.or") (param i32 i32) (result i32)
    (i32.or (local.get 0) (local.get 1)))
  (func (export "i32.xor") (param i32 i32) (result i32)
    (i32.xor (local.get 0) (local.get 1)))
  (func (export "i32.shl") (param i32 i32) (result i32)
    (i32.shl (local.get 0) (local.get 1)))
  (func (export "i32.shr_s") (param i32 i32) (result i32)
    (i32.shr_s (local.get 0) (local.get 1)))
  (func (export "i32.shr_u") (param i32 i32) (result i32)
    (i32.shr_u (local.get 0) (local.get 1)))
  (func (export "i32.rotl") (param i32 i32) (result i32)
    (i32.rotl (local.get 0) (local.get 1)))
  (func (export "i32.rotr") (param i32 i32) (result i32)
    (i32.rotr (local.get 0) (local.get 1)))
)
