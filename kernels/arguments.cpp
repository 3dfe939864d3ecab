// Keys taken apart.
#include "kernels/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace moat {
namespace {

constexpr std::size_t longest_quotation = 40;

}  // namespace

Arguments::Arguments(std::string_view operator_name, std::string_view key_example,
                     std::span<const std::string> names, std::string_view text)
    : operator_name_(operator_name), key_example_(key_example) {
  for (const std::string_view argument : split(text, ',')) {
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (equals == std::string_view::npos || std::find(names.begin(), names.end(), name) == names.end()) {
      throw UsageError(fmt::format("{}: unknown argument '{}'.{} Write a key like {}", operator_name,
                                   argument.substr(0, longest_quotation), did_you_mean(name, names),
                                   key_example));
    }
    if (!values_.emplace(name, argument.substr(equals + 1)).second) {
      throw UsageError(fmt::format("{}: argument {} is given twice", operator_name, name));
    }
  }
}

std::string_view Arguments::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw UsageError(
        fmt::format("{}: {}= is missing; write a key like {}", operator_name_, name, key_example_));
  }
  return found->second;
}

std::int64_t Arguments::number(std::string_view name, std::int64_t least, std::int64_t most) const {
  return number_in(text(name), name, least, most);
}

std::int64_t Arguments::number_in(std::string_view digits, std::string_view name, std::int64_t least,
                                  std::int64_t most) const {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size() || value < least || value > most) {
    throw UsageError(fmt::format("{}: {}={} will not do; give a whole number from {} to {}", operator_name_,
                                 name, digits.substr(0, longest_quotation), least, most));
  }
  return value;
}

std::size_t Arguments::word(std::string_view name, std::span<const std::string_view> words) const {
  const std::string_view given = text(name);
  const auto found = std::find(words.begin(), words.end(), given);
  if (found == words.end()) {
    throw UsageError(fmt::format("{}: {}={} is none of {}", operator_name_, name,
                                 given.substr(0, longest_quotation), fmt::join(words, ", ")));
  }
  return static_cast<std::size_t>(found - words.begin());
}

Type Arguments::type(std::string_view name, Type otherwise) const {
  if (!has(name)) return otherwise;
  const std::optional<Type> type = parse_type(text(name));
  if (!type) {
    throw UsageError(fmt::format("{}: {}={} is no type; known are f64, f32, f16, bf16, i8, i32",
                                 operator_name_, name, text(name).substr(0, longest_quotation)));
  }
  return *type;
}

Types Arguments::types() const {
  Types types = default_types(type("type", Type::f32));
  types.accumulate = type("accumulate", types.accumulate);
  types.output = type("output", types.output);
  return types;
}

}  // namespace moat
