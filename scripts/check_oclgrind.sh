#!/usr/bin/env bash
# Usage: scripts/check_oclgrind.sh races|uninitialised EXECUTABLE [ARGUMENT...]
#
# Runs an executable with Oclgrind's simulator as the only OpenCL device. The simulator checks every access of every
# work-item. The script fails if it finds an invalid access, or a data race or an uninitialised read (as chosen), or if
# the executable fails. (The script sets the loader's driver to the simulator. The `oclgrind` command preloads it
# instead, which has no effect on a program that loads OpenCL at run time.)
#
# Exit codes: 0 no errors; 1 errors found; 2 wrong usage, or Oclgrind is not installed.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Oclgrind does not support prefetch, which does not change results.
options='-D__builtin_prefetch(pointer,write,locality)=((void)(pointer))'
case ${1:--h} in
  -h | --help)
    usage_of "${BASH_SOURCE[0]}"
    exit 0
    ;;
  races) export OCLGRIND_DATA_RACES=1 ;;
  uninitialised)
    export OCLGRIND_UNINITIALIZED=1
    # Oclgrind 21.10 follows neither what LLVM's optimiser makes (freeze) nor fused multiply-adds.
    options+=' -cl-opt-disable -ffp-contract=off'
    ;;
  *) fail "unknown search $1; there are: races, uninitialised" ;;
esac
search=$1
shift
[ $# != 0 ] || fail 'which executable? scripts/check_oclgrind.sh --help'
command -v oclgrind >/dev/null || fail 'oclgrind is not installed; scripts/setup.sh --dev installs it where it is packaged'
driver=$(dirname "$(dirname "$(realpath "$(command -v oclgrind)")")")/lib/oclgrind/liboclgrind-rt-icd.so
[ -e "$driver" ] || fail "Oclgrind's OpenCL driver is not at $driver"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/vendors"
echo "$driver" >"$work/vendors/oclgrind.icd"
touch "$work/log"
code=0
# Exact buffers: the simulator knows a buffer's end, and takes a host's write to a part of one for the whole.
OCL_ICD_VENDORS=$work/vendors MOAT_CORRECTNESS_ADAPTER=opencl MOAT_EXACT_BUFFERS=1 OCLGRIND_BUILD_OPTIONS=$options OCLGRIND_LOG=$work/log \
  OCLGRIND_MAX_ERRORS=100 "$@" >"$work/output" 2>&1 || code=$?
tail -n 60 "$work/output"
if [ -s "$work/log" ] || grep -q OCLGRIND "$work/output"; then
  heading "Found by Oclgrind ($search)"
  head -n 100 "$work/log"
  fail 'Oclgrind found errors (above)' 1
fi
if [ $code != 0 ]; then fail "$1 ended with $code" 1; fi
note "Oclgrind: no invalid access and no $search"
