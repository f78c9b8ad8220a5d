;; Every f64 operator on ordinary values, zeros, infinities, subnormals and NaNs of all sorts.

;; run f64.eq f64:0 f64:-0
;; run f64.eq f64:-0 f64:-inf
;; run f64.eq f64:1.5 f64:9007199254740993
;; run f64.eq f64:-2.5 f64:0
;; run f64.eq f64:-inf f64:-2.5
;; run f64.eq f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.eq f64:0xfff8000000000001 f64:-1e308
;; run f64.eq f64:9007199254740993 f64:1.5
;; run f64.eq f64:1e-310 f64:0x7ff4000000000000
;; run f64.eq f64:-1e308 f64:1e-310
;; run f64.eq f64:-2.5 f64:1.5
;; run f64.eq f64:1.5 f64:0
;; run f64.eq f64:-0 f64:0
;; run f64.eq f64:0 f64:-0
;; run f64.ne f64:0 f64:-0
;; run f64.ne f64:-0 f64:-inf
;; run f64.ne f64:1.5 f64:9007199254740993
;; run f64.ne f64:-2.5 f64:0
;; run f64.ne f64:-inf f64:-2.5
;; run f64.ne f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.ne f64:0xfff8000000000001 f64:-1e308
;; run f64.ne f64:9007199254740993 f64:1.5
;; run f64.ne f64:1e-310 f64:0x7ff4000000000000
;; run f64.ne f64:-1e308 f64:1e-310
;; run f64.ne f64:-2.5 f64:1.5
;; run f64.ne f64:1.5 f64:0
;; run f64.ne f64:-0 f64:0
;; run f64.ne f64:0 f64:-0
;; run f64.lt f64:0 f64:-0
;; run f64.lt f64:-0 f64:-inf
;; run f64.lt f64:1.5 f64:9007199254740993
;; run f64.lt f64:-2.5 f64:0
;; run f64.lt f64:-inf f64:-2.5
;; run f64.lt f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.lt f64:0xfff8000000000001 f64:-1e308
;; run f64.lt f64:9007199254740993 f64:1.5
;; run f64.lt f64:1e-310 f64:0x7ff4000000000000
;; run f64.lt f64:-1e308 f64:1e-310
;; run f64.lt f64:-2.5 f64:1.5
;; run f64.lt f64:1.5 f64:0
;; run f64.lt f64:-0 f64:0
;; run f64.lt f64:0 f64:-0
;; run f64.gt f64:0 f64:-0
;; run f64.gt f64:-0 f64:-inf
;; run f64.gt f64:1.5 f64:9007199254740993
;; run f64.gt f64:-2.5 f64:0
;; run f64.gt f64:-inf f64:-2.5
;; run f64.gt f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.gt f64:0xfff8000000000001 f64:-1e308
;; run f64.gt f64:9007199254740993 f64:1.5
;; run f64.gt f64:1e-310 f64:0x7ff4000000000000
;; run f64.gt f64:-1e308 f64:1e-310
;; run f64.gt f64:-2.5 f64:1.5
;; run f64.gt f64:1.5 f64:0
;; run f64.gt f64:-0 f64:0
;; run f64.gt f64:0 f64:-0
;; run f64.le f64:0 f64:-0
;; run f64.le f64:-0 f64:-inf
;; run f64.le f64:1.5 f64:9007199254740993
;; run f64.le f64:-2.5 f64:0
;; run f64.le f64:-inf f64:-2.5
;; run f64.le f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.le f64:0xfff8000000000001 f64:-1e308
;; run f64.le f64:9007199254740993 f64:1.5
;; run f64.le f64:1e-310 f64:0x7ff4000000000000
;; run f64.le f64:-1e308 f64:1e-310
;; run f64.le f64:-2.5 f64:1.5
;; run f64.le f64:1.5 f64:0
;; run f64.le f64:-0 f64:0
;; run f64.le f64:0 f64:-0
;; run f64.ge f64:0 f64:-0
;; run f64.ge f64:-0 f64:-inf
;; run f64.ge f64:1.5 f64:9007199254740993
;; run f64.ge f64:-2.5 f64:0
;; run f64.ge f64:-inf f64:-2.5
;; run f64.ge f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.ge f64:0xfff8000000000001 f64:-1e308
;; run f64.ge f64:9007199254740993 f64:1.5
;; run f64.ge f64:1e-310 f64:0x7ff4000000000000
;; run f64.ge f64:-1e308 f64:1e-310
;; run f64.ge f64:-2.5 f64:1.5
;; run f64.ge f64:1.5 f64:0
;; run f64.ge f64:-0 f64:0
;; run f64.ge f64:0 f64:-0
;; run f64.abs f64:0
;; run f64.abs f64:-0
;; run f64.abs f64:1.5
;; run f64.abs f64:-2.5
;; run f64.abs f64:-inf
;; run f64.abs f64:0x7ff4000000000000
;; run f64.abs f64:0xfff8000000000001
;; run f64.abs f64:9007199254740993
;; run f64.abs f64:1e-310
;; run f64.abs f64:-1e308
;; run f64.neg f64:0
;; run f64.neg f64:-0
;; run f64.neg f64:1.5
;; run f64.neg f64:-2.5
;; run f64.neg f64:-inf
;; run f64.neg f64:0x7ff4000000000000
;; run f64.neg f64:0xfff8000000000001
;; run f64.neg f64:9007199254740993
;; run f64.neg f64:1e-310
;; run f64.neg f64:-1e308
;; run f64.ceil f64:0
;; run f64.ceil f64:-0
;; run f64.ceil f64:1.5
;; run f64.ceil f64:-2.5
;; run f64.ceil f64:-inf
;; run f64.ceil f64:0x7ff4000000000000
;; run f64.ceil f64:0xfff8000000000001
;; run f64.ceil f64:9007199254740993
;; run f64.ceil f64:1e-310
;; run f64.ceil f64:-1e308
;; run f64.floor f64:0
;; run f64.floor f64:-0
;; run f64.floor f64:1.5
;; run f64.floor f64:-2.5
;; run f64.floor f64:-inf
;; run f64.floor f64:0x7ff4000000000000
;; run f64.floor f64:0xfff8000000000001
;; run f64.floor f64:9007199254740993
;; run f64.floor f64:1e-310
;; run f64.floor f64:-1e308
;; run f64.trunc f64:0
;; run f64.trunc f64:-0
;; run f64.trunc f64:1.5
;; run f64.trunc f64:-2.5
;; run f64.trunc f64:-inf
;; run f64.trunc f64:0x7ff4000000000000
;; run f64.trunc f64:0xfff8000000000001
;; run f64.trunc f64:9007199254740993
;; run f64.trunc f64:1e-310
;; run f64.trunc f64:-1e308
;; run f64.nearest f64:0
;; run f64.nearest f64:-0
;; run f64.nearest f64:1.5
;; run f64.nearest f64:-2.5
;; run f64.nearest f64:-inf
;; run f64.nearest f64:0x7ff4000000000000
;; run f64.nearest f64:0xfff8000000000001
;; run f64.nearest f64:9007199254740993
;; run f64.nearest f64:1e-310
;; run f64.nearest f64:-1e308
;; run f64.sqrt f64:0
;; run f64.sqrt f64:-0
;; run f64.sqrt f64:1.5
;; run f64.sqrt f64:-2.5
;; run f64.sqrt f64:-inf
;; run f64.sqrt f64:0x7ff4000000000000
;; run f64.sqrt f64:0xfff8000000000001
;; run f64.sqrt f64:9007199254740993
;; run f64.sqrt f64:1e-310
;; run f64.sqrt f64:-1e308
;; run f64.add f64:0 f64:-0
;; run f64.add f64:-0 f64:-inf
;; run f64.add f64:1.5 f64:9007199254740993
;; run f64.add f64:-2.5 f64:0
;; run f64.add f64:-inf f64:-2.5
;; run f64.add f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.add f64:0xfff8000000000001 f64:-1e308
;; run f64.add f64:9007199254740993 f64:1.5
;; run f64.add f64:1e-310 f64:0x7ff4000000000000
;; run f64.add f64:-1e308 f64:1e-310
;; run f64.add f64:-2.5 f64:1.5
;; run f64.add f64:1.5 f64:0
;; run f64.add f64:-0 f64:0
;; run f64.add f64:0 f64:-0
;; run f64.sub f64:0 f64:-0
;; run f64.sub f64:-0 f64:-inf
;; run f64.sub f64:1.5 f64:9007199254740993
;; run f64.sub f64:-2.5 f64:0
;; run f64.sub f64:-inf f64:-2.5
;; run f64.sub f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.sub f64:0xfff8000000000001 f64:-1e308
;; run f64.sub f64:9007199254740993 f64:1.5
;; run f64.sub f64:1e-310 f64:0x7ff4000000000000
;; run f64.sub f64:-1e308 f64:1e-310
;; run f64.sub f64:-2.5 f64:1.5
;; run f64.sub f64:1.5 f64:0
;; run f64.sub f64:-0 f64:0
;; run f64.sub f64:0 f64:-0
;; run f64.mul f64:0 f64:-0
;; run f64.mul f64:-0 f64:-inf
;; run f64.mul f64:1.5 f64:9007199254740993
;; run f64.mul f64:-2.5 f64:0
;; run f64.mul f64:-inf f64:-2.5
;; run f64.mul f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.mul f64:0xfff8000000000001 f64:-1e308
;; run f64.mul f64:9007199254740993 f64:1.5
;; run f64.mul f64:1e-310 f64:0x7ff4000000000000
;; run f64.mul f64:-1e308 f64:1e-310
;; run f64.mul f64:-2.5 f64:1.5
;; run f64.mul f64:1.5 f64:0
;; run f64.mul f64:-0 f64:0
;; run f64.mul f64:0 f64:-0
;; run f64.div f64:0 f64:-0
;; run f64.div f64:-0 f64:-inf
;; run f64.div f64:1.5 f64:9007199254740993
;; run f64.div f64:-2.5 f64:0
;; run f64.div f64:-inf f64:-2.5
;; run f64.div f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.div f64:0xfff8000000000001 f64:-1e308
;; run f64.div f64:9007199254740993 f64:1.5
;; run f64.div f64:1e-310 f64:0x7ff4000000000000
;; run f64.div f64:-1e308 f64:1e-310
;; run f64.div f64:-2.5 f64:1.5
;; run f64.div f64:1.5 f64:0
;; run f64.div f64:-0 f64:0
;; run f64.div f64:0 f64:-0
;; run f64.min f64:0 f64:-0
;; run f64.min f64:-0 f64:-inf
;; run f64.min f64:1.5 f64:9007199254740993
;; run f64.min f64:-2.5 f64:0
;; run f64.min f64:-inf f64:-2.5
;; run f64.min f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.min f64:0xfff8000000000001 f64:-1e308
;; run f64.min f64:9007199254740993 f64:1.5
;; run f64.min f64:1e-310 f64:0x7ff4000000000000
;; run f64.min f64:-1e308 f64:1e-310
;; run f64.min f64:-2.5 f64:1.5
;; run f64.min f64:1.5 f64:0
;; run f64.min f64:-0 f64:0
;; run f64.min f64:0 f64:-0
;; run f64.max f64:0 f64:-0
;; run f64.max f64:-0 f64:-inf
;; run f64.max f64:1.5 f64:9007199254740993
;; run f64.max f64:-2.5 f64:0
;; run f64.max f64:-inf f64:-2.5
;; run f64.max f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.max f64:0xfff8000000000001 f64:-1e308
;; run f64.max f64:9007199254740993 f64:1.5
;; run f64.max f64:1e-310 f64:0x7ff4000000000000
;; run f64.max f64:-1e308 f64:1e-310
;; run f64.max f64:-2.5 f64:1.5
;; run f64.max f64:1.5 f64:0
;; run f64.max f64:-0 f64:0
;; run f64.max f64:0 f64:-0
;; run f64.copysign f64:0 f64:-0
;; run f64.copysign f64:-0 f64:-inf
;; run f64.copysign f64:1.5 f64:9007199254740993
;; run f64.copysign f64:-2.5 f64:0
;; run f64.copysign f64:-inf f64:-2.5
;; run f64.copysign f64:0x7ff4000000000000 f64:0xfff8000000000001
;; run f64.copysign f64:0xfff8000000000001 f64:-1e308
;; run f64.copysign f64:9007199254740993 f64:1.5
;; run f64.copysign f64:1e-310 f64:0x7ff4000000000000
;; run f64.copysign f64:-1e308 f64:1e-310
;; run f64.copysign f64:-2.5 f64:1.5
;; run f64.copysign f64:1.5 f64:0
;; run f64.copysign f64:-0 f64:0
;; run f64.copysign f64:0 f64:-0

