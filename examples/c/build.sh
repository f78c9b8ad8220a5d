#!/bin/sh
# Builds the contract in C and puts the module into `../wasm/`.
#
#   examples/c/build.sh            rebuild and replace examples/wasm/c_counter.wasm
#   examples/c/build.sh --check    rebuild, then compare: byte by byte with the compiler that made the
#                                  checked-in module, by the tests of its behaviour with any other one
#
# It needs clang with its linker for WebAssembly:
#   apt-get install clang lld
set -eu
cd "$(dirname "$0")"
build="${CARGO_TARGET_DIR:-$PWD/../../target}/c"

if ! command -v clang >/dev/null || ! command -v wasm-ld >/dev/null; then
    echo "no clang with wasm-ld for contracts in C: apt-get install clang lld" >&2
    exit 1
fi

mkdir -p "$build"
clang --target=wasm32-unknown-unknown -std=c11 -Wall -Wextra -Werror -Os -flto \
    -ffreestanding -nostdlib -mcpu=mvp -mbulk-memory \
    -Wl,--no-entry,--strip-all,--lto-O2,-z,stack-size=8192 \
    -o "$build/c_counter.wasm" counter.c
version="$(clang --version | head -n 1)"

if [ "${1:-}" != --check ]; then
    cp "$build/c_counter.wasm" ../wasm/c_counter.wasm
    chmod 644 ../wasm/c_counter.wasm
    echo "$version" >TOOLCHAIN
    wc -c ../wasm/c_counter.wasm
elif [ "$version" = "$(cat TOOLCHAIN)" ]; then
    cmp "$build/c_counter.wasm" ../wasm/c_counter.wasm
    echo "the checked-in module is what $version makes of the source"
else
    # Another compiler makes other bytes: they must behave the same.
    DYTALLIX_CONTRACTS="$build" cargo test --locked -p dytallix-tests --test languages c_
    echo "the module made by $version passes the tests of the checked-in one"
fi
