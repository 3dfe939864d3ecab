#!/usr/bin/env bash
# Usage: scripts/check_recipe.sh
#
# Executes the recipe "a vendor adapter" exactly as it is written in CONTRIBUTING.md, on a temporary copy of the
# repository: the copy must build, and `moat devices` must list the new adapter.
#
# Exit codes: 0 the recipe works; 1 it does not.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/common.sh
. "$root/scripts/common.sh"
case ${1:-} in
  -h | --help)
    usage_of "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# The working tree as it is, without what Git ignores.
cd "$root"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" --
cd "$copy"

recipe=$(sed -n '/check_recipe.sh runs the next block/,/^```$/p' CONTRIBUTING.md | sed '1d;/^```/d')
[ -n "$recipe" ] || fail 'CONTRIBUTING.md has no recipe block any more' 1
heading 'Performing the recipe'
note "$recipe"
adapter=sample bash -euo pipefail -c "$recipe"

heading 'Building'
export CCACHE_BASEDIR=$copy CCACHE_NOHASHDIR=1 # so that a cache filled elsewhere serves
build dev moat

heading 'Devices'
# As it stands the copy is a fake that has a device when its configuration says so, and says so when not.
for devices in 0 1; do
  listed=$(if [ $devices = 1 ]; then export MOAT_SAMPLE_CONFIG=devices=1; fi && build/dev/bin/moat devices)
  note "$listed"
  case $devices in
    0) grep -q 'MOAT_SAMPLE_CONFIG' <<<"$listed" || fail 'moat devices does not say why "sample" has no device' 1 ;;
    1) grep -q 'sample:0' <<<"$listed" || fail 'moat devices does not list sample:0' 1 ;;
  esac
done
