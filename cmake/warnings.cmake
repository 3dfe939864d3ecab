# moat_target(<target> [UNTIMED]): the settings every target of the project shares (warnings, sanitizers, include root).
#
# UNTIMED says that nothing in the target is measured or computes for long. It is optimised less (-O1), which takes the
# compiler about half of the time that -O3 does.

function(moat_target target)
  cmake_parse_arguments(arg "UNTIMED" "" "" ${ARGN})
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
