// What the plans of GEMM's methods share. Pure; must not know devices.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/gemm/gemm.h"
#include "kernels/implementation.h"
#include "kernels/product/product.h"

namespace moat {

/// Types and which factors are stored transposed.
[[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> common_constants(const GemmProblem& gemm);

/// One launch of gemm/<entry>.cl in which each group, of GROUP_X x GROUP_Y work-items, computes a block of
/// `rows` x `columns` outputs.
[[nodiscard]] OrUnsupported<Plan> plan_blocks(const GemmProblem& gemm, std::string_view entry,
                                              const Values& values, std::int64_t rows, std::int64_t columns);

/// `plan` in parts of K where the driver ends long loops (product/parts.h), of which a step has `rounds`.
[[nodiscard]] OrUnsupported<Plan> in_parts_of_k(const GemmProblem& gemm, OrUnsupported<Plan> plan,
                                                double rounds, const Traits& traits);

/// For a search among tiles.
[[nodiscard]] Product product_of(const GemmProblem& gemm);

/// Few rows of A: what is read of B is used only a few times.
[[nodiscard]] inline bool is_thin(const GemmShape& shape) {
  return shape.m <= 6;
}

}  // namespace moat
