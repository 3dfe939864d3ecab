// Every adapter of the registry, every device of it on this machine, every requirement.
// MOAT_CONFORMANCE_ADAPTER narrows to one adapter. Exit code 77 (skipped) if that one has no device here; the
// reason is printed.
#ifndef MOAT_CATCH2_V3
#define CATCH_CONFIG_RUNNER
#endif
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "adapters/registry.h"
#include "base/error.h"
#include "tests/catch.h"
#include "tests/conformance/known_failures.h"

using namespace moat;

namespace {

std::size_t exercised_devices = 0;

bool is_chosen(const Adapter& adapter) {
  const char* only = std::getenv("MOAT_CONFORMANCE_ADAPTER");
  return only == nullptr || adapter.name() == only;
}

void check_device(Adapter& adapter, std::size_t index, const DeviceInfo& info,
                  std::span<const conformance::KnownFailure> known) {
  ++exercised_devices;
  for (const conformance::Requirement& requirement : conformance::requirements()) {
    conformance::Subject subject{adapter, index, info, adapter.open(index)};
    const conformance::Outcome outcome = conformance::judge(requirement, subject, known);
    const std::string place =
        fmt::format("{}:{} ({}): {}", adapter.name(), index, info.name, requirement.name);
    if (!outcome.report.empty()) fmt::print("{}: {}\n", place, outcome.report);
    INFO(place << ": " << outcome.report);
    CHECK(outcome.is_fine);
  }
}

}  // namespace

TEST_CASE("adapters have names of their own, in small letters", "[conformance]") {
  std::set<std::string> names;
  for (const auto& adapter : make_adapters()) {
    const std::string name(adapter->name());
    INFO(name);
    CHECK(!name.empty());
    CHECK(std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }));
    CHECK(names.insert(name).second);
  }
  const char* only = std::getenv("MOAT_CONFORMANCE_ADAPTER");
  if (only != nullptr) CHECK(names.contains(only));
}

TEST_CASE("discovery gives devices or the reason there are none", "[conformance]") {
  for (const auto& adapter : make_adapters()) {
    if (!is_chosen(*adapter)) continue;
    INFO(adapter->name());
    const Discovery found = adapter->discover();
    CHECK(found.devices.empty() == !found.absence.empty());
    const Discovery again = adapter->discover();
    REQUIRE(again.devices.size() == found.devices.size());
    for (std::size_t i = 0; i < found.devices.size(); ++i)
      CHECK(again.devices[i].name == found.devices[i].name);
  }
}

TEST_CASE("opening a device that is not there is the caller's error", "[conformance]") {
  for (const auto& adapter : make_adapters()) {
    if (!is_chosen(*adapter)) continue;
    INFO(adapter->name());
    const std::size_t devices = adapter->discover().devices.size();
    CHECK_THROWS_AS(adapter->open(devices), UsageError);
    CHECK_THROWS_AS(adapter->open(static_cast<std::size_t>(-1)), UsageError);
  }
}

TEST_CASE("every device keeps the contract", "[conformance]") {
  for (const auto& adapter : make_adapters()) {
    if (!is_chosen(*adapter)) continue;
    const auto known = conformance::read_known_failures(adapter->name());
    const Discovery found = adapter->discover();
    if (found.devices.empty()) fmt::print("{}: not exercised: {}\n", adapter->name(), found.absence);
    for (std::size_t i = 0; i < found.devices.size(); ++i) check_device(*adapter, i, found.devices[i], known);
  }
}

int main(int argc, char** argv) {
  const int failures = Catch::Session().run(argc, argv);
  if (failures != 0) return 1;
  const bool lists_only = argc > 1;
  return exercised_devices == 0 && !lists_only ? 77 : 0;
}
