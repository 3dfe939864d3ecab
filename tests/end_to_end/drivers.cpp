// Drivers that fail beside others that work, as the user of a command meets them.
#include <filesystem>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Environment = std::map<std::string, std::string>;

const std::string tiny = "gemm:m=4,n=4,k=4,type=f32";

/// A folder of ICD files in which one names a library that is not there; with PoCL's beside it, if that is
/// asked for.
struct Vendors {
  explicit Vendors(bool with_working) {
    write(folder.path() / "new.icd", "libmoat-no-such-vendor.so.1\n");
    const std::filesystem::path pocl = "/etc/OpenCL/vendors/pocl.icd";
    if (with_working && std::filesystem::exists(pocl))
      std::filesystem::copy_file(pocl, folder.path() / "pocl.icd");
  }
  [[nodiscard]] Environment environment() const { return {{"OCL_ICD_VENDORS", folder.path().string()}}; }
  [[nodiscard]] std::string fault() const {
    return (folder.path() / "new.icd").string() + " names libmoat-no-such-vendor.so.1, which does not load: ";
  }
  TemporaryFolder folder;
};

bool has_opencl(const Environment& environment) {
  for (const Json& adapter : moat_program({"devices", "--json"}, environment).json()) {
    if (adapter.at("name") == "opencl" && !adapter.at("devices").empty()) return true;
  }
  WARN("not exercised: there is no PoCL here");
  return false;
}

}  // namespace

TEST_CASE("moat devices names a driver that does not load beside one that works, in text and in JSON") {
  const Vendors vendors(true);
  if (!has_opencl(vendors.environment())) return;
  const Outcome text = moat_program({"devices"}, vendors.environment());
  CHECK(text.status == 0);
  CHECK_THAT(text.output, ContainsSubstring("opencl:0") && ContainsSubstring(vendors.fault()) &&
                              ContainsSubstring("OCL_ICD_VENDORS"));
  for (const Json& adapter : moat_program({"devices", "--json"}, vendors.environment()).json()) {
    if (adapter.at("name") != "opencl") continue;
    REQUIRE(adapter.at("drivers").size() == 2);
    for (const Json& driver : adapter.at("drivers"))
      CHECK(driver.at("fault").get<std::string>().empty() == (driver.at("devices") == 1));
  }
}

TEST_CASE("a command says which driver it goes on without, and uses those that work") {
  const Vendors vendors(true);
  if (!has_opencl(vendors.environment())) return;
  // Nothing is timed: a busy machine would disturb it.
  const Outcome verified =
      moat_program({"verify", "--device", "opencl", "--implementation", "portable", "--problem", tiny},
                   vendors.environment());
  INFO(verified.errors);
  CHECK(verified.status == 0);
  CHECK_THAT(verified.output, ContainsSubstring("opencl:0"));
  CHECK_THAT(verified.errors, ContainsSubstring(vendors.fault()));
}

TEST_CASE("a selection that finds nothing says why") {
  const Vendors vendors(false);
  const std::string command = GENERATE("run", "list", "verify", "tune");
  const TemporaryFolder folder;
  std::vector<std::string> arguments{command, "--device", "opencl", "--problem", tiny};
  if (command == "run" || command == "tune") arguments.insert(arguments.end(), {"--store", folder.store()});
  const Outcome outcome = moat_program(arguments, vendors.environment());
  INFO(outcome.errors);
  CHECK(outcome.status == 2);
  CHECK_THAT(outcome.errors, ContainsSubstring("no device matches 'opencl'"));
  if (outcome.errors.find("no OpenCL loader") == std::string::npos)
    CHECK_THAT(outcome.errors, ContainsSubstring(vendors.fault()));
}

TEST_CASE("PoCL without a folder for its cache says so wherever its device is missed") {
  const Vendors vendors(true);
  if (!has_opencl(vendors.environment())) return;
  Environment environment = vendors.environment();
  environment["POCL_CACHE_DIR"] = "/proc/nowhere";
  const Outcome outcome = moat_program(
      GENERATE(std::vector<std::string>{"devices"}, std::vector<std::string>{"list", "--device", "opencl"}),
      environment);
  CHECK_THAT(outcome.output + outcome.errors,
             ContainsSubstring("its cache folder /proc/nowhere cannot be written") &&
                 ContainsSubstring("set POCL_CACHE_DIR") && ContainsSubstring(vendors.fault()));
}

TEST_CASE("the host alone is asked where only the host is selected") {
  // A malformed limit would be refused, and every other driver fails.
  const Vendors vendors(false);
  Environment environment = vendors.environment();
  environment["VK_DRIVER_FILES"] = environment["VK_ICD_FILENAMES"] = "/nonexistent.json";
  const Outcome outcome = moat_program({"list", "--device", "host", "--problem", tiny}, environment);
  CHECK(outcome.status == 0);
  CHECK(outcome.errors.find("moat-no-such-vendor") == std::string::npos);
}

TEST_CASE("a malformed number of threads or seconds is an error of usage") {
  check_refused(moat_program({"devices"}, {{"MOAT_HOST_THREADS", "0"}}),
                "MOAT_HOST_THREADS: '0' is not a whole number from 1 to 4096");
  check_refused(
      moat_program({"list", "--device", "host", "--problem", tiny}, {{"MOAT_HOST_THREADS", "many"}}),
      "MOAT_HOST_THREADS: 'many' is not a whole number from 1 to 4096");
  check_refused(moat_program({"devices"}, {{"MOAT_DRIVER_SECONDS", "nan"}}),
                "MOAT_DRIVER_SECONDS: 'nan' is not a duration");
}
