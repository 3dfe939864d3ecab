#!/usr/bin/env bash
# scripts/check_house.sh finds each offence it is there for, names its file and line, and lets good files pass.
# Run by CTest as: check_house_test.sh PATH_OF_CHECK_HOUSE
set -euo pipefail
check=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

# A small house that keeps every rule.
fresh_house() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{base,kernels/gemm,adapters/null,bench,results,scripts,tests/unit/bench}
  printf '// What it is.\n#pragma once\n#include <string>\n' >"$tree/base/text.h"
  printf '// What it is.\n#include "base/text.h"\n#include <vector>\n' >"$tree/kernels/operator.h"
  printf '// What it is.\n#include "kernels/operator.h"\n' >"$tree/adapters/adapter.h"
  printf '// What it is.\n#include <cstdint>\n#include <cstddef>\n' >"$tree/adapters/null/abi.h"
  printf '// What it is.\n#include "adapters/adapter.h"\n#include "results/record.h"\n' >"$tree/bench/runner.cpp"
  printf '// What it is.\n#include "bench/runner.h"\n' >"$tree/tests/unit/bench/runner.cpp"
  printf '// What it is.\n#include "kernels/operator.h"\n' >"$tree/results/record.h"
  printf '#!/bin/sh\n# What it is.\n' >"$tree/scripts/setup.sh"
}

# expect NAME CODE TEXT: the check ends with CODE and its output contains TEXT.
expect() {
  local output code=0
  output=$("$check" "$tree" 2>&1) || code=$?
  if [ "$code" != "$2" ] || [[ $output != *"$3"* ]]; then
    printf 'FAILED: %s: expected exit %s and "%s", got exit %s and:\n%s\n' "$1" "$2" "$3" "$code" "$output"
    failures=$((failures + 1))
  else
    printf 'passed: %s\n' "$1"
  fi
}

fresh_house
expect 'a house in order passes' 0 'keep the rules'

fresh_house
echo '#include "adapters/adapter.h"' >>"$tree/kernels/operator.h"
expect 'kernels that include adapters are named with file and line' 1 'kernels/operator.h:4: kernels may not include adapters/adapter.h'

fresh_house
echo '#include "kernels/operator.h"' >>"$tree/base/text.h"
expect 'the ground floor that includes a room is named' 1 'base/text.h:4: base may not include kernels/operator.h'

fresh_house
echo '  fmt::print("{}", text);' >>"$tree/bench/runner.cpp"
expect 'output that does not go through base/output.h is named' 1 'bench/runner.cpp:4: output goes through base/output.h'
fresh_house
echo '  snprintf(text, 4, "x"); print("{}", text); state.print(1);' >>"$tree/bench/runner.cpp"
expect 'output through base/output.h passes' 0 'keep the rules'

fresh_house
echo '#  include "bench/plan.h"' >>"$tree/results/record.h"
expect 'results that include bench are named' 1 'results/record.h:3: results may not include bench/plan.h'

fresh_house
mkdir -p "$tree"/{commands,reports}
printf '// What it is.\n#include "bench/plan.h"\n#include "reports/gap.h"\n' >"$tree/commands/gap.h"
expect 'commands may include every room' 0 'keep the rules'
echo '#include "commands/commands.h"' >>"$tree/bench/runner.cpp"
expect 'a room that includes commands is named' 1 'bench/runner.cpp:4: bench may not include commands/commands.h'

fresh_house
mkdir -p "$tree"/reports
printf '// What it is.\n#include "adapters/catalogue/catalogue.h"\n#include "adapters/adapter.h"\n' >"$tree/reports/gap.h"
expect 'reports may include the catalogue and nothing else of the adapters' 1 'reports/gap.h:3: reports may not include adapters/adapter.h'

fresh_house
echo '#include "abi.h"' >>"$tree/adapters/null/adapter.cpp"
expect 'an include that is no path from the root is named' 1 "paths from the repository's root"

fresh_house
echo 'int x;' >"$tree/kernels/bare.cpp"
expect 'a file without an opening comment is named' 1 'kernels/bare.cpp:1: a file opens with'

fresh_house
{ echo '// What it is.' && printf 'int x;\n%.0s' {1..400}; } >"$tree/kernels/long.cpp"
expect 'a file of 401 lines is named' 1 'kernels/long.cpp:401: 401 lines'

