// Stream's verifier: every element, whatever the size. Arrays are long, so elements are looked at in blocks
// by loops that a compiler can vectorise; only what stands out goes through the full comparison.
#include <algorithm>
#include <vector>

#include "kernels/comparison.h"
#include "kernels/inputs.h"
#include "kernels/stream/reference.h"

namespace moat {
namespace {

constexpr std::size_t block = 1024;

template <class T>
struct Arrays {
  const T* a;
  const T* b;  // a again where the op has none
  const T* c;
};

/// Compares elements [first, last): the worst one, or all of them if one is beyond its bound.
template <class T, StreamOp op>
void compare_block(const Arrays<T>& arrays, std::size_t first, std::size_t last, const Types& types,
                   std::span<const std::byte> output, Comparison& comparison) {
  const double scalar = stream_scalar(types.input);
  // Two roundings to nearest or truncations at most; a copy has none.
  const double unit = op == StreamOp::copy ? 0 : 4 * unit_roundoff(types.input);
  const double least = op == StreamOp::copy ? 0 : smallest_subnormal(types.input);
  const auto bound = [&](std::size_t i) {
    return unit * stream_magnitude(op, static_cast<double>(arrays.a[i]), static_cast<double>(arrays.b[i]),
                                   scalar) +
           least;
  };
  const auto value = [&](std::size_t i) {
    return stream_value(op, static_cast<double>(arrays.a[i]), static_cast<double>(arrays.b[i]), scalar);
  };
  std::size_t unremarkable = 0;
  double worst = -1;
  std::size_t worst_at = first;
  for (std::size_t i = first; i < last; ++i) {
    const double error = std::fabs(static_cast<double>(arrays.c[i]) - value(i));
    unremarkable += error <= bound(i) ? 1 : 0;  // not if NaN
    worst_at = error > worst ? i : worst_at;
    worst = error > worst ? error : worst;
  }
  const bool all_right = unremarkable == last - first;
  const std::size_t from = all_right ? worst_at : first;
  const std::size_t to = all_right ? worst_at + 1 : last;
  for (std::size_t i = from; i < to; ++i) {
    const double exact = value(i);
    // Of an element, a part is no plausible fault: it is right, or another number altogether.
    comparison.add(i, {exact, std::fabs(exact), exact * exact}, {.bound = bound(i), .scale = bound(i)},
                   output);
  }
  comparison.add_within_bounds(last - first - (to - from));
}

template <class T, StreamOp op>
void compare_all(const Arrays<T>& arrays, std::size_t n, const Types& types,
                 std::span<const std::byte> output, Comparison& comparison) {
  for (std::size_t first = 0; first < n; first += block) {
    compare_block<T, op>(arrays, first, std::min(n, first + block), types, output, comparison);
  }
}

template <class T>
void compare(StreamOp op, std::span<const std::byte> a, std::span<const std::byte> b,
             std::span<const std::byte> c, const Types& types, Comparison& comparison) {
  const auto elements = [](std::span<const std::byte> bytes) {
    return reinterpret_cast<const T*>(bytes.data());
  };
  const Arrays<T> arrays{elements(a), elements(b), elements(c)};
  const std::size_t n = c.size() / sizeof(T);
  switch (op) {
    case StreamOp::copy:
      return compare_all<T, StreamOp::copy>(arrays, n, types, c, comparison);
    case StreamOp::mul:
      return compare_all<T, StreamOp::mul>(arrays, n, types, c, comparison);
    case StreamOp::add:
      return compare_all<T, StreamOp::add>(arrays, n, types, c, comparison);
    case StreamOp::triad:
      return compare_all<T, StreamOp::triad>(arrays, n, types, c, comparison);
    case StreamOp::dot:
      return;  // no elements
  }
}

class ElementVerifier final : public Verifier {
 public:
  ElementVerifier(const StreamProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b)
      : problem_(problem), a_(a), b_(b) {}
  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    const Types types = problem_.types();
    constexpr double whole_element = 1;
    Comparison comparison(2, types, whole_element);
    if (types.input == Type::f64) {
      compare<double>(problem_.op(), a_, b_, outputs[0], types, comparison);
    } else {
      compare<float>(problem_.op(), a_, b_, outputs[0], types, comparison);
    }
    Verdict verdict = comparison.verdict();
    verdict.method = "full";
    return verdict;
  }

 private:
  const StreamProblem& problem_;
  std::span<const std::byte> a_;
  std::span<const std::byte> b_;
};

class DotVerifier final : public Verifier {
 public:
  DotVerifier(const StreamProblem& problem, std::span<const std::byte> a, std::span<const std::byte> b)
      : problem_(problem),
        tolerance_(problem.n(), problem.types(),
                   all_whole(problem.types().input, a) && all_whole(problem.types().input, b)),
        dot_(stream_dot(problem.types().input, a, b)) {}
  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    const Types types = problem_.types();
    Comparison comparison(problem_.n(), types);
    comparison.add(0, dot_, tolerance_.allow(dot_), outputs[0]);
    Verdict verdict = comparison.verdict();
    verdict.method = "full";
    return verdict;
  }

 private:
  const StreamProblem& problem_;
  DotTolerance tolerance_;
  Dot dot_;
};

}  // namespace

std::unique_ptr<Verifier> StreamProblem::verifier(std::span<const std::span<const std::byte>> inputs) const {
  const std::span<const std::byte> b = has_b() ? inputs[1] : inputs[0];
  if (op_ == StreamOp::dot) return std::make_unique<DotVerifier>(*this, inputs[0], b);
  return std::make_unique<ElementVerifier>(*this, inputs[0], b);
}

std::vector<std::vector<std::byte>> StreamProblem::exact_inputs(std::uint64_t seed) const {
  if (op_ != StreamOp::dot) return {};
  return fill_whole(tensors(), n_, types(), seed);
}

}  // namespace moat
