// Requirements that a vendor will not mend: adapters/<name>/known_failures, one per line:
//   <requirement> | <device name, a glob> | <reason>
// Blank lines and lines that begin with '#' say nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/subject.h"

namespace moat::conformance {

struct KnownFailure {
  std::string requirement;
  std::string devices;
  std::string reason;
};

/// Throws UsageError naming the line if it has not three parts or names no requirement of `known`.
[[nodiscard]] std::vector<KnownFailure> parse_known_failures(std::string_view text,
                                                             std::span<const Requirement> known);
/// Of adapters/<adapter>/known_failures; none if there is no such file.
[[nodiscard]] std::vector<KnownFailure> read_known_failures(std::string_view adapter);
/// The entry that excuses `requirement` on `device_name`; null if there is none.
[[nodiscard]] const KnownFailure* find_known(std::span<const KnownFailure> failures,
                                             std::string_view requirement, std::string_view device_name);

/// What became of a requirement on a device.
struct Outcome {
  bool is_fine = false;
  std::string report;  // "" if it is simply kept
};
/// Checks `requirement`; a failure that is known is fine, a known failure that no longer happens is not.
[[nodiscard]] Outcome judge(const Requirement& requirement, Subject& subject,
                            std::span<const KnownFailure> failures);

}  // namespace moat::conformance
