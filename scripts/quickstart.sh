#!/usr/bin/env bash
# Usage: scripts/quickstart.sh [--suite NAME] [--store DIR] [--help]
#
# Takes a new machine to results: installs what is missing, builds, lists the devices, runs a suite (default: quick) on
# every device, prints a summary on one screen, and writes the report, a single HTML file that opens in any browser.
# Results and report are stored in DIR (default: moat-store in the repository). The script can be repeated; each time it
# adds a run to the store.
#
# Environment: MOAT_JOBS is the number of simultaneous compilations (default: all cores).
# Exit codes are those of `moat run`: 0 success; 2 wrong usage or configuration; 5 some cases failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=scripts/common.sh
. "$here/common.sh"

suite=quick
store=$root/moat-store
while [ $# -gt 0 ]; do
  case $1 in
    --suite | --store)
      [ $# -gt 1 ] || fail "$1 needs a value"
      if [ "$1" = --suite ]; then suite=$2; else store=$(realpath -m -- "$2"); fi
      shift
      ;;
    -h | --help)
      usage_of "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "unknown option $1; scripts/quickstart.sh --help lists them" ;;
  esac
  shift
done
cd "$root"

heading 'Setting up'
scripts/setup.sh
note 'All that is needed is installed.'

heading "Building (preset release, $(jobs) at a time)"
build release
moat=$root/build/release/bin/moat

heading 'Devices'
"$moat" devices

heading "Running suite $suite on every device"
code=0
"$moat" run --suite "$suite" --store "$store" || code=$?
if [ $code = 2 ]; then exit 2; fi

heading 'Where the results are'
report=$(cd "$store" && "$moat" report --store "$store")
note "Report:        $report; open it in a browser"
note "Store:         $store"
note "Summary again: $moat show --summary --store $store"
note "Why:           $moat gap --store $store"
note "Every case:    $moat show --store $store"
note "All runs:      $moat runs --store $store"
note "More:          $moat help"
exit $code
