// What a reader must know before quoting a gap, as values: the choices that it rests on, which of them change
// a conclusion, what was refused and what is missing. Must not know how a remark is put into words
// (reports/findings/words.h) or into JSON (reports/findings/statement_json.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/factor.h"
#include "reports/gap/comparable.h"
#include "reports/gap/roof.h"
#include "results/stated.h"

namespace moat {

/// The factors of a gap, and its product.
enum class GapFactor : std::uint8_t {
  total,
  hardware,     // HW
  stack,        // SW
  portability,  // PORT
  software      // SW × PORT, also where they cannot be told apart
};
[[nodiscard]] std::string_view name(GapFactor factor);

// Each kind of remark has a name, `kind`, as JSON has it; subjects are labels, libraries implementations.
namespace remark {

struct PublishedSubject {
  static constexpr std::string_view kind = "published";
  std::string subject;
  std::optional<Citation> citation;
  friend bool operator==(const PublishedSubject&, const PublishedSubject&) = default;
};

struct EmulatedSubject {
  static constexpr std::string_view kind = "emulated";
  std::string subject;
  friend bool operator==(const EmulatedSubject&, const EmulatedSubject&) = default;
};

struct Baseline {
  static constexpr std::string_view kind = "baseline";
  struct Library {
    std::string name;
    std::size_t problems = 0;  // for which it is the baseline
    friend bool operator==(const Library&, const Library&) = default;
  };
  std::string reference;
  bool is_best = true;  // of each problem; false: the one that was asked for
  std::vector<Library> libraries;
  friend bool operator==(const Baseline&, const Baseline&) = default;
};

/// Another library as the baseline would put the target on the other side of 1.
struct BaselineDecides {
  static constexpr std::string_view kind = "baseline-decides";
  std::string reference, library;
  std::size_t problems = 0;
  GapFactor factor = GapFactor::total;
  Factor with_library, as_chosen;
  friend bool operator==(const BaselineDecides&, const BaselineDecides&) = default;
};

/// The intervals of peaks and samples hold values on both sides of 1.
struct SoftwareUndecided {
  static constexpr std::string_view kind = "software-undecided";
  std::string target;
  GapFactor factor = GapFactor::stack;
  Factor value;
  friend bool operator==(const SoftwareUndecided&, const SoftwareUndecided&) = default;
};

/// What the roofs that were not chosen give.
struct OtherRoofs {
  static constexpr std::string_view kind = "other-roofs";
  RoofBasis basis = RoofBasis::measured;
  Factor hardware;
  GapFactor factor = GapFactor::stack;
  Factor value;               // of `factor`
  bool decides_sign = false;  // it is on the other side of 1
  friend bool operator==(const OtherRoofs&, const OtherRoofs&) = default;
};

/// Nobody read a peak or bandwidth behind the hardware factor in its source.
struct RecalledRoof {
  static constexpr std::string_view kind = "recalled-roof";
  friend bool operator==(const RecalledRoof&, const RecalledRoof&) = default;
};

/// Seconds of a launch, and how many problems it limits.
struct LaunchLatency {
  static constexpr std::string_view kind = "launch-latency";
  std::string reference, target;
  Factor reference_seconds, target_seconds;
  std::size_t problems = 0, limited_on_reference = 0, limited_on_target = 0;
  bool same_hardware = false;  // its cost then is software's
  friend bool operator==(const LaunchLatency&, const LaunchLatency&) = default;
};

struct LaunchLatencyUnknown {
  static constexpr std::string_view kind = "launch-latency-unknown";
  friend bool operator==(const LaunchLatencyUnknown&, const LaunchLatencyUnknown&) = default;
};

/// Cases whose errors imply less than the stated precision.
struct LowerPrecision {
  static constexpr std::string_view kind = "lower-precision";
  std::string subject, implementation;
  Type accumulate = Type::f32;  // as stated
  Type implied = Type::f32;
  std::size_t cases = 0;
  friend bool operator==(const LowerPrecision&, const LowerPrecision&) = default;
};

/// What an implementation ran with that a reader of its rates should know (results/record.h, Circumstances):
/// fewer threads than it asked for, kernels for an older processor.
struct RanWith {
  static constexpr std::string_view kind = "ran-with";
  std::string subject, implementation, remark;
  std::size_t cases = 0;
  friend bool operator==(const RanWith&, const RanWith&) = default;
};

/// What differs between two runs of one machine: a library's or driver's version, a variable.
struct Configuration {
  static constexpr std::string_view kind = "configuration";
  std::string fact, of_reference, of_target;
  friend bool operator==(const Configuration&, const Configuration&) = default;
};

/// Problems without a part of the gap.
struct Missing {
  static constexpr std::string_view kind = "missing";
  enum class Part : std::uint8_t { reference_library, target_library, target_portable, roof };
  Part part = Part::roof;
  std::string subject;  // empty: of a roof
  std::size_t problems = 0, of = 0;
  friend bool operator==(const Missing&, const Missing&) = default;
};
[[nodiscard]] std::string_view name(Missing::Part part);

/// Problems without a ratio, since a condition differs.
struct Refused {
  static constexpr std::string_view kind = "refused";
  Difference difference;
  std::size_t problems = 0, of = 0;
  friend bool operator==(const Refused&, const Refused&) = default;
};

/// What --despite may pass over; said where something was refused.
struct Forgivable {
  static constexpr std::string_view kind = "forgivable";
  std::vector<Condition> conditions;
  friend bool operator==(const Forgivable&, const Forgivable&) = default;
};

/// Problems that were compared although a condition differs or is not stated.
struct Marked {
  static constexpr std::string_view kind = "marked";
  Difference difference;
  std::size_t problems = 0, of = 0;
  friend bool operator==(const Marked&, const Marked&) = default;
};

}  // namespace remark

using Remark =
    std::variant<remark::PublishedSubject, remark::EmulatedSubject, remark::Baseline, remark::BaselineDecides,
                 remark::SoftwareUndecided, remark::OtherRoofs, remark::RecalledRoof, remark::LaunchLatency,
                 remark::LaunchLatencyUnknown, remark::LowerPrecision, remark::RanWith, remark::Configuration,
                 remark::Missing, remark::Refused, remark::Forgivable, remark::Marked>;

}  // namespace moat
