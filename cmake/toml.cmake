# moat_toml: toml++ as headers only, so that Debian's 3.3 (compiled) and 3.4 build alike and sanitizers see the parser.
# The definitions belong to every user of toml++ in the project: two translation units must not disagree about them.
# Nested values are limited because toml++ destroys a document recursively: a hostile file must not exhaust the stack.
find_path(MOAT_TOML_INCLUDE toml++/toml.h)
if(NOT MOAT_TOML_INCLUDE)
  message(FATAL_ERROR "toml++ not found: install libtomlplusplus-dev, or set MOAT_TOML_INCLUDE to the folder that holds toml++/toml.h")
endif()
add_library(moat_toml INTERFACE)
target_include_directories(moat_toml SYSTEM INTERFACE ${MOAT_TOML_INCLUDE})
target_compile_definitions(moat_toml INTERFACE TOML_HEADER_ONLY=1 TOML_MAX_NESTED_VALUES=8)
