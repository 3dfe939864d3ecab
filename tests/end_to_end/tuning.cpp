// Tuning end to end on the first OpenCL device: searched, kept, used by a run that says so; and files from
// elsewhere, which are not used silently.
#include "results/tuning/tuning.h"
#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string problem = "gemm:m=128,n=128,k=128,type=f32";

Outcome tune(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"tune",      "--device", "opencl:0", "--problem", problem,
                                 "--seconds", "0.1",      "--json",   "--store",   folder.store()};
  words.insert(words.end(), more.begin(), more.end());
  return moat_program(words);
}

/// The record of a run of the same problem; `outcome` is what the run said.
Json record_of_run(const TemporaryFolder& folder, Outcome& outcome,
                   const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"run",         "--device",  "opencl:0", "--implementation",
                                 "portable",    "--problem", problem,    "--case-seconds",
                                 "0.01",        "--quiet",   "--json",   "--store",
                                 folder.store()};
  words.insert(words.end(), more.begin(), more.end());
  outcome = moat_program(words);
  INFO(outcome.errors << outcome.output);
  REQUIRE(outcome.status == 0);
  return outcome.json().at(0);
}

std::filesystem::path only_file(const TemporaryFolder& folder) {
  std::filesystem::path found;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::filesystem::path(folder.store()) / "tuning")) {
    if (entry.path().extension() == ".json") found = entry.path();
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

}  // namespace

TEST_CASE("what was tuned is kept, known the next time, and used by a run that says so") {
  const TemporaryFolder folder;
  const Outcome first = tune(folder);
  INFO(first.errors);
  REQUIRE(first.status == 0);
  const Json report = first.json().at(0);
  CHECK((report.at("outcome") == "tuned" || report.at("outcome") == "kept default"));
  CHECK(report.at("candidates") >= 2);
  CHECK(report.at("seconds").get<double>() > 0);
  CHECK(tune(folder).json().at(0).at("outcome") == "known");

  // Parameters that no search need have chosen, so that they can be told from the default.
  const std::filesystem::path path = only_file(folder);
  TuningFile file = parse_tuning(content(path), "file");
  REQUIRE(file.problems.size() == 1);
  file.problems[0].parameters.values["BLOCK_K"] = 96;
  file.problems[0].keeps_default = false;
  write(path, strict_json(tuning_json(file)));
  Outcome run;
  const Json record = record_of_run(folder, run);
  CHECK(record.at("parameters").at("BLOCK_K") == 96);
  CHECK(record.at("parameters_source") == "tuned on this device");
  CHECK_THAT(record.at("command").get<std::string>(),
             ContainsSubstring("--tuning " + folder.store() + "/tuning"));
  CHECK_THAT(moat_program({"show", "--store", folder.store()}).output,
             ContainsSubstring("tuned on this device (1)"));
  const Json shipped = record_of_run(folder, run, {"--tuning", "none"});
  CHECK(shipped.at("parameters").at("BLOCK_K") != 96);
  CHECK_THAT(shipped.at("command").get<std::string>(), ContainsSubstring("--tuning none"));

  SECTION("under another driver it is ignored, and the record says so") {
    file.problems[0].driver = "Another Driver 0.1";
    write(path, strict_json(tuning_json(file)));
    const Json ignored = record_of_run(folder, run);
    CHECK(ignored.at("parameters") == shipped.at("parameters"));
    CHECK_THAT(ignored.at("parameters_source").get<std::string>(),
               ContainsSubstring("tuned for driver Another Driver 0.1 ignored: this is"));
    CHECK(tune(folder).json().at(0).at("outcome") != "known");
  }
  SECTION("parameters that break a rule are ignored, and the record says which") {
    file.problems[0].parameters.values["TILE_M"] = 1'000'000;
    write(path, strict_json(tuning_json(file)));
    const Json ignored = record_of_run(folder, run);
    CHECK(ignored.at("parameters") == shipped.at("parameters"));
    CHECK_THAT(ignored.at("parameters_source").get<std::string>(), ContainsSubstring("TILE_M=1000000"));
  }
  SECTION("a malformed file is one notice, and is not overwritten") {
    write(path, "{\"kind\": \"moat tuning\"");
    const Json ignored = record_of_run(folder, run);
    CHECK(ignored.at("parameters") == shipped.at("parameters"));
    CHECK_THAT(run.errors, ContainsSubstring("a tuning file is not used"));
    const Outcome refused = tune(folder);
    CHECK(refused.status == 2);
    CHECK_THAT(refused.errors, ContainsSubstring(path.filename().string()));
    CHECK(content(path) == "{\"kind\": \"moat tuning\"");
  }
}

TEST_CASE("candidates can be listed without touching anything") {
  const TemporaryFolder folder;
  const Outcome listed = tune(folder, {"--dry-run"});
  CHECK(listed.status == 0);
  CHECK(listed.json().at(0).at("candidates").size() > 2);
  CHECK_FALSE(std::filesystem::exists(folder.store()));
}

TEST_CASE("where there is nothing to tune, the reason is given") {
  const TemporaryFolder folder;
  const Outcome naive = tune(folder, {"--implementation", "naive"});
  CHECK(naive.status == 0);
  CHECK(naive.json().at(0).at("outcome") == "nothing to search");
  const Outcome refused = moat_program({"run", "--device", "null:0", "--problem", problem, "--tuning",
                                        (folder.path() / "nowhere").string(), "--store", folder.store()},
                                       {{"MOAT_NULL_CONFIG", "rate=1e9"}});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.errors, ContainsSubstring("no such folder"));
}
