;; Every conversion, at the ends of the ranges too.

;; run i32.wrap_i64 i64:0
;; run i32.wrap_i64 i64:1
;; run i32.wrap_i64 i64:-1
;; run i32.wrap_i64 i64:-9223372036854775808
;; run i32.wrap_i64 i64:9223372036854775807
;; run i32.wrap_i64 i64:0x123456789abcdef0
;; run i32.wrap_i64 i64:65
;; run i64.extend_i32_s i32:0
;; run i64.extend_i32_s i32:1
;; run i64.extend_i32_s i32:-1
;; run i64.extend_i32_s i32:-2147483648
;; run i64.extend_i32_s i32:2147483647
;; run i64.extend_i32_s i32:0x12345678
;; run i64.extend_i32_s i32:33
;; run i64.extend_i32_u i32:0
;; run i64.extend_i32_u i32:1
;; run i64.extend_i32_u i32:-1
;; run i64.extend_i32_u i32:-2147483648
;; run i64.extend_i32_u i32:2147483647
;; run i64.extend_i32_u i32:0x12345678
;; run i64.extend_i32_u i32:33
;; run i32.trunc_f32_s f32:0
;; run i32.trunc_f32_s f32:-0
;; run i32.trunc_f32_s f32:1.5
;; run i32.trunc_f32_s f32:-2.5
;; run i32.trunc_f32_s f32:inf
;; run i32.trunc_f32_s f32:0x7fa00000
;; run i32.trunc_f32_s f32:0xffc00001
;; run i32.trunc_f32_s f32:16777217
;; run i32.trunc_f32_s f32:1e-40
;; run i32.trunc_f32_s f32:-3e38
;; run i32.trunc_f32_s f32:2147483520
;; run i32.trunc_f32_s f32:2147483648
;; run i32.trunc_f32_s f32:-2147483648
;; run i32.trunc_f32_s f32:-2147483904
;; run i32.trunc_f32_s f32:4294967040
;; run i32.trunc_f32_s f32:4294967296
;; run i32.trunc_f32_s f32:-0.9
;; run i32.trunc_f32_s f32:-1
;; run i32.trunc_f32_s f32:9223371487098961920
;; run i32.trunc_f32_s f32:9223372036854775808
;; run i32.trunc_f32_s f32:-9223372036854775808
;; run i32.trunc_f32_s f32:18446742974197923840
;; run i32.trunc_f32_s f32:18446744073709551616
;; run i32.trunc_sat_f32_s f32:0
;; run i32.trunc_sat_f32_s f32:-0
;; run i32.trunc_sat_f32_s f32:1.5
;; run i32.trunc_sat_f32_s f32:-2.5
;; run i32.trunc_sat_f32_s f32:inf
;; run i32.trunc_sat_f32_s f32:0x7fa00000
;; run i32.trunc_sat_f32_s f32:0xffc00001
;; run i32.trunc_sat_f32_s f32:16777217
;; run i32.trunc_sat_f32_s f32:1e-40
;; run i32.trunc_sat_f32_s f32:-3e38
;; run i32.trunc_sat_f32_s f32:2147483520
;; run i32.trunc_sat_f32_s f32:2147483648
;; run i32.trunc_sat_f32_s f32:-2147483648
;; run i32.trunc_sat_f32_s f32:-2147483904
;; run i32.trunc_sat_f32_s f32:4294967040
;; run i32.trunc_sat_f32_s f32:4294967296
;; run i32.trunc_sat_f32_s f32:-0.9
;; run i32.trunc_sat_f32_s f32:-1
;; run i32.trunc_sat_f32_s f32:9223371487098961920
;; run i32.trunc_sat_f32_s f32:9223372036854775808
;; run i32.trunc_sat_f32_s f32:-9223372036854775808
;; run i32.trunc_sat_f32_s f32:18446742974197923840
;; run i32.trunc_sat_f32_s f32:18446744073709551616
;; run f32.convert_i32_s i32:0
;; run f32.convert_i32_s i32:1
;; run f32.convert_i32_s i32:-1
;; run f32.convert_i32_s i32:-2147483648
;; run f32.convert_i32_s i32:2147483647
;; run f32.convert_i32_s i32:0x12345678
;; run f32.convert_i32_s i32:33
;; run i32.trunc_f32_u f32:0
;; run i32.trunc_f32_u f32:-0
;; run i32.trunc_f32_u f32:1.5
;; run i32.trunc_f32_u f32:-2.5
;; run i32.trunc_f32_u f32:inf
;; run i32.trunc_f32_u f32:0x7fa00000
;; run i32.trunc_f32_u f32:0xffc00001
;; run i32.trunc_f32_u f32:16777217
;; run i32.trunc_f32_u f32:1e-40
;; run i32.trunc_f32_u f32:-3e38
;; run i32.trunc_f32_u f32:2147483520
;; run i32.trunc_f32_u f32:2147483648
;; run i32.trunc_f32_u f32:-2147483648
;; run i32.trunc_f32_u f32:-2147483904
;; run i32.trunc_f32_u f32:4294967040
;; run i32.trunc_f32_u f32:4294967296
;; run i32.trunc_f32_u f32:-0.9
;; run i32.trunc_f32_u f32:-1
;; run i32.trunc_f32_u f32:9223371487098961920
;; run i32.trunc_f32_u f32:9223372036854775808
;; run i32.trunc_f32_u f32:-9223372036854775808
;; run i32.trunc_f32_u f32:18446742974197923840
;; run i32.trunc_f32_u f32:18446744073709551616
;; run i32.trunc_sat_f32_u f32:0
;; run i32.trunc_sat_f32_u f32:-0
;; run i32.trunc_sat_f32_u f32:1.5
;; run i32.trunc_sat_f32_u f32:-2.5
;; run i32.trunc_sat_f32_u f32:inf
;; run i32.trunc_sat_f32_u f32:0x7fa00000
;; run i32.trunc_sat_f32_u f32:0xffc00001
;; run i32.trunc_sat_f32_u f32:16777217
;; run i32.trunc_sat_f32_u f32:1e-40
;; run i32.trunc_sat_f32_u f32:-3e38
;; run i32.trunc_sat_f32_u f32:2147483520
;; run i32.trunc_sat_f32_u f32:2147483648
;; run i32.trunc_sat_f32_u f32:-2147483648
;; run i32.trunc_sat_f32_u f32:-2147483904
;; run i32.trunc_sat_f32_u f32:4294967040
;; run i32.trunc_sat_f32_u f32:4294967296
;; run i32.trunc_sat_f32_u f32:-0.9
;; run i32.trunc_sat_f32_u f32:-1
;; run i32.trunc_sat_f32_u f32:9223371487098961920
;; run i32.trunc_sat_f32_u f32:9223372036854775808
;; run i32.trunc_sat_f32_u f32:-9223372036854775808
;; run i32.trunc_sat_f32_u f32:18446742974197923840
;; run i32.trunc_sat_f32_u f32:18446744073709551616
;; run f32.convert_i32_u i32:0
;; run f32.convert_i32_u i32:1
;; run f32.convert_i32_u i32:-1
;; run f32.convert_i32_u i32:-2147483648
;; run f32.convert_i32_u i32:2147483647
;; run f32.convert_i32_u i32:0x12345678
;; run f32.convert_i32_u i32:33
;; run i32.trunc_f64_s f64:0
;; run i32.trunc_f64_s f64:-0
;; run i32.trunc_f64_s f64:1.5
;; run i32.trunc_f64_s f64:-2.5
;; run i32.trunc_f64_s f64:-inf
;; run i32.trunc_f64_s f64:0x7ff4000000000000
;; run i32.trunc_f64_s f64:0xfff8000000000001
;; run i32.trunc_f64_s f64:9007199254740993
;; run i32.trunc_f64_s f64:1e-310
;; run i32.trunc_f64_s f64:-1e308
;; run i32.trunc_f64_s f64:2147483647.9
;; run i32.trunc_f64_s f64:2147483648
;; run i32.trunc_f64_s f64:-2147483648.9
;; run i32.trunc_f64_s f64:-2147483649
;; run i32.trunc_f64_s f64:4294967295.9
;; run i32.trunc_f64_s f64:4294967296
;; run i32.trunc_f64_s f64:-0.9
;; run i32.trunc_f64_s f64:-1
;; run i32.trunc_f64_s f64:9223372036854774784
;; run i32.trunc_f64_s f64:9223372036854775808
;; run i32.trunc_f64_s f64:-9223372036854775808
;; run i32.trunc_f64_s f64:-9223372036854777856
;; run i32.trunc_f64_s f64:18446744073709549568
;; run i32.trunc_f64_s f64:18446744073709551616
;; run i32.trunc_f64_s f64:3.4028235677973366e38
;; run i32.trunc_sat_f64_s f64:0
;; run i32.trunc_sat_f64_s f64:-0
;; run i32.trunc_sat_f64_s f64:1.5
;; run i32.trunc_sat_f64_s f64:-2.5
;; run i32.trunc_sat_f64_s f64:-inf
;; run i32.trunc_sat_f64_s f64:0x7ff4000000000000
;; run i32.trunc_sat_f64_s f64:0xfff8000000000001
;; run i32.trunc_sat_f64_s f64:9007199254740993
;; run i32.trunc_sat_f64_s f64:1e-310
;; run i32.trunc_sat_f64_s f64:-1e308
;; run i32.trunc_sat_f64_s f64:2147483647.9
;; run i32.trunc_sat_f64_s f64:2147483648
;; run i32.trunc_sat_f64_s f64:-2147483648.9
;; run i32.trunc_sat_f64_s f64:-2147483649
;; run i32.trunc_sat_f64_s f64:4294967295.9
;; run i32.trunc_sat_f64_s f64:4294967296
;; run i32.trunc_sat_f64_s f64:-0.9
;; run i32.trunc_sat_f64_s f64:-1
;; run i32.trunc_sat_f64_s f64:9223372036854774784
;; run i32.trunc_sat_f64_s f64:9223372036854775808
;; run i32.trunc_sat_f64_s f64:-9223372036854775808
;; run i32.trunc_sat_f64_s f64:-9223372036854777856
;; run i32.trunc_sat_f64_s f64:18446744073709549568
;; run i32.trunc_sat_f64_s f64:18446744073709551616
;; run i32.trunc_sat_f64_s f64:3.4028235677973366e38
;; run f64.convert_i32_s i32:0
;; run f64.convert_i32_s i32:1
;; run f64.convert_i32_s i32:-1
;; run f64.convert_i32_s i32:-2147483648
;; run f64.convert_i32_s i32:2147483647
;; run f64.convert_i32_s i32:0x12345678
;; run f64.convert_i32_s i32:33
;; run i32.trunc_f64_u f64:0
;; run i32.trunc_f64_u f64:-0
;; run i32.trunc_f64_u f64:1.5
;; run i32.trunc_f64_u f64:-2.5
;; run i32.trunc_f64_u f64:-inf
;; run i32.trunc_f64_u f64:0x7ff4000000000000
;; run i32.trunc_f64_u f64:0xfff8000000000001
;; run i32.trunc_f64_u f64:9007199254740993
;; run i32.trunc_f64_u f64:1e-310
;; run i32.trunc_f64_u f64:-1e308
;; run i32.trunc_f64_u f64:2147483647.9
;; run i32.trunc_f64_u f64:2147483648
;; run i32.trunc_f64_u f64:-2147483648.9
;; run i32.trunc_f64_u f64:-2147483649
;; run i32.trunc_f64_u f64:4294967295.9
;; run i32.trunc_f64_u f64:4294967296
;; run i32.trunc_f64_u f64:-0.9
;; run i32.trunc_f64_u f64:-1
;; run i32.trunc_f64_u f64:9223372036854774784
;; run i32.trunc_f64_u f64:9223372036854775808
;; run i32.trunc_f64_u f64:-9223372036854775808
;; run i32.trunc_f64_u f64:-9223372036854777856
;; run i32.trunc_f64_u f64:18446744073709549568
;; run i32.trunc_f64_u f64:18446744073709551616
;; run i32.trunc_f64_u f64:3.4028235677973366e38
;; run i32.trunc_sat_f64_u f64:0
;; run i32.trunc_sat_f64_u f64:-0
;; run i32.trunc_sat_f64_u f64:1.5
;; run i32.trunc_sat_f64_u f64:-2.5
;; run i32.trunc_sat_f64_u f64:-inf
;; run i32.trunc_sat_f64_u f64:0x7ff4000000000000
;; run i32.trunc_sat_f64_u f64:0xfff8000000000001
;; run i32.trunc_sat_f64_u f64:9007199254740993
;; run i32.trunc_sat_f64_u f64:1e-310
;; run i32.trunc_sat_f64_u f64:-1e308
;; run i32.trunc_sat_f64_u f64:2147483647.9
;; run i32.trunc_sat_f64_u f64:2147483648
;; run i32.trunc_sat_f64_u f64:-2147483648.9
;; run i32.trunc_sat_f64_u f64:-2147483649
;; run i32.trunc_sat_f64_u f64:4294967295.9
;; run i32.trunc_sat_f64_u f64:4294967296
;; run i32.trunc_sat_f64_u f64:-0.9
;; run i32.trunc_sat_f64_u f64:-1
;; run i32.trunc_sat_f64_u f64:9223372036854774784
;; run i32.trunc_sat_f64_u f64:9223372036854775808
;; run i32.trunc_sat_f64_u f64:-9223372036854775808
;; run i32.trunc_sat_f64_u f64:-9223372036854777856
;; run i32.trunc_sat_f64_u f64:18446744073709549568
;; run i32.trunc_sat_f64_u f64:18446744073709551616
;; run i32.trunc_sat_f64_u f64:3.4028235677973366e38
;; run f64.convert_i32_u i32:0
;; run f64.convert_i32_u i32:1
;; run f64.convert_i32_u i32:-1
;; run f64.convert_i32_u i32:-2147483648
;; run f64.convert_i32_u i32:2147483647
;; run f64.convert_i32_u i32:0x12345678
;; run f64.convert_i32_u i32:33
;; run i64.trunc_f32_s f32:0
;; run i64.trunc_f32_s f32:-0
;; run i64.trunc_f32_s f32:1.5
;; run i64.trunc_f32_s f32:-2.5
;; run i64.trunc_f32_s f32:inf
;; run i64.trunc_f32_s f32:0x7fa00000
;; run i64.trunc_f32_s f32:0xffc00001
;; run i64.trunc_f32_s f32:16777217
;; run i64.trunc_f32_s f32:1e-40
;; run i64.trunc_f32_s f32:-3e38
;; run i64.trunc_f32_s f32:2147483520
;; run i64.trunc_f32_s f32:2147483648
;; run i64.trunc_f32_s f32:-2147483648
;; run i64.trunc_f32_s f32:-2147483904
;; run i64.trunc_f32_s f32:4294967040
;; run i64.trunc_f32_s f32:4294967296
;; run i64.trunc_f32_s f32:-0.9
;; run i64.trunc_f32_s f32:-1
;; run i64.trunc_f32_s f32:9223371487098961920
;; run i64.trunc_f32_s f32:9223372036854775808
;; run i64.trunc_f32_s f32:-9223372036854775808
;; run i64.trunc_f32_s f32:18446742974197923840
;; run i64.trunc_f32_s f32:18446744073709551616
;; run i64.trunc_sat_f32_s f32:0
;; run i64.trunc_sat_f32_s f32:-0
;; run i64.trunc_sat_f32_s f32:1.5
;; run i64.trunc_sat_f32_s f32:-2.5
;; run i64.trunc_sat_f32_s f32:inf
;; run i64.trunc_sat_f32_s f32:0x7fa00000
;; run i64.trunc_sat_f32_s f32:0xffc00001
;; run i64.trunc_sat_f32_s f32:16777217
;; run i64.trunc_sat_f32_s f32:1e-40
;; run i64.trunc_sat_f32_s f32:-3e38
;; run i64.trunc_sat_f32_s f32:2147483520
;; run i64.trunc_sat_f32_s f32:2147483648
;; run i64.trunc_sat_f32_s f32:-2147483648
;; run i64.trunc_sat_f32_s f32:-2147483904
;; run i64.trunc_sat_f32_s f32:4294967040
;; run i64.trunc_sat_f32_s f32:4294967296
;; run i64.trunc_sat_f32_s f32:-0.9
;; run i64.trunc_sat_f32_s f32:-1
;; run i64.trunc_sat_f32_s f32:9223371487098961920
;; run i64.trunc_sat_f32_s f32:9223372036854775808
;; run i64.trunc_sat_f32_s f32:-9223372036854775808
;; run i64.trunc_sat_f32_s f32:18446742974197923840
;; run i64.trunc_sat_f32_s f32:18446744073709551616
;; run f32.convert_i64_s i64:0
;; run f32.convert_i64_s i64:1
;; run f32.convert_i64_s i64:-1
;; run f32.convert_i64_s i64:-9223372036854775808
;; run f32.convert_i64_s i64:9223372036854775807
;; run f32.convert_i64_s i64:0x123456789abcdef0
;; run f32.convert_i64_s i64:65
;; run i64.trunc_f32_u f32:0
;; run i64.trunc_f32_u f32:-0
;; run i64.trunc_f32_u f32:1.5
;; run i64.trunc_f32_u f32:-2.5
;; run i64.trunc_f32_u f32:inf
;; run i64.trunc_f32_u f32:0x7fa00000
;; run i64.trunc_f32_u f32:0xffc00001
;; run i64.trunc_f32_u f32:16777217
;; run i64.trunc_f32_u f32:1e-40
;; run i64.trunc_f32_u f32:-3e38
;; run i64.trunc_f32_u f32:2147483520
;; run i64.trunc_f32_u f32:2147483648
;; run i64.trunc_f32_u f32:-2147483648
;; run i64.trunc_f32_u f32:-2147483904
;; run i64.trunc_f32_u f32:4294967040
;; run i64.trunc_f32_u f32:4294967296
;; run i64.trunc_f32_u f32:-0.9
;; run i64.trunc_f32_u f32:-1
;; run i64.trunc_f32_u f32:9223371487098961920
;; run i64.trunc_f32_u f32:9223372036854775808
;; run i64.trunc_f32_u f32:-9223372036854775808
;; run i64.trunc_f32_u f32:18446742974197923840
;; run i64.trunc_f32_u f32:18446744073709551616
;; run i64.trunc_sat_f32_u f32:0
;; run i64.trunc_sat_f32_u f32:-0
;; run i64.trunc_sat_f32_u f32:1.5
;; run i64.trunc_sat_f32_u f32:-2.5
;; run i64.trunc_sat_f32_u f32:inf
;; run i64.trunc_sat_f32_u f32:0x7fa00000
;; run i64.trunc_sat_f32_u f32:0xffc00001
;; run i64.trunc_sat_f32_u f32:16777217
;; run i64.trunc_sat_f32_u f32:1e-40
;; run i64.trunc_sat_f32_u f32:-3e38
;; run i64.trunc_sat_f32_u f32:2147483520
;; run i64.trunc_sat_f32_u f32:2147483648
;; run i64.trunc_sat_f32_u f32:-2147483648
;; run i64.trunc_sat_f32_u f32:-2147483904
;; run i64.trunc_sat_f32_u f32:4294967040
;; run i64.trunc_sat_f32_u f32:4294967296
;; run i64.trunc_sat_f32_u f32:-0.9
;; run i64.trunc_sat_f32_u f32:-1
;; run i64.trunc_sat_f32_u f32:9223371487098961920
;; run i64.trunc_sat_f32_u f32:9223372036854775808
;; run i64.trunc_sat_f32_u f32:-9223372036854775808
;; run i64.trunc_sat_f32_u f32:18446742974197923840
;; run i64.trunc_sat_f32_u f32:18446744073709551616
;; run f32.convert_i64_u i64:0
;; run f32.convert_i64_u i64:1
;; run f32.convert_i64_u i64:-1
;; run f32.convert_i64_u i64:-9223372036854775808
;; run f32.convert_i64_u i64:9223372036854775807
;; run f32.convert_i64_u i64:0x123456789abcdef0
;; run f32.convert_i64_u i64:65
;; run i64.trunc_f64_s f64:0
;; run i64.trunc_f64_s f64:-0
;; run i64.trunc_f64_s f64:1.5
;; run i64.trunc_f64_s f64:-2.5
;; run i64.trunc_f64_s f64:-inf
;; run i64.trunc_f64_s f64:0x7ff4000000000000
;; run i64.trunc_f64_s f64:0xfff8000000000001
;; run i64.trunc_f64_s f64:9007199254740993
;; run i64.trunc_f64_s f64:1e-310
;; run i64.trunc_f64_s f64:-1e308
;; run i64.trunc_f64_s f64:2147483647.9
;; run i64.trunc_f64_s f64:2147483648
;; run i64.trunc_f64_s f64:-2147483648.9
;; run i64.trunc_f64_s f64:-2147483649
;; run i64.trunc_f64_s f64:4294967295.9
;; run i64.trunc_f64_s f64:4294967296
;; run i64.trunc_f64_s f64:-0.9
;; run i64.trunc_f64_s f64:-1
;; run i64.trunc_f64_s f64:9223372036854774784
;; run i64.trunc_f64_s f64:9223372036854775808
;; run i64.trunc_f64_s f64:-9223372036854775808
;; run i64.trunc_f64_s f64:-9223372036854777856
;; run i64.trunc_f64_s f64:18446744073709549568
;; run i64.trunc_f64_s f64:18446744073709551616
;; run i64.trunc_f64_s f64:3.4028235677973366e38
;; run i64.trunc_sat_f64_s f64:0
;; run i64.trunc_sat_f64_s f64:-0
;; run i64.trunc_sat_f64_s f64:1.5
;; run i64.trunc_sat_f64_s f64:-2.5
;; run i64.trunc_sat_f64_s f64:-inf
;; run i64.trunc_sat_f64_s f64:0x7ff4000000000000
;; run i64.trunc_sat_f64_s f64:0xfff8000000000001
;; run i64.trunc_sat_f64_s f64:9007199254740993
;; run i64.trunc_sat_f64_s f64:1e-310
;; run i64.trunc_sat_f64_s f64:-1e308
;; run i64.trunc_sat_f64_s f64:2147483647.9
;; run i64.trunc_sat_f64_s f64:2147483648
;; run i64.trunc_sat_f64_s f64:-2147483648.9
;; run i64.trunc_sat_f64_s f64:-2147483649
;; run i64.trunc_sat_f64_s f64:4294967295.9
;; run i64.trunc_sat_f64_s f64:4294967296
;; run i64.trunc_sat_f64_s f64:-0.9
;; run i64.trunc_sat_f64_s f64:-1
;; run i64.trunc_sat_f64_s f64:9223372036854774784
;; run i64.trunc_sat_f64_s f64:9223372036854775808
;; run i64.trunc_sat_f64_s f64:-9223372036854775808
;; run i64.trunc_sat_f64_s f64:-9223372036854777856
;; run i64.trunc_sat_f64_s f64:18446744073709549568
;; run i64.trunc_sat_f64_s f64:18446744073709551616
;; run i64.trunc_sat_f64_s f64:3.4028235677973366e38
;; run f64.convert_i64_s i64:0
;; run f64.convert_i64_s i64:1
;; run f64.convert_i64_s i64:-1
;; run f64.convert_i64_s i64:-9223372036854775808
;; run f64.convert_i64_s i64:9223372036854775807
;; run f64.convert_i64_s i64:0x123456789abcdef0
;; run f64.convert_i64_s i64:65
;; run i64.trunc_f64_u f64:0
;; run i64.trunc_f64_u f64:-0
;; run i64.trunc_f64_u f64:1.5
;; run i64.trunc_f64_u f64:-2.5
;; run i64.trunc_f64_u f64:-inf
;; run i64.trunc_f64_u f64:0x7ff4000000000000
;; run i64.trunc_f64_u f64:0xfff8000000000001
;; run i64.trunc_f64_u f64:9007199254740993
;; run i64.trunc_f64_u f64:1e-310
;; run i64.trunc_f64_u f64:-1e308
;; run i64.trunc_f64_u f64:2147483647.9
;; run i64.trunc_f64_u f64:2147483648
;; run i64.trunc_f64_u f64:-2147483648.9
;; run i64.trunc_f64_u f64:-2147483649
;; run i64.trunc_f64_u f64:4294967295.9
;; run i64.trunc_f64_u f64:4294967296
;; run i64.trunc_f64_u f64:-0.9
;; run i64.trunc_f64_u f64:-1
;; run i64.trunc_f64_u f64:9223372036854774784
;; run i64.trunc_f64_u f64:9223372036854775808
;; run i64.trunc_f64_u f64:-9223372036854775808
;; run i64.trunc_f64_u f64:-9223372036854777856
;; run i64.trunc_f64_u f64:18446744073709549568
;; run i64.trunc_f64_u f64:18446744073709551616
;; run i64.trunc_f64_u f64:3.4028235677973366e38
;; run i64.trunc_sat_f64_u f64:0
;; run i64.trunc_sat_f64_u f64:-0
;; run i64.trunc_sat_f64_u f64:1.5
;; run i64.trunc_sat_f64_u f64:-2.5
;; run i64.trunc_sat_f64_u f64:-inf
;; run i64.trunc_sat_f64_u f64:0x7ff4000000000000
;; run i64.trunc_sat_f64_u f64:0xfff8000000000001
;; run i64.trunc_sat_f64_u f64:9007199254740993
;; run i64.trunc_sat_f64_u f64:1e-310
;; run i64.trunc_sat_f64_u f64:-1e308
;; run i64.trunc_sat_f64_u f64:2147483647.9
;; run i64.trunc_sat_f64_u f64:2147483648
;; run i64.trunc_sat_f64_u f64:-2147483648.9
;; run i64.trunc_sat_f64_u f64:-2147483649
;; run i64.trunc_sat_f64_u f64:4294967295.9
;; run i64.trunc_sat_f64_u f64:4294967296
;; run i64.trunc_sat_f64_u f64:-0.9
;; run i64.trunc_sat_f64_u f64:-1
;; run i64.trunc_sat_f64_u f64:9223372036854774784
;; run i64.trunc_sat_f64_u f64:9223372036854775808
;; run i64.trunc_sat_f64_u f64:-9223372036854775808
;; run i64.trunc_sat_f64_u f64:-9223372036854777856
;; run i64.trunc_sat_f64_u f64:18446744073709549568
;; run i64.trunc_sat_f64_u f64:18446744073709551616
;; run i64.trunc_sat_f64_u f64:3.4028235677973366e38
;; run f64.convert_i64_u i64:0
;; run f64.convert_i64_u i64:1
;; run f64.convert_i64_u i64:-1
;; run f64.convert_i64_u i64:-9223372036854775808
;; run f64.convert_i64_u i64:9223372036854775807
;; run f64.convert_i64_u i64:0x123456789abcdef0
;; run f64.convert_i64_u i64:65
;; run f32.demote_f64 f64:0
;; run f32.demote_f64 f64:-0
;; run f32.demote_f64 f64:1.5
;; run f32.demote_f64 f64:-2.5
;; run f32.demote_f64 f64:-inf
;; run f32.demote_f64 f64:0x7ff4000000000000
;; run f32.demote_f64 f64:0xfff8000000000001
;; run f32.demote_f64 f64:9007199254740993
;; run f32.demote_f64 f64:1e-310
;; run f32.demote_f64 f64:-1e308
;; run f32.demote_f64 f64:2147483647.9
;; run f32.demote_f64 f64:2147483648
;; run f32.demote_f64 f64:-2147483648.9
;; run f32.demote_f64 f64:-2147483649
;; run f32.demote_f64 f64:4294967295.9
;; run f32.demote_f64 f64:4294967296
;; run f32.demote_f64 f64:-0.9
;; run f32.demote_f64 f64:-1
;; run f32.demote_f64 f64:9223372036854774784
;; run f32.demote_f64 f64:9223372036854775808
;; run f32.demote_f64 f64:-9223372036854775808
;; run f32.demote_f64 f64:-9223372036854777856
;; run f32.demote_f64 f64:18446744073709549568
;; run f32.demote_f64 f64:18446744073709551616
;; run f32.demote_f64 f64:3.4028235677973366e38
;; run f64.promote_f32 f32:0
;; run f64.promote_f32 f32:-0
;; run f64.promote_f32 f32:1.5
;; run f64.promote_f32 f32:-2.5
;; run f64.promote_f32 f32:inf
;; run f64.promote_f32 f32:0x7fa00000
;; run f64.promote_f32 f32:0xffc00001
;; run f64.promote_f32 f32:16777217
;; run f64.promote_f32 f32:1e-40
;; run f64.promote_f32 f32:-3e38
;; run f64.promote_f32 f32:2147483520
;; run f64.promote_f32 f32:2147483648
;; run f64.promote_f32 f32:-2147483648
;; run f64.promote_f32 f32:-2147483904
;; run f64.promote_f32 f32:4294967040
;; run f64.promote_f32 f32:4294967296
;; run f64.promote_f32 f32:-0.9
;; run f64.promote_f32 f32:-1
;; run f64.promote_f32 f32:9223371487098961920
;; run f64.promote_f32 f32:9223372036854775808
;; run f64.promote_f32 f32:-9223372036854775808
;; run f64.promote_f32 f32:18446742974197923840
;; run f64.promote_f32 f32:18446744073709551616
;; run i32.reinterpret_f32 f32:0
;; run i32.reinterpret_f32 f32:-0
;; run i32.reinterpret_f32 f32:1.5
;; run i32.reinterpret_f32 f32:-2.5
;; run i32.reinterpret_f32 f32:inf
;; run i32.reinterpret_f32 f32:0x7fa00000
;; run i32.reinterpret_f32 f32:0xffc00001
;; run i32.reinterpret_f32 f32:16777217
;; run i32.reinterpret_f32 f32:1e-40
;; run i32.reinterpret_f32 f32:-3e38
;; run i32.reinterpret_f32 f32:2147483520
;; run i32.reinterpret_f32 f32:2147483648
;; run i32.reinterpret_f32 f32:-2147483648
;; run i32.reinterpret_f32 f32:-2147483904
;; run i32.reinterpret_f32 f32:4294967040
;; run i32.reinterpret_f32 f32:4294967296
;; run i32.reinterpret_f32 f32:-0.9
;; run i32.reinterpret_f32 f32:-1
;; run i32.reinterpret_f32 f32:9223371487098961920
;; run i32.reinterpret_f32 f32:9223372036854775808
;; run i32.reinterpret_f32 f32:-9223372036854775808
;; run i32.reinterpret_f32 f32:18446742974197923840
;; run i32.reinterpret_f32 f32:18446744073709551616
;; run i64.reinterpret_f64 f64:0
;; run i64.reinterpret_f64 f64:-0
;; run i64.reinterpret_f64 f64:1.5
;; run i64.reinterpret_f64 f64:-2.5
;; run i64.reinterpret_f64 f64:-inf
;; run i64.reinterpret_f64 f64:0x7ff4000000000000
;; run i64.reinterpret_f64 f64:0xfff8000000000001
;; run i64.reinterpret_f64 f64:9007199254740993
;; run i64.reinterpret_f64 f64:1e-310
;; run i64.reinterpret_f64 f64:-1e308
;; run i64.reinterpret_f64 f64:2147483647.9
;; run i64.reinterpret_f64 f64:2147483648
;; run i64.reinterpret_f64 f64:-2147483648.9
;; run i64.reinterpret_f64 f64:-2147483649
;; run i64.reinterpret_f64 f64:4294967295.9
;; run i64.reinterpret_f64 f64:4294967296
;; run i64.reinterpret_f64 f64:-0.9
;; run i64.reinterpret_f64 f64:-1
;; run i64.reinterpret_f64 f64:9223372036854774784
;; run i64.reinterpret_f64 f64:9223372036854775808
;; run i64.reinterpret_f64 f64:-9223372036854775808
;; run i64.reinterpret_f64 f64:-9223372036854777856
;; run i64.reinterpret_f64 f64:18446744073709549568
;; run i64.reinterpret_f64 f64:18446744073709551616
;; run i64.reinterpret_f64 f64:3.4028235677973366e38
;; run f32.reinterpret_i32 i32:0
;; run f32.reinterpret_i32 i32:1
;; run f32.reinterpret_i32 i32:-1
;; run f32.reinterpret_i32 i32:-2147483648
;; run f32.reinterpret_i32 i32:2147483647
;; run f32.reinterpret_i32 i32:0x12345678
;; run f32.reinterpret_i32 i32:33
;; run f64.reinterpret_i64 i64:0
;; run f64.reinterpret_i64 i64:1
;; run f64.reinterpret_i64 i64:-1
;; run f64.reinterpret_i64 i64:-9223372036854775808
;; run f64.reinterpret_i64 i64:9223372036854775807
;; run f64.reinterpret_i64 i64:0x123456789abcdef0
;; run f64.reinterpret_i64 i64:65

