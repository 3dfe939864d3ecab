// The verdict of a report as values: what a reader takes away who reads nothing else. Must not know how a
// conclusion is put into words (reports/findings/words.h) or into JSON (reports/findings/statement_json.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/gap/gap.h"

namespace moat {

// Each kind of conclusion has a name, `kind`, as JSON has it; subjects are labels.
namespace conclusion {

struct NothingChosen {
  static constexpr std::string_view kind = "nothing-chosen";
  friend bool operator==(const NothingChosen&, const NothingChosen&) = default;
};

struct NoReference {
  static constexpr std::string_view kind = "no-reference";
  friend bool operator==(const NoReference&, const NoReference&) = default;
};

struct OnlyDevice {
  static constexpr std::string_view kind = "only-device";
  std::string subject;
  friend bool operator==(const OnlyDevice&, const OnlyDevice&) = default;
};

/// The rate that a target reaches, as a share of that of the reference's library.
struct Reached {
  static constexpr std::string_view kind = "reached";
  enum class With : std::uint8_t { library, portable };
  std::string reference, target;
  Provenance reference_provenance = Provenance::measured, target_provenance = Provenance::measured;
  With with = With::library;  // of the target
  Means means;
  /// The smallest factor, where there are several and the target is behind.
  std::optional<GapFactor> largest_loss;
  /// Whether stack and portability are known apart from each other, or the path ends at the library.
  [[nodiscard]] bool has_separate_factors() const;
  friend bool operator==(const Reached&, const Reached&) = default;
};
[[nodiscard]] std::string_view name(Reached::With with);

struct NoRatio {
  static constexpr std::string_view kind = "no-ratio";
  std::string reference, target;
  friend bool operator==(const NoRatio&, const NoRatio&) = default;
};

/// Of library and portable cases.
struct Coverage {
  static constexpr std::string_view kind = "coverage";
  struct Hole {
    std::string reason;
    std::size_t cases = 0;
    friend bool operator==(const Hole&, const Hole&) = default;
  };
  std::string subject;
  std::size_t ok = 0, cases = 0;
  std::optional<Hole> most_frequent;
  friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// Cases of a status that says that something is wrong.
struct Failed {
  static constexpr std::string_view kind = "failed";
  std::string subject;
  Status status = Status::wrong;
  std::size_t cases = 0;
  friend bool operator==(const Failed&, const Failed&) = default;
};

/// As remark::RanWith.
struct RanWith {
  static constexpr std::string_view kind = "ran-with";
  std::string subject, implementation, remark;
  std::size_t cases = 0;
  friend bool operator==(const RanWith&, const RanWith&) = default;
};

struct LowerPrecision {
  static constexpr std::string_view kind = "lower-precision";
  std::string subject, implementation, operator_name;
  Type accumulate = Type::f32;             // as stated
  std::vector<std::string> accumulations;  // what the errors' sizes imply
  friend bool operator==(const LowerPrecision&, const LowerPrecision&) = default;
};

}  // namespace conclusion

using Conclusion = std::variant<conclusion::NothingChosen, conclusion::NoReference, conclusion::OnlyDevice,
                                conclusion::Reached, conclusion::NoRatio, conclusion::Coverage,
                                conclusion::Failed, conclusion::RanWith, conclusion::LowerPrecision>;

struct Findings;
/// Of everything else in `findings`, the most important first; never empty.
[[nodiscard]] std::vector<Conclusion> verdict_of(const Findings& findings);

}  // namespace moat
