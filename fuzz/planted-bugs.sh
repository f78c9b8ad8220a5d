#!/bin/sh
# Plants each bug of planted/ in a copy of the tree, and lets the targets look for it: the seeds first, then inputs of fixed
# seeds. Prints `found` or `MISSED` for each; fails where one is missed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$here/.." "$copy/tree" 2>/dev/null || true
rm -rf "$copy/tree/target" "$copy/tree/fuzz/target" "$copy/tree/fuzz/corpus"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$here/target}"
# Without optimisation: six builds should not take long.
build() {
    cargo build --quiet --release --manifest-path "$copy/tree/fuzz/Cargo.toml" --bin replay \
        --config 'profile.release.package.dytallix.opt-level=0' 2>"$copy/build" || { cat "$copy/build"; exit 2; }
}
look() {
    for target in gas execute; do
        "$CARGO_TARGET_DIR/release/replay" "$target" "$here/seeds/$target" >"$copy/out" 2>&1 || { how="$target, seeds"; return 0; }
    done
    for target in gas execute; do
        "$CARGO_TARGET_DIR/release/replay" "$target" --random 1 "${1:-4000}" >"$copy/out" 2>&1 || {
            how="$target, $(grep -o 'input of seed [0-9]*' "$copy/out" || echo 'an abort')"
            return 0
        }
    done
    return 1
}
missed=0
for patch in "$here"/planted/*.patch; do
    name=$(basename "$patch" .patch)
    patch --quiet -d "$copy/tree" -p1 <"$patch"
    build
    if look "${1:-}"; then
        echo "$name: found ($how)"
    else
        echo "$name: MISSED"
        missed=1
    fi
    patch --quiet --reverse -d "$copy/tree" -p1 <"$patch"
done
# Nothing planted, nothing found: or the above says nothing.
build
if look 200; then
    echo "without a bug: $how fails"
    exit 1
fi
exit $missed
