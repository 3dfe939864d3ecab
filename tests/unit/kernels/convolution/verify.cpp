// The verifier must pass what a correct device computes and find the faults that convolution kernels have, in
// small problems (every output) and in large ones (the channels' sums, and samples).
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>

#include "kernels/convolution/convolution.h"
#include "kernels/convolution/reference.h"
#include "kernels/inputs.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

using Change = std::function<void(ConvolutionShape&, Place&)>;

struct Fixture {
  explicit Fixture(const std::string& key, Data data = Data::normal)
      : problem(parse_problem(key)), tensors(problem->tensors()) {
    input = fill(tensors[0], data, 1);
    weights = fill(tensors[1], data, 1);
    output.resize(tensors[2].bytes());
    const std::vector<std::span<const std::byte>> inputs{input, weights};
    verifier = problem->verifier(inputs);
    planes();
  }
  [[nodiscard]] const ConvolutionShape& shape() const {
    return dynamic_cast<const ConvolutionProblem&>(*problem).shape();
  }
  [[nodiscard]] Verdict check() const {
    const std::vector<std::span<const std::byte>> outputs{output};
    return verifier->check(outputs);
  }
  [[nodiscard]] double at(const std::vector<float>& all, const Strides& strides, std::int64_t a,
                          std::int64_t b, std::int64_t y, std::int64_t x) const {
    return all[static_cast<std::size_t>(a * strides[0] + b * strides[1] + y * strides[2] + x * strides[3])];
  }
  /// The output in f32 (i8: exactly) as a kernel computes it that takes `wrong` for the shape:
  /// its padding, strides, groups and channels are used, the tensors lie as the problem says.
  /// `flipped` filters come last element first.
  void compute(const ConvolutionShape& wrong, bool flipped = false) {
    const ConvolutionShape& s = shape();
    const Strides in = input_strides(s);
    const Strides filter = weights_strides(s);
    for (std::size_t element = 0; element < tensors[2].elements(); ++element) {
      const Place place = output_place(s, element);
      float sum = 0;
      for (std::int64_t c = 0; c < wrong.group_c(); ++c) {
        const std::int64_t channel = place.k / wrong.group_k() * (s.c / wrong.groups) + c;
        for (std::int64_t r = 0; r < s.r; ++r) {
          const std::int64_t y = place.p * wrong.stride.h + r * wrong.dilation.h - wrong.pad.h;
          if (y < 0 || y >= s.h) continue;
          for (std::int64_t x = 0; x < s.s; ++x) {
            const std::int64_t column = place.q * wrong.stride.w + x * wrong.dilation.w - wrong.pad.w;
            if (column < 0 || column >= s.w) continue;
            sum += static_cast<float>(
                at(values_in, in, place.n, channel % s.c, y, column) *
                at(values_filter, filter, place.k, c, flipped ? s.r - 1 - r : r, flipped ? s.s - 1 - x : x));
          }
        }
      }
      store(problem->types().output, output, element, static_cast<double>(sum));
    }
  }
  [[nodiscard]] double value(std::size_t element) const {
    return load(problem->types().output, output, element);
  }
  void set(std::size_t element, double value) { store(problem->types().output, output, element, value); }

  std::unique_ptr<const Problem> problem;
  std::vector<Tensor> tensors;
  std::vector<std::byte> input;
  std::vector<std::byte> weights;
  std::vector<std::byte> output;
  std::unique_ptr<Verifier> verifier;
  std::vector<float> values_in;
  std::vector<float> values_filter;

 private:
  void planes() {
    for (std::size_t i = 0; i < tensors[0].elements(); ++i)
      values_in.push_back(static_cast<float>(load(tensors[0].type, input, i)));
    for (std::size_t i = 0; i < tensors[1].elements(); ++i)
      values_filter.push_back(static_cast<float>(load(tensors[1].type, weights, i)));
  }
};

// Below and above the limit of a full comparison.
const std::string small_shape = "convolution:n=2,c=8,h=9,w=10,k=6,r=3,s=3,stride=2x1,pad=1,groups=2";
const std::string large_shape = "convolution:n=2,c=64,h=30,w=32,k=64,r=3,s=3,stride=2x1,pad=1,groups=1";
const std::string large_groups = "convolution:n=2,c=64,h=40,w=40,k=128,r=3,s=3,stride=2x1,pad=1,groups=2";

}  // namespace

