// Options, variables and keys as they are typed: what is no number is refused with its range, near misses are
// named, durations and lists are understood, and the help explains keys.
#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::map<std::string, std::string> null{{"MOAT_NULL_CONFIG", "rate=1e9"},
                                              {"OCL_ICD_VENDORS", "/nonexistent"},
                                              {"VK_DRIVER_FILES", "/nonexistent"}};

const std::string key = "gemm:m=4,n=5,k=6,type=f32";

/// Runs a shell's command with $MOAT as the program.
Outcome in_shell(const std::string& script) {
  std::map<std::string, std::string> environment = null;
  environment["MOAT"] = MOAT_PROGRAM;
  return run_program("/bin/bash", {"-c", script}, environment);
}

}  // namespace

TEST_CASE("a number is refused where it is none, with the range that it should lie in") {
  struct Wrong {
    std::vector<std::string> words;
    std::string part;
  };
  for (const Wrong& wrong : std::vector<Wrong>{
           {{"run", "--case-seconds", "nan"},
            "--case-seconds: 'nan' is not a duration from 0.001 to 3600 seconds"},
           {{"run", "--timeout", "nan"}, "--timeout: 'nan' is not a duration from 0.1 to 1000000 seconds"},
           {{"run", "--timeout", "inf"}, "'inf' is not a duration"},
           {{"run", "--timeout", "-1"}, "'-1' is not a duration"},
           {{"run", "--timeout", " 5"}, "' 5' is not a duration"},
           {{"run", "--device-seconds", "1e400"}, "'1e400' is not a duration"},
           {{"run", "--first-use-seconds", "0x10"}, "'0x10' is not a duration"},
           {{"run", "--budget", "1h30"}, "write it as 90, 90s, 10m or 1h30m"},
           {{"run", "--budget", "30m1h"}, "'30m1h' is not a duration"},
           {{"run", "--rounds", "010"}, "--rounds: '010' is not a whole number from 1 to"},
           {{"run", "--rounds", "0"}, "'0' is not a whole number from 1 to"},
           {{"run", "--rounds", "1.5"}, "'1.5' is not a whole number"},
           {{"run", "--rounds", "-1"}, "'-1' is not a whole number"},
           {{"run", "--rounds", "18446744073709551617"}, "'18446744073709551617' is not a whole number"},
           {{"run", "--seed", "-1"}, "'-1' is not a whole number from 0 to 18446744073709551615"},
           {{"run", "--seed", "0x7"}, "'0x7' is not a whole number"},
           {{"tune", "--problem", key, "--seconds", "nan"},
            "--seconds: 'nan' is not a duration from 0.1 to 86400"},
           {{"breakeven", "--reference", "a100-40-sxm", "--reference-efficiency", "nan"},
            "'nan' is not a number from 0.001 to 1"}}) {
    CAPTURE(wrong.words);
    check_refused(moat_program(wrong.words, null), wrong.part);
  }
}

TEST_CASE("a variable of the environment is a number by the same rules, and its mistake is the user's") {
  for (const std::string value : {"0", "-1", "", "two", "4097", "1e2", "02", "nan", " 2"}) {
    std::map<std::string, std::string> environment = null;
    environment["MOAT_HOST_THREADS"] = value;
    const std::string part = "MOAT_HOST_THREADS: '" + value + "' is not a whole number from 1 to 4096";
    check_refused(moat_program({"devices"}, environment), part);
    const TemporaryFolder folder;
    check_refused(
        moat_program({"run", "--device", "host", "--problem", key, "--store", folder.store()}, environment),
        part);
  }
}

