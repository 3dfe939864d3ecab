# Run by moat_embed_shaders at build time: writes FILES (relative to ROOT) into OUTPUT as string literals of escapes,
# 4,000 bytes each.
set(text "// Generated from the files named below by cmake/embed_binaries.cmake.\n#include <array>\n#include \"base/embedded.h\"\n\nnamespace moat {\n")
include(${CMAKE_CURRENT_LIST_DIR}/hex_literals.cmake)
set(entries "")
set(count 0)
foreach(file IN LISTS FILES)
  hex_literals(${ROOT}/${file} literals bytes)
  string(APPEND entries "      EmbeddedFile{\"${file}\", {${literals}, ${bytes}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND text "std::span<const EmbeddedFile> ${FUNCTION}() {\n  static constexpr std::array<EmbeddedFile, ${count}> files{{\n${entries}  }};\n  return files;\n}\n}  // namespace moat\n")
file(WRITE ${OUTPUT} "${text}")
