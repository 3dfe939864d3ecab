# moat_add_adapter(<name> SOURCES <file>... [LIBRARIES <target>...] [TEST_ENVIRONMENT <NAME=value>...]): one folder
# under adapters/ becomes an adapter. TEST_ENVIRONMENT is what the conformance tests need to find its devices.
#
# The folder defines `std::unique_ptr<moat::Adapter> moat::make_<name>_adapter()`. The option MOAT_ADAPTER_<NAME> (ON)
# leaves it out. adapters/CMakeLists.txt writes the list of all of them into the registry: no C++ outside the folder names it.

set_property(GLOBAL PROPERTY MOAT_ADAPTERS "")

function(moat_add_adapter name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES;TEST_ENVIRONMENT" ${ARGN})
  string(TOUPPER ${name} upper)
  option(MOAT_ADAPTER_${upper} "Build the ${name} adapter" ON)
  if(NOT MOAT_ADAPTER_${upper})
    return()
  endif()
  add_library(moat_adapter_${name} STATIC ${arg_SOURCES})
  moat_target(moat_adapter_${name})
  target_link_libraries(moat_adapter_${name} PUBLIC moat_adapter_common PRIVATE ${arg_LIBRARIES} ${CMAKE_DL_LIBS})
  set_property(GLOBAL APPEND PROPERTY MOAT_ADAPTERS ${name})
  set_property(GLOBAL PROPERTY MOAT_ADAPTER_TEST_ENVIRONMENT_${name} "${arg_TEST_ENVIRONMENT}")
endfunction()
