# moat_build_info(<target>): compiles what the binary was built from into <target>, as moat::build_info() (bench/environment/build_info.h).
#
# The git commit is looked up at every build, but the generated source is rewritten only when something in it changed, so
# an incremental build recompiles one small file after a commit and nothing otherwise.

function(moat_build_info target)
  find_package(Git QUIET)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/build_info.cpp)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" upper)
  set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${upper}}")
  string(STRIP "${flags}" flags)
  add_custom_target(${target}_build_info
    COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${output}" "-DSOURCE_DIR=${PROJECT_SOURCE_DIR}" "-DGIT=${GIT_EXECUTABLE}"
            "-DVERSION=${PROJECT_VERSION}" "-DCOMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
            "-DFLAGS=${flags}" "-DBUILD_TYPE=${CMAKE_BUILD_TYPE}" "-DSANITIZE=${MOAT_SANITIZE}"
            -P ${PROJECT_SOURCE_DIR}/cmake/write_build_info.cmake
    BYPRODUCTS ${output}
    COMMENT "Looking up the git commit"
    VERBATIM)
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${output})
  add_dependencies(${target} ${target}_build_info)
endfunction()
