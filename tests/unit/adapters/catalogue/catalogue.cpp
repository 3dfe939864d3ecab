// The catalogue: which chips came with the program, what a device's name finds, and which peak is a roof.
#include "adapters/catalogue/catalogue.h"

#include <set>

#include "adapters/catalogue/lint.h"
#include "tests/catch.h"
#include "tests/unit/adapters/catalogue/text.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const Chip& chip(std::string_view id) {
  return built_in_catalogue().find(id);
}

void check_interval(const Figure* figure, double low, double high) {
  REQUIRE(figure != nullptr);
  CHECK(figure->low == Approx(low));
  CHECK(figure->high == Approx(high));
}

std::string id_of(std::string_view device) {
  const Chip* found = match_chip(device);
  return found == nullptr ? "" : found->id;
}

}  // namespace

TEST_CASE("the linter finds nothing in the catalogue that comes with the program") {
  for (const Finding& finding : lint(built_in_catalogue().chips())) FAIL_CHECK(finding_text(finding));
}

TEST_CASE("every chip of the researched table is there, with what a report needs to read it") {
  const std::set<std::string_view> wanted{
      "v100-sxm2", "a100-40-sxm", "a100-80-sxm", "a800-sxm", "h100-sxm", "h100-pcie", "h800-sxm", "h20",
      "h200-sxm", "b200", "l40s", "rtx-4090", "mi250x", "mi300x", "mi25", "gaudi2", "gaudi3", "max1550",
      "ascend-310p", "atlas-300i-duo", "ascend-910a", "ascend-910b1", "ascend-910b2", "ascend-910b3",
      "ascend-910b4", "ascend-910c", "mlu290-m5", "mlu370-x8", "mlu590", "br100", "br104", "mtt-s4000",
      "mtt-s5000", "kunlun-r200", "kunlun-p800", "bi-v100", "bi-v150", "metax-c500", "metax-c550",
      "hygon-z100", "hygon-k100-ai", "enflame-t20", "enflame-s60", "horizon-j5", "horizon-j6e", "horizon-j6m",
      "horizon-j6p",
      // what drivers show of packages and cards with several chips
      "mi250x-gcd", "ascend-910c-die", "bi-v150-chip"};
  std::set<std::string_view> found;
  for (const Chip& one : built_in_catalogue().chips()) {
    INFO(one.id);
    found.insert(one.id);
    CHECK(!one.vendor.empty());
    CHECK(!one.peaks.empty());
    CHECK(one.origin.ends_with(".toml"));
  }
  CHECK(found == wanted);
}

TEST_CASE("published figures are as their sources give them") {
  check_interval(chip("v100-sxm2").best_peak(Type::f32), 15.7e12, 15.7e12);
  check_interval(&*chip("v100-sxm2").memory.bandwidth, 900e9, 900e9);
  check_interval(chip("mi25").best_peak(Type::f32), 12.29e12, 12.29e12);
  check_interval(&*chip("mi25").memory.bandwidth, 484e9, 484e9);
  check_interval(chip("ascend-910c").best_peak(Type::f16), 707.8e12, 800e12);
  check_interval(chip("ascend-910b2").best_peak(Type::bf16), 353.9e12, 376e12);
  check_interval(chip("h100-sxm").best_peak(Type::bf16), 989.4e12, 989.4e12);
  check_interval(chip("mi300x").best_peak(Type::f8e4m3), 2614.9e12, 2614.9e12);
  check_interval(&*chip("br100").memory.bandwidth, 1640e9, 1640e9);
  CHECK(chip("ascend-910b2").best_peak(Type::f16)->clock_hertz == 1.8e9);
  CHECK_FALSE(chip("v100-sxm2").best_peak(Type::f32)->verified);
  CHECK(chip("v100-sxm2").best_peak(Type::f16)->verified);
}

TEST_CASE("what is unknown is absent") {
  CHECK(chip("v100-sxm2").best_peak(Type::bf16) == nullptr);
  CHECK(chip("ascend-910a").best_peak(Type::f32) == nullptr);
  CHECK_FALSE(chip("kunlun-p800").memory.bandwidth.has_value());
  CHECK_FALSE(chip("l40s").link.has_value());
}

TEST_CASE("a type's roof is its best peak with the sums that are asked for") {
  const Chip& card = chip("rtx-4090");
  check_interval(card.best_peak(Type::f16), 165.2e12, 165.2e12);
  check_interval(card.best_peak(Type::f16, Type::f32), 165.2e12, 165.2e12);
  check_interval(card.best_peak(Type::f16, Type::f16), 330.3e12, 330.3e12);
  CHECK(card.best_peak(Type::i8)->accumulate == Type::i32);

  const Peak* f64 = chip("h100-sxm").best_peak(Type::f64);
  check_interval(f64, 67e12, 67e12);
  CHECK(f64->engine == Engine::matrix);
}

