// Conversions between storage types and double.
// f16 and bf16 are rounded by hand: no compiler extension is needed.
#include "kernels/types.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <vector>

#include "kernels/dialect/types.h"

namespace moat {
namespace {

// Kernels are told types by these numbers.
constexpr bool is_number(Type type, int number) {
  return static_cast<int>(type) == number;
}
static_assert(is_number(Type::f64, F64) && is_number(Type::f32, F32) && is_number(Type::f16, F16) &&
              is_number(Type::bf16, BF16) && is_number(Type::i8, I8) && is_number(Type::i32, I32));

struct Facts {
  std::string_view name;
  std::size_t bytes;
  int significand_bits;  // including the hidden one; 0 for integers
  int min_exponent;      // of the smallest normal number, as in 2^min_exponent
  double largest;
};

const std::array<Facts, 9> facts{{
    {"f64", 8, 53, -1022, std::numeric_limits<double>::max()},
    {"f32", 4, 24, -126, static_cast<double>(std::numeric_limits<float>::max())},
    {"tf32", 4, 11, -126, 0x1.ffcp127},
    {"f16", 2, 11, -14, 65504.0},
    {"bf16", 2, 8, -126, 0x1.fep127},
    {"f8e4m3", 1, 4, -6, 448.0},
    {"f8e5m2", 1, 3, -14, 57344.0},
    {"i8", 1, 0, 0, 127.0},
    {"i32", 4, 0, 0, 2147483647.0},
}};

const Facts& facts_of(Type type) {
  return facts.at(static_cast<std::size_t>(type));
}

// Rounds |value| to `bits` significand bits with subnormals below 2^min_exponent, to nearest, ties to even.
// double holds every intermediate exactly, so one rounding happens.
double round_to(double value, int bits, int min_exponent) {
  int exponent = 0;
  std::frexp(value, &exponent);  // value = f * 2^exponent, f in [0.5, 1)
  const int unit = std::max(exponent - bits, min_exponent - bits + 1);
  return std::ldexp(std::nearbyint(std::ldexp(value, -unit)), unit);
}

// Bit pattern of a 16-bit format with `mantissa` stored bits and exponent bias `bias`.
std::uint16_t encode16(double value, Type type, int mantissa, int bias) {
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const auto infinity = static_cast<std::uint16_t>(0x7fff & ~((1 << mantissa) - 1));
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | infinity | (1 << (mantissa - 1)));
  const Facts& f = facts_of(type);
  const double rounded =
      std::isinf(value) ? value : round_to(std::fabs(value), f.significand_bits, f.min_exponent);
  if (std::fabs(rounded) > f.largest) return static_cast<std::uint16_t>(sign | infinity);
  if (rounded == 0) return sign;
  int exponent = 0;
  const double fraction = std::frexp(rounded, &exponent);
  if (exponent - 1 < f.min_exponent) {
    const auto units = static_cast<std::uint16_t>(std::ldexp(rounded, mantissa - f.min_exponent));
    return static_cast<std::uint16_t>(sign | units);
  }
  const auto significand = static_cast<std::uint32_t>(std::ldexp(fraction, mantissa + 1)) - (1U << mantissa);
  return static_cast<std::uint16_t>(sign | (static_cast<std::uint32_t>(exponent - 1 + bias) << mantissa) |
                                    significand);
}

double decode16(std::uint16_t bits, int mantissa, int bias) {
  const int exponent_field = (bits & 0x7fff) >> mantissa;
  const int fraction = bits & ((1 << mantissa) - 1);
  const int all_ones = 0x7fff >> mantissa;
  double magnitude = 0;
  if (exponent_field == all_ones) {
    magnitude =
        fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent_field == 0) {
    magnitude = std::ldexp(fraction, 1 - bias - mantissa);
  } else {
    magnitude = std::ldexp(fraction + (1 << mantissa), exponent_field - bias - mantissa);
  }
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

template <class T>
T get(std::span<const std::byte> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.subspan(index * sizeof(T), sizeof(T)).data(), sizeof(T));
  return value;
}

template <class T>
void put(std::span<std::byte> bytes, std::size_t index, T value) {
  std::memcpy(bytes.subspan(index * sizeof(T), sizeof(T)).data(), &value, sizeof(T));
}

template <class T>
T saturate(double value) {
  const double low = std::numeric_limits<T>::min();
  const double high = std::numeric_limits<T>::max();
  if (std::isnan(value)) return 0;
  return static_cast<T>(std::nearbyint(std::fmin(std::fmax(value, low), high)));
}

[[noreturn]] void not_stored(Type type) {
  throw std::logic_error("no operator stores elements of type " + std::string(name(type)));
}

}  // namespace