TEST_CASE("correct convolutions of every type and layout pass") {
  const std::string type = GENERATE(as<std::string>{}, "f32", "f16", "bf16", "i8", "f16,output=f32");
  const std::string layout = GENERATE(as<std::string>{}, "nchw", "nhwc");
  const std::string rest =
      GENERATE(as<std::string>{}, ",stride=2x1,pad=1,groups=2", ",pad=2x0,dilation=2x1", ",groups=4");
  Fixture f("convolution:n=2,c=8,h=9,w=10,k=12,r=3,s=3" + rest + ",layout=" + layout + ",type=" + type);
  f.compute(f.shape());
  const Verdict verdict = f.check();
  INFO(f.problem->key() << ": " << verdict.reason << " " << verdict.accumulation);
  CHECK(verdict.correct);
  CHECK(verdict.method == "full");
  CHECK(verdict.checked == f.tensors[2].elements());
}

TEST_CASE("correct large convolutions pass, and one wrong output anywhere is found") {
  const std::string type = GENERATE(as<std::string>{}, "f32", "f16", "bf16", "i8");
  const std::string layout = GENERATE(as<std::string>{}, "nchw", "nhwc");
  Fixture f(large_shape + ",layout=" + layout + ",type=" + type);
  f.compute(f.shape());
  const Verdict verdict = f.check();
  INFO(f.problem->key() << ": " << verdict.reason);
  CHECK(verdict.correct);
  CHECK(verdict.method == "freivalds+sampled");
  for (const std::size_t at : {1, 12345, 61438}) {
    const double right = f.value(at);
    f.set(at, -right + 8);
    CHECK_FALSE(f.check().correct);
    f.set(at, right);
  }
}

TEST_CASE("the faults of convolution kernels are found") {
  const std::string key = GENERATE(small_shape, large_shape, large_groups);
  const std::string layout = GENERATE(as<std::string>{}, "nchw", "nhwc");
  Fixture f(key + ",layout=" + layout);
  ConvolutionShape wrong = f.shape();
  SECTION("padding off by one") {
    const int axis = GENERATE(0, 1);
    (axis == 0 ? wrong.pad.h : wrong.pad.w) -= 1;
    f.compute(wrong);
    CHECK_FALSE(f.check().correct);
  }
  SECTION("strides swapped") {
    std::swap(wrong.stride.h, wrong.stride.w);
    f.compute(wrong);
    CHECK_FALSE(f.check().correct);
  }
  SECTION("the filter flipped, as a convolution in the strict sense has it") {
    f.compute(wrong, true);
    CHECK_FALSE(f.check().correct);
  }
  SECTION("the last channel left out") {
    if (wrong.groups == 1) {
      wrong.c -= 1;
      f.compute(wrong);
      CHECK_FALSE(f.check().correct);
    }
  }
  SECTION("the first group's channels used for all") {
    if (wrong.groups == 2) {
      wrong.k *= 2;  // k / group_k is 0 for every output channel
      f.compute(wrong);
      CHECK_FALSE(f.check().correct);
    }
  }
  SECTION("dilation ignored or invented") {
    wrong.dilation.w = 2;
    f.compute(wrong);
    CHECK_FALSE(f.check().correct);
  }
  SECTION("one output missing") {
    f.compute(wrong);
    REQUIRE(f.check().correct);
    f.set(f.tensors[2].elements() / 3, std::numeric_limits<double>::quiet_NaN());
    CHECK_FALSE(f.check().correct);
  }
}

TEST_CASE("outputs that meet padding alone are zero and nothing else") {
  Fixture f("convolution:n=1,c=2,h=4,w=4,k=3,r=1,s=1,pad=2");
  f.compute(f.shape());
  CHECK(f.check().correct);
  f.set(0, 1e-30);
  CHECK_FALSE(f.check().correct);
}

TEST_CASE("an overflowing f16 convolution is infinite, in small and large problems") {
  const std::string size = GENERATE(as<std::string>{}, "c=128,h=3,w=3,k=2", "c=128,h=14,w=13,k=192");
  Fixture f("convolution:n=1," + size + ",r=3,s=3,pad=1,type=f16", Data::ones);
  // 128 * 9 products of 64 do not fit; those of a corner do.
  for (std::size_t i = 0; i < f.tensors[1].elements(); ++i) {
    store(Type::f16, f.weights, i, 64.0);
    f.values_filter[i] = 64;
  }
  const std::vector<std::span<const std::byte>> inputs{f.input, f.weights};
  f.verifier = f.problem->verifier(inputs);
  f.compute(f.shape());
  REQUIRE(std::isinf(f.value(static_cast<std::size_t>(f.shape().q()) + 1)));
  const Verdict verdict = f.check();
  INFO(verdict.method << ": " << verdict.reason);
  CHECK(verdict.correct);
  f.set(static_cast<std::size_t>(f.shape().q()) + 1, 1000.0);
  CHECK_FALSE(f.check().correct);
}
