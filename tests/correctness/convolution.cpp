// Convolution as the project computes it itself: every implementation and shipped parameter set on every real
// device that compiles kernels, for every type and layout, with strides, padding, dilation and groups. Under
// Oclgrind the same program proves that no work-item touches what is not its own (.ci/run oclgrind).
#include <span>
#include <string>
#include <vector>

#include "kernels/convolution/convolution.h"
#include "tests/catch.h"
#include "tests/correctness/harness.h"

using namespace moat;

namespace {

void check_keys(std::span<const std::string> keys, std::span<const std::string> types) {
  std::size_t turn = 0;
  for (const std::string& key : keys) {
    for (const std::string layout : {"nchw", "nhwc"}) {
      for (const std::string& type : types) {
        CHECK(check_everywhere(*parse_problem("convolution:" + key + ",layout=" + layout + ",type=" + type),
                               turn++) > 0);
      }
    }
  }
}

const std::vector<std::string> all_types{"f32", "f16", "bf16", "i8", "f16,output=f32", "bf16,output=f32"};
const std::vector<std::string> f32{"f32"};

}  // namespace

TEST_CASE("convolution is right at the smallest sizes and leaves its surroundings alone", "[smallest]") {
  const std::vector<std::string> keys{"n=1,c=1,h=1,w=1,k=1,r=1,s=1", "n=2,c=3,h=4,w=5,k=2,r=3,s=2,pad=1",
                                      "n=1,c=4,h=5,w=6,k=6,r=2,s=3,stride=2x1,pad=1x2,dilation=1x2,groups=2",
                                      "n=1,c=5,h=4,w=7,k=5,r=3,s=3,pad=1,groups=5"};
  check_keys(keys, all_types);
}

TEST_CASE("convolution is right wherever the filter meets the image's border") {
  const std::vector<std::string> keys{
      "n=1,c=3,h=9,w=35,k=13,r=1,s=1",                                // plain products
      "n=2,c=17,h=7,w=7,k=13,r=1,s=1",                                // images smaller than a tile
      "n=1,c=5,h=9,w=11,k=7,r=1,s=1,stride=2",                        // gaps
      "n=2,c=3,h=17,w=19,k=14,r=7,s=7,stride=2,pad=3",                // a network's first layer
      "n=1,c=6,h=12,w=14,k=25,r=3,s=3,stride=2,pad=1",                // halving
      "n=3,c=5,h=7,w=7,k=33,r=3,s=3,pad=1",                           // tiles over several images
      "n=1,c=2,h=20,w=21,k=5,r=5,s=3,stride=3x2,pad=2x1,dilation=2",  // stride, padding and dilation at once
      "n=1,c=12,h=6,w=37,k=9,r=3,s=3,pad=1,groups=3",                 // groups
      "n=1,c=4,h=9,w=40,k=8,r=3,s=3,stride=2,pad=1,groups=4",         // two filters per channel
      "n=1,c=35,h=8,w=9,k=35,r=5,s=5,pad=2,groups=35",                // depthwise
      "n=1,c=7,h=1,w=50,k=9,r=1,s=9,stride=1x4,pad=0x4",              // one dimension
      "n=1,c=3,h=4,w=4,k=3,r=3,s=3,pad=4",                            // outputs of padding alone
      "n=1,c=2,h=3,w=3,k=3,r=3,s=3"};                                 // one output per channel
  check_keys(keys, f32);
}

TEST_CASE("convolution is right where sums are longer than a driver lets a loop run", "[long]") {
  const std::vector<std::string> keys{"n=1,c=70000,h=1,w=1,k=2,r=1,s=1",
                                      "n=1,c=9000,h=3,w=3,k=1,r=3,s=3,pad=1"};
  check_keys(keys, f32);
}

TEST_CASE("convolution is right over several tiles, panels and groups", "[large]") {
  const std::vector<std::string> keys{"n=2,c=70,h=29,w=30,k=67,r=3,s=3,pad=1",
                                      "n=2,c=300,h=14,w=14,k=150,r=1,s=1",
                                      "n=3,c=160,h=15,w=13,k=70,r=3,s=3,stride=2,pad=1"};
  check_keys(keys, all_types);
}
