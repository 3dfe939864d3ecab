# The rules of check_house.sh. Input: the names of all files from the repository's root, one a line. Must not know
# Git or where the repository lies.

BEGIN {
  most_lines = 400
  most_files = 40
  # Room -> the rooms its files may include. A room may always include itself.
  may_include["base"] = ""
  may_include["kernels"] = "base"
  may_include["adapters"] = "base kernels"
  may_include["results"] = "base kernels"
  may_include["bench"] = "base kernels adapters results"
  may_include["reports"] = "base results kernels adapters/catalogue"
  may_include["commands"] = "base kernels adapters results bench reports"
  may_include["tests"] = "base kernels adapters results bench reports commands"
  # Languages with an opening comment and a limit of lines; those with quoted includes.
  languages = "\\.(h|cpp|in|cl|comp|glsl|sh|cmake|awk|py|js|css)$|(^|/)CMakeLists\\.txt$|^\\.ci/"
  in_rooms = "\\.(h|cpp|in|cl|comp|glsl)$"
  # Folders that hold data, one file a case.
  data_folders = "^tests/(fuzz/seeds|golden)/|/data/"
  # Tests have no layers.
  excepted_circles = "^tests/"
  covered_by = "tests/unit/covered_by.txt"
  # In lower case: lines are compared without case.
  vendors = "cuda|nvcc|nvrtc|hip|rocm|musa|opencl|vulkan|ascend|cann|cambricon|cnrt|cnnl|biren|dnnl|onednn|openblas|clblast|moat_adapter"
  vendor_headers = "cl/|cuda|nvrtc|cublas|cudnn|hip/|hiprtc|rocblas|hipblas|musa|mublas|vulkan/|acl/|cnrt|cnnl|dnnl|oneapi/|cblas|openblas|clblast"
  directive = "^[[:space:]]*#[[:space:]]*"
  vendor_in_if = directive "(if|ifdef|ifndef|elif)[[:space:](!](.*[^a-z])?(" vendors ")"
  vendor_include = directive "include[[:space:]]*[<\"](" vendor_headers ")"
  not_standard = directive "include[[:space:]]*([^<[:space:]]|<[^>]*[^a-z0-9_>])"
  quoted_include = directive "include[[:space:]]*\""
  # base/output.h makes text printable and bears streams that are gone; Google Benchmark is told to write by it.
  direct_output = "fmt::print\\(|std::(cout|cerr|clog)|(^|[^a-z_:.])(std::)?(printf|fprintf|puts|fputs|fwrite|putchar|perror)\\("
}

{
  exists[$0] = 1
  names[++count] = $0
}

END {
  for (i = 1; i <= count; ++i) {
    count_in_folder(names[i])
    if (names[i] ~ languages) check_file(names[i])
  }
  if (!checked) {
    print "no source file here: is this the repository's root?" > "/dev/stderr"
    exit 1
  }
  check_folders()
  check_circles()
  check_tests()
  if (offences) {
    printf "%d offences\n", offences
    exit 1
  }
  printf "%d files keep the rules of the house\n", checked
}

function offence(file, line, text) {
  printf "%s:%d: %s\n", file, line, text
  offences++
}

function room_of(file) { return substr(file, 1, index(file "/", "/") - 1) }

# "bench/plan" of bench/plan/suite.h; nothing for a file of the room itself.
function sub_room_of(file,    part) { return split(file, part, "/") > 2 ? part[1] "/" part[2] : "" }

