// GEMM's verifier. Small problems: every output against the reference. Large ones: Freivalds' check over all
// outputs (R. Freivalds, 1977: C·x = A·(B·x) for random x) plus sampled outputs computed exactly.
// docs/adr/0007 says why.
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <optional>
#include <set>

#include "kernels/comparison.h"
#include "kernels/gemm/freivalds.h"
#include "kernels/gemm/reference.h"
#include "kernels/inputs.h"

namespace moat {
namespace {

constexpr double full_limit_products = 1 << 26;  // about a tenth of a second of reference
constexpr std::int64_t full_limit_outputs = 1 << 21;

double outputs_of(const GemmShape& s) {
  return static_cast<double>(s.batch) * static_cast<double>(s.m) * static_cast<double>(s.n);
}

bool small_enough(const GemmShape& s) {
  return outputs_of(s) <= static_cast<double>(full_limit_outputs) &&
         outputs_of(s) * static_cast<double>(s.k) <= full_limit_products;
}

struct Expected {
  std::size_t index;  // into C's elements
  Dot dot;
};

class GemmVerifier final : public Verifier {
 public:
  GemmVerifier(const GemmProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b)
      : problem_(problem),
        a_(a),
        b_(b),
        tolerance_(problem.shape().k, problem.types(),
                   all_whole(problem.types().input, a) && all_whole(problem.types().input, b)) {
    if (small_enough(problem.shape())) {
      compute_all(problem, a, b);
    } else {
      sample();
      freivalds_.emplace(problem, a, b);
    }
  }

  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    Comparison comparison(problem_.shape().k, problem_.types());
    const auto compare = [&](std::size_t element, const Dot& dot) {
      comparison.add(element, dot, tolerance_.allow(dot), outputs[0]);
    };
    for (const Expected& expected : expected_) compare(expected.index, expected.dot);
    std::optional<std::string> refuted;
    if (freivalds_) {
      refuted = freivalds_->refute(outputs[0], [&](std::size_t element) {
        const Dot dot = exact(element);
        compare(element, dot);
        return dot.value;
      });
    }
    Verdict verdict = comparison.verdict();
    verdict.method = freivalds_ ? "freivalds+sampled" : "full";
    if (refuted && verdict.correct) {
      verdict.correct = false;
      verdict.reason = *refuted;
    }
    return verdict;
  }

 private:
  [[nodiscard]] Dot exact(std::size_t element) const {
    const GemmShape& s = problem_.shape();
    const auto index = static_cast<std::int64_t>(element);
    return gemm_dot(problem_, a_, b_, index / (s.m * s.n), index / s.n % s.m, index % s.n);
  }

  void compute_all(const GemmProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b) {
    const GemmShape& s = problem.shape();
    std::vector<Dot> row(static_cast<std::size_t>(s.n));
    expected_.reserve(static_cast<std::size_t>(s.batch * s.m * s.n));
    for (std::int64_t batch = 0; batch < s.batch; ++batch) {
      const GemmOperands operands = gemm_operands(problem, a, b, batch);
      for (std::int64_t i = 0; i < s.m; ++i) {
        gemm_row(problem, operands, i, row);
        for (const Dot& dot : row) expected_.push_back({expected_.size(), dot});
      }
    }
  }

  // The four corners of the first and last matrix (where edge handling fails), then places drawn evenly. Each
  // place once: all of them, if they are few.
  void sample() {
    const GemmShape& s = problem_.shape();
    std::set<std::size_t> places;
    const auto add = [&](std::int64_t batch, std::int64_t i, std::int64_t j) {
      places.insert(static_cast<std::size_t>((batch * s.m + i) * s.n + j));
    };
    for (const std::int64_t batch : {std::int64_t{0}, s.batch - 1}) {
      for (const std::int64_t i : {std::int64_t{0}, s.m - 1}) {
        for (const std::int64_t j : {std::int64_t{0}, s.n - 1}) add(batch, i, j);
      }
    }
    boost::random::mt19937_64 engine(0x6d6f6174);
    const auto draw = [&](std::int64_t extent) {
      return boost::random::uniform_int_distribution<std::int64_t>(0, extent - 1)(engine);
    };
    for (int count = 0; count < outputs_to_draw(s.k); ++count) {
      const std::int64_t batch = draw(s.batch);
      const std::int64_t i = draw(s.m);
      add(batch, i, draw(s.n));
    }
    for (const std::size_t place : places) expected_.push_back({place, exact(place)});
  }

  const GemmProblem& problem_;
  std::span<const std::byte> a_;
  std::span<const std::byte> b_;
  DotTolerance tolerance_;
  std::vector<Expected> expected_;
  std::optional<Freivalds> freivalds_;
};

}  // namespace

std::unique_ptr<Verifier> GemmProblem::verifier(std::span<const std::span<const std::byte>> inputs) const {
  return std::make_unique<GemmVerifier>(*this, inputs[0], inputs[1]);
}

std::vector<std::vector<std::byte>> GemmProblem::exact_inputs(std::uint64_t seed) const {
  return fill_whole(tensors(), shape_.k, types_, seed);
}

}  // namespace moat
