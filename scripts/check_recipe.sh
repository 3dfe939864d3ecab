#!/usr/bin/env bash
# Usage: scripts/check_recipe.sh
#
# Executes the recipes "a vendor adapter" and "an operator" exactly as they are written in CONTRIBUTING.md, on one
# temporary copy of the repository. The copy must build, `moat devices` must list the new adapter, the new operator
# must be verified on OpenCL's devices, and its lines must be counted.
#
# Exit codes: 0 the recipes work; 1 one does not.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/common.sh
. "$root/scripts/common.sh"
help_if_asked "${BASH_SOURCE[0]}" "$@"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# The working tree as it is, without what Git ignores.
cd "$root"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy" --
cd "$copy"

# recipe NAME: performs the block of CONTRIBUTING.md that is run with the variable NAME set.
recipe() {
  local text
  text=$(sed -n "/check_recipe.sh runs the next block.*\`$1\`/,/^\`\`\`\$/p" CONTRIBUTING.md | sed '1d;/^```/d')
  [ -n "$text" ] || fail "CONTRIBUTING.md has no recipe block with \`$1\` any more" 1
  heading "Performing the recipe with $1=$2"
  note "$text"
  env "$1=$2" bash -euo pipefail -c "$text"
}
recipe adapter sample
recipe operator scale

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

heading 'Operator'
code=$(build/dev/bin/moat metrics --code)
grep 'scale' <<<"$code" || fail 'moat metrics --code does not count the lines of "scale"' 1
problem=scale:op=triad,n=1000,type=f32
if build/dev/bin/moat list --device 'opencl:*' --problem $problem >/dev/null; then
  verified=$(build/dev/bin/moat verify --device 'opencl:*' --problem $problem)
  note "$verified"
  grep -q 'portable/opencl' <<<"$verified" || fail 'moat verify does not run the portable kernel of "scale"' 1
else
  note 'no OpenCL device here to verify it on'
fi
