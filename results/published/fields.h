// The kinds of values that a published-figures file holds: ids, lines of text, figures with their ends,
// types, implementations. Must not know which fields there are.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/statistics.h"
#include "base/toml_document.h"
#include "kernels/types.h"

namespace moat {

/// Readers throw UsageError with the place; `place` names a table in it, `what` a value.
class PublishedFields {
 public:
  PublishedFields(std::string_view text, std::string_view origin);

  [[nodiscard]] const TomlDocument& document() const { return document_; }

  [[nodiscard]] const toml::node& required(const toml::table& table, std::string_view place,
                                           std::string_view field) const;
  /// One line that steers no terminal and turns no text; empty if the field is absent. Markup is data:
  /// whatever prints it escapes it.
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
  /// Fields type and accumulate; without the latter the usual one for the type.
  [[nodiscard]] Types types(const toml::table& table, std::string_view place) const;
  /// What `read` makes of each table of the list; nothing if the field is absent.
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
