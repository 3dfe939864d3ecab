// The arguments of a problem's key, "name=value,name=value": checked once, asked by name.
// Must not know any operator.
#pragma once

#include <cstddef>
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
  /// The same of one part of an argument, `digits`.
  [[nodiscard]] std::int64_t number_in(std::string_view digits, std::string_view name, std::int64_t least,
                                       std::int64_t most) const;
  /// The index of a word among `words`; throws UsageError if it is another, or missing.
  [[nodiscard]] std::size_t word(std::string_view name, std::span<const std::string_view> words) const;
  /// `otherwise` if it is missing; throws UsageError if it is no type.
  [[nodiscard]] Type type(std::string_view name, Type otherwise) const;
  /// type (f32 if it is missing), accumulate and output (those that are usual with it).
  [[nodiscard]] Types types() const;

 private:
  std::string_view operator_name_;
  std::string_view key_example_;
  std::map<std::string_view, std::string_view> values_;
};

}  // namespace moat
