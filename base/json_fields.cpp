// The places of a tree that fields are written to and read from.
#include "base/json_fields.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/json.h"

namespace moat {

void JsonSink::put_null() const {
  place_ = nullptr;
}
void JsonSink::put(bool value) const {
  place_ = value;
}
void JsonSink::put(double value) const {
  if (std::isfinite(value)) {
    place_ = value;
  } else {
    place_ = nullptr;
  }
}
void JsonSink::put(std::int64_t value) const {
  place_ = value;
}
void JsonSink::put(std::uint64_t value) const {
  place_ = value;
}
void JsonSink::put(std::string_view value) const {
  place_ = value;
}
void JsonSink::put(const Json& value) const {
  place_ = value;
}
void JsonSink::put_object() const {
  place_ = Json::object();
}
void JsonSink::put_array() const {
  place_ = Json::array();
}
JsonSink JsonSink::field(std::string_view name) const {
  return JsonSink(place_[std::string(name)]);
}
JsonSink JsonSink::element() const {
  return JsonSink(place_.emplace_back(nullptr));
}

JsonSource::JsonSource(const Json& tree, std::string_view where, std::string_view what)
    : ordered_(&tree), name_(what), where_(where) {}

JsonSource::JsonSource(const nlohmann::json& tree, std::string_view where, std::string_view what)
    : sorted_(&tree), name_(what), where_(where) {}

JsonSource::JsonSource(const JsonSource& around, std::string_view name, std::size_t index)
    : around_(&around), name_(name), index_(index), where_(around.where_) {}

template <class Do>
decltype(auto) JsonSource::with_tree(const Do& act) const {
  return ordered_ != nullptr ? act(*ordered_) : act(*sorted_);
}

// "problems[3].driver"; empty for the whole.
std::string JsonSource::path() const {
  if (around_ == nullptr) return "";
  std::string text = around_->path();
  if (name_.data() == nullptr) return text + fmt::format("[{}]", index_);
  return text + (text.empty() ? "" : ".") + std::string(name_);
}

void JsonSource::fail(std::string_view fault) const {
  if (around_ == nullptr) throw UsageError(fmt::format("{}: {} {}", where_, name_, fault));
  throw UsageError(fmt::format("{}: '{}' {}", where_, path(), fault));
}

void JsonSource::fail_at(std::string_view field, std::string_view fault) const {
  JsonSource(*this, field, 0).fail(fault);
}

bool JsonSource::is_null() const {
  return with_tree([](const auto& tree) { return tree.is_null(); });
}

bool JsonSource::is_number() const {
  return with_tree([](const auto& tree) { return tree.is_number(); });
}

bool JsonSource::truth() const {
  return with_tree([&](const auto& tree) {
    if (!tree.is_boolean()) fail("is neither true nor false");
    return tree.template get<bool>();
  });
}

double JsonSource::number() const {
  return with_tree([&](const auto& tree) {
    if (!tree.is_number()) fail("is not a number");
    return tree.template get<double>();
  });
}

std::int64_t JsonSource::integer(std::int64_t lowest, std::int64_t highest) const {
  using Limits = std::numeric_limits<std::int64_t>;
  return with_tree([&](const auto& tree) {
    const bool too_large = tree.is_number_unsigned() &&
                           tree.template get<std::uint64_t>() > static_cast<std::uint64_t>(Limits::max());
    const auto value =
        tree.is_number_integer() && !too_large ? tree.template get<std::int64_t>() : std::int64_t{0};
    if (!tree.is_number_integer() || too_large || value < lowest || value > highest) {
      fail(lowest == Limits::min() && highest == Limits::max()
               ? "is not a whole number of 64 bits"
               : fmt::format("is not a whole number from {} to {}", lowest, highest));
    }
    return value;
  });
}

std::uint64_t JsonSource::natural(std::uint64_t highest) const {
  return with_tree([&](const auto& tree) {
    const bool is_negative =
        !tree.is_number_unsigned() && tree.is_number_integer() && tree.template get<std::int64_t>() < 0;
    if (!tree.is_number_integer() || is_negative || tree.template get<std::uint64_t>() > highest) {
      fail(highest == std::numeric_limits<std::uint64_t>::max()
               ? "is not a whole number from 0 to 2^64-1"
               : fmt::format("is not a whole number from 0 to {}", highest));
    }
    return tree.template get<std::uint64_t>();
  });
}

std::string JsonSource::text() const {
  return with_tree([&](const auto& tree) {
    if (!tree.is_string()) fail("is not text");
    return tree.template get<std::string>();
  });
}

void JsonSource::copy_to(Json& value) const {
  value = with_tree([](const auto& tree) { return Json(tree); });
}

std::size_t JsonSource::array_size() const {
  return with_tree([&](const auto& tree) {
    if (!tree.is_array()) fail("is not an array");
    return tree.size();
  });
}

JsonSource JsonSource::element(std::size_t index) const {
  JsonSource made(*this, {}, index);
  if (ordered_ != nullptr) {
    made.ordered_ = &(*ordered_)[index];
  } else {
    made.sorted_ = &(*sorted_)[index];
  }
  return made;
}

void JsonSource::require_object() const {
  with_tree([&](const auto& tree) {
    if (!tree.is_object()) fail("is not an object");
  });
}

bool JsonSource::has(std::string_view field) const {
  return with_tree([&](const auto& tree) { return tree.contains(field); });
}

JsonSource JsonSource::field(std::string_view name) const {
  JsonSource made(*this, name, 0);
  if (!has(name)) made.fail("is missing");
  if (ordered_ != nullptr) {
    made.ordered_ = &*ordered_->find(name);
  } else {
    made.sorted_ = &*sorted_->find(name);
  }
  return made;
}

void JsonSource::each_field(
    const std::function<void(std::string_view name, const JsonSource& value)>& visit) const {
  require_object();
  with_tree([&](const auto& tree) {
    for (const auto& [name, value] : tree.items()) {
      JsonSource field(*this, name, 0);
      if constexpr (std::same_as<decltype(value), const Json&>) {
        field.ordered_ = &value;
      } else {
        field.sorted_ = &value;
      }
      visit(name, field);
    }
  });
}

void read_schema(const JsonSource& object, int known, std::string_view what) {
  object.require_object();
  std::int64_t schema = 0;
  const FieldReader read(object);
  read("schema", schema);
  check_schema(schema, known, what, object.where_);
}

}  // namespace moat
