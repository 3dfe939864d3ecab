// Parameters as JSON, and files of the time when methods were numbers.
#include "results/parameters.h"

#include "base/json.h"
#include "results/json.h"
#include "results/tuning/tuning.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Parameters read(const Json& json) {
  Parameters parameters;
  decode(JsonSource(json, "t", "parameters"), parameters);
  return parameters;
}

std::string tuning_text(const std::string& problem, const std::string& parameters) {
  return R"({"kind":"moat tuning","schema":1,"vendor":"v","architecture":"a","device":"d","problems":[)"
         R"({"implementation":"portable/opencl","problem":")" +
         problem + R"(","driver":"1","kernels":"k","parameters":)" + parameters +
         R"(,"keeps_default":false,"seconds":1,"default_seconds":2,"candidates":3,"tuned_utc":"t"}]})";
}

Parameters tuned(const std::string& problem, const std::string& parameters) {
  return parse_tuning(tuning_text(problem, parameters), "t.json").problems.at(0).parameters;
}

}  // namespace

TEST_CASE("the method comes first in JSON, by name, and is left out where there is only one") {
  const Parameters packed{"packed", {{"BLOCK_K", 256}, {"TILE_M", 12}}};
  CHECK(parameters_json(packed).dump() == R"({"METHOD":"packed","BLOCK_K":256,"TILE_M":12})");
  CHECK(read(parameters_json(packed)) == packed);
  const Parameters plain{"", {{"GROUP_X", 1}}};
  CHECK(parameters_json(plain).dump() == R"({"GROUP_X":1})");
  CHECK(read(parameters_json(plain)) == plain);
}

TEST_CASE("numbers that methods had are read as the methods that they meant") {
  for (const auto& [operator_name, names] :
       {std::pair{"gemm", std::vector<std::string>{"tiled", "packed", "dots", "lanes", "matrices"}},
        {"attention", {"grouped", "fused", "decode", "lanes"}},
        {"convolution", {"tiled", "packed", "direct", "lanes"}},
        {"stream", {}}}) {
    for (std::size_t number = 0; number < names.size(); ++number) {
      CHECK(method_of_number(operator_name, static_cast<std::int64_t>(number)) == names[number]);
      // And it is still there.
      const auto problem = parse_problem(find_operator(operator_name).key_example());
      const auto outcome =
          own_implementation(operator_name, "portable").plan(*problem, cpu(), {names[number], {}});
      CHECK_THAT(reason(outcome), !ContainsSubstring("METHOD"));
    }
    CHECK_FALSE(method_of_number(operator_name, static_cast<std::int64_t>(names.size())));
    CHECK_FALSE(method_of_number(operator_name, -1));
  }
}

TEST_CASE("a tuning file of schema 1 is read with its methods' names") {
  CHECK(tuned("gemm:m=1,n=2,k=3,type=f32", R"({"METHOD":1,"TILE_M":12})") ==
        Parameters{"packed", {{"TILE_M", 12}}});
  CHECK(tuned("attention:hq=1,sq=1,skv=1,d=8,type=f32", R"({"METHOD":2,"ROWS":1})") ==
        Parameters{"decode", {{"ROWS", 1}}});
  CHECK(tuned("convolution:n=1", R"({"METHOD":0})") == Parameters{"tiled", {}});
  CHECK(tuned("gemm:m=1,n=2,k=3,type=f32", R"({"METHOD":"dots"})") == Parameters{"dots", {}});
}

TEST_CASE("a number that never was a method is kept, and the plan refuses it") {
  const Parameters read = tuned("gemm:m=1,n=2,k=3,type=f32", R"({"METHOD":99})");
  CHECK(read == Parameters{"", {{"METHOD", 99}}});
  CHECK_THAT(
      reason(own_implementation("gemm", "portable").plan(*parse_problem("gemm:m=1,n=2,k=3"), cpu(), read)),
      ContainsSubstring("METHOD"));
}

TEST_CASE("a method that is neither a name nor a number is refused with its place") {
  CHECK_THROWS_WITH(tuned("gemm:m=1,n=2,k=3", R"({"METHOD":[1]})"),
                    "t.json: 'problems[0].parameters.METHOD' is not text");
  CHECK_THROWS_WITH(tuned("gemm:m=1,n=2,k=3", R"({"METHOD":1.5})"),
                    ContainsSubstring("'problems[0].parameters.METHOD' is not a whole number"));
  CHECK_THROWS_WITH(tuned("gemm:m=1,n=2,k=3", "{\"METHOD\":\"" + std::string(100'000, 'x') + "\"}"),
                    ContainsSubstring("'problems[0].parameters.METHOD' is longer than"));
}

TEST_CASE("a record of schema 1 is read with its method's name, and written with it") {
  Record record;
  record.identity = {"opencl:0", "portable/opencl", "gemm:m=1,n=2,k=3,type=f32", {}};
  record.operator_name = "gemm";
  record.parameters = {"packed", {{"TILE_M", 12}}};
  Json old = record_json(record);
  CHECK(old.at("parameters").at("METHOD") == "packed");
  old["schema"] = 1;
  old["parameters"]["METHOD"] = 1;
  CHECK(parse_record(strict_json(old), "r").parameters == record.parameters);
  old["parameters"]["METHOD"] = nullptr;
  CHECK_THROWS_WITH(parse_record(strict_json(old), "r"),
                    ContainsSubstring("'parameters.METHOD' is not text"));
}
