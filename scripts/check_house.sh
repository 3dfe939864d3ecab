#!/usr/bin/env bash
# Usage: scripts/check_house.sh [ROOT]
#
# Checks the rules of the house that no compiler checks, over the files of ROOT (this repository). Each offence is
# one line: file, line, rule. Rules: who may include whom; a file opens with what it is; at most 400 lines; an
# adapter's abi.h includes nothing but the standard library (and Vulkan's its public header); vendors' names appear in #if and #include only in
# their adapter's folder (and in tests, which prove our declarations against vendors' headers).
#
# Exit codes: 0 all kept; 1 some broken.
set -euo pipefail
case ${1:-} in
  -h | --help)
    sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit 0
    ;;
esac
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"

most_lines=400
# Room -> the rooms its files may include. A room may always include itself.
declare -A may_include=(
  [base]=''
  [kernels]='base'
  [adapters]='base kernels'
  [results]='base kernels'
  [bench]='base kernels adapters results'
  [reports]='base results kernels adapters/catalogue'
  [commands]='base kernels adapters results bench reports'
  [tests]='base kernels adapters results bench reports commands'
)
vendors='CUDA|NVCC|NVRTC|HIP|ROCM|MUSA|OPENCL|VULKAN|ASCEND|CANN|CAMBRICON|CNRT|CNNL|BIREN|DNNL|ONEDNN|OPENBLAS|CLBLAST|MOAT_ADAPTER'
vendor_headers='CL/|cuda|nvrtc|cublas|cudnn|hip/|hiprtc|rocblas|hipblas|musa|mublas|vulkan/|acl/|cnrt|cnnl|dnnl|oneapi/|cblas|openblas|clblast'

offences=0
offence() { # FILE LINE TEXT
  printf '%s:%s: %s\n' "$1" "$2" "$3"
  offences=$((offences + 1))
}
# offences_of FILE REGEX TEXT: one offence for every line of FILE that matches (case ignored).
offences_of() {
  local line
  while IFS=: read -r line _; do offence "$1" "$line" "$3"; done < <(grep -n -i -E -- "$2" "$1" || true)
}

check_includes() { # FILE ROOM
  local file=$1 room=$2 line target allowed ok
  while IFS=: read -r line target; do
    ok=no
    for allowed in "$room" ${may_include[$room]}; do
      case $target in "$allowed"/*) ok=yes ;; esac
    done
    if [ $ok = no ]; then
      case ${target%%/*} in
        base | kernels | adapters | results | bench | reports | commands | tests)
          offence "$file" "$line" "$room may not include $target (docs/architecture.md: who may include whom)"
          ;;
        *) offence "$file" "$line" "#include \"$target\": quoted includes are paths from the repository's root" ;;
      esac
    fi
  done < <(sed -n -E '/^[[:space:]]*#[[:space:]]*include[[:space:]]*"/{
    =
    s/^[^"]*"([^"]*)".*/\1/p
  }' "$file" | paste -d: - -)
}

check_opening() { # FILE
  local first
  first=$(sed -n -e '1{/^#!/d}' -e '/./{p;q}' "$1")
  case $first in
    '//'* | '/*'* | '#'[[:space:]]*) ;;
    *) offence "$1" 1 'a file opens with two to five lines: what it is, what it must not know' ;;
  esac
}

files=$(find . \( -name .git -o -path ./build \) -prune -o -type f \( -name '*.h' -o -name '*.cpp' -o -name '*.in' \
  -o -name '*.cl' -o -name '*.comp' -o -name '*.glsl' -o -name '*.sh' -o -name '*.cmake' -o -name CMakeLists.txt -o -path './.ci/*' \) -print |
  sed 's,^\./,,' | sort)
[ -n "$files" ] || {
  echo "no source file under $PWD: is this the repository's root?" >&2
  exit 1
}

while IFS= read -r file; do
  room=${file%%/*}
  lines=$(wc -l <"$file")
  if [ "$lines" -gt $most_lines ]; then
    offence "$file" "$lines" "$lines lines; split it by what it knows (at most $most_lines)"
  fi
  case $file in
    */CMakeLists.txt) ;; # often one line that says it all
    *) check_opening "$file" ;;
  esac
  case $file in
    *.h | *.cpp | *.in | *.cl | *.comp | *.glsl) ;;
    *) continue ;;
  esac
  if [ -z "${may_include[$room]+known}" ]; then
    offence "$file" 1 "no room of the house is named $room"
    continue
  fi
  case $file in
    *.cl | *.comp | *.glsl | kernels/dialect/*) ;; # kernel code is no C++ of a room, and dialect/ is where languages differ
    *) check_includes "$file" "$room" ;;
  esac
  case $file in
    adapters/vulkan/abi.h) ;; # ADR 0009: Khronos publishes the header, and distributions package it
    */abi.h)
      offences_of "$file" '^[[:space:]]*#[[:space:]]*include[[:space:]]*([^<[:space:]]|<[^>]*[^a-z0-9_>])' \
        'abi.h includes nothing but the C++ standard library'
      ;;
  esac
  case $file in
    adapters/*/* | kernels/dialect/* | tests/*) ;;
    *)
      offences_of "$file" "^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)[[:space:](!](.*[^A-Z])?($vendors)" \
        "a vendor in #if outside its adapter's folder: make it a trait, a parameter or a word of the dialect"
      offences_of "$file" "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($vendor_headers)" \
        "a vendor's header outside its adapter's folder"
      ;;
  esac
done <<<"$files"

if [ $offences != 0 ]; then
  printf '%s offences\n' $offences
  exit 1
fi
printf '%s files keep the rules of the house\n' "$(wc -l <<<"$files")"
