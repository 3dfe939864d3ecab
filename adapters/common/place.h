// Where a call into a vendor's library stands, for the messages of its failures. Must not know any library.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace moat {

/// std::source_location does the same, but clang before 16 does not know libstdc++'s.
struct Place {
  const char* file;
  unsigned line;
  [[nodiscard]] static constexpr Place here(const char* file = __builtin_FILE(),
                                            unsigned line = __builtin_LINE()) {
    return {file, line};
  }
  /// "adapters/opencl/device.cpp:120": from the repository's root on, so that messages do not depend on where
  /// the project was built.
  [[nodiscard]] std::string text() const {
    std::string_view path = file;
    if (const auto at = path.rfind("adapters/"); at != std::string_view::npos) path.remove_prefix(at);
    return fmt::format("{}:{}", path, line);
  }
};

}  // namespace moat
