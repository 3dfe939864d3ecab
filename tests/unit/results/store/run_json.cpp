// What run.json keeps of the devices and of what others state, and what it refuses.
#include "results/store/run_json.h"

#include "base/json.h"
#include "results/store/store.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

RunInfo some_run() {
  RunInfo info;
  info.suite = "quick";
  return info;
}

/// Ends as a roof may have them.
Interval ends(test::RandomRecords& random, double highest) {
  const double low = highest * (1 + static_cast<double>(random.below(1000))) / 2000;
  return {low, random.below(2) == 0 ? low : highest};
}

RunDevice random_device(test::RandomRecords& random) {
  RunDevice made;
  for (std::string* text :
       {&made.id, &made.name, &made.vendor, &made.driver, &made.platform, &made.architecture, &made.chip})
    *text = random.text();
  made.emulated = random.below(2) == 0;
  for (std::uint64_t i = random.below(3); i > 0; --i) made.identities.push_back(random.text());
  for (std::uint64_t i = random.below(4); i > 0; --i)
    made.details.emplace_back(std::to_string(i) + random.text(), random.text());
  for (std::uint64_t i = random.below(3); i > 0; --i) {
    const auto [low, high] = ends(random, 1e15);
    made.roofs.push_back({random.pick<RoofKind>(3), random.pick<Type>(9), random.pick<Type>(9),
                          between({low, high}), random.text(), random.below(2) == 0, nullptr});
  }
  for (std::uint64_t i = random.below(3); i > 0; --i) {
    const auto [low, high] = ends(random, 1);
    made.efficiencies.push_back({random.text(), random.text(), random.pick<Type>(9), random.pick<Type>(9),
                                 random.pick<RoofKind>(2), low, high, random.below(2) == 0 ? 0 : 1e12,
                                 random.text(), random.text(), random.below(2) == 0});
  }
  return made;
}

RunInfo random_run(test::RandomRecords& random) {
  RunInfo made;
  for (std::string* text :
       {&made.id, &made.suite, &made.command, &made.host, &made.system_id, &made.started_utc})
    *text = random.text();
  if (random.below(2) == 0) made.ended_utc = random.text();
  for (std::uint64_t i = random.below(3); i > 0; --i) made.resumed_utc.push_back(random.text());
  for (std::uint64_t i = random.below(3); i > 0; --i) made.devices.push_back(random_device(random));
  if (random.below(2) == 0) {
    made.citation = Citation{random.text(), random.text(), static_cast<std::int64_t>(random.bits()),
                             random.text(), random.text()};
  }
  made.environment = Json{{"b", random.text()}, {"a", {{"nested", random.below(9)}}}};
  return made;
}

}  // namespace

TEST_CASE("any run is the same after a round trip") {
  test::RandomRecords random(11);
  for (int i = 0; i < 500; ++i) {
    const RunInfo info = random_run(random);
    const std::string text = run_json_text(info);
    const RunInfo read = parse_info(text, "run.json");
    REQUIRE(run_json_text(read) == text);
    REQUIRE(read.id == info.id);
    REQUIRE(read.suite == info.suite);
    REQUIRE(read.command == info.command);
    REQUIRE(read.host == info.host);
    REQUIRE(read.system_id == info.system_id);
    REQUIRE(read.started_utc == info.started_utc);
    REQUIRE(read.resumed_utc == info.resumed_utc);
    REQUIRE(read.devices == info.devices);
    REQUIRE(read.citation == info.citation);
    REQUIRE(read.ended_utc == info.ended_utc);
    REQUIRE(read.environment == info.environment);
  }
}

TEST_CASE("a run keeps its devices, and resuming adds those that are new and changes none") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  const RunDevice cpu{"host:0", "Some CPU", "Some",  "Linux 6",           "C++ threads",
                      "",       false,      {"cpu"}, {{"governor", "x"}}, "",
                      {},       {}};
  const RunDevice card{"opencl:0",
                       "Card",
                       "Its",
                       "1.2",
                       "OpenCL",
                       "sm_80",
                       false,
                       {"pci:0000:65:00.0", "uuid:00112233445566778899aabbccddeeff"},
                       {{"firmware", "unavailable: no query"}, {"clock", "1410 MHz"}},
                       "",
                       {},
                       {}};
  const RunDevice fake{"null:0", "Fake", "Moat", "virtual", "null", "", true, {}, {}, "", {}, {}};
  RunInfo info = some_run();
  info.devices = {cpu, card};
  {
    RunWriter run = store.start_run(info);
    CHECK(run.info().devices == std::vector{cpu, card});
  }
  RunDevice changed = cpu;
  changed.driver = "Linux 7";
  RunWriter run = store.resume_run("latest");
  run.add_devices(std::vector{fake, changed});
  CHECK(store.run_folder(run.info().id).read_info().devices == std::vector{cpu, card, fake});
}

