// The values of the first screen: names, which rates are shown, what is doubted and what was left out.
#include "reports/findings/overview.h"

#include <cmath>

#include "reports/findings/overview_words.h"
#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using With = conclusion::Reached::With;

const std::string small = "gemm:m=64,n=64,k=64,type=f32";
const std::string middle = "gemm:m=128,n=128,k=128,type=f32";
const std::string large = "gemm:m=256,n=256,k=256,type=f32";

Findings findings(std::vector<Subject> subjects) {
  return findings_of(std::move(subjects));
}

const OverviewRow& row(const Overview& overview, std::size_t device, With with) {
  for (const OverviewRow& found : overview.parts.at(0).rows) {
    if (found.device == device && found.with == with) return found;
  }
  throw std::runtime_error("no such row");
}

}  // namespace

TEST_CASE("a device has the name of its chip, and its label where another has the same") {
  std::vector<Subject> subjects;
  for (const std::string id : {"a:0", "b:0", "c:0"})
    subjects.push_back(subject(id, {record(id, "library/x", small, 1e9)}));
  subjects[0].device.name = subjects[1].device.name = "Some(R) Chip(TM) 7";
  subjects[2].device.name = "NVIDIA H100 80GB HBM3";
  const Findings found = findings(std::move(subjects));
  CHECK(found.overview.devices[0].name == "Some Chip 7 (a:0)");
  CHECK(found.overview.devices[1].name == "Some Chip 7 (b:0)");
  CHECK_THAT(found.overview.devices[2].name, ContainsSubstring("H100") && !ContainsSubstring("(c:0)"));
}

TEST_CASE("what is physically one device has one chip's name, whatever its drivers say") {
  RunInfo info = run("run", "machine");
  for (const auto& [id, name] :
       {std::pair("host:0", "AMD EPYC"), std::pair("opencl:0", "pthread-AMD EPYC")}) {
    RunDevice device;
    device.id = id;
    device.name = name;
    device.identities = {"cpu"};
    info.devices.push_back(device);
  }
  std::vector<Subject> subjects{
      subject("host:0", {record("host:0", "library/x", small, 1e9)}, info),
      subject("opencl:0", {record("opencl:0", "portable/opencl", small, 1e9)}, info)};
  subjects[1].device.name = "pthread-AMD EPYC";
  const Findings found = findings(std::move(subjects));
  CHECK(found.overview.devices[1].chip == "AMD EPYC");
  CHECK(found.overview.devices[1].name == "AMD EPYC (opencl:0)");
}

TEST_CASE("rates are shown of the largest problem that most devices have with the reference's library") {
  const Findings found = findings(
      {subject("a:0", {record("a:0", "library/x", small, 4e9), record("a:0", "library/x", middle, 8e9),
                       record("a:0", "library/x", large, 16e9)}),
       subject("b:0", {record("b:0", "portable/opencl", small, 1e9),
                       record("b:0", "portable/opencl", middle, 2e9)})});
  const OverviewPart& part = found.overview.parts.at(0);
  REQUIRE(part.shown != nullptr);
  CHECK(part.shown->identity.problem == middle);
  CHECK(part.reference_rate->value == Approx(8e9));
  CHECK(row(found.overview, 1, With::portable).rate->value == Approx(2e9));
}

TEST_CASE("ratios are those of the gap; the reference's portable kernel has one, too") {
  const Findings found = findings(
      {subject("a:0", {record("a:0", "library/x", small, 4e9), record("a:0", "portable/cuda", small, 3e9)}),
       subject("b:0",
               {record("b:0", "library/y", small, 2e9), record("b:0", "portable/opencl", small, 1e9)})});
  const Overview& overview = found.overview;
  CHECK_FALSE(row(overview, 0, With::library).ratio.has_value());
  CHECK(row(overview, 0, With::portable).ratio->value.value == Approx(0.75));
  CHECK(row(overview, 1, With::library).ratio->value.value == Approx(0.5));
  CHECK(row(overview, 1, With::portable).ratio->value.value == Approx(0.25));
  CHECK(overview.devices[1].portable->value == *found.gaps.at(0).summaries.front().portable.total);
}

