// A JSON value that a struct in a header holds without nlohmann's header. Behaves as the value it holds.
#pragma once

#include <memory>

#include "base/json_fields.h"

namespace moat {

/// Never without a value; an empty object at first. A moved-from one may only be assigned or destroyed.
class JsonValue {
 public:
  JsonValue();
  JsonValue(const Json& value);  // NOLINT(google-explicit-constructor): it is that value
  JsonValue(const JsonValue& other);
  JsonValue(JsonValue&& other) noexcept;
  JsonValue& operator=(const JsonValue& other);
  JsonValue& operator=(JsonValue&& other) noexcept;
  ~JsonValue();

  [[nodiscard]] Json& operator*() { return *value_; }
  [[nodiscard]] const Json& operator*() const { return *value_; }
  [[nodiscard]] Json* operator->() { return value_.get(); }
  [[nodiscard]] const Json* operator->() const { return value_.get(); }
  operator const Json&() const { return *value_; }  // NOLINT(google-explicit-constructor): as above
  friend bool operator==(const JsonValue& a, const JsonValue& b) { return a.is_equal(b); }

 private:
  [[nodiscard]] bool is_equal(const JsonValue& other) const;

  std::unique_ptr<Json> value_;
};

inline void encode(const JsonSink& to, const JsonValue& value) {
  to.put(*value);
}
inline void decode(const JsonSource& from, JsonValue& value) {
  from.copy_to(*value);
}

}  // namespace moat
