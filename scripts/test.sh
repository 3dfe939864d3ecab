#!/usr/bin/env bash
# Usage: scripts/test.sh [CTEST OPTION...]
#
# Installs what is missing, builds with warnings as errors (preset dev) and runs all tests. Options go to ctest:
#   scripts/test.sh -R unit          only tests whose name matches
#   scripts/test.sh -LE slow        all tests except those labelled slow
#
# Environment: MOAT_JOBS is the number of simultaneous compilations and tests (default: all cores).
# Exit codes: 0 all passed; 2 the set-up failed; otherwise the exit code of the build or of ctest.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
help_if_asked "${BASH_SOURCE[0]}" "$@"
cd "$(dirname "$here")"

heading 'Setting up'
scripts/setup.sh --dev
note 'All that is needed is installed.'

heading "Building (preset dev, $(jobs) at a time)"
build dev

heading 'Testing'
ctest --preset dev --parallel "$(jobs)" "$@"
