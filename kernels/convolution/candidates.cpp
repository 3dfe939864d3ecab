// The implicit product of a convolution, whose tiles and blocks are GEMM's; and direct ones.
#include "kernels/convolution/candidates.h"

#include <array>
#include <utility>

#include "kernels/candidates.h"
#include "kernels/product/lanes.h"
#include "kernels/product/product.h"

namespace moat {

std::vector<Candidate> convolution_candidates(const ConvolutionProblem& problem, const Traits& traits,
                                              const Parameters& defaults) {
  const ConvolutionShape& s = problem.shape();
  if (defaults.at("METHOD") == method_lanes) {
    const std::int64_t pixels = s.p() * s.q();
    const bool nhwc = s.layout == Layout::nhwc;
    return lanes_candidates(nhwc ? pixels : s.group_k(), nhwc ? s.group_k() : pixels, defaults);
  }
  if (!defaults.contains("BLOCK_K")) {
    const std::array choices{Choice{"TILE_M", {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16}}};
    return candidates_by_distance(defaults, choices);
  }
  const bool is_packed = defaults.contains("VECTOR_WIDTH");
  // Rectangles of packed run over the pixels of all images where one has few (plan_packed); others over those
  // of one.
  const bool merged = is_packed && (s.layout == Layout::nhwc || s.p() * s.q() < defaults.at("BLOCK_N"));
  const std::int64_t images = merged ? s.n : 1;
  Product product{.m = s.group_k(),
                  .n = s.p() * s.q() * images,
                  .k = s.group_c() * s.r * s.s,
                  .batch = s.groups * (s.n / images),
                  .element_bytes = static_cast<std::int64_t>(size_bytes(problem.types().accumulate))};
  if (s.layout == Layout::nhwc) std::swap(product.m, product.n);
  return is_packed ? packed_candidates(product, traits, defaults)
                   : tiled_candidates(product, traits, defaults);
}

}  // namespace moat
