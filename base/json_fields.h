// A struct as JSON by one list of its fields, walked by a writer and a reader. Strict: what is missing, of
// another type or an unknown word is a UsageError that names the field. Must not know any struct, and leaves
// nlohmann's header to json_fields.cpp, since it takes a second to compile.
//
// A struct takes part through a list beside it, in its namespace:
//
//   template <class Visit, MaybeConst<Interval> T>
//   void visit_fields(const Visit& visit, T& interval) {
//     auto& [low, high] = interval;  // counts the members: one that has no line below does not compile
//     visit("low", low);
//     visit("high", high);
//   }
//
// and, where not every value will do, through `std::optional<FieldFault> field_fault(const Interval&)`,
// which is asked after reading. An enumeration has `name(value)` and parse_word; another type may have
// overloads of encode and decode in its namespace.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace moat {

/// Objects keep the order of insertion, so that the output is in the documented order.
using Json = nlohmann::ordered_json;

/// `T` is Plain or const Plain: a list of fields serves writing and reading.
template <class T, class Plain>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Plain>;

/// The function from text to std::optional<Enum>, by specialisation: `= &parse_type`.
template <class Enum>
inline constexpr std::nullptr_t parse_word = nullptr;

/// Has a list of fields.
template <class T>
concept Struct = std::is_class_v<T> && !std::same_as<T, Json>;

/// What is wrong with which field: {"high", "is above 1"}.
struct FieldFault {
  std::string field;
  std::string fault;
};

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// Where a value is written: a place in a tree. Refers to it; ends with it.
class JsonSink {
 public:
  explicit JsonSink(Json& place) : place_(place) {}
  void put_null() const;
  void put(bool value) const;
  void put(double value) const;  // one that is not finite becomes null
  void put(std::int64_t value) const;
  void put(std::uint64_t value) const;
  void put(std::string_view value) const;
  void put(const char* value) const { put(std::string_view(value)); }
  void put(const Json& value) const;
  /// An empty one; what is put into it follows.
  void put_object() const;
  void put_array() const;
  /// The place of a new field; of a new element, until the next one.
  [[nodiscard]] JsonSink field(std::string_view name) const;
  [[nodiscard]] JsonSink element() const;

 private:
  Json& place_;
};

/// A value that is read, in a tree whose objects are in the file's order or sorted. Knows its path, for
/// errors. Refers to the tree and to the source around it.
class JsonSource {
 public:
  /// The whole: `where` begins every error ("records.jsonl:17"), `what` is what it should be ("a record").
  JsonSource(const Json& tree, std::string_view where, std::string_view what);
  JsonSource(const nlohmann::json& tree, std::string_view where, std::string_view what);

  /// Throws UsageError: "records.jsonl:17: 'work.operations' is not a number".
  [[noreturn]] void fail(std::string_view fault) const;
  /// The same about a field of this object.
  [[noreturn]] void fail_at(std::string_view field, std::string_view fault) const;

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_number() const;
  // Of another type: fail.
  [[nodiscard]] bool truth() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] std::int64_t integer(std::int64_t lowest, std::int64_t highest) const;
  [[nodiscard]] std::uint64_t natural(std::uint64_t highest) const;
  [[nodiscard]] std::string text() const;
  void copy_to(Json& value) const;  // of any type

  [[nodiscard]] std::size_t array_size() const;
  [[nodiscard]] JsonSource element(std::size_t index) const;
  void require_object() const;
  [[nodiscard]] bool has(std::string_view field) const;
  [[nodiscard]] JsonSource field(std::string_view name) const;
  void each_field(const std::function<void(std::string_view name, const JsonSource& value)>& visit) const;

 private:
  JsonSource(const JsonSource& around, std::string_view name, std::size_t index);
  template <class Do>
  decltype(auto) with_tree(const Do& act) const;
  [[nodiscard]] std::string path() const;

  friend void read_schema(const JsonSource& object, int known, std::string_view what);

  const Json* ordered_ = nullptr;
  const nlohmann::json* sorted_ = nullptr;  // exactly one of the two
  const JsonSource* around_ = nullptr;
  std::string_view name_;  // of the field; of the whole, what it should be
  std::size_t index_ = 0;  // of the element, if there is no name
  std::string_view where_;
};

