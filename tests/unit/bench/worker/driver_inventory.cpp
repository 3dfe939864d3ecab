// Drivers, layers and libraries that fail beside others that work: each costs itself only and is named.
#include "bench/worker/driver_inventory.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "adapters/common/driver_files.h"
#include "base/error.h"
#include "bench/worker/worker.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

std::string fake(const std::string& kind) {
  return fmt::format("{}/libmoat_{}.so", MOAT_FAKE_DRIVERS, kind);
}

ListedAdapter list(const std::string& adapter, double patience_seconds = 120) {
  InventoryOptions options{.executable = MOAT_WORKER_PROGRAM, .devices = {adapter}};
  options.patience_seconds = patience_seconds;
  const std::vector<ListedAdapter> listed = take_inventory(options);
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].devices.empty() != listed[0].absence.empty());
  return listed[0];
}

/// A driver file that works on this machine; nothing where there is none, or no loader that goes by files.
std::optional<ListedDriver> working_driver(const std::string& adapter) {
  const ListedAdapter listed = list(adapter);
  const auto found =
      std::ranges::find_if(listed.drivers, [](const ListedDriver& driver) { return driver.devices > 0; });
  if (found != listed.drivers.end()) return *found;
  WARN("not exercised: no driver of " << adapter << " works here: " << listed.absence);
  return std::nullopt;
}

const ListedDriver& driver_of(const ListedAdapter& adapter, const fs::path& file) {
  const auto found = std::ranges::find(adapter.drivers, file.string(), &ListedDriver::file);
  REQUIRE(found != adapter.drivers.end());
  return *found;
}

/// A file that leads to `library`, in the form of the adapter's loader.
void write_driver(const std::string& adapter, const fs::path& file, const std::string& library) {
  test::write(file, adapter == "opencl"
                        ? library + "\n"
                        : fmt::format(R"({{"file_format_version": "1.0.0", "ICD": {{"library_path": "{}",
                                       "api_version": "1.2.0"}}}})",
                                      library));
}

/// A folder of driver files that the adapter's loader reads instead of the system's.
struct Registered {
  explicit Registered(const std::string& adapter)
      : vendors(adapter == "opencl" ? "OCL_ICD_VENDORS" : "VK_DRIVER_FILES", folder.path().string()),
        extension(adapter == "opencl" ? ".icd" : ".json") {}
  [[nodiscard]] fs::path file(const std::string& name) const { return folder / (name + extension); }

  test::ScratchFolder folder;
  EnvironmentVariable vendors;
  std::string extension;
};

struct Failure {
  std::string library;
  std::string words;  // that the fault contains
};

std::vector<Failure> failures(const test::ScratchFolder& folder) {
  test::write(folder / "garbage.so", "these bytes are no library");
  test::write(folder / "empty.so", "");
  std::string foreign(64, '\0');
  foreign.replace(0, 7,
                  "\x7f"
                  "ELF\x01\x01\x01");  // of 32 bits
  test::write(folder / "foreign.so", foreign);
  return {{"libmoat-no-such-vendor.so.1", "names libmoat-no-such-vendor.so.1, which does not load: "},
          {(folder / "missing.so").string(), "No such file or directory"},
          {(folder / "garbage.so").string(), "garbage.so"},
          {(folder / "empty.so").string(), "file too short"},
          {(folder / "foreign.so").string(), "does not load: "},
          {folder.path().string(), "does not load: "},
          {fake("abort"), "killed by signal 6 (SIGABRT); last words: fake driver: no firmware"},
          {fake("exit"), "ended the process that asked it: exited with status 3"},
          {"libmoat-no-such-vendor.so.1 ", "the name ends with white space"},
          {fake("nothing"), "offers no device: "}};
}

}  // namespace

TEST_CASE("a driver file that fails in any way costs itself only, and is named with its error") {
  const std::string adapter = GENERATE("opencl", "vulkan");
  const auto working = working_driver(adapter);
  if (!working) return;
  const Registered registered(adapter);
  const test::ScratchFolder libraries;
  write_driver(adapter, registered.file("works"), working->library);
  std::vector<std::pair<fs::path, std::string>> expected;
  for (const Failure& failure : failures(libraries)) {
    const fs::path file = registered.file(fmt::format("fails{}", expected.size()));
    write_driver(adapter, file, failure.library);
    expected.emplace_back(file, failure.words);
  }
  test::write(registered.file("blank"), adapter == "opencl" ? "\n" : "{}");
  expected.emplace_back(registered.file("blank"), "names no library");
  fs::create_directory(registered.file("folder"));
  expected.emplace_back(registered.file("folder"), "cannot be read: it is not a file");

  const ListedAdapter listed = list(adapter);
  CHECK(listed.devices.size() == working->devices);
  CHECK(driver_of(listed, registered.file("works")).fault.empty());
  CHECK(listed.drivers.size() == expected.size() + 1);
  for (const auto& [file, words] : expected) {
    INFO(file);
    CHECK_THAT(driver_of(listed, file).fault, ContainsSubstring(words));
    CHECK(driver_of(listed, file).devices == 0);
  }
  for (const ListedDevice& device : listed.devices) {
    CHECK(device.fault.empty());
    CHECK(device.route.driver.file == registered.file("works"));
  }
  // A foreign library and one that offers nothing are no defects.
  CHECK(defects(listed).size() >= expected.size() - 2);
}

