#!/usr/bin/env bash
# Does what docs/smart-contracts/developer-guide.md says, in an empty folder, and says how long each
# block took. Then each template of `dytallix new` is made, built and tested.
#
#   docs/smart-contracts/follow-guide.sh
#
# Blocks of the guide by what stands behind their language:
#
#   sh guide             is run, all in one shell, one after the other
#   sh guide checkout    is run in the repository
#   rust from=FILE       must stand in that file of the repository, word for word
#   rust file=FILE before="TEXT"    is put into a file of the package, before that line
#   rust file=FILE append           is put at its end
#
# What is installed goes into a temporary folder. CARGO_TARGET_DIR says where builds go.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
guide="$root/docs/smart-contracts/developer-guide.md"
build="${CARGO_TARGET_DIR:-$root/target}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# A block of a misspelt kind would be left out, and nobody would see it.
expected='```(sh guide( checkout)?|rust (from=|file=)[^ ]+( (append|before=".*"))?|text)?'
grep -n '^```' "$guide" | grep -vxE "[0-9]+:$expected" && {
    echo "a block of the guide is of no kind that is followed" >&2
    exit 1
}

mkdir "$work/blocks" "$work/evening"
awk -v folder="$work/blocks" '
    /^```/ && !inside { inside = 1; number++; name = sprintf("%s/%02d", folder, number)
        print NR " " substr($0, 4) >(name ".head"); printf "" >(name ".body"); next }
    /^```/ { inside = 0; close(name ".head"); close(name ".body"); next }
    inside { print >(name ".body") }' "$guide"

# The text of the second file must stand in the first, as a whole.
stands_in() {
    local whole part
    # The last letter keeps the shell from dropping line ends.
    whole="$(cat "$1" && printf x)" part="$(cat "$2" && printf x)"
    [[ "$whole" == *"${part%x}"* ]]
}

# One shell script of all that is run, so that a `cd` lasts.
script="$work/evening.sh"
{
    echo 'set -euo pipefail'
    echo 'took() { printf "   %4d s  %s\n" $((SECONDS - began)) "$1"; }'
    # A distribution's compiler has no targets to add.
    echo 'command -v rustup >/dev/null || rustup() { echo "  there is no rustup here"; }'
} >"$script"
followed=0
for head in "$work"/blocks/*.head; do
    body="${head%.head}.body"
    read -r line kind rest <"$head"
    place="line $line"
    case "$kind $rest" in
        "sh guide")
            printf 'echo "== %s"; sed "s/^/  $ /" %q; began=$SECONDS\n' "$place" "$body"
            cat "$body"
            printf 'took %q\n' "$place"
            ;;
        "sh guide checkout")
            printf 'echo "== %s, in the checkout"; sed "s/^/  $ /" %q; began=$SECONDS\n' \
                "$place" "$body"
            # The command line without link-time optimisation, which takes minutes and shows nothing.
            printf '(cd %q; export CARGO_TARGET_DIR=%q CARGO_PROFILE_RELEASE_LTO=off' "$root" "$build"
            printf ' CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0; '
            cat "$body"
            printf ')\ntook %q\n' "$place"
            ;;
        "rust from="*)
            file="$root/${rest#from=}"
            stands_in "$file" "$body" || {
                echo "the block at $place of the guide is not in ${rest#from=}" >&2
                exit 1
            }
            ;;
        "rust file="*" append")
            file="${rest#file=}"
            printf '{ echo; cat %q; } >>%q\n' "$body" "${file% append}"
            ;;
        "rust file="*" before="*)
            file="${rest#file=}"
            before="${file#* before=\"}"
            printf 'put_before %q %q %q\n' "${file%% before=*}" "${before%\"}" "$body"
            ;;
        *) continue ;;
    esac >>"$script"
    followed=$((followed + 1))
done
[ "$followed" -gt 10 ] || {
    echo "the guide has only $followed blocks to follow" >&2
    exit 1
}

# Puts a file's lines before the one line of another file that begins with a text.
put_before() {
    [ "$(grep -cF -- "$2" "$1")" -eq 1 ] || {
        echo "$1 has not one line with: $2" >&2
        return 1
    }
    awk -v text="$2" -v block="$3" '
        index($0, text) { while ((getline added <block) > 0) print added }
        { print }' "$1" >"$1.new"
    mv "$1.new" "$1"
}
export -f put_before

export CARGO_INSTALL_ROOT="$work/installed" PATH="$work/installed/bin:$PATH"
export CARGO_TARGET_DIR="$build/guide"
unset DYTALLIX_SDK
cd "$work/evening"
bash "$script"

for template in counter token multisig voting ai; do
    echo "== template $template"
    began=$SECONDS
    dytallix new "a-$template" --template "$template" >/dev/null
    (cd "a-$template" && dytallix build && cargo test --quiet)
    printf '   %4d s  template %s\n' $((SECONDS - began)) "$template"
done
echo "the guide was followed in $SECONDS s"
