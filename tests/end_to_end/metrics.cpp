// moat metrics as its users meet it: published figures, a run of this program's own, and bad files.
#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string golden(const std::string& name) {
  return std::string(MOAT_SOURCE_DIR) + "/tests/golden/" + name;
}

/// PP of `application`, of all problems together, by the first efficiency.
double pp_of(const Json& result, const std::string& application) {
  for (const Json& entry : result.at("efficiencies").at(0).at("portability")) {
    if (entry.at("application") == application) return entry.at("pp").get<double>();
  }
  FAIL("no application " + application);
  return 0;
}

const std::vector<std::string> nvidia{"--platform", "K20",  "--platform", "P100",
                                      "--platform", "V100", "--platform", "Turing"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("others' figures give their published portability") {
  const auto arguments =
      with({"metrics", "--file", golden("babelstream.csv"), "--higher-is-better", "--json"}, nvidia);
  const Outcome outcome = moat_program(arguments);
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  CHECK(pp_of(outcome.json(), "Kokkos") == Approx(0.9963).margin(5e-5));
  CHECK(pp_of(outcome.json(), "OpenACC") == 0);
  CHECK(outcome.json().at("code").empty());  // Moat's kernels are not their applications

  const Outcome text =
      moat_program({"metrics", "--file", golden("synthetic.csv"), "--application", "Multi*"});
  CHECK(text.status == 0);
  CHECK_THAT(text.output, ContainsSubstring("Multi-Target  0.1818      10/10"));
  CHECK_THAT(text.output, ContainsSubstring("cascade"));
}

TEST_CASE("what is exported reads back with the same portability") {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "export.csv";
  REQUIRE(moat_program(
              with({"metrics", "--file", golden("babelstream.csv"), "--higher-is-better", "--export", file},
                   nvidia))
              .status == 0);
  const Outcome again = moat_program({"metrics", "--file", file, "--json"});
  INFO(again.errors);
  REQUIRE(again.status == 0);
  CHECK(pp_of(again.json(), "OpenCL") == Approx(0.9961).margin(5e-5));

  write(file, "somebody's work");
  const std::vector<std::string> once_more{
      "metrics", "--file", golden("babelstream.csv"), "--higher-is-better", "--export", file};
  check_refused(moat_program(once_more), "--force to replace it");
  CHECK(moat_program({"metrics", "--file", file}).status == 2);  // still no table
  CHECK(moat_program(with(once_more, {"--force"})).status == 0);
  CHECK(moat_program({"metrics", "--file", file}).status == 0);
  check_refused(moat_program({"metrics", "--file", golden("babelstream.csv"), "--higher-is-better",
                              "--export", folder.path()}),
                "is not a file");
}

TEST_CASE("peaks and divergences add architectural efficiency and a navigation chart") {
  const TemporaryFolder folder;
  write(folder.path() / "foms.csv",
        "problem,platform,application,fom\np,x,a,50\np,y,a,80\np,x,b,100\np,y,b,\n");
  write(folder.path() / "peaks.csv", "platform,peak\nx,200\ny,160\n");
  write(folder.path() / "code.csv", "application,divergence\na,0.25\n");
  const std::vector<std::string> arguments{"metrics",
                                           "--file",
                                           folder.path() / "foms.csv",
                                           "--higher-is-better",
                                           "--peaks",
                                           folder.path() / "peaks.csv",
                                           "--divergence",
                                           folder.path() / "code.csv"};
  const Json result = moat_program(with(arguments, {"--json"})).json();
  const Json& architectural = result.at("efficiencies").at(1);
  CHECK(architectural.at("efficiency") == "architectural");
  CHECK(architectural.at("portability").at(0).at("pp") == Approx(2 / (1 / 0.25 + 1 / 0.5)));
  CHECK(result.at("efficiencies").at(0).at("navigation").at(0).at("convergence") == 0.75);
  CHECK_THAT(moat_program(arguments).output, ContainsSubstring("navigation chart"));
}

TEST_CASE("a run of this program has metrics only if it was measured, unless asked for") {
  const TemporaryFolder folder;
  const std::map<std::string, std::string> environment{{"MOAT_NULL_CONFIG", "devices=2;rate=1e9"}};
  REQUIRE(moat_program({"run", "--device", "null", "--quiet", "--case-seconds", "0.01", "--problem",
                        "gemm:m=4,n=5,k=6,type=f32", "--store", folder.store()},
                       environment)
              .status == 0);
  const Outcome measured = moat_program({"metrics", "--store", folder.store()});
  CHECK(measured.status == 3);
  CHECK(measured.output.empty());
  CHECK_THAT(measured.errors, ContainsSubstring("left out"));

  const Outcome emulated =
      moat_program({"metrics", "--store", folder.store(), "--provenance", "emulated", "--json"});
  INFO(emulated.errors);
  REQUIRE(emulated.status == 0);
  const Json result = emulated.json();
  CHECK(result.at("platforms") == Json({"null:0", "null:1"}));
  CHECK(result.at("provenance") == "emulated");
  CHECK_THAT(moat_program({"metrics", "--store", folder.store(), "--provenance", "emulated", "--platform",
                           "null:*", "latest"})
                 .output,
             ContainsSubstring("emulated figures, not measured ones"));
  for (const Json& entry : result.at("efficiencies").at(0).at("portability")) {
    CHECK(entry.at("pairs") == 2);
  }
  CHECK_FALSE(result.at("code").empty());
  CHECK(result.at("code").at(0).at("operator") == "gemm");
}

TEST_CASE("the kernels' code divergence needs no run") {
  const Outcome outcome = moat_program({"metrics", "--code", "--store", "/nonexistent"});
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.output, ContainsSubstring("divergence"));
  CHECK_THAT(outcome.output, ContainsSubstring("convolution"));
}

TEST_CASE("bad files and contradictions are refused with one line, and nothing is written") {
  const TemporaryFolder folder;
  const std::string bad = folder.path() / "bad.csv";
  const std::string file = folder.path() / "export.csv";
  write(bad, "problem,platform,application,fom\np,x,a,nan\n");
  check_refused(moat_program({"metrics", "--file", bad, "--higher-is-better", "--export", file}),
                "bad.csv:2: fom 'nan'");
  CHECK_FALSE(std::filesystem::exists(file));
  check_refused(moat_program({"metrics", "--file", golden("babelstream.csv")}), "--higher-is-better");
  check_refused(moat_program({"metrics", "--file", golden("babelstream.csv"), "--higher-is-better",
                              "--lower-is-better"}),
                "excludes");
  check_refused(moat_program({"metrics", "--file", golden("synthetic.csv"), "--platform", "Z"}), "platform");
  check_refused(moat_program({"metrics", "--file", "/nonexistent.csv"}), "/nonexistent.csv");
  check_refused(moat_program({"metrics", "--store", folder.store()}), "store");
}
