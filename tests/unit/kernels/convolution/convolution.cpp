// Convolution's problem key, work and geometry.
#include "kernels/convolution/convolution.h"
#include "base/error.h"
#include "kernels/convolution/reference.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string base = "convolution:n=1,c=4,h=9,w=9,k=6,r=3,s=3";

}  // namespace

TEST_CASE("a canonical convolution key parses back to itself") {
  const std::string rest = GENERATE(as<std::string>{}, ",type=f32", ",stride=2,pad=1,type=f16",
                                    ",stride=2x1,pad=0x1,dilation=1x2,type=bf16",
                                    ",groups=2,layout=nhwc,type=i8", ",layout=nhwc,type=bf16,output=f32");
  CHECK(parse_problem(base + rest)->key() == base + rest);
}

TEST_CASE("a convolution key in any order and with defaults spelled out becomes canonical") {
  CHECK(
      parse_problem("convolution:type=f32,layout=nchw,groups=1,dilation=1x1,pad=0,stride=1x1,s=3,r=3,k=6,w=9,"
                    "h=9,c=4,n=1,output=f32,accumulate=f32")
          ->key() == base + ",type=f32");
  CHECK(parse_problem(base + ",stride=3x3")->key() == base + ",stride=3,type=f32");
}

TEST_CASE("a wrong convolution key names the argument and the way out") {
  CHECK_THROWS_WITH(parse_problem("convolutoin:n=1"), ContainsSubstring("Did you mean convolution?"));
  CHECK_THROWS_WITH(parse_problem("convolution:n=1,c=4,h=9,w=9,k=6,r=3"), ContainsSubstring("s= is missing"));
  CHECK_THROWS_WITH(parse_problem(base + ",strides=2"), ContainsSubstring("Did you mean stride?"));
  CHECK_THROWS_WITH(parse_problem(base + ",stride=0"), ContainsSubstring("stride=0 will not do"));
  CHECK_THROWS_WITH(parse_problem(base + ",stride=1x"), ContainsSubstring("stride=1x will not do"));
  CHECK_THROWS_WITH(parse_problem(base + ",pad=-1"), ContainsSubstring("pad=-1 will not do"));
  CHECK_THROWS_WITH(parse_problem(base + ",pad=1,pad=1"), ContainsSubstring("pad is given twice"));
  CHECK_THROWS_WITH(parse_problem(base + ",layout=chwn"), ContainsSubstring("nchw, nhwc"));
  CHECK_THROWS_WITH(parse_problem(base + ",groups=4"), ContainsSubstring("groups=4 divides not both"));
  CHECK_THROWS_WITH(parse_problem(base + ",dilation=5x1"), ContainsSubstring("the height has no output"));
  CHECK_THROWS_WITH(parse_problem(base + ",type=f33"), ContainsSubstring("type=f33 will not do"));
  CHECK_THROWS_WITH(parse_problem(base + ",type=f64"), ContainsSubstring("no supported combination"));
  CHECK_THROWS_WITH(parse_problem("convolution:n=2,c=70000,h=1,w=70000,k=1,r=1,s=1"),
                    ContainsSubstring("the input has more than 2147483647 elements"));
  CHECK_THROWS_WITH(parse_problem("convolution:n=1,c=1,h=1,w=1,k=1,r=1,s=1,pad=2000000000"),
                    ContainsSubstring("padded image"));
  CHECK_THROWS_WITH(parse_problem("convolution:n=1,c=150000,h=1,w=1,k=1,r=1,s=1,type=i8"),
                    ContainsSubstring("overflow i32"));
}

TEST_CASE("a convolution's outputs are counted as networks count them") {
  const auto outputs = [](const std::string& key) {
    const auto problem = parse_problem(key);
    const ConvolutionShape& s = dynamic_cast<const ConvolutionProblem&>(*problem).shape();
    return Extent{s.p(), s.q()};
  };
  CHECK(outputs("convolution:n=1,c=3,h=224,w=224,k=64,r=7,s=7,stride=2,pad=3") == Extent{112, 112});
  CHECK(outputs("convolution:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1") == Extent{56, 56});
  CHECK(outputs("convolution:n=1,c=8,h=14,w=15,k=8,r=3,s=3,pad=2,dilation=2") == Extent{14, 15});
  CHECK(outputs("convolution:n=1,c=1,h=1,w=100,k=1,r=1,s=11,stride=1x3") == Extent{1, 30});
}

TEST_CASE("a convolution's work counts two operations per product and each element once") {
  const Work work =
      parse_problem("convolution:n=2,c=4,h=5,w=6,k=8,r=3,s=2,groups=2,type=f16,output=f32")->work();
  CHECK(work.operations == 2.0 * (2 * 8 * 3 * 5) * (2 * 3 * 2));
  CHECK(work.bytes_read == (2 * 4 * 5 * 6 + 8 * 2 * 3 * 2) * 2);
  CHECK(work.bytes_written == 2 * 8 * 3 * 5 * 4);
}

TEST_CASE("a convolution's tensors and strides follow the layout") {
  const std::string shape = "convolution:n=2,c=4,h=5,w=6,k=8,r=3,s=2,groups=2";
  const auto planar = parse_problem(shape)->tensors();
  CHECK(planar[0].shape == std::vector<std::int64_t>{2, 4, 5, 6});
  CHECK(planar[1].shape == std::vector<std::int64_t>{8, 2, 3, 2});
  CHECK(planar[2].shape == std::vector<std::int64_t>{2, 8, 3, 5});
  const auto problem = parse_problem(shape + ",layout=nhwc");
  const auto interleaved = problem->tensors();
  CHECK(interleaved[0].shape == std::vector<std::int64_t>{2, 5, 6, 4});
  CHECK(interleaved[1].shape == std::vector<std::int64_t>{8, 3, 2, 2});
  CHECK(interleaved[2].shape == std::vector<std::int64_t>{2, 3, 5, 8});
  const ConvolutionShape& s = dynamic_cast<const ConvolutionProblem&>(*problem).shape();
  CHECK(input_strides(s) == Strides{120, 1, 24, 4});
  CHECK(weights_strides(s) == Strides{12, 1, 4, 2});
}

TEST_CASE("an output's place and element are each other's inverse in both layouts") {
  const std::string layout = GENERATE(as<std::string>{}, "nchw", "nhwc");
  const auto problem = parse_problem("convolution:n=2,c=4,h=5,w=6,k=8,r=3,s=2,layout=" + layout);
  const ConvolutionShape& s = dynamic_cast<const ConvolutionProblem&>(*problem).shape();
  for (std::size_t element = 0; element < problem->tensors()[2].elements(); ++element) {
    const Place place = output_place(s, element);
    REQUIRE(place.k < s.k);
    REQUIRE(output_element(s, place) == element);
  }
}
