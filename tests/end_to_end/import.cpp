// Published figures and other machines' runs at the command line: what is built in, what a file becomes, what
// a bad one leaves alone.
#include <algorithm>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

std::string paper(const std::string& name, const std::string& value = "4.2e-3") {
  return R"(schema = 1
name = "my-paper"
title = "t"
[citation]
title = "t"
authors = "a"
year = 2025
reference = "r"
confidence = "read"
[conditions]
unstated = ["data", "cache", "clock"]
[[device]]
id = "x100"
name = ")" +
         name + R"("
vendor = "X"
[[rows]]
device = "x100"
implementation = "library/xblas"
workload = "w"
seconds = [["gemm:m=8192,n=8192,k=8192,type=f16", )" +
         value + "]]\n";
}

Outcome import(const TemporaryFolder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "import");
  arguments.insert(arguments.end(), {"--store", folder.store()});
  return moat_program(arguments);
}

std::ptrdiff_t runs(const TemporaryFolder& folder) {
  const fs::path place = fs::path(folder.store()) / "runs";
  return fs::exists(place) ? std::distance(fs::directory_iterator(place), {}) : 0;
}

/// The folder of a run that was measured into the store of `there`.
fs::path measured_run(const TemporaryFolder& there) {
  REQUIRE(moat_program({"run", "--device", "null:0", "--quiet", "--case-seconds", "0.01", "--problem",
                        "gemm:m=4,n=5,k=6,type=f32", "--store", there.store()},
                       {{"MOAT_NULL_CONFIG", "rate=1e9"}})
              .status == 0);
  return fs::directory_iterator(fs::path(there.store()) / "runs")->path();
}

}  // namespace

TEST_CASE("what is built in is listed, and comes into the store once, marked as published") {
  const TemporaryFolder folder;
  const Outcome list = moat_program({"import", "--list"});
  CHECK(list.status == 0);
  for (const char* part : {"deepbench", "480", "v100:published", "baidu-research", "cloudmatrix384"})
    CHECK_THAT(list.output, ContainsSubstring(part));

  const Outcome first = import(folder, {"deepbench", "cloudmatrix384"});
  INFO(first.errors);
  CHECK(first.status == 0);
  CHECK(runs(folder) == 2);
  const Outcome again = import(folder, {"deepbench"});
  CHECK(again.status == 0);
  CHECK_THAT(again.output, ContainsSubstring("in the store already, as run "));
  CHECK(runs(folder) == 2);

  const Json listed = moat_program({"runs", "--json", "--store", folder.store()}).json();
  CHECK(listed.at(0).at("suite") == "published/deepbench");
  CHECK(listed.at(0).at("state") == "complete");
  const Outcome shown = moat_program({"show", listed.at(0).at("run").get<std::string>(), "--store",
                                      folder.store(), "--device", "v100", "--type", "f16"});
  CHECK_THAT(shown.output, ContainsSubstring("Published figures, measured by others") &&
                               ContainsSubstring("unstated data, unstated cache") &&
                               ContainsSubstring("ok, published") && ContainsSubstring("160 cases: 160 ok"));
  const Outcome shares =
      moat_program({"show", listed.at(1).at("run").get<std::string>(), "--store", folder.store()});
  CHECK_THAT(shares.output, ContainsSubstring("65.4 % of 376.0 TFLOP/s") && ContainsSubstring("unverified"));
  const Outcome resumed = moat_program(
      {"run", "--quiet", "--resume", listed.at(0).at("run").get<std::string>(), "--store", folder.store()});
  CHECK(resumed.status == 2);
  CHECK_THAT(resumed.errors, ContainsSubstring("cannot be resumed"));
}

TEST_CASE("a file of one's own is imported, and its records say how to import it again") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "my paper.toml";
  write(file, paper("<script>alert(1)</script>"));
  CHECK(import(folder, {"--check", file}).status == 0);
  CHECK(runs(folder) == 0);
  const Outcome outcome = import(folder, {file});
  INFO(outcome.errors);
  CHECK(outcome.status == 0);
  const Json records = moat_program({"show", "--json", "--store", folder.store()}).json();
  REQUIRE(records.size() == 1);
  CHECK(records[0].at("provenance") == "published");
  CHECK(records[0].at("device") == "x100:published");
  CHECK(records[0].at("device_name") == "<script>alert(1)</script>");
  CHECK(records[0].at("command") == "moat import '" + file.string() + "'");
  CHECK(records[0].at("unstated") == Json::array({"data", "cache", "clock"}));
}

TEST_CASE("one bad file among good ones, and nothing is imported") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "paper.toml";
  write(file, paper("X100", "nan"));
  const Outcome outcome = import(folder, {"deepbench", file});
  CHECK(outcome.status == 2);
  CHECK(outcome.output.empty());
  CHECK_THAT(outcome.errors, ContainsSubstring("paper.toml:20:"));
  CHECK_FALSE(fs::exists(folder.store()));
  write(file, paper("X100"));
  CHECK_THAT(import(folder, {file, file}).errors, ContainsSubstring("nothing was imported"));
  CHECK_FALSE(fs::exists(folder.store()));
  CHECK_THAT(import(folder, {"deepbnch"}).errors, ContainsSubstring("Did you mean deepbench"));
  CHECK_THAT(import(folder, {}).errors, ContainsSubstring("nothing to import"));
}

TEST_CASE("another machine's run comes over as it is; its store does not") {
  const TemporaryFolder here;
  const TemporaryFolder there;
  const fs::path run = measured_run(there);
  const Outcome outcome = import(here, {run});
  INFO(outcome.errors);
  CHECK(outcome.status == 0);
  const auto shown = [](const TemporaryFolder& folder) {
    return moat_program({"show", "--json", "--store", folder.store()}).output;
  };
  CHECK(shown(here) == shown(there));
  CHECK_THAT(import(here, {run}).errors, ContainsSubstring("which is in the store already"));
  CHECK_THAT(import(here, {there.store()}).errors, ContainsSubstring("it is a store: name its runs"));
  CHECK(runs(here) == 1);
}

TEST_CASE("another machine's run with an impossible figure is refused, and nothing is written") {
  const TemporaryFolder here;
  const TemporaryFolder there;
  const fs::path run = measured_run(there);
  std::string records = content(run / "records.jsonl");
  const std::string batch = "\"batch\":";
  records.insert(records.find(batch), batch + "1,");
  write(run / "records.jsonl", records);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--check", run}, {run}}) {
    const Outcome outcome = import(here, arguments);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.errors, ContainsSubstring("records.jsonl:1: 'measurement.batch' appears twice"));
    CHECK_FALSE(fs::exists(here.store()));
  }
}
