# moat_target(<target> [UNTIMED] [UNITY]): the settings every target of the project shares (warnings, sanitizers, include root).
#
# UNTIMED says that nothing in the target is measured or computes for long. It is optimised less (-O1), which takes the
# compiler about half of the time that -O3 does.
#
# UNITY compiles the sources eight at a time, which halves the compiler's time: most of it goes into the standard library
# and nlohmann-json, which nearly every source of the larger rooms includes. What sources have in anonymous namespaces
# must have names of its own there. -DMOAT_UNITY=OFF compiles each alone (preset asan does, so that CI sees a missing
# include), and is quicker after an edit.
function(moat_target target)
  cmake_parse_arguments(arg "UNTIMED;UNITY" "" "" ${ARGN})
  if(arg_UNITY AND MOAT_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
  if(arg_UNTIMED)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release,RelWithDebInfo>:-O1>)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 warns of std::string's own code when it is inlined (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
    -Wcast-align -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi)
  if(MOAT_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MOAT_SANITIZE)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      # GCC documents false positives of this one under sanitizers, and finds some in its own <regex>.
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
    endif()
    target_compile_options(${target} PUBLIC -fsanitize=${MOAT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${MOAT_SANITIZE})
  endif()
endfunction()
