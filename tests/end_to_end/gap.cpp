// moat gap and breakeven as typed: on this machine's own processor, where hardware is 1 exactly.
#include <algorithm>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A run of one small GEMM on the host and, where there is one, OpenCL.
void measure(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{
      "run",      "--store", folder.store(),   "--problem", "gemm:m=96,n=96,k=96,type=f32",
      "--device", "host:0",  "--case-seconds", "0.02",      "--quiet"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = moat_program(arguments);
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
}

/// The means over all problems of one path.
Json overall(const Json& gap, std::string_view path) {
  for (const Json& row : gap.at("factors")) {
    if (row.at("scope") == "all" && row.at("path") == path) return row;
  }
  FAIL("no factors over all problems: " << gap.at("factors").dump());
  return {};
}

bool has_opencl() {
  const Outcome outcome = moat_program({"devices", "--json"});
  const Json adapters = outcome.json();
  const bool found = std::ranges::any_of(adapters, [](const Json& adapter) {
    return adapter.at("name") == "opencl" && !adapter.at("devices").empty();
  });
  if (!found) WARN("not exercised: no OpenCL device");
  return found;
}

}  // namespace

TEST_CASE("one processor through two adapters: hardware is 1 and the total is software's") {
  if (!has_opencl()) return;
  const TemporaryFolder folder;
  measure(folder, {"--device", "opencl:0"});
  // On a busy machine one clock may have been judged by the host's and the other not.
  const std::vector<std::string> despite{"gap", "--store", folder.store(), "--despite", "clock"};
  std::vector<std::string> arguments = despite;
  arguments.insert(arguments.end(), {"--reference", "host:0", "--json"});
  const Outcome outcome = moat_program(arguments);
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  const Json gap = outcome.json().at("gaps").at(0);
  CHECK(gap.at("same_hardware") == true);
  const Json portable = overall(gap, "portable");
  CHECK(portable.at("hardware").at("value") == 1);
  CHECK(portable.at("software").at("value") == portable.at("total").at("value"));
  arguments = despite;
  arguments.emplace_back("--problems");
  const Outcome text = moat_program(arguments);
  CHECK(text.status == 0);
  CHECK_THAT(text.output, ContainsSubstring("the same hardware: HW is 1 exactly"));
  CHECK_THAT(text.errors, ContainsSubstring("the reference is host:0"));
}

TEST_CASE("what is selected changes neither a device's roofs nor what follows from them") {
  const TemporaryFolder folder;
  for (int run = 0; run < 2; ++run) {
    measure(folder, {"--problem", "stream:op=copy,n=1,type=f32", "--problem",
                     "stream:op=triad,n=100000,type=f32", "--problem", "peak:chains=4096,steps=64,type=f32"});
  }
  const Json runs = moat_program({"runs", "--store", folder.store(), "--json"}).json();
  const std::string first = runs.at(0).at("run");
  const auto gap = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{
        "gap",           "--store", folder.store(), "--reference", first + "/host:0", "--target",
        "latest/host:0", "--roofs", "measured",     "--despite",   "clock",           "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = moat_program(arguments);
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return outcome.json().at("gaps").at(0);
  };
  const Json whole = gap({});
  REQUIRE(whole.at("launch_seconds").is_object());
  for (const std::vector<std::string>& selection :
       {std::vector<std::string>{"--op", "gemm"}, {"--implementation", "library"}, {"--match", "gemm:*"}}) {
    const Json part = gap(selection);
    CHECK(part.at("launch_seconds") == whole.at("launch_seconds"));
    CHECK(part.at("problems").at(0).at("target_roof") == whole.at("problems").at(0).at("target_roof"));
  }
}

TEST_CASE("two runs of one device are compared by naming them") {
  const TemporaryFolder folder;
  measure(folder);
  measure(folder);
  const Json runs = moat_program({"runs", "--store", folder.store(), "--json"}).json();
  const std::string first = runs.at(0).at("run");
  const Outcome outcome = moat_program({"gap", "--store", folder.store(), "--reference", first + "/host:0",
                                        "--target", "latest/host:0", "--despite", "clock", "--json"});
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  const Json json = outcome.json();
  CHECK(json.at("gaps").size() == 1);
  CHECK(json.at("reference") == first + "/host:0");
  CHECK(json.at("gaps").at(0).at("same_hardware") == true);
}

TEST_CASE("a run's id may follow an option that is repeatable") {
  const TemporaryFolder folder;
  measure(folder);
  for (const std::string option : {"--target", "--device"}) {
    const Outcome outcome = moat_program({"report", "--store", folder.store(), "--format", "json", "--output",
                                          "-", option, "host:0", "latest"});
    INFO(outcome.errors);
    CHECK(outcome.status == 0);
  }
}

TEST_CASE("one device has no gap: said, and exit code 3") {
  const TemporaryFolder folder;
  measure(folder);
  const Outcome outcome = moat_program({"gap", "--store", folder.store()});
  CHECK(outcome.status == 3);
  CHECK_THAT(outcome.output, ContainsSubstring("only device"));
}

TEST_CASE("names that match nothing are one clear error") {
  const TemporaryFolder folder;
  measure(folder);
  const auto errors = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"gap", "--store", folder.store()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = moat_program(arguments);
    CHECK(outcome.status == 2);
    return outcome.errors;
  };
  CHECK_THAT(errors({"--reference", "cuda:0"}), ContainsSubstring("it has host:0"));
  CHECK_THAT(errors({"--op", "attention"}), ContainsSubstring("attention"));
  CHECK_THAT(errors({"--baseline", "library/none"}), ContainsSubstring("library/none"));
  CHECK_THAT(errors({"--data", "nonsense"}), ContainsSubstring("--data nonsense"));
}

