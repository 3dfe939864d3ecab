// A suite: which problems are run, each with the workload it comes from, and how long that may take. A TOML
// file a person can read and edit; the grammar is in docs/suites.md. Must not know devices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/operator.h"

namespace moat {

struct SuiteProblem {
  std::shared_ptr<const Problem> problem;
  std::string workload;    // where the problem comes from, in words
  std::uint32_t line = 0;  // of the suite's text; 0 if it has none
};

struct Suite {
  std::string name;
  std::string description;
  std::string source;  // citation of the shapes; empty if they are this project's choice
  std::string origin;  // the file's path, "built in" or "command line"
  /// Sampling cap of one case: ends the sampling if the confidence interval does not become narrow enough.
  double case_seconds = 2;
  /// Budget of one device for everything but first uses; problems that are predicted to exceed the rest of it
  /// are skipped.
  double device_seconds = 3600;
  /// Budget of one implementation on one device for first uses: compiling, and tuning of a library.
  double first_use_seconds = 1800;
  /// How often each case is measured, spread over the run.
  std::uint64_t rounds = 1;
  std::vector<SuiteProblem> problems;  // in the file's order, no two with the same key

  /// Digest of the problems' keys in order: suites with equal digests have the same problems.
  [[nodiscard]] std::string digest() const;
};

/// The limits of a suite's text, checked before it costs memory or time.
struct SuiteLimits {
  static constexpr std::uint64_t rounds = 100;
  static constexpr std::size_t file_bytes = std::size_t{1} << 20U;
  static constexpr std::size_t line_bytes = 2000;
  static constexpr std::size_t problems = 20'000;  // after `types` were expanded
  static constexpr std::size_t text_bytes = 1000;  // of one string
};

/// `origin` is named in errors ("my.toml:12:7: …"). Throws UsageError with line, column and a remedy.
[[nodiscard]] Suite parse_suite(std::string_view text, std::string_view origin);

/// Names of the built-in suites, sorted.
[[nodiscard]] std::span<const std::string> suite_names();

/// A built-in suite by name, or a file by path: a path has a '/' or ends in ".toml". Throws UsageError:
/// unknown names with the nearest and the list,
/// unreadable files with the reason, malformed ones as parse_suite does.
[[nodiscard]] Suite load_suite(const std::string& name_or_path);

/// The suite of `--problem KEY…`. Throws UsageError for malformed or repeated keys.
[[nodiscard]] Suite suite_of_keys(std::span<const std::string> keys);

}  // namespace moat
