// Decides whether a result can be relied on: whether a wrong one would have been refused. Pure logic over a
// function that runs an implementation on given inputs; must not know devices, files or processes.
#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernels/inputs.h"
#include "kernels/operator.h"

namespace moat {

/// The input tensors' bytes, in the order of Problem::tensors().
using InputArrays = std::vector<std::vector<std::byte>>;
[[nodiscard]] InputArrays filled(const Problem& problem, Data data, std::uint64_t seed);

/// Runs the implementation once on these inputs and compares its outputs with their reference.
using TryInputs = std::function<Verdict(const InputArrays& inputs)>;

/// A result with a 64th of its products missing is accepted with at most this probability.
inline constexpr double most_false_acceptance = 1e-5;

struct Acceptance {
  /// Of everything that was tried; above `most_false_acceptance`, nothing decides whether a result is right.
  double false_acceptance = 0;
  std::size_t tried = 0;    // sets of inputs
  bool is_refused = false;  // a set of inputs gave wrong outputs:
  Verdict refused = {};     // its verdict,
  std::string inputs = {};  // and which one it was: "normal data", "whole numbers"
};

/// `verdict`: a correct one, of outputs on inputs of kind `data`. If these may hide a fault, others are
/// tried:
/// - normal data, if `data` is other: of zeros or ones, sums are right whatever is missing;
/// - whole numbers whose sums are exact (Problem::exact_inputs), up to eight times, where the rounding of a
///   long sum, or of a single narrow output, hides a missing part of the products.
[[nodiscard]] Acceptance accept(const Problem& problem, Data data, std::uint64_t seed, const Verdict& verdict,
                                const TryInputs& try_inputs);

}  // namespace moat
