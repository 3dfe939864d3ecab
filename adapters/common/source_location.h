// The source file and line of a call into a vendor's library, for messages when the call fails.
// Must not know any library.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace moat {

/// Like std::source_location, whose version in libstdc++ clang understands only from 16 on.
struct SourceLocation {
  const char* file;
  unsigned line;
  [[nodiscard]] static constexpr SourceLocation here(const char* file = __builtin_FILE(),
                                                     unsigned line = __builtin_LINE()) {
    return {file, line};
  }
  /// "adapters/opencl/device.cpp:120". The path begins at the repository's root, so that messages do not
  /// depend on the folder in which the project was built.
  [[nodiscard]] std::string text() const {
    std::string_view path = file;
    if (const auto at = path.rfind("adapters/"); at != std::string_view::npos) path.remove_prefix(at);
    return fmt::format("{}:{}", path, line);
  }
};

}  // namespace moat
