// Freivalds' check. Matrices are walked in storage order, one stored row at a time.
#include "kernels/gemm/freivalds.h"

#include <fmt/format.h>

#include <array>
#include <boost/random/mersenne_twister.hpp>
#include <cmath>

#include "kernels/tolerance.h"

namespace moat {
namespace {

// Calls visit(row, column, value) for every element of one matrix, op() applied, in storage order.
template <class Visit>
void for_each_element(Type type, std::span<const std::byte> bytes, std::int64_t batch, bool transposed,
                      std::int64_t rows, std::int64_t columns, Visit&& visit) {
  const std::int64_t outer = transposed ? columns : rows;
  const std::int64_t inner = transposed ? rows : columns;
  auto at = static_cast<std::size_t>(batch * rows * columns);
  for (std::int64_t i = 0; i < outer; ++i) {
    for (std::int64_t j = 0; j < inner; ++j, ++at) {
      visit(transposed ? j : i, transposed ? i : j, load(type, bytes, at));
    }
  }
}

}  // namespace

long double Freivalds::sign(std::size_t vector, std::int64_t column) const {
  const auto bits = std::to_integer<unsigned>(signs_[static_cast<std::size_t>(column)]);
  return ((bits >> vector) & 1U) != 0 ? 1.0L : -1.0L;
}

Freivalds::Freivalds(const GemmProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b)
    : shape_(problem.shape()), types_(problem.types()), signs_(static_cast<std::size_t>(shape_.n)) {
  boost::random::mt19937 engine(0x46726569);
  for (std::byte& bits : signs_) bits = static_cast<std::byte>(engine() & 0xffU);

  const auto m = static_cast<std::size_t>(shape_.m);
  const auto k = static_cast<std::size_t>(shape_.k);
  const auto batches = static_cast<std::size_t>(shape_.batch);
  products_.resize(batches * m * vectors);
  row_norms_.resize(batches * m);
  norms_.resize(batches);
  for (std::size_t batch = 0; batch < batches; ++batch) {
    const auto entry = static_cast<std::int64_t>(batch);
    std::vector<std::array<long double, vectors>> bx(k);
    double squares = 0;
    for_each_element(types_.input, b, entry, shape_.transpose_b, shape_.k, shape_.n,
                     [&](std::int64_t row, std::int64_t column, double value) {
                       squares += value * value;
                       auto& sums = bx[static_cast<std::size_t>(row)];
                       for (std::size_t v = 0; v < vectors; ++v)
                         sums[v] += sign(v, column) * static_cast<long double>(value);
                     });
    norms_[batch] = std::sqrt(squares);
    for_each_element(types_.input, a, entry, shape_.transpose_a, shape_.m, shape_.k,
                     [&](std::int64_t row, std::int64_t column, double value) {
                       const std::size_t at = batch * m + static_cast<std::size_t>(row);
                       row_norms_[at] += value * value;
                       const auto& sums = bx[static_cast<std::size_t>(column)];
                       for (std::size_t v = 0; v < vectors; ++v)
                         products_[at * vectors + v] += static_cast<long double>(value) * sums[v];
                     });
  }
  for (double& norm : row_norms_) norm = std::sqrt(norm);
}

std::optional<std::string> Freivalds::refute(std::span<const std::byte> c, const Exact& exact) const {
  constexpr int most_infinities = 1024;
  int infinities = 0;
  std::size_t element = 0;
  for (std::size_t row = 0; row < row_norms_.size(); ++row) {
    const std::size_t batch = row / static_cast<std::size_t>(shape_.m);
    std::array<long double, vectors> sums{};
    double squares = 0;
    for (std::int64_t column = 0; column < shape_.n; ++column, ++element) {
      double value = load(types_.output, c, element);
      if (std::isinf(value) && infinities++ < most_infinities) value = exact(element);
      squares += value * value;
      for (std::size_t v = 0; v < vectors; ++v) sums[v] += sign(v, column) * static_cast<long double>(value);
    }
    if (std::isinf(squares)) continue;
    const double threshold =
        refutation_bound(shape_.k, types_, std::sqrt(squares), row_norms_[row] * norms_[batch]);
    for (std::size_t v = 0; v < vectors; ++v) {
      const long double residual = std::fabs(sums[v] - products_[row * vectors + v]);
      if (!(residual <= static_cast<long double>(threshold))) {
        return fmt::format("Freivalds' check refutes row {} of matrix {}: residual {:.3g}, bound {:.3g}",
                           row % static_cast<std::size_t>(shape_.m), batch, static_cast<double>(residual),
                           threshold);
      }
    }
  }
  return std::nullopt;
}

}  // namespace moat