// Writing
// ------------------------------------------------------------------------------------------------------

inline void encode(const JsonSink& to, bool value) {
  to.put(value);
}
inline void encode(const JsonSink& to, double value) {
  to.put(value);
}
inline void encode(const JsonSink& to, std::string_view value) {
  to.put(value);
}
inline void encode(const JsonSink& to, const char* value) {
  to.put(value);
}
inline void encode(const JsonSink& to, const std::string& value) {
  to.put(std::string_view(value));
}
template <std::same_as<Json> Tree>
void encode(const JsonSink& to, const Tree& value) {
  to.put(value);
}
template <std::integral T>
void encode(const JsonSink& to, T value) {
  if constexpr (std::signed_integral<T>) {
    to.put(static_cast<std::int64_t>(value));
  } else {
    to.put(static_cast<std::uint64_t>(value));
  }
}
template <class Enum>
requires std::is_enum_v<Enum>
void encode(const JsonSink& to, Enum value) {
  to.put(std::string_view(name(value)));
}
template <Struct T>
void encode(const JsonSink& to, const T& value);
template <class First, class Second>
void encode(const JsonSink& to, const std::pair<First, Second>& value);
template <class T>
void encode(const JsonSink& to, const std::map<std::string, T>& values);
template <class T, std::size_t size>
void encode(const JsonSink& to, const std::array<T, size>& values);

template <class T>
void encode(const JsonSink& to, const std::optional<T>& value) {
  if (value) {
    encode(to, *value);
  } else {
    to.put_null();
  }
}
template <class T>
void encode(const JsonSink& to, const std::vector<T>& values) {
  to.put_array();
  for (const T& value : values) encode(to.element(), value);
}
template <class T, std::size_t size>
void encode(const JsonSink& to, const std::array<T, size>& values) {
  to.put_array();
  for (const T& value : values) encode(to.element(), value);
}
template <class First, class Second>
void encode(const JsonSink& to, const std::pair<First, Second>& value) {
  to.put_array();
  encode(to.element(), value.first);
  encode(to.element(), value.second);
}
template <class T>
void encode(const JsonSink& to, const std::map<std::string, T>& values) {
  to.put_object();
  for (const auto& [name, value] : values) encode(to.field(name), value);
}

/// Puts fields into an object that is there.
class FieldWriter {
 public:
  explicit FieldWriter(const JsonSink& object) : object_(object) {}

  template <class T>
  void operator()(const char* field, const T& value, double /*null_reads_as*/ = 0) const {
    encode(object_.field(field), value);
  }
  template <class T>
  void added(const char* field, const T& value) const {
    (*this)(field, value);
  }
  template <class T>
  void unless_empty(const char* field, const std::optional<T>& value) const {
    if (value) (*this)(field, *value);
  }
  template <class T>
  requires requires(const T& value) { value.empty(); }
  void unless_empty(const char* field, const T& value) const {
    if (!value.empty()) (*this)(field, value);
  }
  void zero_as_null(const char* field, double value) const {
    (*this)(field, value == 0 ? std::numeric_limits<double>::quiet_NaN() : value);
  }
  void facts(const char* field, const NamedTexts& facts) const {
    const JsonSink object = object_.field(field);
    object.put_object();
    for (const auto& [name, value] : facts) object.field(name).put(std::string_view(value));
  }

 private:
  const JsonSink& object_;
};

template <Struct T>
void encode(const JsonSink& to, const T& value) {
  to.put_object();
  visit_fields(FieldWriter(to), value);
}

// Reading
// ------------------------------------------------------------------------------------------------------