function folder_of(file) { return match(file, /.*\//) ? substr(file, 1, RLENGTH - 1) : "." }

function count_in_folder(file) {
  if (file !~ data_folders) files_in[folder_of(file)]++
}

function check_folders(    folder) {
  for (folder in files_in) {
    if (files_in[folder] > most_files) {
      offence(folder, files_in[folder], files_in[folder] " files; divide the folder by what they know (at most " \
              most_files ")")
    }
  }
}

function check_file(file,    line, lines, opened, room, is_code) {
  checked++
  room = room_of(file)
  is_code = file ~ in_rooms
  if (is_code && !(room in may_include)) offence(file, 1, "no room of the house is named " room)
  opened = file ~ /(^|\/)CMakeLists\.txt$/ # often one line that says it all
  while ((getline line < file) > 0) {
    lines++
    if (!opened && line != "" && !(lines == 1 && line ~ /^#!/)) {
      opened = 1
      if (line !~ /^(\/\/|\/\*|#[[:space:]]|""")/) {
        offence(file, 1, "a file opens with two to five lines: what it is, what it must not know")
      }
    }
    if (is_code) check_line(file, room, line, lines)
  }
  close(file)
  if (lines > most_lines) {
    offence(file, lines, lines " lines; split it by what it knows (at most " most_lines ")")
  }
}

function check_line(file, room, line, number) {
  if (file ~ /\.h$/ && line ~ /^[[:space:]]*(} else )?(if|for|while|switch) (constexpr )?\(/) has_logic[file] = 1
  if (file ~ /\.(h|cpp)$/ && file !~ /^(tests|kernels\/dialect)\// && line !~ /^[[:space:]]*\/\// && line ~ direct_output) {
    offence(file, number, "output goes through base/output.h: print, say, write_output")
  }
  if (line !~ /^[[:space:]]*#/) return
  # Kernel code is no C++ of a room, and dialect/ is where languages differ.
  if (file !~ /\.(cl|comp|glsl)$|^kernels\/dialect\// && line ~ quoted_include) {
    check_include(file, room, line, number)
  }
  line = tolower(line)
  # ADR 0009: Khronos publishes Vulkan's header, and distributions package it.
  if (file ~ /\/abi\.h$/ && file != "adapters/vulkan/abi.h" && line ~ not_standard) {
    offence(file, number, "abi.h includes nothing but the C++ standard library")
  }
  if (file ~ /^(adapters\/.*\/|kernels\/dialect\/|tests\/)/) return
  if (line ~ vendor_in_if) {
    offence(file, number, "a vendor in #if outside its adapter's folder: make it a trait, a parameter or a word of the dialect")
  }
  if (line ~ vendor_include) offence(file, number, "a vendor's header outside its adapter's folder")
}

function check_include(file, room, line, number,    target, allowed, n, i, from, to) {
  sub(/^[^"]*"/, "", line)
  target = substr(line, 1, index(line, "\"") - 1)
  n = split(room " " may_include[room], allowed, " ")
  for (i = 1; i <= n; ++i) {
    if (index(target, allowed[i] "/") != 1) continue
    from = sub_room_of(file)
    to = sub_room_of(target)
    if (room == room_of(target) && from != "" && to != "" && from != to && !((from, to) in place)) {
      place[from, to] = file ":" number
      includes[room, ++include_count[room]] = from SUBSEP to
    }
    return
  }
  if (room_of(target) in may_include) {
    offence(file, number, room " may not include " target " (docs/architecture.md: who may include whom)")
  } else {
    offence(file, number, "#include \"" target "\": quoted includes are paths from the repository's root")
  }
}

# Every include of a sub-room from which the way leads back.
function check_circles(    room, i, ends, way, at) {
  for (room in include_count) {
    for (i = 1; i <= include_count[room]; ++i) {
      split(includes[room, i], ends, SUBSEP)
      if (ends[1] ~ excepted_circles) continue
      way = way_between(room, ends[2], ends[1])
      if (way == "") continue
      split(place[ends[1], ends[2]], at, ":")
      offence(at[1], at[2], "sub-rooms include each other in a circle: " ends[1] " -> " way)
    }
  }
}

# The shortest chain of includes between two sub-rooms of a room, "a -> b -> c"; nothing if there is none.
function way_between(room, from, to,    queue, head, tail, way, i, ends) {
  queue[tail = 1] = from
  way[from] = from
  for (head = 1; head <= tail; ++head) {
    if (queue[head] == to) return way[to]
    for (i = 1; i <= include_count[room]; ++i) {
      split(includes[room, i], ends, SUBSEP)
      if (ends[1] != queue[head] || ends[2] in way) continue
      way[ends[2]] = way[ends[1]] " -> " ends[2]
      queue[++tail] = ends[2]
    }
  }
  return ""
}

function test_of(source) {
  sub(/\.[a-z]+$/, ".cpp", source)
  return "tests/unit/" source
}

# A source of a room with something to test: what is compiled, and headers with logic and no .cpp beside them.
function is_tested(file,    room, source) {
  room = room_of(file)
  if (!(room in may_include) || room == "tests" || file ~ /^kernels\/dialect\//) return 0
  if (file ~ /\.cpp$/) return 1
  source = file
  sub(/\.h$/, ".cpp", source)
  return (file in has_logic) && !(source in exists)
}

function check_tests(    i) {
  read_covered()
  for (i = 1; i <= count; ++i) {
    if (is_tested(names[i]) && !(test_of(names[i]) in exists) && !(names[i] in covered)) {
      offence(names[i], 1, "no tests: write " test_of(names[i]) ", or name in " covered_by " whose tests cover it")
    }
  }
}

# Rows "source<TAB>test files<TAB>why". One `*` in a source stands for a name, and in its tests for the same one.
function read_covered(    line, number, field, i, name, found) {
  while ((getline line < covered_by) > 0) {
    number++
    if (line ~ /^#|^$/) continue
    if (split(line, field, "\t") != 3) {
      offence(covered_by, number, "a row is: source, test files, why; with tabs between")
      continue
    }
    found = 0
    for (i = 1; i <= count; ++i) {
      if (!is_tested(names[i])) continue
      name = names[i] == field[1] ? "" : star_of(field[1], names[i])
      if (name == "" && names[i] != field[1]) continue
      found = 1
      check_covered(number, names[i], name, field[2])
    }
    if (!found) offence(covered_by, number, field[1] " is no source with something to test")
  }
  close(covered_by)
}

# What the star of `pattern` stands for in `file`; nothing if they do not match.
function star_of(pattern, file,    part, name) {
  if (split(pattern, part, "*") != 2 || index(file, part[1]) != 1) return ""
  name = substr(file, length(part[1]) + 1, length(file) - length(part[1]) - length(part[2]))
  return name != "" && !index(name, "/") && file == part[1] name part[2] ? name : ""
}

# `name`: what a star in `tests` stands for; without one, the row is for this source alone.
function check_covered(number, source, name, tests,    test, n, i) {
  covered[source] = 1
  if (test_of(source) in exists) {
    if (name == "") offence(covered_by, number, source " has its own tests, " test_of(source))
    return
  }
  n = split(tests, test, " ")
  for (i = 1; i <= n; ++i) {
    gsub(/\*/, name, test[i])
    if (!(test[i] in exists)) offence(covered_by, number, "there is no " test[i] " to cover " source)
  }
}
