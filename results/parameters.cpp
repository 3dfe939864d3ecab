// Writing parameters, and the numbers that methods had before they had names.
#include "results/parameters.h"

#include <array>
#include <span>
#include <string>

#include "base/json.h"

namespace moat {
namespace {

// By number. Closed lists: a new method has a name and no number.
constexpr std::array<std::string_view, 5> gemm{"tiled", "packed", "dots", "lanes", "matrices"};
constexpr std::array<std::string_view, 4> attention{"grouped", "fused", "decode", "lanes"};
constexpr std::array<std::string_view, 4> convolution{"tiled", "packed", "direct", "lanes"};

std::span<const std::string_view> numbered(std::string_view operator_name) {
  if (operator_name == "gemm") return gemm;
  if (operator_name == "attention") return attention;
  if (operator_name == "convolution") return convolution;
  return {};
}

}  // namespace

void encode(const JsonSink& to, const Parameters& parameters) {
  to.put_object();
  if (!parameters.method.empty()) to.field(method_name).put(std::string_view(parameters.method));
  for (const auto& [name, value] : parameters.values) to.field(name).put(value);
}

void decode(const JsonSource& from, Parameters& parameters) {
  parameters = {};
  from.each_field([&](std::string_view name, const JsonSource& value) {
    if (name == method_name && !value.is_number()) {
      parameters.method = value.text();
    } else {
      decode(value, parameters.values[std::string(name)]);
    }
  });
}

Json parameters_json(const Parameters& parameters) {
  Json object;
  encode(JsonSink(object), parameters);
  return object;
}

std::optional<std::string_view> method_of_number(std::string_view operator_name, std::int64_t number) {
  const std::span<const std::string_view> names = numbered(operator_name);
  if (number < 0 || number >= static_cast<std::int64_t>(names.size())) return std::nullopt;
  return names[static_cast<std::size_t>(number)];
}

void name_method(Parameters& parameters, std::string_view operator_name) {
  const auto found = parameters.values.find(std::string(method_name));
  if (found == parameters.values.end()) return;
  const auto name = method_of_number(operator_name, found->second);
  if (!name) return;
  parameters.method = *name;
  parameters.values.erase(found);
}

}  // namespace moat
