// Keys taken apart.
#include "kernels/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "base/error.h"
#include "base/numbers.h"
#include "base/text.h"

namespace moat {
namespace {

constexpr std::size_t longest_quotation = 40;

/// The others are catalogued only: no operator stores their elements.
const std::vector<std::string>& stored_types() {
  static const std::vector<std::string> names{"f64", "f32", "f16", "bf16", "i8", "i32"};
  return names;
}

}  // namespace

std::string domain_text(const KeyArgument& argument) {
  switch (argument.kind) {
    case KeyArgument::Kind::size:
      return fmt::format("a whole number from {} to {}", argument.least, argument.most);
    case KeyArgument::Kind::extent:
      return fmt::format("a whole number from {} to {}, or two, height x width", argument.least,
                         argument.most);
    case KeyArgument::Kind::real:
      return "a number";
    case KeyArgument::Kind::word:
      return fmt::format("one of {}", fmt::join(argument.words, ", "));
    case KeyArgument::Kind::type:
      return fmt::format("one of {}", join(stored_types(), ", "));
  }
  throw std::logic_error("no kind of argument");
}

Arguments::Arguments(std::string_view operator_name, std::string_view key_example,
                     std::span<const KeyArgument> known, std::string_view text)
    : operator_name_(operator_name), key_example_(key_example), known_(known) {
  std::vector<std::string> names;
  for (const KeyArgument& argument : known) names.emplace_back(argument.name);
  for (const std::string_view argument : split(text, ',')) {
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (equals == std::string_view::npos || std::find(names.begin(), names.end(), name) == names.end()) {
      throw UsageError(fmt::format("{}: unknown argument '{}'.{} Write a key like {} (moat help {})",
                                   operator_name, argument.substr(0, longest_quotation),
                                   did_you_mean(name, names), key_example, operator_name));
    }
    if (!values_.emplace(name, argument.substr(equals + 1)).second) {
      throw UsageError(fmt::format("{}: argument {} is given twice", operator_name, name));
    }
  }
}

const KeyArgument& Arguments::known(std::string_view name) const {
  const auto found = std::ranges::find(known_, name, &KeyArgument::name);
  if (found == known_.end())
    throw std::logic_error(fmt::format("no argument {} of {}", name, operator_name_));
  return *found;
}

std::string_view Arguments::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw UsageError(fmt::format("{}: {}= is missing; write a key like {} (moat help {})", operator_name_,
                                 name, key_example_, operator_name_));
  }
  return found->second;
}

void Arguments::refuse(const KeyArgument& argument, std::string_view near) const {
  throw UsageError(fmt::format("{}: {}={} will not do; give {}.{}", operator_name_, argument.name,
                               text(argument.name).substr(0, longest_quotation), domain_text(argument),
                               near));
}

std::int64_t Arguments::number_in(const KeyArgument& argument, std::string_view digits) const {
  const std::optional<std::uint64_t> value = whole_number(digits);
  if (!value || *value > static_cast<std::uint64_t>(argument.most) ||
      static_cast<std::int64_t>(*value) < argument.least) {
    refuse(argument, "");
  }
  return static_cast<std::int64_t>(*value);
}

std::int64_t Arguments::number(std::string_view name) const {
  return number_in(known(name), text(name));
}

std::array<std::int64_t, 2> Arguments::extent(std::string_view name) const {
  const KeyArgument& argument = known(name);
  const std::string_view given = text(name);
  const std::size_t cross = given.find('x');
  if (cross == std::string_view::npos) return {number_in(argument, given), number_in(argument, given)};
  return {number_in(argument, given.substr(0, cross)), number_in(argument, given.substr(cross + 1))};
}

float Arguments::real(std::string_view name) const {
  const std::string_view given = text(name);
  const bool is_negative = given.starts_with('-');
  float value = 0;
  // Straight to the precision that is used: by way of double, some numbers would be rounded twice.
  const auto [end, code] = std::from_chars(given.data(), given.data() + given.size(), value);
  if (code != std::errc() || end != given.data() + given.size() || !std::isfinite(value) ||
      !decimal_number(given.substr(is_negative ? 1 : 0))) {
    refuse(known(name), "");
  }
  return value;
}

std::size_t Arguments::word(std::string_view name) const {
  const std::span<const std::string_view> words = known(name).words;
  const std::string_view given = text(name);
  const auto found = std::find(words.begin(), words.end(), given);
  if (found == words.end())
    refuse(known(name), did_you_mean(given, std::vector<std::string>(words.begin(), words.end())));
  return static_cast<std::size_t>(found - words.begin());
}

Type Arguments::type(std::string_view name, Type otherwise) const {
  if (!has(name)) return otherwise;
  const std::optional<Type> type = parse_type(text(name));
  if (!type) refuse(known(name), did_you_mean(text(name), stored_types()));
  return *type;
}

Types Arguments::types() const {
  Types types = default_types(type("type", Type::f32));
  types.accumulate = type("accumulate", types.accumulate);
  types.output = type("output", types.output);
  return types;
}

}  // namespace moat
