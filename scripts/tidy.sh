#!/usr/bin/env bash
# Usage: scripts/tidy.sh
#
# Runs clang-tidy over the program and prints what it finds, each place by its source. What preset dev compiles together
# (moat_target's UNITY) is read together, as one text: most of the time goes into the headers, which are then read once.
# Everything else is read as preset asan compiles it, since clang-tidy understands clang's options.
#
# Exit codes: 0 nothing found; 1 something; 2 the set-up failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
help_if_asked "${BASH_SOURCE[0]}" "$@"
root=$(dirname "$here")
cd "$root"
configure dev >/dev/null
configure asan >/dev/null
texts=$root/build/asan/tidy
rm -rf "$texts"
mkdir -p "$texts"

# A text of each unit: its sources one after the other. Included, they would be headers to the analyzer, which it skips.
# CMake leaves units behind that it no longer needs, so the list of commands says which there are.
mapfile -t units < <(jq -r '.[].file | select(test("/Unity/"))' build/dev/compile_commands.json)
for unit in "${units[@]}"; do
  name=$(basename "${unit%/Unity/*}" .dir)_$(basename "$unit" _cxx.cxx).cpp
  sed -n 's/^#include "\(.*\)"$/\1/p' "$unit" | while read -r source; do
    printf '#line 1 "%s"\n' "$source"
    cat "$source"
    printf '%s %s\n' "$source" "$texts/$name" >>"$texts/members"
  done >"$texts/$name"
done

# The commands of the texts, made of those of their first sources, and of all sources that are in none.
jq --rawfile members "$texts/members" '
  ($members | split("\n") | map(select(. != "") | split(" ") | {(.[0]): .[1]}) | add) as $text_of
  | map(($text_of[.file]) as $text
        | if $text then .command |= sub(" -c .*$"; " -c " + $text) | .file = $text else . end)
  | unique_by(.file)
' build/asan/compile_commands.json >"$texts/compile_commands.json"

code=0
run-clang-tidy -quiet -p "$texts" -j "$(jobs)" \
  "^($root/(base|kernels|adapters|results|bench|reports|commands)|$texts)/" >"$texts/log" 2>/dev/null || code=1
grep -E -A 3 'error:|warning:' "$texts/log" | awk -v texts="$texts/" '
  # A line of a text is told as that of its source.
  index($0, texts) == 1 {
    split($0, part, ":")
    number = 0
    while ((getline line < part[1]) > 0 && ++number <= part[2]) {
      if (line ~ /^#line 1 "/) { source = substr(line, 10, length(line) - 10); first = number }
    }
    close(part[1])
    $0 = source ":" part[2] - first substr($0, length(part[1] ":" part[2]) + 1)
  }
  { print }' || true
exit $code