inline void decode(const JsonSource& from, bool& value) {
  value = from.truth();
}
inline void decode(const JsonSource& from, std::string& value) {
  value = from.text();
}
template <std::same_as<Json> Tree>
void decode(const JsonSource& from, Tree& value) {
  from.copy_to(value);
}
/// What is not finite was written as null.
inline void decode(const JsonSource& from, double& value,
                   double null_reads_as = std::numeric_limits<double>::quiet_NaN()) {
  value = from.is_null() ? null_reads_as : from.number();
}
template <std::integral T>
void decode(const JsonSource& from, T& value) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::signed_integral<T>) {
    value = static_cast<T>(from.integer(Limits::min(), Limits::max()));
  } else {
    value = static_cast<T>(from.natural(Limits::max()));
  }
}
template <class Enum>
requires std::is_enum_v<Enum>
void decode(const JsonSource& from, Enum& value) {
  const std::string text = from.text();
  const std::optional<Enum> known = parse_word<Enum>(text);
  if (!known) from.fail("has the unknown value '" + text.substr(0, 40) + "'");
  value = *known;
}
template <Struct T>
void decode(const JsonSource& from, T& value);
template <class First, class Second>
void decode(const JsonSource& from, std::pair<First, Second>& value);
template <class T>
void decode(const JsonSource& from, std::map<std::string, T>& values);
template <class T, std::size_t size>
void decode(const JsonSource& from, std::array<T, size>& values);

template <class T>
void decode(const JsonSource& from, std::optional<T>& value) {
  value.reset();
  if (!from.is_null()) decode(from, value.emplace());
}
template <class T>
void decode(const JsonSource& from, std::vector<T>& values) {
  const std::size_t size = from.array_size();
  values.clear();
  values.reserve(size);
  for (std::size_t i = 0; i < size; ++i) decode(from.element(i), values.emplace_back());
}
/// Exactly as many as there are.
template <class T, std::size_t size>
void decode(const JsonSource& from, std::array<T, size>& values) {
  if (from.array_size() != size) from.fail("is not an array of " + std::to_string(size));
  for (std::size_t i = 0; i < size; ++i) decode(from.element(i), values[i]);
}
template <class First, class Second>
void decode(const JsonSource& from, std::pair<First, Second>& value) {
  if (from.array_size() != 2) from.fail("is not an array of 2");
  decode(from.element(0), value.first);
  decode(from.element(1), value.second);
}
template <class T>
void decode(const JsonSource& from, std::map<std::string, T>& values) {
  values.clear();
  from.each_field(
      [&](std::string_view name, const JsonSource& value) { decode(value, values[std::string(name)]); });
}

/// Takes fields out of an object. Unknown ones are passed over.
class FieldReader {
 public:
  explicit FieldReader(const JsonSource& object) : object_(object) {}

  /// `null_reads_as` where another number than NaN is meant by what is not finite.
  void operator()(const char* field, double& value, double null_reads_as) const {
    decode(object_.field(field), value, null_reads_as);
  }
  template <class T>
  void operator()(const char* field, T& value) const {
    decode(object_.field(field), value);
  }
  /// One that files of earlier versions have not: the value stays as it is.
  template <class T>
  void added(const char* field, T& value) const {
    if (object_.has(field)) (*this)(field, value);
  }
  /// One that is only written where there is something in it.
  template <class T>
  void unless_empty(const char* field, std::optional<T>& value) const {
    value.reset();
    if (object_.has(field)) (*this)(field, value.emplace());
  }
  template <class T>
  void unless_empty(const char* field, T& value) const {
    value = {};
    if (object_.has(field)) (*this)(field, value);
  }
  /// A number that is 0 where there is none: null, or no field.
  void zero_as_null(const char* field, double& value) const {
    value = 0;
    if (object_.has(field)) (*this)(field, value, 0);
  }
  /// An object of texts, in its order if the tree keeps it.
  void facts(const char* field, NamedTexts& facts) const {
    facts.clear();
    object_.field(field).each_field(
        [&](std::string_view name, const JsonSource& value) { facts.emplace_back(name, value.text()); });
  }

 private:
  const JsonSource& object_;
};

template <Struct T>
void decode(const JsonSource& from, T& value) {
  from.require_object();
  visit_fields(FieldReader(from), value);
  if constexpr (requires { field_fault(value); }) {
    if (const std::optional<FieldFault> found = field_fault(value)) from.fail_at(found->field, found->fault);
  }
}

/// Reads the field `schema`. Throws UsageError if it is newer than `known`: which versions, and to update
/// moat. `what`: "a record".
void read_schema(const JsonSource& object, int known, std::string_view what);

}  // namespace moat