# A source that has no test file of its own, and a row of covered_by.txt.
untested_house() {
  fresh_house
  printf '// What it is.\n' >"$tree/kernels/gemm/dots.cpp"
}
covered_by() { printf '%s\t%s\t%s\n' "$@" >>"$tree/tests/unit/covered_by.txt"; }
untested_house
expect 'a source without tests is named with the file to write' 1 'kernels/gemm/dots.cpp:1: no tests: write tests/unit/kernels/gemm/dots.cpp'
covered_by kernels/gemm/dots.cpp tests/unit/bench/runner.cpp 'everything goes through it'
expect 'a source may be covered by the tests of another' 0 'keep the rules'
covered_by kernels/gemm/gone.cpp tests/unit/bench/runner.cpp 'everything goes through it'
expect 'a row whose source is gone is named' 1 'covered_by.txt:2: kernels/gemm/gone.cpp is no source'
untested_house
covered_by kernels/gemm/dots.cpp 'tests/unit/bench/runner.cpp tests/unit/gone.cpp' 'everything goes through it'
expect 'a row whose test is gone is named' 1 'covered_by.txt:1: there is no tests/unit/gone.cpp to cover kernels/gemm/dots.cpp'
fresh_house
covered_by bench/runner.cpp tests/unit/bench/runner.cpp 'itself'
expect 'a row for a source with tests of its own is named' 1 'covered_by.txt:1: bench/runner.cpp has its own tests'
fresh_house
echo 'bench/runner.cpp tests/unit/bench/runner.cpp' >"$tree/tests/unit/covered_by.txt"
expect 'a row that is none is named' 1 'covered_by.txt:1: a row is'
untested_house
printf '// What it is.\n' >"$tree/bench/dots.cpp"
covered_by 'kernels/*/dots.cpp' 'tests/unit/*/dots.cpp' 'together'
printf '// What it is.\n' >"$tree/kernels/dots.cpp"
expect 'a star stands for one name' 1 'bench/dots.cpp:1: no tests'
expect 'a star stands for a name and not for none' 1 'kernels/dots.cpp:1: no tests'
expect "a star stands for the same name in a row's tests" 1 'there is no tests/unit/gemm/dots.cpp to cover kernels/gemm/dots.cpp'
fresh_house
printf '// What it is.\ninline int sum(int n) {\n  for (int i = 0; i < 3; ++i) n += i;\n  return n;\n}\n' >"$tree/kernels/sum.h"
expect 'a header with logic and without a source beside it is named' 1 'kernels/sum.h:1: no tests: write tests/unit/kernels/sum.cpp'
mkdir -p "$tree/tests/unit/kernels"
printf '// What it is.\n' | tee "$tree/kernels/sum.cpp" >"$tree/tests/unit/kernels/sum.cpp"
expect 'a header is tested with the source beside it' 0 'keep the rules'

for file in page.js page.css plot.py tile.glsl rules.awk; do
  fresh_house
  { echo '/* What it is. */' && printf 'x\n%.0s' {1..400}; } >"$tree/kernels/$file"
  expect "a file of 401 lines is named in every language: $file" 1 "kernels/$file:401: 401 lines"
done

fresh_house
for i in {1..39}; do echo >"$tree/kernels/note$i.md"; done
expect 'a folder of 40 files passes' 0 'keep the rules'
echo >"$tree/kernels/note40.md"
expect 'a folder of 41 files is named' 1 'kernels:41: 41 files'
fresh_house
mkdir -p "$tree"/tests/fuzz/seeds/key
for i in {1..41}; do echo >"$tree/tests/fuzz/seeds/key/$i"; done
expect 'a folder of test data may hold any number' 0 'keep the rules'

# A room with sub-rooms: gemm includes product, and attention gemm; the room's own files stand above and below.
rooms_within() {
  fresh_house
  mkdir -p "$tree"/kernels/{product,attention}
  printf '// What it is.\n#include "kernels/gemm/gemm.h"\n' >"$tree/kernels/operators.h"
  printf '// What it is.\n#include "kernels/operator.h"\n#include "kernels/product/grid.h"\n' >"$tree/kernels/gemm/gemm.h"
  printf '// What it is.\n#include "kernels/product/lanes.h"\n' >"$tree/kernels/product/grid.h"
  printf '// What it is.\n#include "kernels/gemm/gemm.h"\n' >"$tree/kernels/attention/attention.h"
}
rooms_within
expect 'sub-rooms that include each other one way pass' 0 'keep the rules'
echo '#include "kernels/attention/attention.h"' >>"$tree/kernels/product/grid.h"
circle='kernels/gemm -> kernels/product -> kernels/attention -> kernels/gemm'
expect 'a circle of sub-rooms is named with its way' 1 "kernels/gemm/gemm.h:3: sub-rooms include each other in a circle: $circle"
expect 'a circle is named at the include that closes it, too' 1 'kernels/product/grid.h:3: sub-rooms include each other'

for header in '<CL/cl.h>' '<dlfcn.h>' '"kernels/operator.h"'; do
  fresh_house
  echo "#include $header" >>"$tree/adapters/null/abi.h"
  expect "an abi.h that includes $header is named" 1 'adapters/null/abi.h:4: abi.h includes nothing but'
done

fresh_house
mkdir -p "$tree/adapters/vulkan"
printf '// What it is.\n#include <vulkan/vulkan_core.h>\n' >"$tree/adapters/vulkan/abi.h"
expect "Vulkan's abi.h may include Khronos' header" 0 'files keep the rules'

for condition in 'ifdef __CUDACC__' 'if defined(MOAT_ADAPTER_OPENCL)' 'ifndef __HIP__'; do
  fresh_house
  echo "#$condition" >>"$tree/bench/runner.cpp"
  expect "#$condition outside an adapter is named" 1 "bench/runner.cpp:4: a vendor in #if"
done
fresh_house
echo '#ifdef __CUDACC__' >>"$tree/adapters/null/abi.h"
echo '#ifdef RELATIONSHIP' >>"$tree/bench/runner.cpp"
expect 'a vendor in #if within its adapter is allowed, and other words are no vendors' 0 'keep the rules'

fresh_house
echo '#include <cuda_runtime.h>' >>"$tree/bench/runner.cpp"
expect "a vendor's header outside its adapter is named" 1 "bench/runner.cpp:4: a vendor's header"

rm -rf "${tree:?}"/*
expect 'an empty folder is no house' 1 'no source file'

exit $((failures > 0))
