// `moat chips` as its users meet it: tables, one chip's page, comparisons, JSON, and files of their own.
#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string file_with(const std::string& rate, const std::string& id = "mine") {
  return R"(vendor = "Me"
[sources]
P = "a paper"
[[chip]]
id = ")" +
         id + R"("
name = "Mine"
scope = "card"
peak = [
  { types = ["f16"], accumulate = "f32", operations_per_second = )" +
         rate + R"(, dense = true, confidence = "B", sources = ["P"] },
]
)";
}

}  // namespace

TEST_CASE("the table shows intervals and marks what is not verified") {
  const Outcome outcome = moat_program({"chips"});
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.output, ContainsSubstring("707.8–800 "));
  CHECK_THAT(outcome.output, ContainsSubstring("15.7?"));
  CHECK_THAT(outcome.output, ContainsSubstring("? not verified"));
}

TEST_CASE("chips are chosen by vendor, type, pattern and memory") {
  const Json json =
      moat_program({"chips", "--vendor", "nvid*", "--type", "f8e4m3", "h*", "--min-memory", "90", "--json"})
          .json();
  std::vector<std::string> ids;
  for (const Json& chip : json) ids.push_back(chip.at("id"));
  CHECK(ids == std::vector<std::string>{"h20", "h200-sxm"});
  const Outcome fast = moat_program({"chips", "--min-bandwidth", "5000"});
  CHECK_THAT(fast.output,
             ContainsSubstring("mi300x") && ContainsSubstring("b200") && !ContainsSubstring("a100"));
}

TEST_CASE("one chip's page has every figure with its sources") {
  const Outcome page = moat_program({"chips", "rtx-4090"});
  CHECK(page.status == 0);
  CHECK_THAT(page.output, ContainsSubstring("f16, sums in f32") && ContainsSubstring("f16, sums in f16"));
  CHECK_THAT(page.output, ContainsSubstring("\nsources\n  DS         NVIDIA's datasheet"));
  CHECK(moat_program({"chips", "show", "rtx-4090"}).output == page.output);
}

TEST_CASE("a comparison carries intervals through and says where the order is open") {
  const Json json = moat_program({"chips", "--compare", "a100-40-sxm", "ascend-910b2", "--json"}).json();
  CHECK(json.at("reference") == "a100-40-sxm");
  for (const Json& row : json.at("figures")) {
    if (row.at("figure") != "f16") continue;
    const Json& ratio = row.at("chips").at(1).at("ratio");
    CHECK(ratio.at("low").get<double>() == Approx(353.9 / 312));
    CHECK(ratio.at("high").get<double>() == Approx(376.0 / 312));
  }
  const Outcome text = moat_program({"chips", "--compare", "b200", "mlu590", "ascend-910c"});
  CHECK_THAT(text.output, ContainsSubstring("ratio"));
  const Outcome open = moat_program({"chips", "--compare", "kunlun-p800", "ascend-910b2"});
  CHECK_THAT(open.output, ContainsSubstring("1.06 (1.03 to 1.09)"));
  CHECK_THAT(moat_program({"chips", "--compare", "mtt-s5000", "rtx-4090", "mlu370-x8"}).output,
             !ContainsSubstring("It is not known which chip is ahead"));
  CHECK_THAT(moat_program({"chips", "--compare", "ascend-910b2", "ascend-910c-die"}).output,
             ContainsSubstring("It is not known which chip is ahead for"));
}

TEST_CASE("a file of one's own is checked, used, and refused with its place") {
  const TemporaryFolder folder;
  const std::string file = (folder / "mine.toml").string();
  write(file, file_with("1e12"));
  const Outcome sound = moat_program({"chips", "--check", file});
  CHECK(sound.status == 0);
  CHECK_THAT(sound.output, ContainsSubstring("no errors in its 1 chips"));
  CHECK_THAT(moat_program({"chips", "--catalogue", folder.path().string(), "mine"}).output,
             ContainsSubstring("a paper"));

  write(file, file_with("312"));
  const Outcome wrong = moat_program({"chips", "--check", file});
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.output, ContainsSubstring("mine.toml:9: mine:") && ContainsSubstring("[unit]"));
  CHECK(moat_program({"chips", "--check", file, "--json"}).json().at(0).at("rule") == "unit");
  check_refused(moat_program({"chips", "--catalogue", folder.path().string()}), "[unit]");

  write(file, file_with("1e12,"));
  check_refused(moat_program({"chips", "--check", file}), "mine.toml:9:");
}

TEST_CASE("an id, a type or an option that does not exist is refused") {
  check_refused(moat_program({"chips", "h100-smx"}), "Did you mean h100-sxm");
  check_refused(moat_program({"chips", "--compare", "a100-40-sxm", "h100"}), "no chip 'h100'");
  check_refused(moat_program({"chips", "--compare", "a100-40-sxm"}), "--compare");
  check_refused(moat_program({"chips", "--type", "fp16"}), "fp16");
  check_refused(moat_program({"chips", "--vendor", "nobody"}), "no chip matches");
}
