// The published figures that come with the program say what their sources say: decompositions known from
// there come out of them.
#include <cmath>
#include <map>

#include "results/figures.h"
#include "results/published/published.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using test::failure_of;

namespace {

double rate(const Record& record) {
  return *figures(record).operations_per_second;
}

/// Records of one device and implementation, by problem.
std::map<std::string, const Record*> of(const Published& published, const std::string& device,
                                        const std::string& implementation, Type type) {
  std::map<std::string, const Record*> found;
  for (const Record& record : published.records) {
    if (record.identity.device == device + ":published" && record.identity.implementation == implementation &&
        record.types.input == type)
      found[record.identity.problem] = &record;
  }
  return found;
}

const Roof& roof(const Published& published, const std::string& device, RoofKind kind, Type type) {
  for (const RunDevice& one : published.info.devices) {
    if (one.id != device + ":published") continue;
    for (const Roof& stated : one.roofs) {
      if (stated.kind == kind && (kind == RoofKind::memory || stated.type == type)) return stated;
    }
  }
  throw std::runtime_error("no roof");
}

}  // namespace

TEST_CASE("built-in figures have their names, and an unknown name the nearest") {
  CHECK(std::vector<std::string>(published_names().begin(), published_names().end()) ==
        std::vector<std::string>{"amla", "cloudmatrix384", "deepbench", "flaggems", "flagperf"});
  for (const std::string& name : published_names()) {
    const Published published = load_published(name);
    CHECK(published.name == name);
    CHECK(published.info.command == "moat import " + name);
  }
  CHECK_THAT(failure_of([] { (void)load_published("deepbnch"); }),
             ContainsSubstring("Did you mean deepbench"));
  CHECK_THAT(failure_of([] { (void)load_published("no/such.toml"); }), ContainsSubstring("No such file"));
}

TEST_CASE("DeepBench's MI25 against its V100 is the published decomposition") {
  const Published published = load_published("deepbench");
  const auto v100 = of(published, "v100", "library/cublas", Type::f32);
  const auto mi25 = of(published, "mi25", "library/rocblas", Type::f32);
  CHECK(v100.size() == 160);
  CHECK(mi25.size() == 160);
  CHECK(of(published, "v100", "library/cublas", Type::f16).size() == 160);
  const auto attainable = [&](const Record& record, const std::string& device) {
    const double memory = roof(published, device, RoofKind::memory, Type::f32).rate.low;
    return std::min(roof(published, device, RoofKind::arithmetic, Type::f32).rate.low,
                    record.work.operations / record.work.bytes() * memory);
  };
  std::size_t common = 0;
  double total = 0;
  double hardware = 0;
  for (const auto& [problem, reference] : v100) {
    const auto target = mi25.find(problem);
    if (target == mi25.end()) continue;
    ++common;
    total += std::log(rate(*target->second) / rate(*reference));
    hardware += std::log(attainable(*target->second, "mi25") / attainable(*reference, "v100"));
  }
  REQUIRE(common == 152);
  const auto mean = [&](double sum) { return std::exp(sum / static_cast<double>(common)); };
  CHECK(mean(total) == Approx(0.4969).margin(5e-5));
  CHECK(mean(hardware) == Approx(0.6750).margin(5e-5));
  CHECK(mean(total - hardware) == Approx(0.7362).margin(5e-5));
}

TEST_CASE("FlagPerf's Ascend 910B against its A100 changes sides with the reference library") {
  const Published published = load_published("flagperf");
  const std::string problem = "gemm:m=8192,n=8192,k=8192,type=f16";
  const double target = rate(*of(published, "ascend-910b", "library/torch", Type::f16).at(problem));
  const double torch = rate(*of(published, "a100-40", "library/torch", Type::f16).at(problem));
  const double toolkit = rate(*of(published, "a100-40", "library/toolkit", Type::f16).at(problem));
  const double hardware = 353.9e12 / roof(published, "a100-40", RoofKind::arithmetic, Type::f16).rate.low;
  CHECK(target / torch == Approx(1.245).margin(5e-4));
  CHECK(hardware == Approx(1.134).margin(5e-4));
  CHECK(target / torch / hardware == Approx(1.098).margin(5e-4));
  CHECK(target / toolkit / hardware == Approx(0.925).margin(6e-4));
}

TEST_CASE("FlagPerf's operators give the portable kernel's share of the vendor's library") {
  const Published published = load_published("flaggems");
  const auto native = of(published, "a100-40", "library/torch", Type::f16);
  const auto portable = of(published, "a100-40", "portable/triton", Type::f16);
  const auto ratio = [&](const std::string& problem) {
    return rate(*portable.at(problem)) / rate(*native.at(problem));
  };
  CHECK(ratio("gemm:m=8192,n=8192,k=8192,type=f16") == Approx(1.003).margin(6e-4));
  CHECK(ratio("gemm:m=4096,n=4096,k=4096,batch=2,type=f16") == Approx(0.967).margin(6e-4));
  CHECK(ratio("gemm:m=8192,n=8192,k=8192,transpose=nt,type=f16") == Approx(1.001).margin(6e-4));
  CHECK(ratio("gemm:m=4096,n=4096,k=4096,type=f16") == Approx(1.082).margin(6e-4));
  // Computed in tf32 by the library: not carried as f32.
  CHECK_FALSE(
      of(published, "a100-40", "library/torch", Type::f32).contains("gemm:m=8192,n=8192,k=8192,type=f32"));
}

TEST_CASE("shares that are recalled are marked so") {
  for (const RunDevice& device : load_published("cloudmatrix384").info.devices) {
    CHECK_FALSE(device.efficiencies.empty());
    for (const StatedEfficiency& share : device.efficiencies) CHECK_FALSE(share.verified);
  }
  const Published amla = load_published("amla");
  const StatedEfficiency& share = amla.info.devices.at(0).efficiencies.at(0);
  CHECK(share.verified);
  CHECK(share.low * share.peak == Approx(614e12).epsilon(1e-3));
}
