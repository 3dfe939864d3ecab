// Strict parsing and writing over nlohmann-json.
#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/error.h"
#include "base/text.h"

namespace moat {
namespace {

template <class Tree>
Tree parse_strictly(std::string_view text, std::string_view where) {
  constexpr int deepest = 64;
  const auto limit_depth = [&](int depth, typename Tree::parse_event_t, Tree&) {
    if (depth > deepest) throw UsageError(fmt::format("{}: nested deeper than {} levels", where, deepest));
    return true;
  };
  try {
    return Tree::parse(text, limit_depth);
  } catch (const nlohmann::json::parse_error& error) {
    throw UsageError(fmt::format("{}: not JSON at byte {}", where, error.byte));
  } catch (const nlohmann::json::exception&) {
    throw UsageError(fmt::format("{}: contains a number that is too large for a double", where));
  }
}

/// A character of a JSON text; in its escaped form where it would control, or hide in, what shows the text.
std::string escaped(std::string_view character, char32_t value) {
  if (value == '\n' || printable(character) == character) return std::string(character);
  if (value < 0x10000) return fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
  const auto beyond = static_cast<std::uint32_t>(value) - 0x10000;
  return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + (beyond >> 10U), 0xdc00 + (beyond & 0x3ffU));
}

}  // namespace

std::string strict_json(const Json& value, int indent) {
  std::string text = value.dump(indent, ' ', false, Json::error_handler_t::replace);
  if (std::ranges::all_of(text, [](char c) { return c < 0x7f && c >= 0; })) return text;
  std::string made;
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint character = first_code_point(rest);
    made += escaped(rest.substr(0, character.bytes), character.value);
    rest.remove_prefix(character.bytes);
  }
  return made;
}

Json finite_json(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json parse_json(std::string_view text, std::string_view where) {
  return parse_strictly<Json>(text, where);
}

nlohmann::json parse_sorted_json(std::string_view text, std::string_view where) {
  return parse_strictly<nlohmann::json>(text, where);
}

void check_schema(std::int64_t found, int known, std::string_view what, std::string_view where) {
  if (found > known) {
    throw UsageError(fmt::format("{}: {} of schema version {}, this moat reads up to version {}: update moat",
                                 where, what, found, known));
  }
  if (found < 1) throw UsageError(fmt::format("{}: {} of impossible schema version {}", where, what, found));
}

}  // namespace moat