TEST_CASE("durations are understood wherever seconds are taken, and kept as numbers") {
  const TemporaryFolder folder;
  const Outcome run = moat_program(
      {"run", "--device", "null:0", "--problem", key, "--case-seconds", "10ms", "--timeout", "10m",
       "--device-seconds", "1h30m", "--first-use-seconds", "90", "--budget", "2h", "--store", folder.store()},
      null);
  INFO(run.errors);
  REQUIRE(run.status == 0);
  const Json runs = moat_program({"runs", "--store", folder.store(), "--json"}).json();
  const std::string path = folder.store() + "/runs/" + runs.at(0).at("run").get<std::string>() + "/run.json";
  const Json info = parse_json(content(path), path);
  const Json& selection =
      info.contains("selection") ? info.at("selection") : info.at("environment").at("selection");
  CHECK(selection.at("timeout_seconds") == 600.0);
  CHECK(selection.at("case_seconds") == 0.01);
  CHECK(selection.at("device_seconds") == 5400.0);
  CHECK(selection.at("first_use_seconds") == 90.0);
  CHECK(selection.at("budget_seconds") == 7200.0);
}

TEST_CASE("what is nearly right is named") {
  struct Near {
    std::vector<std::string> words;
    std::string part;
  };
  for (const Near& near : std::vector<Near>{
           {{"shw"}, "'shw' is not a command. Did you mean show"},
           {{"run", "--bdget", "5m"}, "unknown option '--bdget'. Did you mean --budget"},
           {{"run", "--devices=host"}, "unknown option '--devices'. Did you mean --device"},
           {{"report", "--format", "htm"}, "'htm' is none of html, md, csv, json, svg. Did you mean html"},
           {{"run", "--suite", "Quick"}, "Did you mean quick"},
           {{"run", "--device", "null:0", "--problem", "gemm:M=64,n=64,k=64"}, "Did you mean m?"},
           {{"run", "--problem", "gemm:m=64,n=64,k=64,type=fp16"}, "Did you mean f16?"},
           {{"run", "--problem", "gemm:m=64,n=64,k=64,type=float16"}, "Did you mean f16?"},
           {{"run", "--problem", "gemm:m=64,n=64,k=64,type=half"}, "Did you mean f16?"},
           {{"run", "--problem", "gemm:m=64,n=64,k=64,type=F32"}, "Did you mean f32"},
           {{"run", "--problem", "matmul:m=64,n=64,k=64"}, "Did you mean gemm?"},
           {{"list", "--device", "null:0", "--suite", "quick", "--type", "half"}, "Did you mean f16?"},
           {{"list", "--device", "cpu", "--suite", "quick"}, "Did you mean host"},
           {{"help", "gem"}, "Did you mean gemm"},
           {{"help", "key"}, "Did you mean keys"},
           {{"help", "sow"}, "Did you mean show"}}) {
    CAPTURE(near.words);
    check_refused(moat_program(near.words, null), near.part);
  }
}

TEST_CASE("several names may be given as one") {
  const Outcome both = moat_program({"list", "--device", "null,host", "--problem", key, "--json"}, null);
  INFO(both.errors);
  REQUIRE(both.status == 0);
  bool has_null = false;
  bool has_host = false;
  for (const Json& planned : both.json()) {
    const std::string text = strict_json(planned);
    has_null = has_null || text.find("null:0") != std::string::npos;
    has_host = has_host || text.find("host:0") != std::string::npos;
  }
  CHECK((has_null && has_host));
}

TEST_CASE("the help explains the keys of every operator") {
  const Outcome keys = moat_program({"help", "keys"});
  CHECK(keys.status == 0);
  for (const std::string name : {"gemm", "attention", "convolution", "stream", "peak"}) {
    const Outcome help = moat_program({"help", name});
    CHECK(help.status == 0);
    CHECK_THAT(help.output, ContainsSubstring("Arguments:") && ContainsSubstring("Examples:"));
    CHECK_THAT(keys.output, ContainsSubstring("moat help " + name));
  }
}

