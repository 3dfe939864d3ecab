// The kinds of values in a file of published figures: ids, lines of text, figures with their ends,
// types, implementations. Must not know which fields there are.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/statistics.h"
#include "base/toml_document.h"
#include "kernels/types.h"

namespace moat {

/// All readers throw UsageError with the position. `place` names a table in the message, `what` a value.
class PublishedFields {
 public:
  PublishedFields(std::string_view text, std::string_view origin);

  [[nodiscard]] const TomlDocument& document() const { return document_; }

  [[nodiscard]] const toml::node& required(const toml::table& table, std::string_view place,
                                           std::string_view field) const;
  /// One line without characters that control a terminal or change the text direction; empty if the field is
  /// absent. Markup is data and is escaped by every output format.
  [[nodiscard]] std::string line(const toml::table& table, std::string_view field) const;
  [[nodiscard]] std::string required_line(const toml::table& table, std::string_view place,
                                          std::string_view field) const;
  /// A word that becomes part of ids.
  [[nodiscard]] std::string slug(const toml::node& node, std::string_view what) const;
  /// library/<slug>, portable/<slug> or naive.
  [[nodiscard]] std::string implementation(const toml::table& table, std::string_view place) const;
  [[nodiscard]] double positive(const toml::node& node, std::string_view what) const;
  /// A number, or both ends of an interval.
  [[nodiscard]] Interval ends(const toml::node& node, std::string_view what) const;
  [[nodiscard]] bool truth(const toml::table& table, std::string_view field, bool otherwise) const;
  [[nodiscard]] std::string one_of(const toml::node& node, std::string_view what,
                                   std::span<const std::string> known) const;
  /// The fields type and accumulate; by default, the usual accumulation for the type.
  [[nodiscard]] Types types(const toml::table& table, std::string_view place) const;
  /// Calls `read` for each table of the list; does nothing if the field is absent.
  template <class Read>
  void each_table(const toml::table& table, std::string_view field, const Read& read) const {
    const toml::node* node = table.get(field);
    if (node == nullptr) return;
    for (const toml::node& entry : document_.array_of(*node, field))
      read(document_.table_of(entry,
                              "an entry of " + std::string(field) + " is a table, see `moat help import`"));
  }

 private:
  void check_slug(const toml::node& node, std::string_view what, std::string_view text) const;
  TomlDocument document_;
};

}  // namespace moat
