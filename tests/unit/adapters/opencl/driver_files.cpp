// Which ICD files two loaders would use, by what their variables really name.
#include "adapters/opencl/driver_files.h"

#include <algorithm>
#include <filesystem>

#include "adapters/common/driver_files.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::opencl;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A folder with two ICD files, and none of the loaders' variables.
struct Machine {
  Machine() {
    test::write(folder / "one.icd", "libone.so.1\n");
    test::write(folder / "two.icd", "/opt/two/libtwo.so\nsecond line");
  }
  [[nodiscard]] DriverFiles files(LoaderKind loader) const {
    return find_driver_files(loader, folder.path()).value();
  }

  test::ScratchFolder folder;
  EnvironmentVariable vendors{"OCL_ICD_VENDORS", std::nullopt};
  EnvironmentVariable vendor_path{"OPENCL_VENDOR_PATH", std::nullopt};
  EnvironmentVariable names{"OCL_ICD_FILENAMES", std::nullopt};
  EnvironmentVariable layers{"OPENCL_LAYERS", std::nullopt};
  EnvironmentVariable layer_path{"OPENCL_LAYER_PATH", "/nonexistent"};
};

std::vector<std::string> libraries(const std::vector<DriverFile>& files) {
  std::vector<std::string> made;
  for (const DriverFile& file : files) made.push_back(file.library);
  std::ranges::sort(made);
  return made;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a loader is known by the variables that its file mentions") {
  const test::ScratchFolder folder;
  test::write(folder / "ocl-icd", "...OPENCL_VENDOR_PATH...OCL_ICD_VENDORS...");
  test::write(folder / "khronos", "...OCL_ICD_VENDORS...OCL_ICD_FILENAMES...");
  test::write(folder / "runtime", "...");
  CHECK(loader_kind(folder / "ocl-icd") == LoaderKind::ocl_icd);
  CHECK(loader_kind(folder / "khronos") == LoaderKind::khronos);
  CHECK(loader_kind(folder / "runtime") == LoaderKind::none);
  CHECK(loader_kind("unknown file") == LoaderKind::none);
  CHECK_FALSE(find_driver_files(LoaderKind::none, folder.path()));
}

TEST_CASE("ocl-icd takes the first line of each ICD file, Khronos' loader all of it") {
  const Machine machine;
  CHECK(libraries(machine.files(LoaderKind::ocl_icd).drivers) ==
        Strings{"/opt/two/libtwo.so", "libone.so.1"});
  CHECK(libraries(machine.files(LoaderKind::khronos).drivers) ==
        Strings{"/opt/two/libtwo.so\nsecond line", "libone.so.1"});
}

TEST_CASE("ICD files that name nothing or cannot be read say so, beside those that do") {
  const Machine machine;
  test::write(machine.folder / "empty.icd", "");
  test::write(machine.folder / "blank.icd", "\n");
  std::filesystem::create_directory(machine.folder / "folder.icd");
  const DriverFiles files = machine.files(GENERATE(LoaderKind::ocl_icd, LoaderKind::khronos));
  CHECK(files.drivers.size() == 5);
  CHECK(std::ranges::count(files.drivers, "names no library", &DriverFile::fault) == 2);
  CHECK(std::ranges::count(files.drivers, "cannot be read: it is not a file", &DriverFile::fault) == 1);
  CHECK(files.absence.empty());
}

TEST_CASE("OCL_ICD_VENDORS is a folder, a file or a library to ocl-icd") {
  const Machine machine;
  const test::ScratchFolder other;
  test::write(other / "three.icd", "libthree.so\n");
  const auto libraries_with = [&](const std::string& value) {
    const EnvironmentVariable chosen("OCL_ICD_VENDORS", value);
    return libraries(machine.files(LoaderKind::ocl_icd).drivers);
  };
  CHECK(libraries_with(other.path().string()) == Strings{"libthree.so"});
  CHECK(libraries_with(other.path().string() + "/") == Strings{"libthree.so"});
  CHECK(libraries_with((other / "three.icd").string()) == Strings{"libthree.so"});
  CHECK(libraries_with("one.icd") == Strings{"libone.so.1"});  // of the usual folder
  CHECK(libraries_with("libfour.so.1") == Strings{"libfour.so.1"});
  CHECK(libraries_with("").size() == 2);
  const EnvironmentVariable missing("OCL_ICD_VENDORS", (other / "missing.icd").string());
  const DriverFiles files = machine.files(LoaderKind::ocl_icd);
  REQUIRE(files.drivers.size() == 1);
  CHECK_THAT(files.drivers[0].fault, ContainsSubstring("No such file"));
}

TEST_CASE("OPENCL_VENDOR_PATH moves ocl-icd's usual folder, and only ocl-icd's") {
  const Machine machine;
  const test::ScratchFolder other;
  const EnvironmentVariable moved("OPENCL_VENDOR_PATH", other.path().string());
  const DriverFiles files = machine.files(LoaderKind::ocl_icd);
  CHECK(files.drivers.empty());
  CHECK_THAT(files.absence, ContainsSubstring("no ICD file in " + other.path().string()) &&
                                ContainsSubstring("pocl-opencl-icd"));
  CHECK(machine.files(LoaderKind::khronos).drivers.size() == 2);
}

TEST_CASE("OCL_ICD_FILENAMES names further libraries to Khronos' loader, before the folder's") {
  const Machine machine;
  const EnvironmentVariable names("OCL_ICD_FILENAMES", "/a/liba.so:libb.so");
  const DriverFiles files = machine.files(LoaderKind::khronos);
  REQUIRE(files.drivers.size() == 4);
  CHECK(files.drivers[0].library == "/a/liba.so");
  CHECK(files.drivers[1].file == "libb.so");
  CHECK(machine.files(LoaderKind::ocl_icd).drivers.size() == 2);
  const EnvironmentVariable nowhere("OCL_ICD_VENDORS", "/nonexistent");
  CHECK(machine.files(LoaderKind::khronos).drivers.size() == 2);
}

TEST_CASE("a folder that is missing or empty is named with what to install") {
  const Machine machine;
  const test::ScratchFolder empty;
  const std::string place = GENERATE(true, false) ? empty.path().string() : (empty / "missing").string();
  const auto files = find_driver_files(GENERATE(LoaderKind::ocl_icd, LoaderKind::khronos), place);
  REQUIRE(files);
  CHECK(files->drivers.empty());
  CHECK_THAT(files->absence, ContainsSubstring(place) && ContainsSubstring("pocl-opencl-icd"));
}

TEST_CASE(
    "a driver that is chosen is the only one that either loader finds, without the layers that do harm") {
  const Machine machine;
  const EnvironmentVariable layers("OPENCL_LAYERS", "libgood.so:libbad.so");
  const DriverFiles before = machine.files(LoaderKind::ocl_icd);
  REQUIRE(before.layers.size() == 2);
  make_loader_use(before.drivers[0], std::vector<DriverFile>{before.layers[1]});
  const Strings chosen{before.drivers[0].library};
  CHECK(libraries(machine.files(LoaderKind::ocl_icd).drivers) == chosen);
  CHECK(libraries(machine.files(LoaderKind::khronos).drivers) == chosen);
  CHECK(libraries(machine.files(LoaderKind::ocl_icd).layers) == Strings{"libgood.so"});
}
