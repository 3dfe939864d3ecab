// What a search may try for a product of matrices in tiles, with a model of its cost: GEMM, and convolution
// as an implicit one. Pure arithmetic; must not know operators, devices or clocks.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/candidates.h"
#include "kernels/implementation.h"

namespace moat {

/// `batch` products of m x k by k x n elements.
struct Product {
  std::int64_t m = 1;
  std::int64_t n = 1;
  std::int64_t k = 1;
  std::int64_t batch = 1;
  std::int64_t element_bytes = 4;  // as sums and panels hold them
  bool transpose_a = false;        // panels of A are packed A_PANELS at a time
  bool may_read_b = false;         // without packing it (DIRECT_B)
};

/// `values`, ascending, without those beyond the first that covers `extent`:
/// they would be the same plan again.
[[nodiscard]] std::vector<std::int64_t> up_to(std::vector<std::int64_t> values, std::int64_t extent);

/// A core with two vector units and two load ports, caches as packed kernels assume them.
struct Core {
  std::int64_t registers = 16;
  std::int64_t vector_bytes = 16;
  double first_cache = 48 << 10;
  double second_cache = 512 << 10;
};
[[nodiscard]] Core core_of(const Traits& traits);

/// For register tiles of packed panels (product/tile.cl), VECTOR_WIDTH being the default's:
/// the cheapest of each tile shape over all blocks,
/// and every block size with the default's tile: variety where the model says little.
[[nodiscard]] std::vector<CandidateValues> packed_candidates(const Product& product, const Traits& traits,
                                                             const Values& defaults);

/// For groups' tiles in local memory (product/slab.cl), likewise.
[[nodiscard]] std::vector<CandidateValues> tiled_candidates(const Product& product, const Traits& traits,
                                                            const Values& defaults);

}  // namespace moat
