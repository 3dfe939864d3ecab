# moat_utf8: UTF8-CPP, headers only. Where its folder is depends on the release: Debian's are in utf8cpp/.
find_path(MOAT_UTF8_INCLUDE utf8.h PATH_SUFFIXES utf8cpp)
if(NOT MOAT_UTF8_INCLUDE)
  message(FATAL_ERROR "UTF8-CPP not found: install libutfcpp-dev, or set MOAT_UTF8_INCLUDE to the folder that holds utf8.h")
endif()
add_library(moat_utf8 INTERFACE)
target_include_directories(moat_utf8 SYSTEM INTERFACE ${MOAT_UTF8_INCLUDE})
