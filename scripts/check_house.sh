#!/usr/bin/env bash
# Usage: scripts/check_house.sh [ROOT]
#
# Checks the rules that a compiler cannot check, in the files of ROOT (default: this repository). Each violation is
# printed on one line: file, line, rule. The rules, which are implemented in check_house.awk:
#   - which room may include which; no circles between the sub-rooms of a room
#   - each file begins with a comment that says what it is; at most 400 lines per file, in every language; at most
#     40 files per folder
#   - every source has its test file, tests/unit/<same path>.cpp, or tests/unit/covered_by.txt says whose tests
#     cover it; so has a header with logic that has no source beside it
#   - nothing is written to standard output or standard error but by base/output.h
#   - an adapter's abi.h includes nothing but the standard library (and Vulkan's its public header); vendors' names
#     appear in #if and #include only in their adapter's folder (and in tests, which prove our declarations
#     against vendors' headers)
#
# Exit codes: 0 no violations; 1 violations.
set -euo pipefail
case ${1:-} in
  -h | --help)
    sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
rules=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/check_house.awk
cd "${1:-$(dirname "$rules")/..}"

# All files but Git's and those that .gitignore names.
find . \( -name .git -o -path ./build -o -path ./.cache -o -path ./moat-store -o -name __pycache__ \) -prune -o \
  -type f -print | sed 's,^\./,,' | LC_ALL=C sort | awk -f "$rules"
