# What an operator's folder gives to the build: its operator.cmake calls moat_operator_files, and moat_kernel_shader
# (shaders.cmake) for each shader.

# moat_operator(<name>): the operator of kernels/<name>, which defines `const Operator& <name>_operator()`.
macro(moat_operator name)
  include(${CMAKE_CURRENT_SOURCE_DIR}/${name}/operator.cmake)
  string(APPEND declarations "const Operator& ${name}_operator();\n")
  string(APPEND entries "      &${name}_operator(),\n")
endmacro()

# moat_operator_files(<name> SOURCES <file.cpp>... KERNELS <file.cl>... [INCLUDED <file.glsl>...]): names within
# kernels/<name>. INCLUDED: what its shaders include, to be counted with them.
function(moat_operator_files name)
  cmake_parse_arguments(arg "" "" "SOURCES;KERNELS;INCLUDED" ${ARGN})
  foreach(list arg_SOURCES arg_KERNELS arg_INCLUDED)
    list(TRANSFORM ${list} PREPEND ${name}/)
  endforeach()
  set(kernel_sources ${kernel_sources} ${arg_SOURCES} PARENT_SCOPE)
  set(kernel_files ${kernel_files} ${arg_KERNELS} PARENT_SCOPE)
  set(shader_sources ${shader_sources} ${arg_INCLUDED} PARENT_SCOPE)
endfunction()
