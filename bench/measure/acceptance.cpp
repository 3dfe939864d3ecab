// Which further inputs a result must stand.
#include "bench/measure/acceptance.h"

namespace moat {

InputArrays filled(const Problem& problem, Data data, std::uint64_t seed) {
  InputArrays arrays;
  for (const Tensor& tensor : problem.tensors()) {
    if (tensor.role == Role::input) arrays.push_back(fill(tensor, data, seed));
  }
  return arrays;
}

Acceptance accept(const Problem& problem, Data data, std::uint64_t seed, const Verdict& verdict,
                  const TryInputs& try_inputs) {
  constexpr std::uint64_t most_exact = 8;
  Acceptance acceptance;
  acceptance.false_acceptance = verdict.false_acceptance;
  const auto stands = [&](const InputArrays& inputs, const char* kind) {
    ++acceptance.tried;
    const Verdict found = try_inputs(inputs);
    if (found.correct) {
      acceptance.false_acceptance *= found.false_acceptance;
      return true;
    }
    acceptance.is_refused = true;
    acceptance.refused = found;
    acceptance.inputs = kind;
    return false;
  };
  if (data != Data::normal) {
    acceptance.false_acceptance = 1;
    if (!stands(filled(problem, Data::normal, seed), "normal data")) return acceptance;
  }
  for (std::uint64_t i = 1; i <= most_exact && acceptance.false_acceptance > most_false_acceptance; ++i) {
    const InputArrays inputs = problem.exact_inputs(i);
    if (inputs.empty()) break;
    if (!stands(inputs, "whole numbers")) return acceptance;
  }
  return acceptance;
}

}  // namespace moat
