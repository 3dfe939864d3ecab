// The screen that a newcomer reads first, as values: the devices by the names of their chips, what each
// reaches of the reference's library in each operator and type, and what was left out. Pure, from records.
// Must not know how many lines there is room for, nor words or formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/findings/conclusion.h"
#include "reports/gap/gap.h"

namespace moat {

/// Why a ratio deserves less trust than its digits suggest.
enum class Doubt : std::uint8_t {
  few_problems,  // over less than half of the problems for which the reference's library has a result
  wide,          // the interval's ends are a factor of more than 1.5 apart
  undecided,     // the interval contains values on both sides of 1
  differ,        // compared although a condition differs, as --despite asks
  unstated       // a published source does not state a condition
};
[[nodiscard]] std::string_view name(Doubt doubt);

/// A ratio to the reference's library: geometric mean over the problems that both have, whether or not their
/// roofs are known.
struct OverviewRatio {
  Factor value;
  std::size_t problems = 0;  // that it is over
  std::vector<Doubt> doubts;
};

/// One device of the findings.
struct OverviewDevice {
  std::string label;  // of its subject
  std::string id;     // as --device takes it
  /// Of the chip: the catalogue's, or what the driver says of the first device that is physically the same.
  std::string chip;
  /// `chip`, with the label in parentheses where several devices have one chip's name: unique.
  std::string name;
  bool is_reference = false;
  bool same_hardware = false;  // as the reference
  Provenance provenance = Provenance::measured;
  std::optional<Roofs> roofs;  // as measured, else as stated
  /// Over all problems; of the reference only its portable kernel has one.
  std::optional<OverviewRatio> library, portable;
  /// Problems with results on both sides that form no ratio, and the most frequent of the differences that
  /// forbid it.
  std::size_t refused = 0;
  std::optional<Difference> refusal;
};

/// What a device reaches in one operator and type, with its best library or with the best portable kernel.
struct OverviewRow {
  std::size_t device = 0;  // place in Overview::devices
  conclusion::Reached::With with = conclusion::Reached::With::library;
  std::optional<Factor> rate;          // on the part's problem `shown`; operations per second
  std::optional<OverviewRatio> ratio;  // none of the reference's own library, which is 1
  /// Distinct problems: with a verified result, and all that were planned. Of published figures nothing is
  /// verified here, and `verified` counts those that are stated.
  std::size_t verified = 0, planned = 0;
};

/// One operator and input type.
struct OverviewPart {
  std::string operator_name;
  Type type = Type::f32;
  /// The problem whose rates are shown: of those that the reference's library computed (of all, if it
  /// computed none), among the ones with a result on the most devices the one of the most operations. Null
  /// without any rate.
  const Record* shown = nullptr;
  std::optional<Factor> reference_rate;  // of the reference's library on it
  std::size_t reference_problems = 0;    // with a result of the reference's library
  std::vector<OverviewRow> rows;         // in the devices' order, library before portable
};

/// Cases that ended for reasons which are the same but for their numbers.
struct OverviewHoles {
  Status status = Status::skipped;
  std::string reason;  // of the first
  std::size_t cases = 0;
};

struct Overview {
  std::vector<OverviewDevice> devices;  // in the subjects' order
  std::vector<OverviewPart> parts;      // in the records' order of operators, then by type
  std::size_t reference_problems = 0;   // with a result of the reference's library
  std::size_t cases = 0, verified = 0;  // of all implementations and operators
  std::vector<OverviewHoles> left_out;  // neither verified nor unsupported, the most frequent first
  std::size_t unsupported = 0;          // cases

  [[nodiscard]] const OverviewDevice* reference() const;
};

struct Findings;
/// Of the subjects, roofs and gaps of `findings`; `options` are those that the gaps were formed with.
[[nodiscard]] Overview overview_of(const Findings& findings, const GapOptions& options);

/// A device's name without what only lawyers need: "Intel Xeon Processor" for "Intel(R) Xeon(R) Processor".
[[nodiscard]] std::string plain_name(std::string_view name);

/// The targets that have a ratio with `with`, the best first: places in Overview::devices.
[[nodiscard]] std::vector<std::size_t> ranked(const Overview& overview, conclusion::Reached::With with);

/// At most `most` targets: half of them the best, half the worst by their portable kernel (their library
/// where they have no such result), in the devices' order. Those without any ratio come last.
[[nodiscard]] std::vector<std::size_t> best_and_worst(const Overview& overview, std::size_t most);

}  // namespace moat
