// Which parameters a case gets: what was tuned on this device for this problem or one near it, else on
// another device of its architecture, else of its vendor, else the shipped defaults. Pure; must not know
// files, clocks or devices' interfaces.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "results/tuning/tuning.h"

namespace moat {

/// The digest of the sources that a plan compiles, as TunedProblem::kernels has it.
using DigestKernels = std::function<std::string(const Plan&)>;

/// Who asks.
struct TuningQuery {
  TuningDevice device;
  std::string driver;
  const Implementation& implementation;
  std::string record_name;  // of the implementation: "portable/opencl"
  const Problem& problem;
  const Traits& traits;
};

struct ParameterChoice {
  std::optional<Parameters> parameters;  // none: the shipped defaults
  /// "tuned on this device", "tuned on <device> of the same architecture; at gemm:…" where parameters come
  /// from a problem near this one. Beside the defaults "kept when tuned on …" where nothing was faster, or
  /// why what was tuned is not used, or nothing.
  std::string source;
};

/// Why what was tuned does not hold for this device, driver, problem and kernels as they are now; empty if it
/// does.
[[nodiscard]] std::string staleness(const TunedProblem& tuned, const TuningQuery& query,
                                    const DigestKernels& digest);

/// From `files` in order of preference within a level. Whatever was tuned under another driver or with other
/// kernels, or breaks a rule of the plan, is not used; if nothing else is, the source says so.
[[nodiscard]] ParameterChoice choose_parameters(std::span<const TuningFile> files, const TuningQuery& query,
                                                const DigestKernels& digest);

/// How far two keys are apart: Σ |log2| of the ratios of their `sizes`, an absent one counting as 1. Nothing
/// if another argument differs or a ratio is beyond 2.
[[nodiscard]] std::optional<double> key_distance(std::string_view a, std::string_view b,
                                                 std::span<const std::string_view> sizes);

}  // namespace moat
