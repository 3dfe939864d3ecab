// GEMM's problem key and work.
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "kernels/gemm/gemm.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a canonical key parses back to itself") {
  const std::string key =
      GENERATE(as<std::string>{}, "gemm:m=1,n=2,k=3,type=f32", "gemm:m=64,n=64,k=64,batch=12,type=f16",
               "gemm:m=5,n=6,k=7,transpose=tn,type=bf16,output=f32", "gemm:m=9,n=9,k=9,type=i8",
               "gemm:m=2147483647,n=1,k=1,transpose=tt,type=f64");
  CHECK(parse_problem(key)->key() == key);
}

TEST_CASE("a key in any order and with defaults spelled out becomes canonical") {
  CHECK(parse_problem("gemm:type=f16,k=3,output=f16,n=2,transpose=nn,m=1,batch=1,accumulate=f32")->key() ==
        "gemm:m=1,n=2,k=3,type=f16");
  CHECK(parse_problem("gemm:m=1,n=2,k=3")->key() == "gemm:m=1,n=2,k=3,type=f32");
}

TEST_CASE("a wrong key names the argument and the way out") {
  CHECK_THROWS_WITH(parse_problem("gem:m=1"), ContainsSubstring("Did you mean gemm?"));
  CHECK_THROWS_WITH(parse_problem("gemm"), ContainsSubstring("write it like gemm:m="));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2"), ContainsSubstring("k= is missing"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=-1"), ContainsSubstring("k=-1 will not do"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=3x"), ContainsSubstring("k=3x will not do"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=3,m=4"), ContainsSubstring("m is given twice"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=3,transposed=nt"),
                    ContainsSubstring("Did you mean transpose"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=3,transpose=x"), ContainsSubstring("nn, nt, tn, tt"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=3,type=f33"), ContainsSubstring("type=f33 will not do"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=2,k=3,type=f32,accumulate=f16"),
                    ContainsSubstring("no supported combination"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=100000,n=100000,k=3"),
                    ContainsSubstring("more than 2147483647 elements"));
  CHECK_THROWS_WITH(parse_problem("gemm:m=1,n=1,k=200000,type=i8"), ContainsSubstring("overflow i32"));
}

TEST_CASE("work counts two operations per product and each element once") {
  const Work work = parse_problem("gemm:m=2,n=3,k=5,batch=7,type=f16,output=f32")->work();
  CHECK(work.operations == 2 * 2 * 3 * 5 * 7);
  CHECK(work.bytes_read == 7 * (2 * 5 + 5 * 3) * 2);
  CHECK(work.bytes_written == 7 * 2 * 3 * 4);
}

TEST_CASE("stored shapes follow the transposes") {
  const auto tensors = parse_problem("gemm:m=2,n=3,k=5,transpose=tt")->tensors();
  REQUIRE(tensors.size() == 3);
  CHECK(tensors[0].shape == std::vector<std::int64_t>{1, 5, 2});
  CHECK(tensors[1].shape == std::vector<std::int64_t>{1, 3, 5});
  CHECK(tensors[2].shape == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("sizes of 0 are problems, which write nothing or sums of nothing") {
  const auto nothing_in = parse_problem("gemm:m=5,n=7,k=0");
  CHECK(parse_problem(nothing_in->key())->key() == nothing_in->key());
  CHECK(is_empty(*nothing_in));
  CHECK_FALSE(writes_nothing(*nothing_in));
  const std::vector<std::vector<std::byte>> inputs(2);
  const std::vector<std::span<const std::byte>> spans(inputs.begin(), inputs.end());
  const auto verifier = nothing_in->verifier(spans);
  std::vector<float> zeros(35);
  const auto check = [&] { return verifier->check(std::array{std::as_bytes(std::span(zeros))}).correct; };
  CHECK(check());
  zeros[34] = 1;
  CHECK_FALSE(check());

  for (const char* key :
       {"gemm:m=0,n=7,k=3", "gemm:m=5,n=0,k=3", "gemm:m=5,n=7,k=3,batch=0", "attention:hq=2,sq=0,skv=5,d=8",
        "attention:b=0,hq=2,sq=3,skv=5,d=8,mask=causal", "convolution:n=0,c=3,h=5,w=5,k=2,r=3,s=3"}) {
    CAPTURE(key);
    const auto problem = parse_problem(key);
    CHECK(parse_problem(problem->key())->key() == problem->key());
    CHECK(writes_nothing(*problem));
    CHECK(problem->work().operations == 0);
  }
  CHECK_FALSE(is_empty(*parse_problem("gemm:m=1,n=1,k=1")));
}
