// What a source states about a device that Moat did not measure, besides its roofs: shares of roofs that are
// published without a problem, and the citation. Must not know files or reports.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/types.h"
#include "results/roof.h"

namespace moat {

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
