// Values of published-figures files. The text is hostile until checked.
#include "results/published/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "kernels/implementation_name.h"
#include "results/published/published.h"

namespace moat {
namespace {

/// C1 controls (U+0080 to U+009F) and what turns the direction of text (U+202A to U+202E, U+2066 to U+2069);
/// those of ASCII are refused already.
bool holds_control(std::string_view text) {
  const auto between = [](char32_t value, char32_t low, char32_t high) {
    return low <= value && value <= high;
  };
  while (!text.empty()) {
    const auto [point, length, is_valid] = first_code_point(text);
    if (between(point, 0x80, 0x9f) || between(point, 0x202a, 0x202e) || between(point, 0x2066, 0x2069)) {
      return true;
    }
    text.remove_prefix(length);
  }
  return false;
}

}  // namespace

PublishedFields::PublishedFields(std::string_view text, std::string_view origin)
    : document_(text, std::string(origin),
                {"a published-figures file", PublishedLimits::file_bytes, PublishedLimits::line_bytes,
                 PublishedLimits::text_bytes}) {}

const toml::node& PublishedFields::required(const toml::table& table, std::string_view place,
                                            std::string_view field) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) {
    const bool is_root = &table == &document_.root();
    document_.fail(is_root ? TomlDocument::Position{1, 1} : table.source().begin,
                   fmt::format("{} has no {}", place, field));
  }
  return *node;
}

std::string PublishedFields::line(const toml::table& table, std::string_view field) const {
  std::string text = document_.line_of_text(table, field);
  if (holds_control(text))
    document_.fail(*table.get(field), fmt::format("{} is text without control characters", field));
  return text;
}

std::string PublishedFields::required_line(const toml::table& table, std::string_view place,
                                           std::string_view field) const {
  (void)required(table, place, field);
  return line(table, field);
}

void PublishedFields::check_slug(const toml::node& node, std::string_view what, std::string_view text) const {
  constexpr std::size_t longest = 48;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto fits = [&](char c) { return letter(c) || c == '-' || c == '.' || c == '_'; };
  if (!text.empty() && text.size() <= longest && letter(text[0]) &&
      std::all_of(text.begin(), text.end(), fits))
    return;
  document_.fail(node, fmt::format("{} {} is none: small letters, digits, '-', '.' and '_', at most {}, a "
                                   "letter or digit first",
                                   what, moat::quoted_text(text), longest));
}

std::string PublishedFields::slug(const toml::node& node, std::string_view what) const {
  std::string text = document_.string_of(node, what);
  check_slug(node, what, text);
  return text;
}

std::string PublishedFields::implementation(const toml::table& table, std::string_view place) const {
  const toml::node& node = required(table, place, "implementation");
  std::string text = document_.string_of(node, "implementation");
  const std::optional<ImplementationName> name = parse_implementation_name(text);
  if (!name) {
    document_.fail(node,
                   fmt::format("implementation {} is none of library/<name>, portable/<language>, naive",
                               moat::quoted_text(text)));
  }
  if (name->family != ImplementationFamily::naive)
    check_slug(node, "the name of an implementation", name->name);
  return text;
}

double PublishedFields::positive(const toml::node& node, std::string_view what) const {
  const double value = node.is_number() ? node.value<double>().value_or(0) : 0;
  if (!std::isfinite(value) || value <= 0) document_.fail(node, fmt::format("{} is a number above 0", what));
  return value;
}

Interval PublishedFields::ends(const toml::node& node, std::string_view what) const {
  if (!node.is_array()) {
    const double value = positive(node, what);
    return {value, value};
  }
  const toml::array& pair = document_.array_of(node, what);
  if (pair.size() != 2) document_.fail(node, fmt::format("{} is a number or [low, high]", what));
  const Interval made{positive(pair[0], what), positive(pair[1], what)};
  if (made.low > made.high) document_.fail(node, fmt::format("{} is [low, high]: low is above high", what));
  return made;
}

bool PublishedFields::truth(const toml::table& table, std::string_view field, bool otherwise) const {
  const toml::node* node = table.get(field);
  if (node == nullptr) return otherwise;
  if (!node->is_boolean()) document_.fail(*node, fmt::format("{} is true or false", field));
  return node->value<bool>().value_or(otherwise);
}

std::string PublishedFields::one_of(const toml::node& node, std::string_view what,
                                    std::span<const std::string> known) const {
  std::string text = document_.string_of(node, what);
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    document_.fail(node, fmt::format("unknown {} {}.{} Known: {}.", what, moat::quoted_text(text),
                                     did_you_mean(text, known), join(known, ", ")));
  }
  return text;
}

Types PublishedFields::types(const toml::table& table, std::string_view place) const {
  const auto type_of = [&](const toml::node& node) {
    return *parse_type(one_of(node, "type", type_names()));
  };
  Types made = default_types(type_of(required(table, place, "type")));
  if (const toml::node* node = table.get("accumulate")) made.accumulate = type_of(*node);
  return made;
}

}  // namespace moat
