#!/usr/bin/env bash
# Usage: scripts/check_oclgrind.sh EXECUTABLE [ARGUMENT...]
#
# Runs an executable with Oclgrind's simulator as the only OpenCL device, which checks every access of every
# work-item. Fails on an invalid access, a data race or an uninitialised read, on any other failure of the executable,
# and if it launched no kernel at all. (The loader is pointed at the simulator; the `oclgrind` command preloads it
# instead, which a program that loads OpenCL at run time does not notice.)
#
# Exit codes: 0 nothing found; 1 something found; 2 no Oclgrind here.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
case ${1:--h} in
  -h | --help)
    usage_of "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
command -v oclgrind >/dev/null || fail 'oclgrind is not installed; scripts/setup.sh --dev installs it where it is packaged'
driver=$(dirname "$(dirname "$(realpath "$(command -v oclgrind)")")")/lib/oclgrind/liboclgrind-rt-icd.so
[ -e "$driver" ] || fail "Oclgrind's OpenCL driver is not at $driver"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/vendors"
echo "$driver" >"$work/vendors/oclgrind.icd"
code=0
OCL_ICD_VENDORS=$work/vendors OCLGRIND_LOG=$work/log OCLGRIND_DATA_RACES=1 OCLGRIND_UNINITIALIZED=1 \
  OCLGRIND_CHECK_API=1 OCLGRIND_MAX_ERRORS=100 "$@" || code=$?

touch "$work/log"
if [ -s "$work/log" ]; then
  heading "Oclgrind's findings"
  head -n 100 "$work/log"
fi
if [ $code != 0 ]; then fail "$1 ended with $code" 1; fi
if grep -q -i -E 'invalid|race|uninitiali[sz]ed|diverge|overlapping|error' "$work/log"; then
  fail 'Oclgrind found errors (above)' 1
fi
note 'Oclgrind: no invalid access, no race, no uninitialised read'
