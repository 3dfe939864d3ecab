# moat_shader(OUTPUT <file.spv> SOURCE <file.comp> [INCLUDE <dir>] [DEFINES <NAME=value>...]): one SPIR-V module, by
# glslc, checked by spirv-val. Not optimised by glslc: drivers do that, once the specialisation constants are known, and
# the constants' names, by which the adapter sets them, would be lost.
#
# moat_matrix_extensions(<variable>): by which extensions shaders that multiply matrices can be built here: those that
# glslc compiles and spirv-val accepts, of khr (GL_KHR_cooperative_matrix) and nv (GL_NV_cooperative_matrix).
#
# moat_embed_shaders(<target> <function> FILES <file.spv>... ROOT <dir>): makes modules part of a library, like
# moat_embed, named by their path relative to ROOT.

find_program(MOAT_GLSLC glslc REQUIRED)
find_program(MOAT_SPIRV_VAL spirv-val REQUIRED)

function(moat_shader)
  cmake_parse_arguments(arg "" "OUTPUT;SOURCE;INCLUDE" "DEFINES" ${ARGN})
  cmake_path(GET arg_OUTPUT PARENT_PATH folder)
  file(MAKE_DIRECTORY ${folder})
  set(options --target-env=vulkan1.2 -Werror)
  if(arg_INCLUDE)
    list(APPEND options -I ${arg_INCLUDE})
  endif()
  list(TRANSFORM arg_DEFINES PREPEND -D)
  add_custom_command(
    OUTPUT ${arg_OUTPUT}
    COMMAND ${MOAT_GLSLC} ${options} ${arg_DEFINES} -MD -MF ${arg_OUTPUT}.d ${arg_SOURCE} -o ${arg_OUTPUT}
    COMMAND ${MOAT_SPIRV_VAL} --target-env vulkan1.2 ${arg_OUTPUT}
    DEPENDS ${arg_SOURCE}
    DEPFILE ${arg_OUTPUT}.d
    VERBATIM)
endfunction()

function(moat_matrix_extensions variable)
  set(source "#version 460
#extension GL_KHR_memory_scope_semantics : require
#if KHR
#extension GL_KHR_cooperative_matrix : require
#define MATRIX coopmat<float, gl_ScopeSubgroup, 16, 16, gl_MatrixUseAccumulator>
#else
#extension GL_NV_cooperative_matrix : require
#define MATRIX fcoopmatNV<32, gl_ScopeSubgroup, 16, 16>
#endif
void main() { MATRIX sums = MATRIX(0.0); }
")
  set(probe ${CMAKE_CURRENT_BINARY_DIR}/matrix_extension)
  file(CONFIGURE OUTPUT ${probe}.comp CONTENT "${source}" @ONLY)
  set(known "")
  foreach(extension khr nv)
    string(COMPARE EQUAL ${extension} khr is_khr)
    execute_process(
      COMMAND ${MOAT_GLSLC} --target-env=vulkan1.2 -Werror -DKHR=${is_khr} ${probe}.comp -o ${probe}.spv
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(NOT failed)
      execute_process(COMMAND ${MOAT_SPIRV_VAL} --target-env vulkan1.2 ${probe}.spv
        RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    endif()
    if(NOT failed)
      list(APPEND known ${extension})
    endif()
  endforeach()
  list(JOIN known ", " text)
  message(STATUS "Shaders for cooperative matrices: ${text} (of khr, nv)")
  set(${variable} ${known} PARENT_SCOPE)
endfunction()

function(moat_embed_shaders target function)
  cmake_parse_arguments(arg "" "ROOT" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  set(names "")
  foreach(file IN LISTS arg_FILES)
    file(RELATIVE_PATH name ${arg_ROOT} ${file})
    list(APPEND names ${name})
  endforeach()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${function} "-DFILES=${names}" -DROOT=${arg_ROOT}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_binaries.cmake
    DEPENDS ${arg_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed_binaries.cmake ${PROJECT_SOURCE_DIR}/cmake/hex_literals.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