TEST_CASE("a ratio over less than half of the reference's problems, or with a wide interval, is doubted") {
  std::vector<Record> of_reference{record("a:0", "library/x", small, 4e9),
                                   record("a:0", "library/x", middle, 4e9),
                                   record("a:0", "library/x", large, 4e9)};
  Record noisy = record("b:0", "portable/opencl", small, 4e9);
  const double seconds = noisy.measurement->samples_seconds.front();
  noisy.measurement->samples_seconds = {seconds / 2, seconds / 2, seconds,    seconds,
                                        seconds,     seconds * 2, seconds * 2};
  const Findings found = findings({subject("a:0", of_reference), subject("b:0", {noisy})});
  CHECK(row(found.overview, 1, With::portable).ratio->doubts ==
        std::vector{Doubt::few_problems, Doubt::wide, Doubt::undecided});
  CHECK_THAT(
      verdict_texts(found.overview).front(),
      ContainsSubstring("over 1 of 3 problems (less than half)") && ContainsSubstring(", undecided) on"));
  const Findings sure = findings(
      {subject("a:0", of_reference), subject("b:0", {record("b:0", "portable/opencl", small, 1e9),
                                                     record("b:0", "portable/opencl", large, 1e9)})});
  CHECK(row(sure.overview, 1, With::portable).ratio->doubts.empty());
}

TEST_CASE("a ratio needs no roofs: problems of types without one count, too") {
  const std::string half = "gemm:m=64,n=64,k=64,type=f16";
  std::vector<Subject> subjects{
      subject("a:0", {record("a:0", "library/x", small, 4e9), record("a:0", "library/x", half, 4e9)}),
      subject("b:0",
              {record("b:0", "portable/opencl", small, 2e9), record("b:0", "portable/opencl", half, 1e9)})};
  for (Subject& one : subjects) state_roofs(one, 1e12, 1e12, 1e11);
  const Findings found = findings(std::move(subjects));
  CHECK(found.gaps.at(0).summaries.front().portable.problems == 1);
  CHECK(found.overview.devices[1].portable->problems == 2);
  CHECK(found.overview.devices[1].portable->value.value == Approx(std::sqrt(0.125)));
}

TEST_CASE("coverage counts problems, not cases") {
  const Findings found =
      findings({subject("a:0", {record("a:0", "library/x", small, 4e9),
                                hole("a:0", "library/y", small, Status::unsupported, "no"),
                                hole("a:0", "library/x", large, Status::skipped, "no time")})});
  CHECK(row(found.overview, 0, With::library).verified == 1);
  CHECK(row(found.overview, 0, With::library).planned == 2);
}

TEST_CASE("reasons that differ in their numbers alone are one reason") {
  const Findings found =
      findings({subject("a:0", {record("a:0", "library/x", small, 4e9),
                                hole("a:0", "library/y", small, Status::skipped, "takes about 3 s"),
                                hole("a:0", "library/x", middle, Status::skipped, "takes about 4.5 s"),
                                hole("a:0", "library/x", large, Status::crashed, "gone"),
                                hole("a:0", "naive", large, Status::unsupported, "never")})});
  REQUIRE(found.overview.left_out.size() == 2);
  CHECK(found.overview.left_out[0].cases == 2);
  CHECK(found.overview.left_out[0].reason == "takes about 3 s");
  CHECK(found.overview.unsupported == 1);
  CHECK(left_out_texts(found.overview) ==
        std::vector<std::string>{
            "Without a result: 3 of 5 cases: 2 skipped (takes about 3 s); 1 crashed (gone).",
            "Not supported there: 1 of 5 cases."});
}

TEST_CASE("problems that are not compared since a condition differs are counted with the condition") {
  Record by_slope = record("b:0", "portable/opencl", small, 1e9);
  by_slope.measurement->clock = "host slope";
  const Findings found =
      findings({subject("a:0", {record("a:0", "library/x", small, 4e9)}), subject("b:0", {by_slope})});
  CHECK(found.overview.devices[1].refused == 1);
  CHECK_THAT(
      left_out_texts(found.overview).at(0),
      ContainsSubstring("Not compared, since conditions differ: 1 problem of") && ContainsSubstring("clock"));
}

