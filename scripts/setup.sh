#!/usr/bin/env bash
# Usage: scripts/setup.sh [--dev] [--help]
#
# Installs what Moat needs on Debian 12 or later (and its derivatives): a compiler, CMake, the libraries that it is
# built with, OpenCL and Vulkan for the CPU, and the vendor libraries that it measures; with --dev also what
# scripts/test.sh and .ci/run use. Root or sudo is needed only if something is missing, and the network is not used
# if everything is installed. On other systems, the script checks for the same things and lists what is missing.
#
# Exit codes: 0 everything that is needed is installed; 2 something is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

# One line per thing: how much it matters, Debian's package, how to tell elsewhere that it is there, what it is for.
#   need      nothing is built without it
#   measured  only measured; absent, its rows are reported as such
#   test      tests and checks fail without it
#   check     one check needs it; where it is not packaged, that check says so (Debian 13 has no oclgrind)
things='
need     | g++                  | command c++                       | C++20 compiler (GCC 12 or later)
need     | cmake                | command cmake                     | CMake 3.25 or later
need     | ninja-build          | command ninja                     | Ninja
need     | pkg-config           | command pkg-config                | pkg-config
need     | libfmt-dev           | header fmt/format.h               | fmt 9 or later
need     | libbenchmark-dev     | header benchmark/benchmark.h      | Google Benchmark 1.7 or later
need     | libcli11-dev         | header CLI/CLI.hpp                | CLI11
need     | nlohmann-json3-dev   | header nlohmann/json.hpp          | nlohmann-json 3.11 or later
need     | libtomlplusplus-dev  | header toml++/toml.h              | toml++ 3.3 or later
need     | libutfcpp-dev        | header utf8cpp/utf8.h utf8.h      | UTF8-CPP 3 or later
need     | libcsv-dev           | header csv.h                      | libcsv 3: reads CSV
need     | libsqlite3-dev       | header sqlite3.h                  | SQLite 3
need     | libsqlitecpp-dev     | header SQLiteCpp/SQLiteCpp.h      | SQLiteCpp
need     | libboost-dev         | header boost/version.hpp          | Boost 1.74 or later
need     | libhwloc-dev         | header hwloc.h                    | hwloc 2
need     | libvulkan-dev        | header vulkan/vulkan_core.h       | Vulkan headers 1.3 (declarations)
need     | spirv-headers        | header spirv/unified1/spirv.hpp11 | SPIR-V headers (numbers of the specification)
need     | glslc                | command glslc                     | glslc: compiles shaders
need     | spirv-tools          | command spirv-val                 | SPIRV-Tools: checks them at build
measured | ocl-icd-libopencl1   | library libOpenCL.so.1            | OpenCL loader
measured | pocl-opencl-icd      | library libpocl.so.*              | PoCL: OpenCL on the CPU
measured | libvulkan1           | library libvulkan.so.1            | Vulkan loader
measured | mesa-vulkan-drivers  | library libvulkan_lvp.so          | Mesa lavapipe: Vulkan on the CPU
measured | libclblast1          | library libclblast.so.1           | CLBlast: BLAS for OpenCL
measured | libdnnl-dev          | library libdnnl.so.[23]*          | oneDNN: the CPU vendor library
measured | libopenblas0-pthread | library libopenblas*.so.0         | OpenBLAS
test     | catch2               | header catch2/catch.hpp catch2/catch_all.hpp | Catch2, version 2 or 3
test     | git                  | command git                       | Git
test     | jq                   | command jq                        | jq
test     | opencl-headers       | header CL/cl.h                    | OpenCL headers (proof of our declarations)
test     | vulkan-validationlayers | library libVkLayer_khronos_validation.so | Khronos validation layers
test     | clang                | command clang++                   | Clang (fuzzers)
test     | libclang-rt-dev      | command clang++                   | Clang runtime libraries (fuzzers, sanitizers)
test     | clang-format         | command clang-format              | clang-format
test     | clang-tidy           | command run-clang-tidy            | clang-tidy
test     | shellcheck           | command shellcheck                | ShellCheck
check    | chromium             | command chromium                  | Chromium: tests of the page that reports are
check    | chromium-driver      | command chromedriver              | ChromeDriver: the same
check    | python3-selenium     | file /usr/lib/python3/dist-packages/selenium/__init__.py | Selenium: the same
check    | oclgrind             | command oclgrind                  | Oclgrind: an OpenCL device that finds races and invalid accesses
check    | ccache               | command ccache                    | ccache: faster rebuilds
'

# Taken from a *-backports suite where it is not installed yet, the machine has one configured and it is newer there; no
# suite is ever added.
#   mesa-vulkan-drivers  Mesa 25 in place of Debian 12's 22.3: its lavapipe is better at half precision
backported='mesa-vulkan-drivers'

levels='need measured'
while [ $# -gt 0 ]; do
  case $1 in
    --dev) levels='need measured test check' ;;
    -h | --help)
      usage_of "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "unknown option $1; scripts/setup.sh --help lists them" ;;
  esac
  shift
done

# rows: "level package probe purpose" of the chosen levels, tab-separated.
rows() {
  awk -F ' *[|] *' -v OFS='\t' -v levels=" $levels " \
    'NF == 4 { sub(/ +$/, "", $1); if (index(levels, " " $1 " ")) print $1, $2, $3, $4 }' <<<"$things"
}

# ---- Debian and its derivatives --------------------------------------------------------------------------------

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
is_offered() { [ -n "$(apt-cache policy "$1" | awk '/Candidate:/ && $2 != "(none)"')" ]; }