TEST_CASE("where every driver fails, the absence names each and says what to do") {
  const std::string adapter = GENERATE("opencl", "vulkan");
  if (!working_driver(adapter)) return;
  const Registered registered(adapter);
  write_driver(adapter, registered.file("crash"), fake("abort"));
  write_driver(adapter, registered.file("missing"), "libmoat-no-such-vendor.so.1");
  const ListedAdapter listed = list(adapter);
  CHECK(listed.devices.empty());
  CHECK_THAT(listed.absence, ContainsSubstring(registered.file("crash").string() + " names ") &&
                                 ContainsSubstring(registered.file("missing").string() + " names ") &&
                                 ContainsSubstring("reinstall its driver") && ContainsSubstring("install "));
}

TEST_CASE("a driver that does not answer is named when its time is over, and who is waited for before") {
  const std::string adapter = GENERATE("opencl", "vulkan");
  const auto working = working_driver(adapter);
  if (!working) return;
  const Registered registered(adapter);
  write_driver(adapter, registered.file("works"), working->library);
  write_driver(adapter, registered.file("loops"), fake("loop"));
  InventoryOptions options{.executable = MOAT_WORKER_PROGRAM, .devices = {adapter}};
  options.patience_seconds = 4;
  options.quiet_seconds = 1;
  std::vector<std::string> told;
  options.on_wait = [&](const std::string& waiting) { told.push_back(waiting); };
  const ListedAdapter listed = take_inventory(options).at(0);
  CHECK_THAT(driver_of(listed, registered.file("loops")).fault,
             ContainsSubstring("did not answer within 4 s"));
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], ContainsSubstring(adapter));
  // On a machine that is busy enough the other one may have had no time either.
  const ListedDriver& other = driver_of(listed, registered.file("works"));
  CHECK((other.devices == working->devices || other.fault.find("did not answer") != std::string::npos));
}

TEST_CASE("two driver files that lead to one library are used once, and that is said") {
  const std::string adapter = GENERATE("opencl", "vulkan");
  const auto working = working_driver(adapter);
  if (!working) return;
  const Registered registered(adapter);
  const std::string file = [&] {
    static_cast<void>(why_not_loaded(working->library));
    return loaded_file(working->library);
  }();
  write_driver(adapter, registered.file("a"), working->library);
  write_driver(adapter, registered.file("b"), file);
  fs::create_symlink(file, registered.folder / "link.so");
  write_driver(adapter, registered.file("c"), (registered.folder / "link.so").string());
  const ListedAdapter listed = list(adapter);
  CHECK(listed.devices.size() == working->devices);
  std::size_t used = 0;
  for (const ListedDriver& driver : listed.drivers) {
    used += driver.devices > 0 ? 1 : 0;
    // Through a link PoCL does not find what lies beside it, and offers nothing.
    if (driver.devices == 0)
      CHECK_THAT(driver.fault,
                 ContainsSubstring("leads to " + file + ", as ") || ContainsSubstring("offers no device"));
  }
  CHECK(used == 1);
  CHECK(defects(listed).empty());
}

