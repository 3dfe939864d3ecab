// Reads the operating system's small text files below a root; a missing file is a fact with a reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fields.h"
#include "base/system_text.h"

namespace moat::environment {

/// The text "unavailable: why".
[[nodiscard]] Json unavailable(std::string_view why);

/// The whole text as a number.
[[nodiscard]] std::optional<std::int64_t> integer(std::string_view text);
class SystemFiles {
 public:
  explicit SystemFiles(std::filesystem::path root) : root_(std::move(root)) {}

  struct Text {
    std::optional<std::string> value;  // trimmed
    std::string absence;               // "/proc/x: Permission denied" if there is none
    /// Of the value; empty if there is none. Lives as long as this.
    [[nodiscard]] std::string_view view() const {
      return value ? std::string_view(*value) : std::string_view();
    }
  };
  /// `path` is absolute, as on the machine itself. At most 16 MiB are read.
  [[nodiscard]] Text read(std::string_view path) const;
  /// As JSON: the text ("none" if the file is empty), or unavailable.
  [[nodiscard]] Json text(std::string_view path) const;
  [[nodiscard]] Json number(std::string_view path) const;
  /// "a [b] c" -> "b".
  [[nodiscard]] Json choice(std::string_view path) const;
  [[nodiscard]] bool exists(std::string_view path) const;
  /// Names in a folder that begin with `prefix` and go on with a digit, by that number: cpu0, cpu1, cpu10.
  [[nodiscard]] std::vector<std::string> numbered(std::string_view folder, std::string_view prefix) const;
  /// All names in a folder, sorted.
  [[nodiscard]] std::vector<std::string> names(std::string_view folder) const;

 private:
  [[nodiscard]] std::filesystem::path at(std::string_view path) const;
  std::filesystem::path root_;
};

}  // namespace moat::environment
