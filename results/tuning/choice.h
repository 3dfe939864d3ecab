// Selects the parameters of a case: those tuned on this device for this problem or a similar one, else those
// of another device of its architecture, else of its vendor, else the shipped defaults. Pure; must not know
// files, clocks or devices' interfaces.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "results/tuning/tuning.h"

namespace moat {

/// The digest of the sources that a plan compiles, comparable to TunedProblem::kernels.
using DigestKernels = std::function<std::string(const Plan&)>;

/// The case for which parameters are selected.
struct TuningQuery {
  TuningDevice device;
  std::string driver;
  const Implementation& implementation;
  std::string record_name;  // the implementation's name in records: "portable/opencl"
  const Problem& problem;
  const Traits& traits;
};

struct ParameterChoice {
  std::optional<Parameters> parameters;  // none: the shipped defaults
  /// "tuned on this device", or "tuned on <device> of the same architecture; at gemm:…" if the parameters
  /// come from a similar problem. For defaults: "kept when tuned on …" if nothing was faster, the reason why
  /// tuned parameters are not used, or empty.
  std::string source;
};

/// Why the tuned parameters are not valid for the present driver,
/// problem and kernels; empty if they are.
[[nodiscard]] std::string staleness(const TunedProblem& tuned, const TuningQuery& query,
                                    const DigestKernels& digest);

/// `files` are in order of preference within a level. Parameters that were tuned with another driver or other
/// kernels, or that violate a rule of the plan, are not used; if there are no others, the source says so.
[[nodiscard]] ParameterChoice choose_parameters(std::span<const TuningFile> files, const TuningQuery& query,
                                                const DigestKernels& digest);

/// The distance of two keys: Σ |log2| of the ratios of their `sizes`, where an absent size counts as 1.
/// nullopt if another argument differs or a ratio exceeds 2.
[[nodiscard]] std::optional<double> key_distance(std::string_view a, std::string_view b,
                                                 std::span<const std::string_view> sizes);

}  // namespace moat