(module
  (func (export "f64.eq") (param f64 f64) (result i32)
    (f64.eq (local.get 0) (local.get 1)))
  (func (export "f64.ne") (param f64 f64) (result i32)
    (f64.ne (local.get 0) (local.get 1)))
  (func (export "f64.lt") (param f64 f64) (result i32)
    (f64.lt (local.get 0) (local.get 1)))
  (func (export "f64.gt") (param f64 f64) (result i32)
    (f64.gt (local.get 0) (local.get 1)))
  (func (export "f64.le") (param f64 f64) (result i32)
    (f64.le (local.get 0) (local.get 1)))
  (func (export "f64.ge") (param f64 f64) (result i32)
    (f64.ge (local.get 0) (local.get 1)))
  (func (export "f64.abs") (param f64) (result f64)
    (f64.abs (local.get 0)))
  (func (export "f64.neg") (param f64) (result f64)
    (f64.neg (local.get 0)))
  (func (export "f64.ceil") (param f64) (result f64)
    (f64.ceil (local.get 0)))
  (func (export "f64.floor") (param f64) (result f64)
    (f64.floor (local.get 0)))
  (func (export "f64.trunc") (param f64) (result f64)
    (f64.trunc (local.get 0)))
  (func (export "f64.nearest") (param f64) (result f64)
    (f64.nearest (local.get 0)))
  (func (export "f64.sqrt") (param f64) (result f64)
    (f64.sqrt (local.get 0)))
  (func (export "f64.add") (param f64 f64) (result f64)
    (f64.add (local.get 0) (local.get 1)))
  (func (export "f64.sub") (param f64 f64) (result f64)
    (f64.sub (local.get 0) (local.get 1)))
  (func (export "f64.mul") (param f64 f64) (result f64)
    (f64.mul (local.get 0) (local.get 1)))
  (func (export "f64.div") (param f64 f64) (result f64)
    (f64.div (local.get 0) (local.get 1)))
  (func (export "f64.min") (param f64 f64) (result f64)
    (f64.min (local.get 0) (local.get 1)))
  (func (export "f64.max") (param f64 f64) (result f64)
    (f64.max (local.get 0) (local.get 1)))
  (func (export "f64.copysign") (param f64 f64) (result f64)
    (f64.copysign (local.get 0) (local.get 1)))
)