std::string_view name(Type type) {
  return facts_of(type).name;
}

std::span<const std::string> type_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    made.reserve(facts.size());
    for (const Facts& type : facts) made.emplace_back(type.name);
    return made;
  }();
  return names;
}

std::optional<Type> parse_type(std::string_view text) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].name == text) return static_cast<Type>(i);
  }
  return std::nullopt;
}

std::size_t size_bytes(Type type) {
  return facts_of(type).bytes;
}
bool is_floating(Type type) {
  return facts_of(type).significand_bits != 0;
}
double unit_roundoff(Type type) {
  return is_floating(type) ? std::ldexp(1.0, -facts_of(type).significand_bits) : 0.0;
}
double largest(Type type) {
  return facts_of(type).largest;
}
double smallest_subnormal(Type type) {
  const Facts& f = facts_of(type);
  return is_floating(type) ? std::ldexp(1.0, f.min_exponent - f.significand_bits + 1) : 0.0;
}

std::uint16_t to_f16(double value) {
  return encode16(value, Type::f16, 10, 15);
}
double from_f16(std::uint16_t bits) {
  return decode16(bits, 10, 15);
}
std::uint16_t to_bf16(double value) {
  return encode16(value, Type::bf16, 7, 127);
}
double from_bf16(std::uint16_t bits) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
}

double load(Type type, std::span<const std::byte> bytes, std::size_t index) {
  switch (type) {
    case Type::f64:
      return get<double>(bytes, index);
    case Type::f32:
    case Type::tf32:
      return static_cast<double>(get<float>(bytes, index));
    case Type::f16:
      return from_f16(get<std::uint16_t>(bytes, index));
    case Type::bf16:
      return from_bf16(get<std::uint16_t>(bytes, index));
    case Type::i8:
      return get<std::int8_t>(bytes, index);
    case Type::i32:
      return get<std::int32_t>(bytes, index);
    case Type::f8e4m3:
    case Type::f8e5m2:
      break;
  }
  not_stored(type);
}

void store(Type type, std::span<std::byte> bytes, std::size_t index, double value) {
  switch (type) {
    case Type::f64:
      return put(bytes, index, value);
    case Type::f32:
    case Type::tf32:
      return put(bytes, index, static_cast<float>(value));
    case Type::f16:
      return put(bytes, index, to_f16(value));
    case Type::bf16:
      return put(bytes, index, to_bf16(value));
    case Type::i8:
      return put(bytes, index, saturate<std::int8_t>(value));
    case Type::i32:
      return put(bytes, index, saturate<std::int32_t>(value));
    case Type::f8e4m3:
    case Type::f8e5m2:
      break;
  }
  not_stored(type);
}

Types default_types(Type input) {
  switch (input) {
    case Type::f64:
      return {Type::f64, Type::f64, Type::f64};
    case Type::i8:
      return {Type::i8, Type::i32, Type::i32};
    case Type::i32:
      return {Type::i32, Type::i32, Type::i32};
    case Type::f32:
    case Type::tf32:
      return {input, Type::f32, Type::f32};
    case Type::f16:
    case Type::bf16:
    case Type::f8e4m3:
    case Type::f8e5m2:
      return {input, Type::f32, input};
  }
  return {};
}

}  // namespace moat
