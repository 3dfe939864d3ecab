// NaN, infinity and overflow in the inputs come out as the reference says, and nowhere else.
#include <cmath>
#include <limits>

#include "kernels/inputs.h"
#include "tests/catch.h"
#include "tests/correctness/harness.h"

using namespace moat;

namespace {

// Problems small enough for every output to be compared, in every floating type.
std::vector<std::string> keys() {
  std::vector<std::string> all;
  for (const char* problem :
       {"gemm:m=13,n=33,k=17", "gemm:m=5,n=19,k=70,transpose=nt", "gemm:m=31,n=17,k=40,transpose=tn",
        "convolution:n=1,c=5,h=9,w=9,k=7,r=3,s=3,pad=1", "convolution:n=2,c=16,h=5,w=5,k=18,r=1,s=1",
        "attention:hq=2,sq=9,skv=21,d=16", "attention:hq=4,hkv=2,sq=1,skv=70,d=24"}) {
    for (const char* type : {"f32", "f16", "bf16"}) all.push_back(std::string(problem) + ",type=" + type);
  }
  return all;
}

// Normal data with `value` in the middle of each input that `inputs` names.
MakeInput planted(double value, const std::vector<std::size_t>& inputs) {
  return [value, inputs](const Tensor& tensor, std::size_t input) {
    std::vector<std::byte> data = normal_input(tensor, input);
    for (const std::size_t chosen : inputs) {
      if (chosen == input) store(tensor.type, data, tensor.elements() / 2, value);
    }
    return data;
  };
}

void check_all(const MakeInput& make_input) {
  std::size_t turn = 0;
  for (const std::string& key : keys()) {
    INFO(key);
    CHECK(check_everywhere(*parse_problem(key), turn++, make_input) > 0);
  }
}

}  // namespace

TEST_CASE("NaN in an input reaches the outputs it belongs to", "[special]") {
  check_all(planted(std::numeric_limits<double>::quiet_NaN(), {0}));
  check_all(planted(std::numeric_limits<double>::quiet_NaN(), {1}));
}

TEST_CASE("infinity in an input reaches the outputs it belongs to", "[special]") {
  check_all(planted(std::numeric_limits<double>::infinity(), {0}));
  check_all(planted(-std::numeric_limits<double>::infinity(), {1}));
  check_all(planted(std::numeric_limits<double>::infinity(), {0, 1}));
}

TEST_CASE("an output beyond its type's range is infinite", "[special]") {
  // Products of 2^15 overflow f16's outputs, not f32's sums.
  const MakeInput large = [](const Tensor& tensor, std::size_t input) {
    std::vector<std::byte> data = normal_input(tensor, input);
    for (std::size_t i = 0; i < tensor.elements(); i += 3)
      store(tensor.type, data, i, i % 2 == 0 ? 32768 : -32768);
    return data;
  };
  check_all(large);
}
