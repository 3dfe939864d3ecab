// Reads untrusted TOML: sizes are checked before parsing, and every error has file, line and column and is
// one line that is safe to print. Must not know what the documents are about.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml.h"

namespace moat {

/// The limits of a kind of file, checked before it costs memory or time.
struct TomlLimits {
  std::string kind;  // of file, with its article: "a suite"
  std::size_t file_bytes = std::size_t{1} << 20U;
  std::size_t line_bytes = 2000;
  std::size_t text_bytes = 1000;  // of one string
};

class TomlDocument {
 public:
  using Position = toml::source_position;

  /// Parses; `origin` is named in errors ("my.toml:12:7: …"). Throws UsageError.
  TomlDocument(std::string_view text, std::string origin, TomlLimits limits);

  [[nodiscard]] const toml::table& root() const { return root_; }

  /// Throw UsageError with the position.
  [[noreturn]] void fail(Position at, const std::string& message) const;
  [[noreturn]] void fail(const toml::node& at, const std::string& message) const;

  /// Throws if a field is not `known`, with the nearest names; `place` names the table in the message.
  void check_fields(const toml::table& table, std::string_view place,
                    std::span<const std::string> known) const;

  // The readers refuse a node that is not what is asked for; `what` names it in the message.
  [[nodiscard]] std::string string_of(const toml::node& node, std::string_view what) const;
  /// One line, not blank, without control characters: text for tables and records.
  [[nodiscard]] std::string line_of(const toml::node& node, std::string_view what) const;
  /// The same for a field; empty if it is absent.
  [[nodiscard]] std::string line_of_text(const toml::table& table, std::string_view field) const;
  [[nodiscard]] const toml::array& array_of(const toml::node& node, std::string_view what) const;
  /// `remedy`: how to write it.
  [[nodiscard]] const toml::table& table_of(const toml::node& node, std::string_view remedy) const;

 private:
  void check_extent(std::string_view text) const;
  void parse(std::string_view text);
  void check_characters(std::string_view line, Position at) const;

  std::string origin_;
  TomlLimits limits_;
  toml::table root_;
};

/// In quotation marks, shortened if it is long.
[[nodiscard]] std::string quoted_text(std::string_view text);

/// The text of a file, at most one byte more than `limits` allow, so that TomlDocument can report the excess.
/// Errors begin with "<what> file '<path>'" and give the reason;
/// `otherwise` is the remedy if the file does not exist.
[[nodiscard]] std::string read_toml_file(const std::string& path, std::string_view what,
                                         std::size_t file_bytes, std::string_view otherwise);

}  // namespace moat