TEST_CASE("a store without a name and a working folder that is gone have words of ours") {
  const Outcome unnamed = moat_program({"runs", "--store", ""});
  CHECK(unnamed.status == 2);
  CHECK_THAT(unnamed.errors, ContainsSubstring("the store's folder has an empty name"));
  const Outcome gone = in_shell("d=$(mktemp -d) && cd \"$d\" && rmdir \"$d\" && exec \"$MOAT\" runs");
  CHECK(gone.status == 2);
  CHECK_THAT(gone.errors,
             ContainsSubstring("the working folder, from which moat-store is looked for, is not there"));
  for (const Outcome& outcome : {unnamed, gone}) {
    CHECK(outcome.errors.find("filesystem error") == std::string::npos);
    CHECK(outcome.errors.find("[]") == std::string::npos);
  }
  CHECK(in_shell("unset HOME; exec \"$MOAT\" devices").status == 0);
}

TEST_CASE("what is printed to be copied can be pasted, from any folder") {
  const TemporaryFolder folder;
  const std::string hostile = "my $(x);'\u202e store";
  std::map<std::string, std::string> environment = null;
  environment["MOAT"] = MOAT_PROGRAM;
  environment["HOSTILE"] = hostile;
  environment["AT"] = folder.path();
  const Outcome run = run_program("/bin/bash",
                                  {"-c", "cd \"$AT\" && exec \"$MOAT\" run --device null:0 --problem " + key +
                                             " --case-seconds 0.01 --store \"$HOSTILE\""},
                                  environment);
  INFO(run.errors);
  REQUIRE(run.status == 0);
  const std::size_t at = run.errors.find("moat show ");
  REQUIRE(at != std::string::npos);
  const std::string command = run.errors.substr(at, run.errors.find('\n', at) - at);
  const Outcome shown =
      run_program("/bin/bash", {"-c", "moat() { \"$MOAT\" \"$@\"; }; cd / && " + command}, environment);
  INFO(command << "\n" << shown.errors);
  CHECK(shown.status == 0);
  CHECK_THAT(shown.output, ContainsSubstring("null:0"));
  // So is the command that the run keeps.
  const Json runs = moat_program({"runs", "--json", "--store", folder.path() / hostile}).json();
  const std::string kept = runs.at(0).at("command");
  CHECK(run_program("/bin/bash", {"-c", "cd / && " + kept}, environment).status == 0);
  CHECK(moat_program({"runs", "--json", "--store", folder.path() / hostile}).json().size() == 2);
}

TEST_CASE("a part of a run is not what is imported: its folder is") {
  const TemporaryFolder folder;
  write(folder.path() / "run.json", "{}");
  check_refused(moat_program({"import", folder.path() / "run.json", "--store", folder.store()}),
                "name the folder that holds it: moat import " + folder.path().string());
}

TEST_CASE("an index that cannot be rebuilt is an error") {
  const TemporaryFolder folder;
  REQUIRE(moat_program({"run", "--device", "null:0", "--problem", key, "--case-seconds", "0.01", "--quiet",
                        "--store", folder.store()},
                       null)
              .status == 0);
  const std::filesystem::path index = folder.store() + "/index.sqlite";
  std::filesystem::remove(index);
  std::filesystem::create_directories(index / "in the way");
  check_refused(moat_program({"rebuild", "--store", folder.store()}),
                "cannot be written, so it was not rebuilt");
  CHECK(moat_program({"runs", "--store", folder.store()}).status == 0);  // from memory
}

TEST_CASE("a report that cannot be written advises on --output, not on the store") {
  const TemporaryFolder folder;
  REQUIRE(moat_program({"run", "--device", "null:0", "--problem", key, "--case-seconds", "0.01", "--quiet",
                        "--store", folder.store()},
                       null)
              .status == 0);
  const Outcome report =
      moat_program({"report", "--store", folder.store(), "--output", "/proc/sys/report.html"});
  CHECK(report.status == 2);
  CHECK(report.errors.find("--resume") == std::string::npos);
  CHECK(report.errors.find("--store") == std::string::npos);
}
