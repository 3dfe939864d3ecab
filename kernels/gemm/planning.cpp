// Constants and the plan of methods whose groups are a grid of blocks.
#include "kernels/gemm/planning.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernels/planning.h"
#include "kernels/product/parts.h"

namespace moat {

std::vector<std::pair<std::string, std::int64_t>> common_constants(const GemmProblem& gemm) {
  auto constants = type_constants(gemm.types());
  constants.emplace_back("TRANSPOSE_A", gemm.shape().transpose_a ? 1 : 0);
  constants.emplace_back("TRANSPOSE_B", gemm.shape().transpose_b ? 1 : 0);
  return constants;
}

OrUnsupported<Plan> plan_blocks(const GemmProblem& gemm, std::string_view entry, const Values& values,
                                std::int64_t rows, std::int64_t columns) {
  const GemmShape& shape = gemm.shape();
  const std::int64_t column_groups = divide_up(shape.n, columns);
  const std::int64_t blocks = divide_up(shape.m, rows) * column_groups;
  if (blocks > most_in_first)
    return Unsupported{fmt::format("{} groups are more than {}", blocks, most_in_first)};
  Step step;
  step.source = fmt::format("gemm/{}.cl", entry);
  step.entry = entry;
  step.constants = common_constants(gemm);
  step.constants.insert(step.constants.end(), values.begin(), values.end());
  step.groups = {static_cast<std::size_t>(blocks),
                 static_cast<std::size_t>(std::min(shape.batch, most_in_grid)), 1};
  step.group_shape = {static_cast<std::size_t>(values.at("GROUP_X")),
                      static_cast<std::size_t>(values.at("GROUP_Y")), 1};
  for (std::int64_t tensor = 0; tensor < 3; ++tensor) step.arguments.push_back(tensor_argument(tensor));
  for (const std::int64_t value : {shape.m, shape.n, shape.k, shape.batch, column_groups}) {
    step.arguments.push_back(integer_argument(value));
  }
  return Plan{{}, {std::move(step)}};
}

OrUnsupported<Plan> in_parts_of_k(const GemmProblem& gemm, OrUnsupported<Plan> plan, double rounds,
                                  const Traits& traits) {
  const GemmShape& s = gemm.shape();
  const Depth depth{.steps = s.k,
                    .rounds_per_step = rounds,
                    .entries = divide_up(s.batch, most_in_grid),
                    .outputs = s.batch * s.m * s.n,
                    .accumulator_bytes = size_bytes(gemm.types().accumulate)};
  return in_parts(std::move(plan), depth, traits);
}

Product product_of(const GemmProblem& gemm) {
  const GemmShape& s = gemm.shape();
  return {.m = s.m,
          .n = s.n,
          .k = s.k,
          .batch = s.batch,
          .element_bytes = static_cast<std::int64_t>(size_bytes(gemm.types().accumulate)),
          .transpose_a = s.transpose_a,
          .may_read_b = !s.transpose_b};
}

}  // namespace moat
