// Opening libraries that are built for this test, each of which needs another one that the dynamic linker
// does not find by itself.
#include "adapters/common/dynamic_library.h"

#include <filesystem>

#include "tests/catch.h"
#include "tests/unit/adapters/common/fake_files.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

const LibraryFiles fake{
    .name = "fake", .stems = {"libmoatfake"}, .oldest = 2, .newest = 3, .way_out = "build it"};

const fs::path built = MOAT_FAKE_LIBRARIES;

void copy(const test::ScratchFolder& folder, std::initializer_list<const char*> names) {
  for (const char* name : names) fs::copy_file(built / name, folder / name);
}

OrUnsupported<PassedOver> open_fake(const LibraryPlaces& places, int& value) {
  return open_library(fake, places, [&](void* handle) -> std::optional<Unsupported> {
    int (*function)() = nullptr;
    find_symbol(handle, "moat_fake_value", function);
    if (function == nullptr) return Unsupported{"it lacks moat_fake_value"};
    value = function();
    return std::nullopt;
  });
}

std::string reason(const OrUnsupported<PassedOver>& opened) {
  REQUIRE(std::holds_alternative<Unsupported>(opened));
  return std::get<Unsupported>(opened).reason;
}

}  // namespace

TEST_CASE("the newest version is opened, with what it needs of the same folder") {
  const test::ScratchFolder folder;
  copy(folder, {"libmoatfake.so.2", "libmoatfake.so.3", "libmoatneeded.so"});
  int value = 0;
  const auto opened = open_fake({.own = {folder.path()}, .system = {}, .refused = {}}, value);
  INFO((std::holds_alternative<Unsupported>(opened) ? std::get<Unsupported>(opened).reason : ""));
  REQUIRE(std::holds_alternative<PassedOver>(opened));
  CHECK(std::get<PassedOver>(opened).empty());
  CHECK(value == 43);
}

TEST_CASE(
    "a file that is avoided is passed over with its reason, and each one is told of before it is opened") {
  const test::ScratchFolder folder;
  copy(folder, {"libmoatfake.so.2", "libmoatfake.so.3", "libmoatneeded.so"});
  std::vector<std::string> told;
  guard_libraries({{{(folder / "libmoatfake.so.3").string(), "it crashes"}},
                   [&](const std::string& file) { told.push_back(file); }});
  int value = 0;
  const auto opened = open_fake({.own = {folder.path()}, .system = {}, .refused = {}}, value);
  guard_libraries({});
  REQUIRE(std::holds_alternative<PassedOver>(opened));
  CHECK(std::get<PassedOver>(opened) == PassedOver{(folder / "libmoatfake.so.3").string() + ": it crashes"});
  CHECK(value == 42);
  CHECK(told == std::vector<std::string>{(folder / "libmoatfake.so.2").string(), ""});
}

TEST_CASE("a newer file that does not serve is passed over with its reason") {
  const test::ScratchFolder folder;
  copy(folder, {"libmoatfake.so.2", "libmoatneeded.so"});
  test::write(folder / "libmoatfake.so.3", "no library");
  int value = 0;
  const auto opened = open_fake({.own = {folder.path()}, .system = {}, .refused = {}}, value);
  REQUIRE(std::holds_alternative<PassedOver>(opened));
  CHECK(value == 42);
  REQUIRE(std::get<PassedOver>(opened).size() == 1);
  CHECK_THAT(std::get<PassedOver>(opened)[0], ContainsSubstring((folder / "libmoatfake.so.3").string()));
  CHECK_THAT(passed_over_text(std::get<PassedOver>(opened)), ContainsSubstring(", passed over: "));
  CHECK(passed_over_text({}).empty());
}

TEST_CASE("if what MOAT_LIBRARY_PATH has does not serve, nothing else is used in its place") {
  const test::ScratchFolder own;
  const test::ScratchFolder system;
  test::write(own / "libmoatfake.so.2", "no library");
  copy(system, {"libmoatfake.so.3", "libmoatneeded.so"});
  int value = 0;
  const std::string text =
      reason(open_fake({.own = {own.path()}, .system = {system.path()}, .refused = {}}, value));
  CHECK_THAT(text, ContainsSubstring((own / "libmoatfake.so.2").string()) && ContainsSubstring("build it"));
  CHECK(text.find(system.path().string()) == std::string::npos);
  CHECK(value == 0);
}

TEST_CASE("what a file needs and what is missing of it are named") {
  const LibraryFiles lonely{.name = "lonely", .stems = {"libmoatlonely"}, .oldest = 3, .newest = 3};
  const TakeLibrary any = [](void*) { return std::nullopt; };
  const test::ScratchFolder folder;
  copy(folder, {"libmoatlonely.so.3"});
  const LibraryPlaces places{.own = {folder.path()}, .system = {}, .refused = {}};
  CHECK_THAT(reason(open_library(lonely, places, any)),
             ContainsSubstring("libmoatlonely.so.3: libmoatlost.so: cannot open"));
  test::write(folder / "libmoatlost.so", "no library");
  CHECK_THAT(reason(open_library(lonely, places, any)),
             ContainsSubstring("libmoatlonely.so.3") &&
                 ContainsSubstring((folder / "libmoatlost.so").string() + ": file too short"));
}

TEST_CASE("a library that is nowhere is absent with names, refused files and the way out") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libmoatfake.so.1"});
  int value = 0;
  CHECK_THAT(reason(open_fake({.own = {folder.path()}, .system = {}, .refused = {}}, value)),
             ContainsSubstring("not found: libmoatfake.so with a version of 2 to 3, or none, in "
                               "MOAT_LIBRARY_PATH and the loader's folders") &&
                 ContainsSubstring("libmoatfake.so.1: its interface is 1; Moat knows 2 to 3") &&
                 ContainsSubstring("build it"));
}

TEST_CASE("nothing is opened as long as an entry of MOAT_LIBRARY_PATH is wrong") {
  const test::ScratchFolder folder;
  copy(folder, {"libmoatfake.so.2", "libmoatneeded.so"});
  int value = 0;
  CHECK(reason(open_fake({.own = {folder.path()}, .system = {}, .refused = {"MOAT_LIBRARY_PATH: x is bad"}},
                         value)) == "MOAT_LIBRARY_PATH: x is bad");
  CHECK(value == 0);
}

TEST_CASE("OpenCL runtimes of MOAT_LIBRARY_PATH are added once to those that the environment names") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libintelocl.so"});
  const EnvironmentVariable path("MOAT_LIBRARY_PATH", folder.path().string());
  const EnvironmentVariable names("OCL_ICD_FILENAMES", "/opt/other/libother.so");
  announce_opencl_runtimes();
  announce_opencl_runtimes();
  CHECK(std::string(std::getenv("OCL_ICD_FILENAMES")) ==
        "/opt/other/libother.so:" + (folder / "libintelocl.so").string());
}

TEST_CASE("without MOAT_LIBRARY_PATH, no OpenCL runtime is announced") {
  const EnvironmentVariable path("MOAT_LIBRARY_PATH", std::nullopt);
  const EnvironmentVariable names("OCL_ICD_FILENAMES", std::nullopt);
  announce_opencl_runtimes();
  CHECK(std::getenv("OCL_ICD_FILENAMES") == nullptr);
}
