#!/usr/bin/env bash
# scripts/setup.sh on an imagined Debian: what it installs, what it takes from backports, and that it leaves a
# machine alone that has everything; and on an imagined system without apt, what it finds and misses. Nothing is
# installed: apt and dpkg are stand-ins that keep a list.
# Run by CTest as: setup_test.sh PATH_OF_SETUP
set -euo pipefail
setup=$1
machine=$(mktemp -d)
trap 'rm -rf "$machine"' EXIT
export machine
failures=0
mkdir "$machine/bin"

# "package version" a line: $machine/installed, $machine/release, $machine/backports. Calls of apt-get: $machine/calls.
cat >"$machine/bin/dpkg-query" <<'STAND_IN'
#!/bin/sh
# dpkg-query -W -f=FORMAT PACKAGE
version=$(awk -v p="$3" '$1 == p { print $2 }' "$machine/installed")
[ -n "$version" ] || exit 1
case $2 in *Version*) printf %s "$version" ;; *) printf installed ;; esac
STAND_IN
cat >"$machine/bin/dpkg" <<'STAND_IN'
#!/bin/sh
# dpkg --compare-versions A lt B
[ "$2" != "$4" ] && [ "$(printf '%s\n%s\n' "$2" "$4" | sort -V | head -n 1)" = "$2" ]
STAND_IN
cat >"$machine/bin/apt-cache" <<'STAND_IN'
#!/bin/sh
case $1 in
  policy) awk -v p="$2" '$1 == p { print "  Candidate: " $2 }' "$machine/release" ;;
  madison)
    for suite in backports release; do
      awk -v p="$2" -v s="$suite" '$1 == p { print " " p " | " $2 " | http://deb.debian.org/debian " \
        (s == "release" ? "bookworm" : "bookworm-backports") "/main amd64 Packages" }' "$machine/$suite"
    done
    ;;
esac
STAND_IN
cat >"$machine/bin/apt-get" <<'STAND_IN'
#!/bin/sh
echo "$*" >>"$machine/calls"
source=release
while [ $# != 0 ]; do
  case $1 in
    -t) source=backports; shift ;;
    -o) shift ;;
    -* | update | install) ;;
    *)
      sed -i "/^$1 /d" "$machine/installed"
      grep "^$1 " "$machine/$source" >>"$machine/installed" || exit 100
      ;;
  esac
  shift
done
STAND_IN
cat >"$machine/bin/sudo" <<'STAND_IN'
#!/bin/sh
exec "$@"
STAND_IN
chmod +x "$machine"/bin/*

# A release with all that setup.sh names, nothing installed, no backports.
fresh_machine() {
  : >"$machine/installed"
  : >"$machine/backports"
  awk -F ' *[|] *' 'NF == 4 && $1 ~ /^(need|measured|test|check) *$/ { print $2, "1.0" }' "$setup" >"$machine/release"
}
run_setup() { # for scripts/test.sh, which needs more than the program
  : >"$machine/calls"
  PATH="$machine/bin:$PATH" "$setup" --dev >"$machine/output" 2>&1
}
is_refused_for() { ! run_setup && grep -q "not package: $1" "$machine/output"; }
installed_version() { awk -v p="$1" '$1 == p { print $2 }' "$machine/installed"; }

expect() { # NAME COMMAND...
  local name=$1
  shift
  if "$@"; then
    printf 'passed: %s\n' "$name"
  else
    printf 'FAILED: %s; the calls and the output were:\n' "$name"
    cat "$machine/calls" "$machine/output"
    failures=$((failures + 1))
  fi
}
is_quiet() { [ ! -s "$machine/calls" ]; }
is_mesa() { [ "$(installed_version mesa-vulkan-drivers)" = "$1" ]; }

fresh_machine
expect 'a bare machine is set up' run_setup
expect 'everything the release has is installed' diff <(sort "$machine/release") <(sort "$machine/installed")
expect 'a machine that has everything passes' run_setup
expect 'nothing is asked of apt-get then' is_quiet

fresh_machine
echo 'mesa-vulkan-drivers 25.0~bpo12+1' >"$machine/backports"
expect 'a bare machine with backports is set up' run_setup
expect 'what backports serve better comes from there' is_mesa '25.0~bpo12+1'
echo 'mesa-vulkan-drivers 25.2~bpo12+1' >"$machine/backports"
expect 'a machine with a backport passes' run_setup
expect 'an installed backport stays as it is' is_quiet

fresh_machine
run_setup
echo 'mesa-vulkan-drivers 25.0~bpo12+1' >"$machine/backports"
expect 'backports that were configured later are told of' run_setup
expect 'the installed driver stays, since it may be what is measured' is_mesa 1.0

fresh_machine
sed -i 's/^mesa-vulkan-drivers .*/mesa-vulkan-drivers 26.0/' "$machine/release"
run_setup
echo 'mesa-vulkan-drivers 25.0~bpo12+1' >"$machine/backports"
expect 'a release newer than its backports passes' run_setup
expect 'an older backport is not taken' is_mesa 26.0

fresh_machine
sed -i '/^glslc /d' "$machine/release"
expect 'a release without what is needed is refused' is_refused_for glslc

# A system without apt, whose dynamic loader knows the names in $machine/loader.
mkdir "$machine/hand"
for tool in bash env dirname awk sed grep cat printf "${CXX:-c++}"; do
  ln -s "$(command -v "$tool")" "$machine/hand/$(basename "$tool")"
done
cat >"$machine/hand/ldconfig" <<'STAND_IN'
#!/bin/bash
printf '%s libs found in cache\n' 3
while read -r name; do printf '\t%s (libc6,x86-64) => /lib/%s\n' "$name" "$name"; done <"$machine/loader"
STAND_IN
chmod +x "$machine/hand/ldconfig"
misses() { # PACKAGE LIBRARY...: whether the package is told as missing where the loader knows the libraries
  local package=$1
  shift
  printf '%s\n' "$@" >"$machine/loader"
  PATH="$machine/hand" "$setup" >"$machine/output" 2>&1
  grep -q "on Debian $package)" "$machine/output"
}
finds() { ! misses "$@"; }
expect 'oneDNN is found by the name that Debian 12 gives it' finds libdnnl-dev libdnnl.so.2
expect 'oneDNN is found by the name that Debian 13 gives it' finds libdnnl-dev libdnnl.so.3.6
expect 'oneDNN is found by the name that Ubuntu 24.04 gives it' finds libdnnl-dev libdnnl.so.3
expect 'a oneDNN that Moat does not know is no oneDNN' misses libdnnl-dev libdnnl.so.4 libmkldnn.so.0
expect 'OpenBLAS is found by the name that Fedora gives it' finds libopenblas0-pthread libopenblasp.so.0
expect 'OpenBLAS is missing where there is none' misses libopenblas0-pthread libblas.so.3

[ $failures = 0 ]
