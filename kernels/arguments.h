// The arguments of a problem's key, "name=value,name=value": checked once, asked by name. Must not know any
// operator.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "kernels/types.h"

namespace moat {

class Arguments {
 public:
  /// `text` is a key without "<operator>:" and outlives this, as do the other texts. Throws UsageError for an
  /// argument that is not among `names` (with the nearest) or is given twice.
  Arguments(std::string_view operator_name, std::string_view key_example, std::span<const std::string> names,
            std::string_view text);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  /// Throws UsageError if it is missing.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  /// A whole number in [least, most]; throws UsageError otherwise, or if it is missing.
  [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most) const;
  /// `otherwise` if it is missing; throws UsageError if it is no type.
  [[nodiscard]] Type type(std::string_view name, Type otherwise) const;

 private:
  std::string_view operator_name_;
  std::string_view key_example_;
  std::map<std::string_view, std::string_view> values_;
};

}  // namespace moat
