# moat_shader(OUTPUT <file.spv> SOURCE <file.comp> [INCLUDE <dir>] [DEFINES <NAME=value>...]): one SPIR-V module, by
# glslc, checked by spirv-val. Not optimised by glslc: drivers do that, once the specialisation constants are known, and
# the constants' names, by which the adapter sets them, would be lost.
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
    DEPENDS ${arg_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed_binaries.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
