// Fuzzes the problem key's parser: any text is a UsageError or a problem whose key parses back to itself.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "kernels/operator.h"
#include "kernels/stream/stream.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  std::unique_ptr<const Problem> problem;
  try {
    problem = parse_problem(text);
  } catch (const UsageError& error) {
    require_property(!std::string_view(error.what()).empty(), "an error says what is wrong");
    return 0;
  }
  const std::string key = problem->key();
  std::unique_ptr<const Problem> again;
  try {
    again = parse_problem(key);
  } catch (const UsageError&) {
    require_property(false, "a problem's key parses");
  }
  require_property(again->key() == key, "a key that was parsed prints as itself");
  require_property(again->types() == problem->types(), "a key keeps the types");

  const Work work = problem->work();
  require_property(std::isfinite(work.operations) && work.operations >= 0, "operations are a number");
  require_property(work.operations == 0 || !is_empty(*problem), "nothing is computed from nothing");
  const auto* stream = dynamic_cast<const StreamProblem*>(problem.get());
  const bool is_dot = stream != nullptr && stream->op() == StreamOp::dot;  // its one output does not count
  double stored = 0;
  bool inputs_over = false;
  for (const Tensor& tensor : problem->tensors()) {
    require_property(tensor.elements() > 0 || is_empty(*problem), "a tensor has elements");
    require_property(!(inputs_over && tensor.role == Role::input), "inputs come before outputs");
    inputs_over = inputs_over || tensor.role == Role::output;
    if (tensor.role == Role::input || !is_dot) stored += static_cast<double>(tensor.bytes());
  }
  require_property(std::fabs(work.bytes() - stored) <= 1e-9 * stored,
                   "compulsory traffic reads each input once and writes each output once");
  return 0;
}
