// A roof: a rate that no computation on a device exceeds, whoever says so: the records of a run, a
// publication or the catalogue of chips. Must not know how roofs are found, kept or printed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/factor.h"
#include "kernels/types.h"

namespace moat {

struct Record;

/// What limits a rate: arithmetic in operations per second, memory bandwidth in bytes per second, or launch
/// latency, as the highest number of launches per second.
enum class RoofKind : std::uint8_t { arithmetic, memory, launch };
[[nodiscard]] std::string_view name(RoofKind kind);
[[nodiscard]] std::optional<RoofKind> parse_roof_kind(std::string_view text);

/// Whether somebody states a roof, or the operators peak and stream measured it.
enum class RoofBasis : std::uint8_t { datasheet, measured };
[[nodiscard]] std::string_view name(RoofBasis basis);

/// One roof. Memory and launches have no types; both types are then f32.
struct Roof {
  RoofKind kind = RoofKind::arithmetic;
  Type type = Type::f32;        // of the inputs
  Type accumulate = Type::f32;  // f16 peaks with f16 and with f32 accumulation are two roofs
  Factor rate;                  // operations (dense), bytes or launches per second
  std::string source;           // stated: who says so; measured: the problem and implementation that gave it
  bool verified = true;         // false: recalled or inferred, nobody read it in its source
  const Record* record = nullptr;  // of a measured one
  friend bool operator==(const Roof&, const Roof&) = default;
};

/// The first of the kind and, of arithmetic, of these types; null if there is none.
[[nodiscard]] const Roof* find_roof(std::span<const Roof> roofs, RoofKind kind, const Types& types = {});

/// The roofs of one device on one basis.
struct Roofs {
  RoofBasis basis = RoofBasis::measured;
  std::string device;     // its id, of measured ones
  std::string chip;       // name in the catalogue, if that is the source
  std::vector<Roof> all;  // arithmetic, memory, launch; at most one of a kind and types

  /// Null if there is none.
  [[nodiscard]] const Roof* arithmetic(const Types& types) const;  // of these inputs and accumulation
  [[nodiscard]] const Roof* arithmetic(Type input) const;          // the first of these inputs
  [[nodiscard]] const Roof* memory() const;
  [[nodiscard]] const Roof* launch() const;
};

}  // namespace moat
