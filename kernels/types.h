// Element types: their names, sizes, precision and conversion to and from double.
// Must not know operators or devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace moat {

/// The names in text are those of the enumerators.
/// tf32 is an arithmetic, not a storage type: its elements are f32.
enum class Type : std::uint8_t { f64, f32, tf32, f16, bf16, f8e4m3, f8e5m2, i8, i32 };

[[nodiscard]] std::string_view name(Type type);
[[nodiscard]] std::optional<Type> parse_type(std::string_view text);
/// All names, in the order of the enumerators.
[[nodiscard]] std::span<const std::string> type_names();
[[nodiscard]] std::size_t size_bytes(Type type);
[[nodiscard]] bool is_floating(Type type);

/// Unit roundoff u of round-to-nearest in `type` (2^-53 for f64,
/// 2^-24 f32, 2^-11 f16 and tf32, 2^-8 bf16); 0 for integers.
[[nodiscard]] double unit_roundoff(Type type);
/// Largest finite value.
[[nodiscard]] double largest(Type type);
/// Smallest positive subnormal of a floating type; 0 for integers.
[[nodiscard]] double smallest_subnormal(Type type);

/// IEEE 754 binary16 and bfloat16, to nearest, ties to even; overflow becomes infinity, NaN stays NaN.
[[nodiscard]] std::uint16_t to_f16(double value);
[[nodiscard]] double from_f16(std::uint16_t bits);
[[nodiscard]] std::uint16_t to_bf16(double value);
[[nodiscard]] double from_bf16(std::uint16_t bits);

/// Element `index` of an array of `type` stored in `bytes` (native byte order). f8 types are not stored by
/// any operator yet: throws.
[[nodiscard]] double load(Type type, std::span<const std::byte> bytes, std::size_t index);
/// Stores `value` rounded to `type`; integers saturate.
void store(Type type, std::span<std::byte> bytes, std::size_t index, double value);

/// What an operator computes with: element type of the inputs, of the accumulation and of the outputs.
struct Types {
  Type input = Type::f32;
  Type accumulate = Type::f32;
  Type output = Type::f32;
  friend bool operator==(const Types&, const Types&) = default;
};

/// The usual triple for inputs of `input`: f64 f64 f64, f32 f32 f32, f16 f32 f16, bf16 f32 bf16, i8 i32 i32.
[[nodiscard]] Types default_types(Type input);

}  // namespace moat