TEST_CASE("of many targets the best and the worst are chosen") {
  std::vector<Subject> subjects{subject("a:0", {record("a:0", "library/x", small, 100e9)})};
  for (int i = 1; i < 10; ++i) {
    const std::string id = "b:" + std::to_string(i);
    subjects.push_back(subject(id, {record(id, "portable/opencl", small, i * 1e9)}));
  }
  const Findings found = findings(std::move(subjects));
  CHECK(best_and_worst(found.overview, 4) == std::vector<std::size_t>{1, 2, 8, 9});
  CHECK(best_and_worst(found.overview, 3) == std::vector<std::size_t>{1, 8, 9});
  CHECK(best_and_worst(found.overview, 20).size() == 9);
  CHECK(ranked(found.overview, With::portable).front() == 9);
  CHECK(ranked(found.overview, With::library).empty());
}

TEST_CASE(
    "the verdict names the targets with interval and number of problems, of many the best and the worst") {
  std::vector<Subject> subjects{subject("a:0", {record("a:0", "library/x", small, 10e9)})};
  subjects.push_back(
      subject("b:1", {record("b:1", "portable/opencl", small, 1e9), record("b:1", "library/y", small, 5e9)}));
  CHECK(verdict_texts(findings(subjects).overview) ==
        std::vector<std::string>{
            "Of the rate of the library of device of a:0, the portable kernels reach "
            "0.100 on device of b:1, over 1 of 1 problems.",
            "Of the same, the devices' own libraries reach 0.500 on device of b:1, over 1 of 1 "
            "problems."});
  for (int i = 2; i < 6; ++i) {
    const std::string id = "b:" + std::to_string(i);
    subjects.push_back(subject(id, {record(id, "portable/opencl", small, i * 1e9)}));
  }
  CHECK_THAT(verdict_texts(findings(subjects).overview).front(),
             ContainsSubstring("at best 0.500 on device of b:5") &&
                 ContainsSubstring("at worst 0.100 on device of b:1") && !ContainsSubstring("b:3"));
}

TEST_CASE("rounds that differ too much are no verdict, and the reader is told what to do") {
  const auto in_rounds = [](const char* device, const char* implementation, double third) {
    Record made = record(device, implementation, small, 4e9);
    const double seconds = made.measurement->samples_seconds.front();
    made.measurement->samples_seconds = {seconds, seconds, third * seconds};
    made.measurement->round_samples = {1, 1, 1};
    return made;
  };
  const auto last_sentence = [&](double third) {
    return verdict_texts(findings({subject("a:0", {in_rounds("a:0", "library/x", 1)}),
                                   subject("b:0", {in_rounds("b:0", "portable/opencl", third)})})
                             .overview)
        .back();
  };
  CHECK_THAT(last_sentence(5), ContainsSubstring("not known to a factor of 4") && ContainsSubstring("idle"));
  CHECK_THAT(last_sentence(1.1), !ContainsSubstring("not known"));
}

TEST_CASE("without a comparison the verdict says why") {
  CHECK_THAT(verdict_texts(findings({}).overview).front(), ContainsSubstring("No records"));
  CHECK_THAT(
      verdict_texts(findings({subject("a:0", {record("a:0", "library/x", small, 4e9)})}).overview).front(),
      ContainsSubstring("only device"));
  CHECK_THAT(verdict_texts(findings({subject("a:0", {record("a:0", "portable/stream",
                                                            "stream:op=triad,n=1000000,type=f32", 1e9)})})
                               .overview)
                 .front(),
             ContainsSubstring("roofs only"));
  CHECK_THAT(verdict_texts(findings({subject("a:0", {record("a:0", "library/x", small, 4e9)}),
                                     subject("b:0", {hole("b:0", "library/x", small, Status::wrong, "off")})})
                               .overview)
                 .front(),
             ContainsSubstring("Nothing can be compared with device of a:0"));
}
