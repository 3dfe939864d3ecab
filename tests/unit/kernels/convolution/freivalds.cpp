// The channels' sums by themselves:
// right convolutions pass, an output that is off by more than rounding leaves does not.
#include "kernels/convolution/freivalds.h"

#include <limits>

#include "kernels/inputs.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A convolution computed in double and rounded to the output's type.
struct Convolved {
  explicit Convolved(const std::string& key) : problem(parse_problem(key)) {
    const auto tensors = problem->tensors();
    input = fill(tensors[0], Data::normal, 1);
    weights = fill(tensors[1], Data::normal, 1);
    output.resize(tensors[2].bytes());
    for (std::size_t i = 0; i < tensors[2].elements(); ++i) set(i, exact(i));
  }
  [[nodiscard]] const ConvolutionProblem& convolution() const {
    return dynamic_cast<const ConvolutionProblem&>(*problem);
  }
  [[nodiscard]] double exact(std::size_t element) const {
    const Place place = output_place(convolution().shape(), element);
    return convolution_dot(convolution(), input, weights, place).value;
  }
  void set(std::size_t element, double value) { store(problem->types().output, output, element, value); }
  [[nodiscard]] double at(std::size_t element) const {
    return load(problem->types().output, output, element);
  }
  [[nodiscard]] std::optional<std::string> refuted() {
    return ConvolutionFreivalds(convolution(), input, weights).refute(output, [&](std::size_t element) {
      ++asked;
      return exact(element);
    });
  }

  std::unique_ptr<const Problem> problem;
  std::vector<std::byte> input;
  std::vector<std::byte> weights;
  std::vector<std::byte> output;
  int asked = 0;
};

std::string key(const std::string& rest) {
  return "convolution:" + rest;
}

}  // namespace

TEST_CASE("a right convolution passes with groups, strides, padding and either layout") {
  const std::string layout = GENERATE("nchw", "nhwc");
  const std::string rest =
      GENERATE("c=6,k=9,groups=3,pad=1", "c=6,k=9,pad=2,stride=2", "c=6,k=6,groups=6,dilation=2");
  Convolved convolved(key("n=2,h=9,w=8,r=3,s=3," + rest + ",layout=" + layout + ",type=f32"));
  CHECK(convolved.refuted() == std::nullopt);
  CHECK(convolved.asked == 0);
}

TEST_CASE("an output of a convolution that is off is told with its pixel and image") {
  const std::string layout = GENERATE("nchw", "nhwc");
  Convolved convolved(key("n=2,c=4,h=7,w=6,k=5,r=3,s=3,pad=1,layout=" + layout + ",type=f32"));
  const std::size_t element = output_element(convolved.convolution().shape(), {1, 3, 4, 2});
  convolved.set(element, convolved.at(element) + GENERATE(0.01, -0.01));
  const auto reason = convolved.refuted();
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("pixel (4, 2) of image 1: residual 0.01,"));
}

TEST_CASE("an error that rounding may leave is not refuted, an integer off by one is") {
  Convolved floating(key("n=1,c=4,h=7,w=6,k=5,r=3,s=3,type=f32"));
  floating.set(4, floating.at(4) + 1e-6);
  CHECK_FALSE(floating.refuted());
  Convolved integers(key("n=1,c=4,h=7,w=6,k=5,r=3,s=3,type=i8"));
  CHECK_FALSE(integers.refuted());
  integers.set(4, integers.at(4) + 1);
  CHECK(integers.refuted());
}

TEST_CASE("an infinity of a convolution enters as what it ought to be, for at most 1024 of them") {
  Convolved convolved(key("n=1,c=2,h=40,w=16,k=2,r=1,s=1,type=f32"));
  for (std::size_t i = 0; i < 1280; ++i) convolved.set(i, std::numeric_limits<double>::infinity());
  CHECK_FALSE(convolved.refuted());
  CHECK(convolved.asked == 1024);
}
