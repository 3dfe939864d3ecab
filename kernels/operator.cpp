// The way from a key to a problem. The list of operators is written by kernels/CMakeLists.txt.
#include "kernels/operator.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace moat {

std::size_t Tensor::elements() const {
  std::size_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
  return count;
}

bool is_empty(const Problem& problem) {
  const std::vector<Tensor> tensors = problem.tensors();
  return std::any_of(tensors.begin(), tensors.end(),
                     [](const Tensor& tensor) { return tensor.elements() == 0; });
}

bool writes_nothing(const Problem& problem) {
  const std::vector<Tensor> tensors = problem.tensors();
  return std::all_of(tensors.begin(), tensors.end(), [](const Tensor& tensor) {
    return tensor.role == Role::input || tensor.elements() == 0;
  });
}

bool is_roof_operator(std::string_view name) {
  const std::span<const Operator* const> all = operators();
  return std::any_of(all.begin(), all.end(),
                     [&](const Operator* known) { return known->name() == name && known->is_roof(); });
}

const Operator& find_operator(std::string_view name) {
  std::vector<std::string> names;
  for (const Operator* candidate : operators()) {
    if (candidate->name() == name) return *candidate;
    names.emplace_back(candidate->name());
  }
  throw UsageError("unknown operator '" + std::string(name.substr(0, 64)) + "'." + did_you_mean(name, names) +
                   " Known: " + join(names, ", ") + ".");
}

std::unique_ptr<const Problem> parse_problem(std::string_view key) {
  const std::size_t colon = key.find(':');
  const Operator& found = find_operator(key.substr(0, colon));
  if (colon == std::string_view::npos) {
    throw UsageError("problem key '" + std::string(key) + "' has no arguments; write it like " +
                     std::string(found.key_example()));
  }
  return found.parse(key.substr(colon + 1));
}

}  // namespace moat
