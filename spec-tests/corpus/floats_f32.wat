;; Every f32 operator on ordinary values, zeros, infinities, subnormals and NaNs of all sorts.

;; run f32.eq f32:0 f32:-0
;; run f32.eq f32:-0 f32:inf
;; run f32.eq f32:1.5 f32:16777217
;; run f32.eq f32:-2.5 f32:0
;; run f32.eq f32:inf f32:-2.5
;; run f32.eq f32:0x7fa00000 f32:0xffc00001
;; run f32.eq f32:0xffc00001 f32:-3e38
;; run f32.eq f32:16777217 f32:1.5
;; run f32.eq f32:1e-40 f32:0x7fa00000
;; run f32.eq f32:-3e38 f32:1e-40
;; run f32.eq f32:-2.5 f32:1.5
;; run f32.eq f32:1.5 f32:0
;; run f32.eq f32:-0 f32:0
;; run f32.eq f32:0 f32:-0
;; run f32.ne f32:0 f32:-0
;; run f32.ne f32:-0 f32:inf
;; run f32.ne f32:1.5 f32:16777217
;; run f32.ne f32:-2.5 f32:0
;; run f32.ne f32:inf f32:-2.5
;; run f32.ne f32:0x7fa00000 f32:0xffc00001
;; run f32.ne f32:0xffc00001 f32:-3e38
;; run f32.ne f32:16777217 f32:1.5
;; run f32.ne f32:1e-40 f32:0x7fa00000
;; run f32.ne f32:-3e38 f32:1e-40
;; run f32.ne f32:-2.5 f32:1.5
;; run f32.ne f32:1.5 f32:0
;; run f32.ne f32:-0 f32:0
;; run f32.ne f32:0 f32:-0
;; run f32.lt f32:0 f32:-0
;; run f32.lt f32:-0 f32:inf
;; run f32.lt f32:1.5 f32:16777217
;; run f32.lt f32:-2.5 f32:0
;; run f32.lt f32:inf f32:-2.5
;; run f32.lt f32:0x7fa00000 f32:0xffc00001
;; run f32.lt f32:0xffc00001 f32:-3e38
;; run f32.lt f32:16777217 f32:1.5
;; run f32.lt f32:1e-40 f32:0x7fa00000
;; run f32.lt f32:-3e38 f32:1e-40
;; run f32.lt f32:-2.5 f32:1.5
;; run f32.lt f32:1.5 f32:0
;; run f32.lt f32:-0 f32:0
;; run f32.lt f32:0 f32:-0
;; run f32.gt f32:0 f32:-0
;; run f32.gt f32:-0 f32:inf
;; run f32.gt f32:1.5 f32:16777217
;; run f32.gt f32:-2.5 f32:0
;; run f32.gt f32:inf f32:-2.5
;; run f32.gt f32:0x7fa00000 f32:0xffc00001
;; run f32.gt f32:0xffc00001 f32:-3e38
;; run f32.gt f32:16777217 f32:1.5
;; run f32.gt f32:1e-40 f32:0x7fa00000
;; run f32.gt f32:-3e38 f32:1e-40
;; run f32.gt f32:-2.5 f32:1.5
;; run f32.gt f32:1.5 f32:0
;; run f32.gt f32:-0 f32:0
;; run f32.gt f32:0 f32:-0
;; run f32.le f32:0 f32:-0
;; run f32.le f32:-0 f32:inf
;; run f32.le f32:1.5 f32:16777217
;; run f32.le f32:-2.5 f32:0
;; run f32.le f32:inf f32:-2.5
;; run f32.le f32:0x7fa00000 f32:0xffc00001
;; run f32.le f32:0xffc00001 f32:-3e38
;; run f32.le f32:16777217 f32:1.5
;; run f32.le f32:1e-40 f32:0x7fa00000
;; run f32.le f32:-3e38 f32:1e-40
;; run f32.le f32:-2.5 f32:1.5
;; run f32.le f32:1.5 f32:0
;; run f32.le f32:-0 f32:0
;; run f32.le f32:0 f32:-0
;; run f32.ge f32:0 f32:-0
;; run f32.ge f32:-0 f32:inf
;; run f32.ge f32:1.5 f32:16777217
;; run f32.ge f32:-2.5 f32:0
;; run f32.ge f32:inf f32:-2.5
;; run f32.ge f32:0x7fa00000 f32:0xffc00001
;; run f32.ge f32:0xffc00001 f32:-3e38
;; run f32.ge f32:16777217 f32:1.5
;; run f32.ge f32:1e-40 f32:0x7fa00000
;; run f32.ge f32:-3e38 f32:1e-40
;; run f32.ge f32:-2.5 f32:1.5
;; run f32.ge f32:1.5 f32:0
;; run f32.ge f32:-0 f32:0
;; run f32.ge f32:0 f32:-0
;; run f32.abs f32:0
;; run f32.abs f32:-0
;; run f32.abs f32:1.5
;; run f32.abs f32:-2.5
;; run f32.abs f32:inf
;; run f32.abs f32:0x7fa00000
;; run f32.abs f32:0xffc00001
;; run f32.abs f32:16777217
;; run f32.abs f32:1e-40
;; run f32.abs f32:-3e38
;; run f32.neg f32:0
;; run f32.neg f32:-0
;; run f32.neg f32:1.5
;; run f32.neg f32:-2.5
;; run f32.neg f32:inf
;; run f32.neg f32:0x7fa00000
;; run f32.neg f32:0xffc00001
;; run f32.neg f32:16777217
;; run f32.neg f32:1e-40
;; run f32.neg f32:-3e38
;; run f32.ceil f32:0
;; run f32.ceil f32:-0
;; run f32.ceil f32:1.5
;; run f32.ceil f32:-2.5
;; run f32.ceil f32:inf
;; run f32.ceil f32:0x7fa00000
;; run f32.ceil f32:0xffc00001
;; run f32.ceil f32:16777217
;; run f32.ceil f32:1e-40
;; run f32.ceil f32:-3e38
;; run f32.floor f32:0
;; run f32.floor f32:-0
;; run f32.floor f32:1.5
;; run f32.floor f32:-2.5
;; run f32.floor f32:inf
;; run f32.floor f32:0x7fa00000
;; run f32.floor f32:0xffc00001
;; run f32.floor f32:16777217
;; run f32.floor f32:1e-40
;; run f32.floor f32:-3e38
;; run f32.trunc f32:0
;; run f32.trunc f32:-0
;; run f32.trunc f32:1.5
;; run f32.trunc f32:-2.5
;; run f32.trunc f32:inf
;; run f32.trunc f32:0x7fa00000
;; run f32.trunc f32:0xffc00001
;; run f32.trunc f32:16777217
;; run f32.trunc f32:1e-40
;; run f32.trunc f32:-3e38
;; run f32.nearest f32:0
;; run f32.nearest f32:-0
;; run f32.nearest f32:1.5
;; run f32.nearest f32:-2.5
;; run f32.nearest f32:inf
;; run f32.nearest f32:0x7fa00000
;; run f32.nearest f32:0xffc00001
;; run f32.nearest f32:16777217
;; run f32.nearest f32:1e-40
;; run f32.nearest f32:-3e38
;; run f32.sqrt f32:0
;; run f32.sqrt f32:-0
;; run f32.sqrt f32:1.5
;; run f32.sqrt f32:-2.5
;; run f32.sqrt f32:inf
;; run f32.sqrt f32:0x7fa00000
;; run f32.sqrt f32:0xffc00001
;; run f32.sqrt f32:16777217
;; run f32.sqrt f32:1e-40
;; run f32.sqrt f32:-3e38
;; run f32.add f32:0 f32:-0
;; run f32.add f32:-0 f32:inf
;; run f32.add f32:1.5 f32:16777217
;; run f32.add f32:-2.5 f32:0
;; run f32.add f32:inf f32:-2.5
;; run f32.add f32:0x7fa00000 f32:0xffc00001
;; run f32.add f32:0xffc00001 f32:-3e38
;; run f32.add f32:16777217 f32:1.5
;; run f32.add f32:1e-40 f32:0x7fa00000
;; run f32.add f32:-3e38 f32:1e-40
;; run f32.add f32:-2.5 f32:1.5
;; run f32.add f32:1.5 f32:0
;; run f32.add f32:-0 f32:0
;; run f32.add f32:0 f32:-0
;; run f32.sub f32:0 f32:-0
;; run f32.sub f32:-0 f32:inf
;; run f32.sub f32:1.5 f32:16777217
;; run f32.sub f32:-2.5 f32:0
;; run f32.sub f32:inf f32:-2.5
;; run f32.sub f32:0x7fa00000 f32:0xffc00001
;; run f32.sub f32:0xffc00001 f32:-3e38
;; run f32.sub f32:16777217 f32:1.5
;; run f32.sub f32:1e-40 f32:0x7fa00000
;; run f32.sub f32:-3e38 f32:1e-40
;; run f32.sub f32:-2.5 f32:1.5
;; run f32.sub f32:1.5 f32:0
;; run f32.sub f32:-0 f32:0
;; run f32.sub f32:0 f32:-0
;; run f32.mul f32:0 f32:-0
;; run f32.mul f32:-0 f32:inf
;; run f32.mul f32:1.5 f32:16777217
;; run f32.mul f32:-2.5 f32:0
;; run f32.mul f32:inf f32:-2.5
;; run f32.mul f32:0x7fa00000 f32:0xffc00001
;; run f32.mul f32:0xffc00001 f32:-3e38
;; run f32.mul f32:16777217 f32:1.5
;; run f32.mul f32:1e-40 f32:0x7fa00000
;; run f32.mul f32:-3e38 f32:1e-40
;; run f32.mul f32:-2.5 f32:1.5
;; run f32.mul f32:1.5 f32:0
;; run f32.mul f32:-0 f32:0
;; run f32.mul f32:0 f32:-0
;; run f32.div f32:0 f32:-0
;; run f32.div f32:-0 f32:inf
;; run f32.div f32:1.5 f32:16777217
;; run f32.div f32:-2.5 f32:0
;; run f32.div f32:inf f32:-2.5
;; run f32.div f32:0x7fa00000 f32:0xffc00001
;; run f32.div f32:0xffc00001 f32:-3e38
;; run f32.div f32:16777217 f32:1.5
;; run f32.div f32:1e-40 f32:0x7fa00000
;; run f32.div f32:-3e38 f32:1e-40
;; run f32.div f32:-2.5 f32:1.5
;; run f32.div f32:1.5 f32:0
;; run f32.div f32:-0 f32:0
;; run f32.div f32:0 f32:-0
;; run f32.min f32:0 f32:-0
;; run f32.min f32:-0 f32:inf
;; run f32.min f32:1.5 f32:16777217
;; run f32.min f32:-2.5 f32:0
;; run f32.min f32:inf f32:-2.5
;; run f32.min f32:0x7fa00000 f32:0xffc00001
;; run f32.min f32:0xffc00001 f32:-3e38
;; run f32.min f32:16777217 f32:1.5
;; run f32.min f32:1e-40 f32:0x7fa00000
;; run f32.min f32:-3e38 f32:1e-40
;; run f32.min f32:-2.5 f32:1.5
;; run f32.min f32:1.5 f32:0
;; run f32.min f32:-0 f32:0
;; run f32.min f32:0 f32:-0
;; run f32.max f32:0 f32:-0
;; run f32.max f32:-0 f32:inf
;; run f32.max f32:1.5 f32:16777217
;; run f32.max f32:-2.5 f32:0
;; run f32.max f32:inf f32:-2.5
;; run f32.max f32:0x7fa00000 f32:0xffc00001
;; run f32.max f32:0xffc00001 f32:-3e38
;; run f32.max f32:16777217 f32:1.5
;; run f32.max f32:1e-40 f32:0x7fa00000
;; run f32.max f32:-3e38 f32:1e-40
;; run f32.max f32:-2.5 f32:1.5
;; run f32.max f32:1.5 f32:0
;; run f32.max f32:-0 f32:0
;; run f32.max f32:0 f32:-0
;; run f32.copysign f32:0 f32:-0
;; run f32.copysign f32:-0 f32:inf
;; run f32.copysign f32:1.5 f32:16777217
;; run f32.copysign f32:-2.5 f32:0
;; run f32.copysign f32:inf f32:-2.5
;; run f32.copysign f32:0x7fa00000 f32:0xffc00001
;; run f32.copysign f32:0xffc00001 f32:-3e38
;; run f32.copysign f32:16777217 f32:1.5
;; run f32.copysign f32:1e-40 f32:0x7fa00000
;; run f32.copysign f32:-3e38 f32:1e-40
;; run f32.copysign f32:-2.5 f32:1.5
;; run f32.copysign f32:1.5 f32:0
;; run f32.copysign f32:-0 f32:0
;; run f32.copysign f32:0 f32:-0

