#!/bin/sh
# Builds the contract in AssemblyScript and puts the module into `../wasm/`.
#
#   examples/assemblyscript/build.sh            rebuild and replace examples/wasm/as_counter.wasm
#   examples/assemblyscript/build.sh --check    rebuild, then compare byte by byte: the version of the
#                                               compiler is that of package-lock.json
#
# It needs node (20 or later) and the compiler:
#   npm ci --prefix examples/assemblyscript
set -eu
cd "$(dirname "$0")"
build="${CARGO_TARGET_DIR:-$PWD/../../target}/assemblyscript"

if ! command -v node >/dev/null; then
    echo "no node for contracts in AssemblyScript: apt-get install nodejs npm" >&2
    exit 1
fi
if [ ! -x node_modules/.bin/asc ]; then
    echo "no asc for contracts in AssemblyScript: npm ci --prefix examples/assemblyscript" >&2
    exit 1
fi

# No runtime and no `abort`; what would be a start function is called `_initialize`, which the host
# runs first.
mkdir -p "$build"
node_modules/.bin/asc counter.ts --outFile "$build/as_counter.wasm" \
    -O3s --converge --noAssert --runtime stub --use abort= --exportStart _initialize \
    --initialMemory 1

if [ "${1:-}" != --check ]; then
    cp "$build/as_counter.wasm" ../wasm/as_counter.wasm
    chmod 644 ../wasm/as_counter.wasm
    wc -c ../wasm/as_counter.wasm
else
    cmp "$build/as_counter.wasm" ../wasm/as_counter.wasm
    version="$(node -p 'require("./node_modules/assemblyscript/package.json").version')"
    echo "the checked-in module is what AssemblyScript $version makes of the source"
fi