TEST_CASE("figures of parts add up to those of the whole") {
  for (const Chip& whole : built_in_catalogue().chips()) {
    if (!whole.parts) continue;
    const Chip& part = chip(whole.parts->id);
    INFO(whole.id);
    CHECK(whole.parts->count == 2);
    CHECK(whole.matches.empty());
    CHECK(part.memory.bandwidth->middle() * 2 == Approx(whole.memory.bandwidth->middle()).epsilon(0.01));
  }
}

TEST_CASE("devices are matched by the names that drivers print") {
  CHECK(id_of("NVIDIA A100-SXM4-40GB") == "a100-40-sxm");
  CHECK(id_of("NVIDIA A100-SXM4-80GB") == "a100-80-sxm");
  CHECK(id_of("Tesla V100-SXM2-16GB") == "v100-sxm2");
  CHECK(id_of("NVIDIA H100 80GB HBM3") == "h100-sxm");
  CHECK(id_of("NVIDIA GeForce RTX 4090") == "rtx-4090");
  CHECK(id_of("AMD Instinct MI250X/MI250") == "mi250x-gcd");
  CHECK(id_of("AMD Instinct MI300X") == "mi300x");
  CHECK(id_of("Ascend910B2") == "ascend-910b2");
  CHECK(id_of("Ascend910_9382") == "ascend-910c-die");
  CHECK(id_of("Ascend310P3") == "ascend-310p");
  CHECK(id_of("Intel(R) Data Center GPU Max 1550") == "max1550");
}

TEST_CASE("case and blanks of a device's name do not matter") {
  CHECK(id_of("  nvidia  geforce rtx 4090 ") == "rtx-4090");
}

TEST_CASE("a device that is like a chip but is another is not matched") {
  CHECK(id_of("NVIDIA GeForce RTX 4090 Laptop GPU").empty());
  CHECK(id_of("NVIDIA GeForce RTX 4090 D").empty());
  CHECK(id_of("NVIDIA A100-PCIE-40GB").empty());
  CHECK(id_of("NVIDIA H200 NVL").empty());
  CHECK(id_of("AMD EPYC 9654 96-Core Processor").empty());
  CHECK(id_of("").empty());
  CHECK(id_of(std::string(1'000'000, 'a')).empty());
  CHECK(id_of("AMD Instinct MI300X" + std::string(300, 'x')).empty());
}

TEST_CASE("an unknown id is refused with the nearest") {
  CHECK_THROWS_WITH(chip("h100-smx"), ContainsSubstring("Did you mean h100-sxm"));
  CHECK_THROWS_AS(chip("no such thing at all"), UsageError);
}

TEST_CASE("a catalogue holds an id once") {
  std::vector<Chip> twice = parse_chips(file_head + chip_text("a", peak_text("\"f16\"", "1e12")), "a.toml");
  twice.push_back(twice.front());
  CHECK_THROWS_WITH(Catalogue(twice), ContainsSubstring("chip a is in the catalogue twice"));
}

TEST_CASE("a folder of files adds chips and replaces those of the same id") {
  const ScratchFolder folder;
  write(folder / "mine.toml", file_head + chip_text("mine", peak_text("\"f16\"", "1e12")));
  write(folder / "other.toml", file_head + chip_text("b200", peak_text("\"f16\"", "7e12")));
  write(folder / "notes.txt", "not read");
  const Catalogue catalogue = extended_catalogue(folder.path().string());
  CHECK(catalogue.chips().size() == built_in_catalogue().chips().size() + 1);
  CHECK(catalogue.find("mine").name == "Chip");
  check_interval(catalogue.find("b200").best_peak(Type::f16), 7e12, 7e12);
  CHECK(chip("b200").vendor == "NVIDIA");
}

TEST_CASE("a folder that cannot be read or believed is refused as a whole") {
  const ScratchFolder folder;
  CHECK_THROWS_WITH(extended_catalogue((folder / "nowhere").string()), ContainsSubstring("nowhere"));
  CHECK_THROWS_WITH(extended_catalogue(folder.path().string()), ContainsSubstring("holds no .toml file"));
  write(folder / "a.toml", file_head + chip_text("mine", peak_text("\"f16\"", "312")));
  CHECK_THROWS_WITH(extended_catalogue(folder.path().string()),
                    ContainsSubstring("a.toml:9: mine:") && ContainsSubstring("[unit]"));
  write(folder / "a.toml", file_head + chip_text("mine", peak_text("\"f16\"", "1e12")));
  write(folder / "b.toml", file_head + chip_text("mine", peak_text("\"f16\"", "2e12")));
  CHECK_THROWS_WITH(extended_catalogue(folder.path().string()),
                    ContainsSubstring("chip mine is in the catalogue twice"));
}

TEST_CASE("a file that is none is refused with the reason") {
  CHECK_THROWS_WITH(read_chips("./nowhere.toml"), StartsWith("catalogue file './nowhere.toml': "));
  CHECK_THROWS_WITH(read_chips("/"), ContainsSubstring("is not a regular file"));
}
