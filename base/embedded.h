// A text file that is embedded in a library at build time (cmake/embed.cmake): kernel sources and suites.
#pragma once

#include <span>
#include <string_view>

namespace moat {

struct EmbeddedFile {
  std::string_view name;  // path relative to the room it lies in, e.g. "gemm/naive.cl"
  std::string_view text;
};

}  // namespace moat