# backports_of PACKAGE: the *-backports suite to install it from, if any. A backport that is installed stays as it
# is, so that a later run asks the network for nothing.
backports_of() {
  local version suite installed
  case " $backported " in *" $1 "*) ;; *) return 0 ;; esac
  read -r version suite < <(apt-cache madison "$1" 2>/dev/null | awk -F ' *[|] *' \
    '{ split($3, source, " "); if (sub("-backports/.*", "-backports", source[2])) { print $2, source[2]; exit } }') ||
    return 0
  if is_installed "$1"; then
    installed=$(dpkg-query -W -f='${Version}' "$1")
    case $installed in *~bpo*) return 0 ;; esac
    dpkg --compare-versions "$installed" lt "$version" || return 0
  fi
  echo "$suite"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

# quietly COMMAND...: its output only if it fails.
quietly() {
  local log code=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if [ $code != 0 ]; then tail -n 40 "$log" >&2; fi
  rm -f "$log"
  return $code
}

apt_update() {
  note 'Fetching the package lists'
  quietly as_root apt-get -q update ||
    fail 'apt-get update failed (above). Check the network and /etc/apt/sources.list, then run this again'
}
apt_install() {
  quietly as_root apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 --no-install-recommends install "$@"
}

can_be_root() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

# Nothing is lost where a backport cannot be had: the release's own version serves.
take_backports() {
  local package suite
  for package in $backported; do
    suite=$(backports_of "$package")
    if [ -z "$suite" ]; then continue; fi
    if is_installed "$package"; then # it brings the GPUs' drivers, too, which are what is measured
      note "A newer $package is in $suite, and the installed one stays: apt-get install -t $suite $package"
      continue
    fi
    if ! can_be_root; then
      note "A newer $package is in $suite; installing it needs root, and there is no sudo"
      continue
    fi
    note "Installing $package from $suite"
    if apt_install -t "$suite" "$package"; then continue; fi
    apt_update
    apt_install -t "$suite" "$package" || apt_install "$package" || fail 'apt-get install failed (above)'
  done
}

install_missing() {
  local level package missing=() offered=() refused=() absent=() updated=no
  while IFS=$'\t' read -r level package _ _; do
    is_installed "$package" || missing+=("$level $package")
  done < <(rows)
  if [ ${#missing[@]} = 0 ]; then return 0; fi

  if ! can_be_root; then
    fail "not installed: ${missing[*]##* }
Installing needs root, and there is no sudo. As root run:
  apt-get update && apt-get install --no-install-recommends ${missing[*]##* }"
  fi
  for entry in "${missing[@]}"; do
    is_offered "${entry#* }" || updated=needed
  done
  if [ $updated = needed ]; then
    apt_update
    updated=yes
  fi
  for entry in "${missing[@]}"; do
    level=${entry% *} package=${entry#* }
    if [ -n "$(backports_of "$package")" ]; then continue; fi # take_backports installs it
    if is_offered "$package"; then
      offered+=("$package")
    else
      case $level in
        need | test) refused+=("$package") ;;
        *) absent+=("$package") ;;
      esac
    fi
  done
  if [ ${#refused[@]} != 0 ]; then
    fail "this release does not package: ${refused[*]}
Moat is made for Debian 12 or later; on an older release install these by hand"
  fi
  if [ ${#offered[@]} != 0 ]; then
    note "Installing ${#offered[@]} packages: ${offered[*]}"
    if ! apt_install "${offered[@]}"; then
      # Lists older than the archive name files that are gone; fresh ones mend that.
      if [ $updated = yes ]; then fail 'apt-get install failed (above)'; fi
      apt_update
      apt_install "${offered[@]}" || fail 'apt-get install failed (above)'
    fi
  fi
  if [ ${#absent[@]} != 0 ]; then
    note "Not packaged in this release, and left out: ${absent[*]}"
  fi
}

# ---- anything else -----------------------------------------------------------------------------------------------

# known_libraries: file names of those that the dynamic loader knows.
known_libraries() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } 2>/dev/null | awk 'NF > 1 { print $1 }'; }

# probe KIND NAME...: whether any of the names is there; those of libraries are patterns.
probe() {
  local kind=$1 name file
  shift
  for name in "$@"; do
    case $kind in
      command) command -v "$name" >/dev/null && return 0 ;;
      header) printf '#include <%s>\n' "$name" | "${CXX:-c++}" -std=c++20 -E -x c++ - >/dev/null 2>&1 && return 0 ;;
      file) [ -e "$name" ] && return 0 ;;
      library)
        while read -r file; do
          # shellcheck disable=SC2053  # a pattern on purpose
          [[ $file == $name ]] && return 0
        done < <(known_libraries)
        ;;
    esac
  done
  return 1
}

setup_by_hand() {
  local level package test purpose needed=() optional=()
  set -f # patterns of libraries are no file names of the current folder
  while IFS=$'\t' read -r level package test purpose; do
    # shellcheck disable=SC2086  # the probe is words on purpose
    if ! probe $test; then
      local line
      line=$(printf '  %-72s (%s; on Debian %s)' "$purpose" "${test#* }" "$package")
      case $level in
        need | test) needed+=("$line") ;;
        *) optional+=("$line") ;;
      esac
    fi
  done < <(rows)
  set +f
  if [ ${#optional[@]} != 0 ]; then
    note 'Not found, and worth having (Moat reports them as absent otherwise):'
    printf '%s\n' "${optional[@]}"
  fi
  if [ ${#needed[@]} != 0 ]; then
    note 'Not found, and needed. This system has no apt; install with its own package manager or by hand:'
    printf '%s\n' "${needed[@]}"
    exit 2
  fi
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_missing
  take_backports
else
  setup_by_hand
fi