TEST_CASE("layers that crash or do not load are told from drivers, left out and named") {
  if (!working_driver("vulkan")) return;
  const test::ScratchFolder folder;
  const fs::path layers = folder / "vulkan/implicit_layer.d";
  fs::create_directories(layers);
  const auto add = [&](const std::string& name, const std::string& library) {
    test::write(layers / (name + ".json"), fmt::format(R"({{"file_format_version": "1.0.0", "layer": {{
        "name": "VK_LAYER_MOAT_{0}", "type": "GLOBAL", "library_path": "{1}", "api_version": "1.2.0",
        "implementation_version": "1", "description": "a test", "disable_environment": {{"NO_{0}": "1"}}}}}})",
                                                       name, library));
  };
  add("crash", fake("abort"));
  add("exit", fake("exit"));
  add("refuse", fake("refuse"));
  add("missing", "libmoat-no-such-layer.so");
  const std::size_t devices = list("vulkan").devices.size();
  const EnvironmentVariable more("XDG_CONFIG_HOME", folder.path().string());
  const ListedAdapter listed = list("vulkan");
  CHECK(listed.devices.size() == devices);
  std::string text;
  for (const ListedDriver& layer : listed.layers) text += layer.file + " " + layer.fault + "\n";
  CHECK_THAT(text,
             ContainsSubstring("crash.json (VK_LAYER_MOAT_crash) is a layer that names " + fake("abort")) &&
                 ContainsSubstring("killed by signal 6 (SIGABRT)"));
  CHECK_THAT(text, ContainsSubstring("exit.json (VK_LAYER_MOAT_exit)"));
  CHECK_THAT(text, ContainsSubstring("refuse.json (VK_LAYER_MOAT_refuse)"));
  CHECK_THAT(text, ContainsSubstring("missing.json (VK_LAYER_MOAT_missing) is a layer that names "
                                     "libmoat-no-such-layer.so, which does not load: "));
  CHECK(listed.layers.size() == 4);
  // The worker of a device leaves out what the inventory left out.
  REQUIRE_FALSE(listed.devices.empty());
  WorkerSettings settings;
  settings.executable = MOAT_WORKER_PROGRAM;
  settings.runner.verify_only = true;  // a rate would depend on what else the machine does
  DeviceWorker worker(listed.devices[0], settings);
  Record blank;
  blank.identity = {listed.devices[0].id, "naive", "gemm:m=4,n=4,k=4,type=f32", {}};
  const Record record = worker.run(blank, [](std::string_view) {});
  INFO(record.reason);
  CHECK(record.status == Status::ok);
  CHECK(record.adapter == "vulkan");
}

TEST_CASE("a layer with which no driver offers a device is told from the drivers") {
  if (!working_driver("vulkan")) return;
  const test::ScratchFolder folder;
  fs::create_directories(folder / "vulkan/implicit_layer.d");
  test::write(folder / "vulkan/implicit_layer.d/refuse.json",
              fmt::format(R"({{"file_format_version": "1.0.0", "layer": {{"name": "VK_LAYER_MOAT_refuse",
                  "type": "GLOBAL", "library_path": "{}", "api_version": "1.2.0", "implementation_version": "1",
                  "description": "a test", "disable_environment": {{"NO_REFUSE": "1"}}}}}})",
                          fake("refuse")));
  const std::size_t devices = list("vulkan").devices.size();
  const EnvironmentVariable more("XDG_CONFIG_HOME", folder.path().string());
  const ListedAdapter listed = list("vulkan");
  CHECK(listed.devices.size() == devices);
  REQUIRE(listed.layers.size() == 1);
  CHECK_THAT(listed.layers[0].fault, ContainsSubstring("makes drivers fail: ") &&
                                         ContainsSubstring("VK_ERROR_INITIALIZATION_FAILED (-3)"));
}

TEST_CASE("a library that crashes or hangs while it is opened is absent with that reason, and only it") {
  const test::ScratchFolder folder;
  const auto [kind, words, patience] = GENERATE(std::tuple("abort", "killed by signal 6 (SIGABRT)", 120.0),
                                                std::tuple("exit", "exited with status 3", 120.0),
                                                std::tuple("loop", "did not answer within 3 s", 3.0));
  fs::copy_file(fake(kind), folder / "libdnnl.so.3");
  const EnvironmentVariable path("MOAT_LIBRARY_PATH", folder.path().string());
  const ListedAdapter listed = list("host", patience);
  REQUIRE(listed.devices.size() == 1);
  const auto& absent = listed.devices[0].absent_libraries;
  const auto onednn =
      std::ranges::find(absent, "library/onednn", &std::pair<std::string, std::string>::first);
  REQUIRE(onednn != absent.end());
  CHECK_THAT(onednn->second,
             ContainsSubstring((folder / "libdnnl.so.3").string()) && ContainsSubstring(words));
  CHECK(listed.devices[0].route.avoided.size() == 1);
}

TEST_CASE("a loader that crashes is named, with how it ended") {
  const test::ScratchFolder folder;
  const auto [adapter, name] =
      GENERATE(std::pair("opencl", "libOpenCL.so.1"), std::pair("vulkan", "libvulkan.so.1"));
  fs::copy_file(fake("abort"), folder / name);
  const EnvironmentVariable path("MOAT_LIBRARY_PATH", folder.path().string());
  const ListedAdapter listed = list(adapter);
  CHECK(listed.devices.empty());
  CHECK_THAT(listed.absence,
             ContainsSubstring((folder / name).string() + ": ended the process that asked it"));
}
