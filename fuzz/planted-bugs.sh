#!/bin/sh
# Plants each bug of planted/ in a copy of the tree, and lets the targets look for it: the seeds
# first, then inputs of fixed seeds (by default 4,000 of each target). Prints `found` or `MISSED`
# for each; fails where one is missed, or where something is found without a bug.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
inputs=${1:-4000}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/tree"
tar -C "$here/.." --exclude=./target --exclude=./.git --exclude=./fuzz/target \
    --exclude=./fuzz/corpus --exclude=./fuzz/artifacts -cf - . | tar -C "$copy/tree" -xf -
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$here/target}"
replay=$CARGO_TARGET_DIR/release/replay

# Without optimisation: six builds should not take long.
build() {
    cargo build --quiet --release --manifest-path "$copy/tree/fuzz/Cargo.toml" --bin replay \
        --config 'profile.release.package.dytallix.opt-level=0' 2>"$copy/log" || {
        cat "$copy/log"
        exit 2
    }
}

# Says in `how` what failed; false where nothing does.
look() {
    for target in gas execute; do
        "$replay" "$target" "$here/seeds/$target" >"$copy/log" 2>&1 || {
            how="$target, seeds"
            return 0
        }
    done
    for target in gas execute; do
        "$replay" "$target" --random 1 "$1" >"$copy/log" 2>&1 || {
            how="$target, $(grep -o 'input of seed [0-9]*' "$copy/log" || echo 'an abort')"
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
    if look "$inputs"; then
        echo "$name: found ($how)"
    else
        echo "$name: MISSED"
        missed=1
    fi
    patch --quiet --reverse -d "$copy/tree" -p1 <"$patch"
done
build
if look 200; then
    echo "without a bug: $how fails"
    exit 1
fi
echo "without a bug: nothing found"
exit $missed
