// Reads TOML that came from outside: bounded before it is parsed, every error with file, line and column, in
// one line fit for a terminal. Must not know what the documents are about.
#pragma once

#include <toml++/toml.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// What a kind of file may hold at most; more is refused before it costs memory or time.
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

  /// Throw UsageError with the place.
  [[noreturn]] void fail(Position at, const std::string& message) const;
  [[noreturn]] void fail(const toml::node& at, const std::string& message) const;

  /// Refuses fields that are not `known`, with the nearest; `place` is a table's name in the message.
  void check_fields(const toml::table& table, std::string_view place,
                    std::span<const std::string> known) const;

  // The readers refuse a node that is not what is asked for; `what` names it in the message.
  [[nodiscard]] std::string string_of(const toml::node& node, std::string_view what) const;
  /// One line, not blank, without control characters: text for tables and records.
  [[nodiscard]] std::string line_of(const toml::node& node, std::string_view what) const;
  /// The same of a field; empty if it is absent.
  [[nodiscard]] std::string line_of_text(const toml::table& table, std::string_view field) const;
  [[nodiscard]] const toml::array& array_of(const toml::node& node, std::string_view what) const;
  /// `remedy` says how to write one.
  [[nodiscard]] const toml::table& table_of(const toml::node& node, std::string_view remedy) const;

 private:
  void check_extent(std::string_view text) const;
  void check_characters(std::string_view line, Position at) const;

  std::string origin_;
  TomlLimits limits_;
  toml::table root_;
};

/// In quotation marks, cut where it is long.
[[nodiscard]] std::string quoted(std::string_view text);

/// A file's text, one byte more than `limits` allow at most, so that TomlDocument can say it is too long.
/// Errors begin with "<what> file '<path>'" and name the reason; `otherwise` is what to do for a file that
/// does not exist.
[[nodiscard]] std::string read_toml_file(const std::string& path, std::string_view what,
                                         std::size_t file_bytes, std::string_view otherwise);

}  // namespace moat
