# What the scripts share: headings, the number of jobs, one build. Sourced, never run.
# shellcheck shell=bash

# Colours only where a person reads, and not against their wish (https://no-color.org).
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$'\e[1m' plain=$'\e[0m'
else
  bold='' plain=''
fi

heading() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
note() { printf '%s\n' "$*"; }
# fail TEXT [CODE]: 2 (usage or configuration) unless told otherwise.
fail() {
  printf 'error: %s\n' "$1" >&2
  exit "${2:-2}"
}

jobs() {
  local count=${MOAT_JOBS:-$(nproc)}
  [[ $count =~ ^[1-9][0-9]*$ ]] || fail "MOAT_JOBS=$count is not a number of jobs; give a whole number, at least 1"
  echo "$count"
}

# usage_of SCRIPT: its opening comment, which is its help.
usage_of() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }

# help_if_asked SCRIPT [ARGUMENT]: prints the script's help and ends it if that is what its first argument asks for.
help_if_asked() {
  case ${2:-} in
    -h | --help)
      usage_of "$1"
      exit 0
      ;;
  esac
}

# configure PRESET; build PRESET [TARGET...] does both, all targets by default. A compiler cache is used if there.
configure() {
  if command -v ccache >/dev/null && [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ]; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
  cmake --preset "$1"
}
build() {
  local preset=$1
  shift
  configure "$preset"
  cmake --build --preset "$preset" --parallel "$(jobs)" ${1:+--target "$@"}
}
