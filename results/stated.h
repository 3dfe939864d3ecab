// What a source states about a device that Moat did not measure: roofs as intervals, shares of roofs that are
// published without a problem, and the citation. Must not know files or reports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernels/types.h"

namespace moat {

/// What limits a rate: arithmetic in operations per second, memory bandwidth in bytes per second, or launch
/// latency, as the highest number of launches per second.
enum class RoofKind : std::uint8_t { arithmetic, memory, launch };
[[nodiscard]] std::string_view name(RoofKind kind);
[[nodiscard]] std::optional<RoofKind> parse_roof_kind(std::string_view text);

/// A peak as an interval, 0 < low <= high. Memory and launches have no types; both types are then f32.
struct StatedRoof {
  RoofKind kind = RoofKind::arithmetic;
  Type type = Type::f32;        // of the inputs
  Type accumulate = Type::f32;  // f16 peaks with f16 and with f32 accumulation are two roofs
  double low = 0;               // operations, bytes or launches per second
  double high = 0;
  std::string source;
  bool verified = false;  // true: somebody has read it in the source; false: recalled or inferred
  friend bool operator==(const StatedRoof&, const StatedRoof&) = default;
};

/// A share of a roof that is published without a problem: "86.8 % of the peak in attention".
struct StatedEfficiency {
  std::string operator_name;
  std::string implementation;  // "library/cann"
  Type type = Type::f32;
  Type accumulate = Type::f32;
  RoofKind bound = RoofKind::arithmetic;  // never launch
  double low = 0;                         // share, 0 < low <= high <= 1
  double high = 0;
  double peak = 0;     // the peak that it is a share of, in operations or bytes per second; 0: not stated
  std::string source;  // "table 8"
  std::string note;
  bool verified = false;
  friend bool operator==(const StatedEfficiency&, const StatedEfficiency&) = default;
};

/// Where figures were published.
struct Citation {
  std::string title;
  std::string authors;
  std::int64_t year = 0;
  std::string reference;   // address, DOI or arXiv number, as text
  std::string confidence;  // how the figures were obtained from the source, in words
  friend bool operator==(const Citation&, const Citation&) = default;
};

}  // namespace moat
