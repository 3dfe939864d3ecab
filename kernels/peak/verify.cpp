// Peak's verifier: every chain of a floating type, by the matrix; of i8 every chain of a small problem, else
// chains spread over all of them.
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <cstring>
#include <vector>

#include "kernels/comparison.h"
#include "kernels/peak/peak.h"
#include "kernels/peak/reference.h"

namespace moat {
namespace {

constexpr std::int64_t full_limit_steps = 1 << 27;  // about a tenth of a second of reference
constexpr std::size_t samples = 4096;

class FloatingVerifier final : public Verifier {
 public:
  FloatingVerifier(const PeakProblem& problem, std::span<const std::byte> start)
      : problem_(problem),
        start_(start),
        matrix_(peak_power(peak_coefficient(problem.types().input), problem.pairs())) {}

  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    const Types types = problem_.types();
    const auto chains = static_cast<std::size_t>(problem_.chains());
    // A step rounds once or twice, and later ones enlarge it: as many errors as four products leave at most.
    // A missing step, too, leaves another state altogether: an error as large as its numbers, which have half
    // of the energy each.
    constexpr double half = 0.5;
    Comparison comparison(4 * problem_.steps(), types, half);
    for (std::size_t i = 0; i < chains; ++i) {
      const double x = load(types.input, start_, i);
      const double y = load(types.input, start_, chains + i);
      const double energy = x * x + y * y;
      Allowance allowance = peak_allowance(types.input, problem_.steps(), std::sqrt(energy));
      allowance.bound += smallest_subnormal(types.input);
      const auto compare = [&](std::size_t element, double value) {
        comparison.add(element, {value, std::sqrt(energy), energy}, allowance, outputs[0]);
      };
      compare(i, matrix_.xx * x + matrix_.xy * y);
      compare(chains + i, matrix_.yx * x + matrix_.yy * y);
    }
    Verdict verdict = comparison.verdict();
    verdict.method = "full";
    return verdict;
  }

 private:
  const PeakProblem& problem_;
  std::span<const std::byte> start_;
  PeakMatrix matrix_;
};

class IntegerVerifier final : public Verifier {
 public:
  IntegerVerifier(const PeakProblem& problem, std::span<const std::byte> start)
      : problem_(problem), is_full_(problem.chains() <= full_limit_steps / problem.steps()) {
    choose_chains();
    const auto chains = static_cast<std::size_t>(problem.chains());
    ends_.reserve(chosen_.size());
    for (const std::size_t chain : chosen_) {
      State state{packed(start, chain), packed(start, chains + chain)};
      for (std::int64_t pair = 0; pair < problem.pairs(); ++pair) {
        state.x += peak_dot(state.y);
        state.y += peak_dot(state.x);
      }
      ends_.push_back(state);
    }
  }

  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    const auto chains = static_cast<std::size_t>(problem_.chains());
    Comparison comparison(problem_.steps(), problem_.types(), 1);
    const auto compare = [&](std::size_t element, std::uint32_t end) {
      const auto value = static_cast<double>(static_cast<std::int32_t>(end));
      comparison.add(element, {value, std::fabs(value), value * value},
                     {.bound = 0, .scale = 0.5 / most_deviations}, outputs[0]);
    };
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      compare(chosen_[i], ends_[i].x);
      compare(chains + chosen_[i], ends_[i].y);
    }
    Verdict verdict = comparison.verdict();
    verdict.method = is_full_ ? "full" : "sampled";
    return verdict;
  }

 private:
  struct State {
    std::uint32_t x;
    std::uint32_t y;
  };

  static std::uint32_t packed(std::span<const std::byte> bytes, std::size_t index) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + index * sizeof value, sizeof value);
    return value;
  }

  // All; or one drawn from each of as many equal parts, and both ends.
  void choose_chains() {
    const auto chains = static_cast<std::size_t>(problem_.chains());
    const std::size_t parts = is_full_ ? chains : std::min(samples, chains);
    boost::random::mt19937_64 engine(0x6d6f6174);
    chosen_.reserve(parts + 2);
    for (std::size_t part = 0; part < parts; ++part) {
      const std::size_t first = part * chains / parts;
      const std::size_t last = (part + 1) * chains / parts - 1;
      chosen_.push_back(boost::random::uniform_int_distribution<std::size_t>(first, last)(engine));
    }
    if (!is_full_) chosen_.insert(chosen_.end(), {0, chains - 1});
  }

  const PeakProblem& problem_;
  bool is_full_;
  std::vector<std::size_t> chosen_;
  std::vector<State> ends_;
};

}  // namespace

std::unique_ptr<Verifier> PeakProblem::verifier(std::span<const std::span<const std::byte>> inputs) const {
  if (type_ == Type::i8) return std::make_unique<IntegerVerifier>(*this, inputs[0]);
  return std::make_unique<FloatingVerifier>(*this, inputs[0]);
}

}  // namespace moat
