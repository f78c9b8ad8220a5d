#!/bin/sh
# Rebuilds every kernel from its source and refreshes the .wasm beside it.
#
# Uses rustup's wasm32 target where there is one (`rustup target add wasm32-unknown-unknown`),
# else Debian's toolchain (`apt-get install rustc-web cargo-web rust-web-src lld-19`), which builds
# the library from source. Kernels in C need clang and wasm-ld (`apt-get install clang lld`).
set -eu
cd "$(dirname "$0")"
target=wasm32-unknown-unknown
out="${CARGO_TARGET_DIR:-target}"
# A 64 KiB shadow stack instead of 1 MiB: kernels that start small stay small.
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-C link-arg=-zstack-size=65536"
if rustup target list --installed 2>/dev/null | grep -q "^$target$" ||
    rustup target add "$target" 2>/dev/null; then
    cargo build --release --examples --target "$target"
else
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        /usr/bin/cargo build --release --examples -Z build-std=std,panic_abort --target "$target"
fi
for source in *.rs; do
    name="${source%.rs}"
    cp "$out/$target/release/examples/$name.wasm" "$name.wasm"
done
for source in *.c; do
    clang --target=wasm32 -std=c11 -O2 -Wall -Wextra -Wno-unused-parameter -mbulk-memory \
        -ffreestanding -nostdlib -fvisibility=hidden \
        -Wl,--no-entry,--export=run,--strip-all,-z,stack-size=65536 \
        -o "${source%.c}.wasm" "$source"
done
chmod 644 -- *.wasm
ls -l -- *.wasm