TEST_CASE("a run of before there were devices is read, and what is no device is refused by its place") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  RunInfo info = some_run();
  info.devices = {
      RunDevice{"host:0", "Some CPU", "Some", "Linux 6", "C++ threads", "", false, {"cpu"}, {}, "", {}, {}}};
  const RunFolder run = store.run_folder(store.start_run(info).info().id);
  const Json good = parse_json(test::content(run.info_path()), "run.json");
  Json older = good;
  older.erase("devices");
  test::write(run.info_path(), strict_json(older));
  CHECK(run.read_info().devices.empty());
  CHECK(run.read_info().suite == "quick");

  const auto refused = [&](const char* field, const Json& value) {
    Json bad = good;
    bad["devices"][0][field] = value;
    test::write(run.info_path(), strict_json(bad));
    CHECK_THROWS_WITH(run.read_info(), ContainsSubstring("run.json: 'devices[0]." + std::string(field)));
  };
  refused("id", 7);
  refused("name", nullptr);
  refused("emulated", "no");
  refused("identities", "cpu");
  refused("identities", Json::array({1}));
  refused("details", Json::array());
  refused("details", Json{{"clock", 1}});
  Json bad = good;
  bad["devices"] = "host:0";
  test::write(run.info_path(), strict_json(bad));
  CHECK_THROWS_WITH(run.read_info(), ContainsSubstring("'devices' is not an array"));
  bad["devices"] = Json::array({"host:0"});
  test::write(run.info_path(), strict_json(bad));
  CHECK_THROWS_WITH(run.read_info(), ContainsSubstring("'devices[0]' is not an object"));
}

TEST_CASE("a run keeps what others state: citation, chip, roofs and shares of them") {
  const test::ScratchFolder folder;
  const Store store(folder / "store");
  RunInfo info = some_run();
  info.citation = Citation{"A \"title\"", "A. Author", 2025, "arXiv 0000.00000", "read"};
  RunDevice stated;
  stated.id = "card:published";
  stated.chip = "card-80";
  stated.roofs = {
      {RoofKind::arithmetic, Type::f16, Type::f32, between({3.1e14, 4.1e14}), "a table", false, nullptr},
      {RoofKind::memory, Type::f32, Type::f32, exactly(1.6e12), "a page", true, nullptr},
      {RoofKind::launch, Type::f32, Type::f32, between({2e5, 5e5}), "a trace", true, nullptr}};
  stated.efficiencies = {
      {"attention", "library/a", Type::bf16, Type::f32, RoofKind::arithmetic, 0.5, 0.75, 7.07e14, "table 8",
       "of a die", true},
      {"stream", "library/b", Type::f32, Type::f32, RoofKind::memory, 0.841, 0.841, 0, "", "", false}};
  info.devices = {stated, RunDevice{}};
  const RunFolder run = store.run_folder(store.start_run(info).info().id);
  const RunInfo read = run.read_info();
  CHECK(read.citation == info.citation);
  CHECK(read.devices == info.devices);

  const Json good = parse_json(test::content(run.info_path()), "run.json");
  const auto refused = [&](const char* list, const char* field, const Json& value, const std::string& part) {
    Json bad = good;
    bad["devices"][0][list][0][field] = value;
    test::write(run.info_path(), strict_json(bad));
    CHECK_THROWS_WITH(run.read_info(),
                      ContainsSubstring("run.json: 'devices[0]." + std::string(list) + "[0]." + part));
  };
  refused("roofs", "kind", "wind", "kind' has the unknown value 'wind'");
  refused("roofs", "type", "f17", "type' has the unknown value");
  refused("roofs", "low", 0, "low' is not a number above 0");
  refused("roofs", "low", 5e14, "low' is above 'high'");
  refused("roofs", "high", nullptr, "high' is not a number above 0");
  refused("roofs", "verified", "yes", "verified' is neither");
  refused("efficiencies", "bound", "launch", "bound' is launch");
  refused("efficiencies", "high", 1.5, "high' is above 1");
  refused("efficiencies", "peak", -1, "peak' is not a number above 0");
  refused("efficiencies", "bound", 3, "bound' is not text");
  Json bad = good;
  bad["citation"]["year"] = "last";
  test::write(run.info_path(), strict_json(bad));
  CHECK_THROWS_WITH(run.read_info(), ContainsSubstring("run.json: 'citation.year' is not a whole"));
}
