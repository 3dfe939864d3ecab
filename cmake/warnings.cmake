# moat_target(<target>): the settings every target of the project shares (warnings, sanitizers, include root).

function(moat_target target)
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