(module
  (func (export "f32.eq") (param f32 f32) (result i32)
    (f32.eq (local.get 0) (local.get 1)))
  (func (export "f32.ne") (param f32 f32) (result i32)
    (f32.ne (local.get 0) (local.get 1)))
  (func (export "f32.lt") (param f32 f32) (result i32)
    (f32.lt (local.get 0) (local.get 1)))
  (func (export "f32.gt") (param f32 f32) (result i32)
    (f32.gt (local.get 0) (local.get 1)))
  (func (export "f32.le") (param f32 f32) (result i32)
    (f32.le (local.get 0) (local.get 1)))
  (func (export "f32.ge") (param f32 f32) (result i32)
    (f32.ge (local.get 0) (local.get 1)))
  (func (export "f32.abs") (param f32) (result f32)
    (f32.abs (local.get 0)))
  (func (export "f32.neg") (param f32) (result f32)
    (f32.neg (local.get 0)))
  (func (export "f32.ceil") (param f32) (result f32)
    (f32.ceil (local.get 0)))
  (func (export "f32.floor") (param f32) (result f32)
    (f32.floor (local.get 0)))
  (func (export "f32.trunc") (param f32) (result f32)
    (f32.trunc (local.get 0)))
  (func (export "f32.nearest") (param f32) (result f32)
    (f32.nearest (local.get 0)))
  (func (export "f32.sqrt") (param f32) (result f32)
    (f32.sqrt (local.get 0)))
  (func (export "f32.add") (param f32 f32) (result f32)
    (f32.add (local.get 0) (local.get 1)))
  (func (export "f32.sub") (param f32 f32) (result f32)
    (f32.sub (local.get 0) (local.get 1)))
  (func (export "f32.mul") (param f32 f32) (result f32)
    (f32.mul (local.get 0) (local.get 1)))
  (func (export "f32.div") (param f32 f32) (result f32)
    (f32.div (local.get 0) (local.get 1)))
  (func (export "f32.min") (param f32 f32) (result f32)
    (f32.min (local.get 0) (local.get 1)))
  (func (export "f32.max") (param f32 f32) (result f32)
    (f32.max (local.get 0) (local.get 1)))
  (func (export "f32.copysign") (param f32 f32) (result f32)
    (f32.copysign (local.get 0) (local.get 1)))
)
