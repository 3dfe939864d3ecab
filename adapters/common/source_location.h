// What a message says of a call into a vendor's library that failed: the function's name, and where it was
// called. Must not know any library.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace moat {

/// "clFinish" of "cl.clFinish(session_->queue.get())": a message names the function that failed; how it was
/// called is no reader's concern.
[[nodiscard]] constexpr std::string_view called_function(std::string_view call) {
  call = call.substr(0, call.find('('));
  if (const auto at = call.find_last_of(".>:"); at != std::string_view::npos) call.remove_prefix(at + 1);
  return call;
}

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
