#!/bin/sh
# Fetches modules that none of us wrote, as `decode` and `peers` measure them: each from the npm
# package of its authors, in a pinned version, its SHA-256 compared. They are not checked in.
#
#   benches/foreign/fetch.sh           what is not there yet, into benches/foreign/modules/
#   benches/foreign/fetch.sh --check   compares what is there, and fetches nothing
#
# It needs npm, as `examples/assemblyscript/build.sh` does, tar and sha256sum.
set -eu
cd "$(dirname "$0")"
modules="$PWD/modules"

# Name here, package and version, path in the package, SHA-256 of the module.
list() {
    cat <<'END'
esbuild esbuild-wasm@0.28.2 esbuild.wasm b1831a5c0f6cf688034fb94d0419812f165ea316a3380d3fc00a151e562d2eaf
sqlite sql.js@1.16.0 dist/sql-wasm.wasm 43bbcdd44287e5a2db3b6b5af34b1a3485a7a441285d247976c1ebe3c61f8dbf
lz4 lz4-wasm@0.9.2 lz4_wasm_bg.wasm c858f9884d964ec49294b0c09d3330d6b0a640da850dbeb5f9c491e1a3dd58cb
secp256k1 tiny-secp256k1@2.2.4 lib/secp256k1.wasm 5cbbcb8adc7acc3b78a3fd31c76d573302705ff5fd714d03f5a2602591197cb5
source_map source-map@0.8.0 lib/mappings.wasm 37cefcf2a41eb27127de929980441657b7443c3fecfe7adeb69b1eb2e45e2abe
xxhash xxhash-wasm@1.1.0 workerd/xxhash.wasm 70c5a91a447af44fa45f11a7d707d1850ecc44f20d5deea58cdd3bfb33213c2a
zstd @bokuweb/zstd-wasm@0.0.27 dist/common/zstd.wasm 80260eee5795ee8072bb5821e203730c74dca3909938f5ac1128da67f96223df
END
}

is_right() { [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$2" ]; }

mkdir -p "$modules"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
list | while read -r name package path sum; do
    file="$modules/$name.wasm"
    if [ ! -f "$file" ] && [ "${1:-}" != --check ]; then
        mkdir "$scratch/$name"
        npm pack --silent --pack-destination "$scratch/$name" "$package" >/dev/null
        tar -xzOf "$scratch/$name"/*.tgz "package/$path" >"$scratch/$name.wasm"
        if ! is_right "$scratch/$name.wasm" "$sum"; then
            echo "$package: $path is not the module that is pinned" >&2
            exit 1
        fi
        mv "$scratch/$name.wasm" "$file"
        chmod 644 "$file"
    fi
    if [ ! -f "$file" ] || ! is_right "$file" "$sum"; then
        echo "$name.wasm is missing or is not the module that is pinned" >&2
        exit 1
    fi
    echo "$name: $package, $(wc -c <"$file") bytes"
done