(module
  (func (export "i32.wrap_i64") (param i64) (result i32)
    (i32.wrap_i64 (local.get 0)))
  (func (export "i64.extend_i32_s") (param i32) (result i64)
    (i64.extend_i32_s (local.get 0)))
  (func (export "i64.extend_i32_u") (param i32) (result i64)
    (i64.extend_i32_u (local.get 0)))
  (func (export "i32.trunc_f32_s") (param f32) (result i32)
    (i32.trunc_f32_s (local.get 0)))
  (func (export "i32.trunc_sat_f32_s") (param f32) (result i32)
    (i32.trunc_sat_f32_s (local.get 0)))
  (func (export "f32.convert_i32_s") (param i32) (result f32)
    (f32.convert_i32_s (local.get 0)))
  (func (export "i32.trunc_f32_u") (param f32) (result i32)
    (i32.trunc_f32_u (local.get 0)))
  (func (export "i32.trunc_sat_f32_u") (param f32) (result i32)
    (i32.trunc_sat_f32_u (local.get 0)))
  (func (export "f32.convert_i32_u") (param i32) (result f32)
    (f32.convert_i32_u (local.get 0)))
  (func (export "i32.trunc_f64_s") (param f64) (result i32)
    (i32.trunc_f64_s (local.get 0)))
  (func (export "i32.trunc_sat_f64_s") (param f64) (result i32)
    (i32.trunc_sat_f64_s (local.get 0)))
  (func (export "f64.convert_i32_s") (param i32) (result f64)
    (f64.convert_i32_s (local.get 0)))
  (func (export "i32.trunc_f64_u") (param f64) (result i32)
    (i32.trunc_f64_u (local.get 0)))
  (func (export "i32.trunc_sat_f64_u") (param f64) (result i32)
    (i32.trunc_sat_f64_u (local.get 0)))
  (func (export "f64.convert_i32_u") (param i32) (result f64)
    (f64.convert_i32_u (local.get 0)))
  (func (export "i64.trunc_f32_s") (param f32) (result i64)
    (i64.trunc_f32_s (local.get 0)))
  (func (export "i64.trunc_sat_f32_s") (param f32) (result i64)
    (i64.trunc_sat_f32_s (local.get 0)))
  (func (export "f32.convert_i64_s") (param i64) (result f32)
    (f32.convert_i64_s (local.get 0)))
  (func (export "i64.trunc_f32_u") (param f32) (result i64)
    (i64.trunc_f32_u (local.get 0)))
  (func (export "i64.trunc_sat_f32_u") (param f32) (result i64)
    (i64.trunc_sat_f32_u (local.get 0)))
  (func (export "f32.convert_i64_u") (param i64) (result f32)
    (f32.convert_i64_u (local.get 0)))
  (func (export "i64.trunc_f64_s") (param f64) (result i64)
    (i64.trunc_f64_s (local.get 0)))
  (func (export "i64.trunc_sat_f64_s") (param f64) (result i64)
    (i64.trunc_sat_f64_s (local.get 0)))
  (func (export "f64.convert_i64_s") (param i64) (result f64)
    (f64.convert_i64_s (local.get 0)))
  (func (export "i64.trunc_f64_u") (param f64) (result i64)
    (i64.trunc_f64_u (local.get 0)))
  (func (export "i64.trunc_sat_f64_u") (param f64) (result i64)
    (i64.trunc_sat_f64_u (local.get 0)))
  (func (export "f64.convert_i64_u") (param i64) (result f64)
    (f64.convert_i64_u (local.get 0)))
  (func (export "f32.demote_f64") (param f64) (result f32)
    (f32.demote_f64 (local.get 0)))
  (func (export "f64.promote_f32") (param f32) (result f64)
    (f64.promote_f32 (local.get 0)))
  (func (export "i32.reinterpret_f32") (param f32) (result i32)
    (i32.reinterpret_f32 (local.get 0)))
  (func (export "i64.reinterpret_f64") (param f64) (result i64)
    (i64.reinterpret_f64 (local.get 0)))
  (func (export "f32.reinterpret_i32") (param i32) (result f32)
    (f32.reinterpret_i32 (local.get 0)))
  (func (export "f64.reinterpret_i64") (param i64) (result f64)
    (f64.reinterpret_i64 (local.get 0)))
)