TEST_CASE("emulated devices are left out unless they are asked for") {
  const TemporaryFolder folder;
  const std::map<std::string, std::string> with_null{{"MOAT_NULL_CONFIG", "devices=2;rate=1e9"}};
  const Outcome run =
      moat_program({"run", "--store", folder.store(), "--problem", "gemm:m=8,n=8,k=8,type=f32", "--device",
                    "null:*", "--case-seconds", "0.01", "--quiet"},
                   with_null);
  INFO(run.errors);
  REQUIRE(run.status == 0);
  const Outcome without = moat_program({"gap", "--store", folder.store()});
  CHECK(without.status == 3);
  CHECK_THAT(without.errors, ContainsSubstring("--emulated includes them"));
  const Outcome named = moat_program({"gap", "--store", folder.store(), "--reference", "null:0"});
  CHECK(named.status == 2);
  CHECK_THAT(named.errors, ContainsSubstring("--emulated accepts it"));
  const Outcome with =
      moat_program({"gap", "--store", folder.store(), "--emulated", "--reference", "null:0"});
  CHECK_THAT(with.output, ContainsSubstring("emulated"));
}

TEST_CASE("a device without a run is found by its name wherever it is unique in the store") {
  const TemporaryFolder folder;
  measure(folder);
  REQUIRE(moat_program({"import", "deepbench", "--store", folder.store()}).status == 0);
  const auto gap = [&](const std::string& reference) {
    return moat_program({"gap", "--store", folder.store(), "--reference", reference, "--target",
                         "deepbench/mi25", "--type", "f32", "--json"});
  };
  for (const std::string name : {"v100:published", "v100"}) {
    const Outcome found = gap(name);
    INFO(found.errors);
    REQUIRE(found.status == 0);
    CHECK(overall(found.json().at("gaps").at(0), "library").at("problems") == 152);
  }
  const Outcome unknown = gap("v200:published");
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.errors, ContainsSubstring("it has host:0") && ContainsSubstring("Did you mean") &&
                                 ContainsSubstring("/v100:published"));
}

TEST_CASE("a device that several runs have is named with its run, and the error lists how") {
  const TemporaryFolder folder;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(moat_program({"run", "--store", folder.store(), "--problem", "gemm:m=8,n=8,k=8,type=f32",
                          "--device", "null:0", "--case-seconds", "0.01", "--quiet"},
                         {{"MOAT_NULL_CONFIG", "rate=1e9"}})
                .status == 0);
  }
  measure(folder);
  const auto gap = [&](const std::string& reference) {
    return moat_program(
        {"gap", "--store", folder.store(), "--emulated", "--reference", reference, "--target", reference});
  };
  const Outcome ambiguous = gap("null:0");
  CHECK(ambiguous.status == 2);
  CHECK_THAT(ambiguous.errors, ContainsSubstring("2 devices have that name; name one: "));
  const std::size_t begin = ambiguous.errors.find("name one: ");
  REQUIRE(begin != std::string::npos);
  const std::size_t end = ambiguous.errors.find(',', begin);
  const Outcome as_listed = gap(ambiguous.errors.substr(begin + 10, end - begin - 10));
  INFO(as_listed.errors);
  CHECK(as_listed.status == 3);  // it alone: nothing to compare, but found
}

TEST_CASE("a device that only a publication of Moat's has is named as it must be typed") {
  const TemporaryFolder folder;
  measure(folder);
  const Outcome outcome = moat_program({"gap", "--store", folder.store(), "--reference", "mi25:published"});
  CHECK(outcome.status == 2);
  CHECK_THAT(outcome.errors, ContainsSubstring("published figures have it: deepbench/mi25:published"));
}

TEST_CASE("break-even needs no machine, and an unknown chip is named with its neighbours") {
  const Outcome outcome = moat_program({"breakeven", "--reference", "a100-40-sxm", "--target", "h100-sxm",
                                        "--suite", "standard", "--op", "gemm", "--json"});
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  const Json found = outcome.json().at(0);
  CHECK(found.at("provenance") == "derived");
  for (const Json& row : found.at("rows")) {
    if (row.at("hardware").is_null()) continue;
    CHECK(row.at("hardware").at("low").get<double>() > 1);
    CHECK(row.at("required").at("high").get<double>() < 1);
  }
  const Outcome unknown = moat_program({"breakeven", "--reference", "a100", "--target", "h100-sxm"});
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.errors, ContainsSubstring("a100-40-sxm"));
}

TEST_CASE("published figures are compared without a store, marked and with their citation") {
  const TemporaryFolder folder;
  const Outcome outcome = moat_program({"gap", "--store", folder.store(), "--reference", "deepbench/v100",
                                        "--target", "deepbench/mi25", "--type", "f32", "--json"});
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  const Json gap = outcome.json().at("gaps").at(0);
  CHECK(gap.at("target_provenance") == "published");
  CHECK(overall(gap, "library").at("total").at("value").get<double>() == Approx(0.4969).margin(0.00005));
  CHECK_THAT(gap.at("remarks").dump(),
             ContainsSubstring("not measured here") && ContainsSubstring("DeepBench"));
}
