// Convolution's verifier. Small problems: every output against the reference. Large ones: the channels' sums
// of every pixel (freivalds.h) plus sampled outputs computed exactly, in the corners, along the borders,
// where padding is met, and anywhere.
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <optional>
#include <set>

#include "kernels/comparison.h"
#include "kernels/convolution/freivalds.h"
#include "kernels/convolution/reference.h"
#include "kernels/inputs.h"

namespace moat {
namespace {

constexpr double full_limit_products = 1 << 25;  // about a tenth of a second of reference
constexpr double full_limit_outputs = 1 << 21;

double outputs_of(const ConvolutionShape& s) {
  return static_cast<double>(s.n) * static_cast<double>(s.k) * static_cast<double>(s.p()) *
         static_cast<double>(s.q());
}

bool small_enough(const ConvolutionShape& s) {
  return outputs_of(s) <= full_limit_outputs &&
         outputs_of(s) * static_cast<double>(s.depth()) <= full_limit_products;
}

struct Expected {
  std::size_t index;  // into the output's elements
  Dot dot;
};

class ConvolutionVerifier final : public Verifier {
 public:
  ConvolutionVerifier(const ConvolutionProblem& problem, std::span<const std::byte> input,
                      std::span<const std::byte> weights)
      : problem_(problem),
        input_(input),
        weights_(weights),
        tolerance_(problem.shape().depth(), problem.types(),
                   all_whole(problem.types().input, input) && all_whole(problem.types().input, weights)) {
    if (small_enough(problem.shape())) {
      compute_all();
    } else {
      sample();
      freivalds_.emplace(problem, input, weights);
    }
  }

  [[nodiscard]] Verdict check(std::span<const std::span<const std::byte>> outputs) const override {
    Comparison comparison(problem_.shape().depth(), problem_.types());
    const auto compare = [&](std::size_t element, const Dot& dot) {
      comparison.add(element, dot, tolerance_.allow(dot), outputs[0]);
    };
    for (const Expected& expected : expected_) compare(expected.index, expected.dot);
    std::optional<std::string> refuted;
    if (freivalds_) {
      refuted = freivalds_->refute(outputs[0], [&](std::size_t element) {
        const Dot dot = convolution_dot(problem_, input_, weights_, output_place(problem_.shape(), element));
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
  void compute_all() {
    const ConvolutionShape& s = problem_.shape();
    const std::vector<double> filters = filters_of(problem_, weights_);
    std::vector<Dot> plane(static_cast<std::size_t>(s.p() * s.q()));
    expected_.reserve(static_cast<std::size_t>(outputs_of(s)));
    for (std::int64_t n = 0; n < s.n; ++n) {
      const std::vector<double> image = image_of(problem_, input_, n);
      for (std::int64_t k = 0; k < s.k; ++k) {
        convolve_plane(s, image, filters, k, plane);
        for (std::size_t i = 0; i < plane.size(); ++i) {
          const auto pixel = static_cast<std::int64_t>(i);
          expected_.push_back({output_element(s, {n, k, pixel / s.q(), pixel % s.q()}), plane[i]});
        }
      }
    }
  }

  // Each place once: all of them, if they are few.
  void sample() {
    const ConvolutionShape& s = problem_.shape();
    std::set<std::size_t> places;
    const auto add = [&](const Place& place) { places.insert(output_element(s, place)); };
    for (const std::int64_t n : {std::int64_t{0}, s.n - 1}) {
      for (const std::int64_t k : {std::int64_t{0}, s.k - 1}) {
        for (const std::int64_t p : {std::int64_t{0}, s.p() - 1}) {
          for (const std::int64_t q : {std::int64_t{0}, s.q() - 1}) add({n, k, p, q});
        }
      }
    }
    boost::random::mt19937_64 engine(0x6d6f6174);
    const auto draw = [&](std::int64_t extent) {
      return boost::random::uniform_int_distribution<std::int64_t>(0, extent - 1)(engine);
    };
    const auto anywhere = [&] {
      Place place;
      place.n = draw(s.n);
      place.k = draw(s.k);
      place.p = draw(s.p());
      place.q = draw(s.q());
      return place;
    };
    for (int count = 0; count < outputs_to_draw(s.depth()) / 4; ++count) {
      Place place = anywhere();
      const std::int64_t side = draw(4);
      if (side < 2) {
        place.p = side == 0 ? 0 : s.p() - 1;
      } else {
        place.q = side == 2 ? 0 : s.q() - 1;
      }
      add(place);
    }
    for (int count = 0; count < outputs_to_draw(s.depth()); ++count) add(anywhere());
    for (const std::size_t place : places) {
      expected_.push_back({place, convolution_dot(problem_, input_, weights_, output_place(s, place))});
    }
  }

  const ConvolutionProblem& problem_;
  std::span<const std::byte> input_;
  std::span<const std::byte> weights_;
  DotTolerance tolerance_;
  std::vector<Expected> expected_;
  std::optional<ConvolutionFreivalds> freivalds_;
};

}  // namespace

std::unique_ptr<Verifier> ConvolutionProblem::verifier(
    std::span<const std::span<const std::byte>> inputs) const {
  return std::make_unique<ConvolutionVerifier>(*this, inputs[0], inputs[1]);
}

std::vector<std::vector<std::byte>> ConvolutionProblem::exact_inputs(std::uint64_t seed) const {
  return fill_whole(tensors(), shape_.depth(), types_, seed);
}

}  // namespace moat
