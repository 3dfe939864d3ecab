// Devices by name: how they are matched and listed.
#include "commands/named_devices.h"

#include "tests/catch.h"

using namespace moat;

namespace {

const std::vector<NamedDevice> devices{{"r1", "cuda:0", "NVIDIA H100 80GB HBM3"},
                                       {"r2", "cuda:0", "NVIDIA H100 80GB HBM3"},
                                       {"r2", "v100:published", "Tesla V100"},
                                       {"r3", "host:0", ""}};

std::vector<std::string> texts(const std::vector<NamedDevice>& found) {
  std::vector<std::string> made;
  for (const NamedDevice& device : found) made.push_back(device.text());
  return made;
}

}  // namespace

TEST_CASE("a device is found by its id, its adapter or its name in any capitals") {
  using Texts = std::vector<std::string>;
  CHECK(texts(named(devices, "cuda:0")) == Texts{"r1/cuda:0", "r2/cuda:0"});
  CHECK(texts(named(devices, "v100")) == Texts{"r2/v100:published"});
  CHECK(texts(named(devices, "tesla  v100")) == Texts{"r2/v100:published"});
  CHECK(named(devices, "").empty());
  CHECK(named(devices, "h100").empty());
}

TEST_CASE("candidates are listed as they are typed, the newest of many") {
  CHECK(candidates_text(named(devices, "cuda:0")) == "r1/cuda:0, r2/cuda:0");
  std::vector<NamedDevice> many;
  for (int i = 0; i < 10; ++i) many.push_back({"r" + std::to_string(i), "host:0", ""});
  CHECK(candidates_text(many) ==
        "r2/host:0, r3/host:0, r4/host:0, r5/host:0, r6/host:0, r7/host:0, r8/host:0, r9/host:0 and 2 older "
        "ones");
}

TEST_CASE("the nearest ids are suggested with their newest runs") {
  CHECK(nearest_device(devices, "cuda:1") == " Did you mean r2/cuda:0?");
  CHECK(nearest_device(devices, "nothing like them").empty());
}

TEST_CASE("publications that come with Moat have devices, and a folder that is no store has none") {
  CHECK(texts(named(built_in_devices(), "mi25:published")) ==
        std::vector<std::string>{"deepbench/mi25:published"});
  CHECK(stored_devices(Store("/nonexistent")).empty());
}
