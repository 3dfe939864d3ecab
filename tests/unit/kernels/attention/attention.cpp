// Attention's problem key, shapes and work.
#include <cmath>

#include "base/error.h"
#include "kernels/attention/attention.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a canonical attention key parses back to itself") {
  const std::string key = GENERATE(as<std::string>{}, "attention:hq=1,sq=2,skv=3,d=4,type=f32",
                                   "attention:b=2,hq=32,hkv=8,sq=512,skv=640,d=128,mask=causal,type=f16",
                                   "attention:hq=128,hkv=1,sq=1,skv=16384,d=192,dv=128,scale=0.25,type=bf16",
                                   "attention:hq=2,sq=7,skv=7,d=80,scale=-1.5e-07,type=f32");
  CHECK(parse_problem(key)->key() == key);
}

TEST_CASE("an attention key in any order and with defaults spelled out becomes canonical") {
  CHECK(
      parse_problem("attention:type=f32,scale=0.125,mask=full,dv=64,d=64,skv=3,sq=2,hkv=4,hq=4,b=1")->key() ==
      "attention:hq=4,sq=2,skv=3,d=64,type=f32");
}

TEST_CASE("the scale is 1/sqrt(d) in f32 unless it is given") {
  const auto scale = [](const std::string& key) {
    return dynamic_cast<const AttentionProblem&>(*parse_problem(key)).scale();
  };
  CHECK(scale("attention:hq=1,sq=1,skv=1,d=80") == static_cast<float>(1 / std::sqrt(80.0)));
  CHECK(scale("attention:hq=1,sq=1,skv=1,d=80,scale=0.1") == 0.1F);
}

TEST_CASE("a wrong attention key names the argument and the way out") {
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=1"), ContainsSubstring("d= is missing"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=0,d=1"), ContainsSubstring("skv=0 will not do"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skvs=1,d=1"), ContainsSubstring("Did you mean skv"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=6,hkv=4,sq=1,skv=1,d=1"),
                    ContainsSubstring("no multiple of hkv=4"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=3,skv=2,d=1,mask=causal"),
                    ContainsSubstring("the first queries see no key"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=1,d=1,mask=window"),
                    ContainsSubstring("full, causal"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=1,d=1,scale=inf"), ContainsSubstring("scale=inf"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=1,d=1,scale=1x"), ContainsSubstring("scale=1x"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=1,d=1,type=f64"),
                    ContainsSubstring("f32, f16 and bf16"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,sq=1,skv=2000000,d=2000"),
                    ContainsSubstring("more than 2147483647"));
  CHECK_THROWS_WITH(parse_problem("attention:hq=1,hq=1,sq=1,skv=1,d=1"),
                    ContainsSubstring("hq is given twice"));
  CHECK_THROWS_WITH(parse_problem("attention:b=2000000000,hq=2000000000,sq=1,skv=1000000,d=2000"),
                    ContainsSubstring("beyond any memory"));
}

TEST_CASE("attention's work counts the pairs of queries and keys that are seen, and each element once") {
  const auto operations = [](const std::string& arguments) {
    return parse_problem("attention:" + arguments)->work().operations;
  };
  CHECK(operations("hq=1,sq=3,skv=5,d=7,dv=11") == 2 * (7 + 11) * 3 * 5);
  CHECK(operations("hq=1,sq=3,skv=5,d=7,dv=11,mask=causal") == 2 * (7 + 11) * (3 + 4 + 5));
  CHECK(operations("b=2,hq=6,hkv=3,sq=1,skv=9,d=4,mask=causal") == 2 * (4 + 4) * 9 * 12);
  // What is printed everywhere: 4·B·H·Sq·Skv·D.
  CHECK(operations("b=2,hq=8,sq=16,skv=32,d=64") == 4.0 * 2 * 8 * 16 * 32 * 64);
  const Work work = parse_problem("attention:b=2,hq=6,hkv=3,sq=5,skv=9,d=4,dv=8,type=f16")->work();
  CHECK(work.bytes_read == 2 * 2 * (6 * 5 * 4 + 3 * 9 * (4 + 8)));
  CHECK(work.bytes_written == 2 * 2 * 6 * 5 * 8);
}

TEST_CASE("a causal mask is aligned to the end") {
  const AttentionShape shape{.queries = 3, .keys = 10, .causal = true};
  CHECK(shape.visible(0) == 8);
  CHECK(shape.visible(2) == 10);
}

TEST_CASE("attention's tensors have batch, heads, length and dimension, outermost first") {
  const auto tensors = parse_problem("attention:b=2,hq=6,hkv=3,sq=5,skv=9,d=4,dv=8")->tensors();
  REQUIRE(tensors.size() == 4);
  CHECK(tensors[0].shape == std::vector<std::int64_t>{2, 6, 5, 4});
  CHECK(tensors[1].shape == std::vector<std::int64_t>{2, 3, 9, 4});
  CHECK(tensors[2].shape == std::vector<std::int64_t>{2, 3, 9, 8});
  CHECK(tensors[3].shape == std::vector<std::int64_t>{2, 6, 5, 8});
}
