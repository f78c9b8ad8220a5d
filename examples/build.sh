#!/bin/sh
# Builds the example contracts for wasm32 and puts the modules into `wasm/`.
#
#   examples/build.sh            rebuild and replace examples/wasm/*.wasm
#   examples/build.sh NAME…      the same for some
#   examples/build.sh --check    rebuild, then compare: byte by byte with the compiler that made the
#                                checked-in modules, by the contracts' tests with any other one
#
# Any of these toolchains will do:
#   rustup target add wasm32-unknown-unknown
#   apt-get install rustc-web cargo-web rust-web-src lld-19
#
# c_counter and as_counter, in C and in AssemblyScript, have scripts and needs of their own:
# c/build.sh and assemblyscript/build.sh.
set -eu
cd "$(dirname "$0")"
target=wasm32-unknown-unknown
build="${CARGO_TARGET_DIR:-$PWD/../target}"
export CARGO_TARGET_DIR="$build"

# A contract is what the manifest names as an example, or one of another language.
selected="$(sed -n '/^\[\[example\]\]/,/^name/s/^name = "\(.*\)"/\1/p' Cargo.toml) c_counter as_counter"
check=
case "${1:-}" in
    --check) check=--check ;;
    ?*) selected="$*" ;;
esac
contracts=
select=
for contract in $selected; do
    case "$contract" in
        c_counter) c/build.sh $check ;;
        as_counter) assemblyscript/build.sh $check ;;
        *) contracts="$contracts $contract" select="$select --example $contract" ;;
    esac
done
[ -n "$contracts" ] || exit 0

# shellcheck disable=SC2086 # the selection is several words
if rustup target list --installed 2>/dev/null | grep -q "^$target\$"; then
    rustc=rustc
    compile() { cargo build --profile contract --locked -p dytallix-examples --target "$target" $select; }
elif [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && command -v wasm-ld-19 >/dev/null; then
    # The distribution's compiler brings the sources of the library for wasm32, not its binary.
    rustc=/usr/bin/rustc
    compile() {
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
            CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 \
            /usr/bin/cargo build --profile contract --locked -p dytallix-examples \
            -Z build-std=core,alloc --target "$target" $select
    }
else
    echo "no compiler for $target: see the head of examples/build.sh" >&2
    exit 1
fi

compile
version="$($rustc --version)"
made="$build/$target/contract/examples"

if [ -z "$check" ]; then
    mkdir -p wasm
    for contract in $contracts; do
        cp "$made/$contract.wasm" "wasm/$contract.wasm"
        chmod 644 "wasm/$contract.wasm"
    done
    echo "$version" >TOOLCHAIN
    wc -c wasm/*.wasm
elif [ "$version" = "$(cat TOOLCHAIN)" ]; then
    for contract in $contracts; do
        cmp "$made/$contract.wasm" "wasm/$contract.wasm"
    done
    echo "the checked-in modules are what $version makes of the sources"
else
    # Another compiler makes other bytes: they must behave the same.
    DYTALLIX_CONTRACTS="$made" cargo test --locked -p dytallix-examples
    echo "modules made by $version pass the tests of the checked-in ones"
fi
