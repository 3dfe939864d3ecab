// The gap over published figures: what others computed from them, reproduced.
#include <algorithm>

#include "reports/gap/gap.h"
#include "results/published/published.h"
#include "tests/catch.h"

using moat::Gap;
using moat::GapOptions;
using moat::Subject;

namespace {

/// The device of a built-in file whose id begins with `id`.
Subject published(const std::string& file, const std::string& id) {
  const moat::Published found = moat::load_published(file);
  for (Subject& subject : subjects_of(found.info, found.records)) {
    if (subject.device.id.starts_with(id)) return subject;
  }
  FAIL(file << " has no device " << id);
  return {};
}

void keep(Subject& subject, const std::string& problem) {
  std::erase_if(subject.records,
                [&](const moat::Record& record) { return record.identity.problem != problem; });
}

}  // namespace

TEST_CASE("DeepBench, V100 to MI25 in f32: 0.4969 = hardware 0.6750 × stack 0.7362 over 152 problems") {
  Subject reference = published("deepbench", "v100");
  std::erase_if(reference.records,
                [](const moat::Record& record) { return record.types.input != moat::Type::f32; });
  const Gap gap = attribute(reference, published("deepbench", "mi25"), {});
  const moat::Means& means = gap.summaries.front().library;
  CHECK(gap.basis == moat::RoofBasis::datasheet);
  CHECK(means.problems == 152);
  CHECK(means.total->value == Approx(0.4969).margin(0.00005));
  CHECK(means.hardware->value == Approx(0.6750).margin(0.00005));
  CHECK(means.stack->value == Approx(0.7362).margin(0.00005));
}

TEST_CASE("FlagPerf, A100 to an Ascend 910B server in f16: the baseline decides the sign") {
  const std::string key = "gemm:m=8192,n=8192,k=8192,type=f16";
  Subject reference = published("flagperf", "a100");
  Subject target = published("flagperf", "ascend");
  keep(reference, key);
  keep(target, key);
  // GAP.md takes the Ascend's peak for 353.9; the catalogue has an interval that begins there.
  const Gap as_known = attribute(reference, target, {});
  CHECK(as_known.problems.front().hardware->low == Approx(1.134).margin(0.0005));
  target.device.roofs = {{moat::RoofKind::arithmetic, moat::Type::f16, moat::Type::f32,
                          moat::exactly(353.9e12), "24 cores at 1.8 GHz", true, nullptr},
                         {moat::RoofKind::memory, moat::Type::f32, moat::Type::f32, moat::exactly(1.6e12),
                          "recalled", false, nullptr}};
  GapOptions options;
  options.baseline = "library/torch";
  const Gap framework = attribute(reference, target, options);
  const moat::Means& means = framework.summaries.front().library;
  REQUIRE(means.stack);
  CHECK(means.total->value == Approx(1.245).margin(0.0005));
  CHECK(means.hardware->value == Approx(1.134).margin(0.0005));
  CHECK(means.stack->value == Approx(1.098).margin(0.0005));
  const Gap tuned = attribute(reference, target, {});  // the best: NVIDIA's toolkit
  CHECK(tuned.summaries.front().library.stack->value == Approx(0.925).margin(0.001));
  CHECK(std::ranges::any_of(tuned.remarks, [](const moat::Remark& remark) {
    const auto* decides = std::get_if<moat::remark::BaselineDecides>(&remark);
    return decides != nullptr && decides->library == "library/torch";
  }));
}
