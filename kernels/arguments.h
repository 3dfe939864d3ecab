// The arguments of a problem's key, "name=value,name=value": what an operator takes, stated once for its
// parser and for the help, and a key taken apart by it. Must not know any operator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "kernels/types.h"

namespace moat {

/// One argument of an operator's keys.
struct KeyArgument {
  enum class Kind : std::uint8_t {
    size,    // a whole number from least to most
    extent,  // one, or two with an x between them: height x width
    real,    // a number
    word,    // one of `words`
    type,    // an element type
  };
  std::string_view name{};
  std::string_view meaning{};  // for the help
  Kind kind = Kind::size;
  /// What stands for it where it is left out: a value, or in words what it then is; empty if it must be
  /// given.
  std::string_view usual{};
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::span<const std::string_view> words{};
};

/// "whole number from 1 to 64", "f64, f32, …": what an argument takes.
[[nodiscard]] std::string domain_text(const KeyArgument& argument);

class Arguments {
 public:
  /// `text` is a key without "<operator>:" and outlives this, as do the other texts. Throws UsageError for an
  /// argument that is not among `known` (with the nearest) or is given twice.
  Arguments(std::string_view operator_name, std::string_view key_example, std::span<const KeyArgument> known,
            std::string_view text);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  /// Throws UsageError if it is missing.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  /// What its row in the list of arguments allows; throws UsageError otherwise, or if it is missing.
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  /// "2", or "2x1": height and width.
  [[nodiscard]] std::array<std::int64_t, 2> extent(std::string_view name) const;
  /// A finite number of that precision, which may be negative.
  [[nodiscard]] float real(std::string_view name) const;
  /// The index of a word among the argument's.
  [[nodiscard]] std::size_t word(std::string_view name) const;
  /// `otherwise` if it is missing; throws UsageError if it is no type.
  [[nodiscard]] Type type(std::string_view name, Type otherwise) const;
  /// type (f32 if it is missing), accumulate and output (those that are usual with it).
  [[nodiscard]] Types types() const;

 private:
  [[nodiscard]] const KeyArgument& known(std::string_view name) const;
  [[nodiscard]] std::int64_t number_in(const KeyArgument& argument, std::string_view digits) const;
  [[noreturn]] void refuse(const KeyArgument& argument, std::string_view near) const;

  std::string_view operator_name_;
  std::string_view key_example_;
  std::span<const KeyArgument> known_;
  std::map<std::string_view, std::string_view> values_;
};

}  // namespace moat
