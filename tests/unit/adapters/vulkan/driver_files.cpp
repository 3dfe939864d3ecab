// Which manifests the loader would use, by what its variables really name.
#include "adapters/vulkan/driver_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

namespace fs = std::filesystem;

std::string driver(const std::string& library) {
  return fmt::format(R"({{"ICD": {{"library_path": "{}"}}}})", library);
}

std::string layer(const std::string& name, const std::string& more = "") {
  return fmt::format(R"({{"layer": {{"name": "{0}", "library_path": "lib{0}.so",
                        "disable_environment": {{"NO_{0}": "1"}}{1}}}}})",
                     name, more);
}

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  test::write(file, text);
}

/// A root with a driver's manifest in the usual folder, and none of the loader's variables.
struct Machine {
  Machine() { put(folder / "usr/share/vulkan/icd.d/usual.json", driver("libusual.so")); }
  [[nodiscard]] DriverFiles files() const { return find_driver_files({folder.path(), {}}); }
  [[nodiscard]] std::string at(const std::string& path) const { return (folder / path).string(); }

  test::ScratchFolder folder;
  EnvironmentVariable home{"HOME", std::nullopt};
  EnvironmentVariable config_home{"XDG_CONFIG_HOME", std::nullopt};
  EnvironmentVariable config_dirs{"XDG_CONFIG_DIRS", std::nullopt};
  EnvironmentVariable data_home{"XDG_DATA_HOME", std::nullopt};
  EnvironmentVariable data_dirs{"XDG_DATA_DIRS", std::nullopt};
  EnvironmentVariable driver_files{"VK_DRIVER_FILES", std::nullopt};
  EnvironmentVariable icd_filenames{"VK_ICD_FILENAMES", std::nullopt};
  EnvironmentVariable more_files{"VK_ADD_DRIVER_FILES", std::nullopt};
  EnvironmentVariable select{"VK_LOADER_DRIVERS_SELECT", std::nullopt};
  EnvironmentVariable disable{"VK_LOADER_DRIVERS_DISABLE", std::nullopt};
  EnvironmentVariable layers_disable{"VK_LOADER_LAYERS_DISABLE", std::nullopt};
  EnvironmentVariable layers_enable{"VK_LOADER_LAYERS_ENABLE", std::nullopt};
};

std::vector<std::string> libraries(const std::vector<DriverFile>& files) {
  std::vector<std::string> made;
  for (const DriverFile& file : files) made.push_back(file.library);
  return made;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("the usual folders are read in the loader's order") {
  const Machine machine;
  put(machine.at("etc/vulkan/icd.d/a.json"), driver("libetc.so"));
  put(machine.at("etc/xdg/vulkan/icd.d/a.json"), driver("libxdg.so"));
  put(machine.at("usr/local/share/vulkan/icd.d/a.json"), driver("liblocal.so"));
  put(machine.at("home/.config/vulkan/icd.d/a.json"), driver("libconfig.so"));
  put(machine.at("home/.local/share/vulkan/icd.d/a.json"), driver("libdata.so"));
  const EnvironmentVariable home("HOME", machine.at("home"));
  CHECK(libraries(machine.files().drivers) ==
        Strings{"libconfig.so", "libxdg.so", "libetc.so", "libdata.so", "liblocal.so", "libusual.so"});
  const EnvironmentVariable data_home("XDG_DATA_HOME", machine.at("nowhere"));
  const EnvironmentVariable data("XDG_DATA_DIRS", machine.at("usr/share"));
  CHECK(libraries(machine.files().drivers) ==
        Strings{"libconfig.so", "libxdg.so", "libetc.so", "libusual.so"});
}

TEST_CASE("VK_DRIVER_FILES replaces the folders, and goes before its older name") {
  const Machine machine;
  put(machine.at("one.json"), driver("libone.so"));
  put(machine.at("two.json"), driver("./libtwo.so"));
  const EnvironmentVariable older("VK_ICD_FILENAMES", machine.at("one.json"));
  CHECK(libraries(machine.files().drivers) == Strings{"libone.so"});
  const EnvironmentVariable newer("VK_DRIVER_FILES",
                                  machine.at("two.json") + ":" + machine.at("missing.json"));
  const DriverFiles files = machine.files();
  REQUIRE(files.drivers.size() == 2);
  CHECK(files.drivers[0].library == machine.at("./libtwo.so"));
  CHECK_THAT(files.drivers[1].fault, ContainsSubstring("No such file"));
}

TEST_CASE("variables that this loader does not know do not count") {
  const Machine machine;
  put(machine.at("one.json"), driver("libone.so"));
  test::write(machine.at("loader"), "... VK_ICD_FILENAMES ...");
  const EnvironmentVariable newer("VK_DRIVER_FILES", machine.at("one.json"));
  CHECK(libraries(find_driver_files({machine.folder.path(), machine.at("loader")}).drivers) ==
        Strings{"libusual.so"});
}

TEST_CASE("VK_ADD_DRIVER_FILES goes before the folders, and no manifest is read twice") {
  const Machine machine;
  put(machine.at("one.json"), driver("libone.so"));
  const EnvironmentVariable more(
      "VK_ADD_DRIVER_FILES",
      machine.at("one.json") + ":" + machine.at("usr/share/vulkan/icd.d/../icd.d/usual.json"));
  CHECK(libraries(machine.files().drivers) == Strings{"libone.so", "libusual.so"});
}

TEST_CASE("drivers that are disabled or not selected are not used, and if none is left that is said") {
  const Machine machine;
  put(machine.at("etc/vulkan/icd.d/other_icd.json"), driver("libother.so"));
  {
    const EnvironmentVariable disable("VK_LOADER_DRIVERS_DISABLE", "*OTHER*");
    CHECK(libraries(machine.files().drivers) == Strings{"libusual.so"});
  }
  {
    const EnvironmentVariable select("VK_LOADER_DRIVERS_SELECT", "other_*,third*");
    CHECK(libraries(machine.files().drivers) == Strings{"libother.so"});
  }
  const EnvironmentVariable disable("VK_LOADER_DRIVERS_DISABLE", "~all~");
  CHECK(machine.files().drivers.empty());
  CHECK_THAT(machine.files().absence, ContainsSubstring("VK_LOADER_DRIVERS_DISABLE"));
}

TEST_CASE("manifests that name no library say why") {
  const Machine machine;
  const std::string text = GENERATE(R"({})", R"({"ICD": {"library_path": 1}})", R"({"ICD": 3})",
                                    R"({"layer": {"library_path": "libother.so"}})");
  put(machine.at("one.json"), text);
  const EnvironmentVariable chosen("VK_DRIVER_FILES", machine.at("one.json"));
  REQUIRE(machine.files().drivers.size() == 1);
  CHECK(machine.files().drivers[0].fault == "names no library");
}

TEST_CASE("manifests that are none say so") {
  const Machine machine;
  put(machine.at("one.json"), GENERATE("", "[]", R"({"ICD": {"library_path")", "\xff\xfe{"));
  const EnvironmentVariable chosen("VK_DRIVER_FILES", machine.at("one.json"));
  REQUIRE(machine.files().drivers.size() == 1);
  CHECK_THAT(machine.files().drivers[0].fault, ContainsSubstring("is no manifest: "));
}

TEST_CASE("where there is no manifest the folders are named with what to install") {
  const Machine machine;
  fs::remove_all(machine.at("usr"));
  CHECK_THAT(machine.files().absence, ContainsSubstring("no driver's manifest in ") &&
                                          ContainsSubstring(machine.at("usr/share/vulkan/icd.d")) &&
                                          ContainsSubstring("mesa-vulkan-drivers"));
}

TEST_CASE("implicit layers count unless something disables them") {
  const Machine machine;
  put(machine.at("etc/vulkan/implicit_layer.d/a.json"), layer("A"));
  put(machine.at("usr/share/vulkan/implicit_layer.d/b.json"),
      layer("B", R"(, "enable_environment": {"WITH_B": "yes"})"));
  put(machine.at("usr/share/vulkan/implicit_layer.d/c.json"),
      R"({"layers": [{"name": "C", "library_path": "libC.so"}]})");
  put(machine.at("usr/share/vulkan/implicit_layer.d/group.json"),
      R"({"layer": {"name": "G", "component_layers": ["C"]}})");
  CHECK(libraries(machine.files().layers) == Strings{"libA.so", "libC.so"});
  CHECK(machine.files().layers[0].file == machine.at("etc/vulkan/implicit_layer.d/a.json") + " (A)");
  {
    const EnvironmentVariable with("WITH_B", "yes");
    const EnvironmentVariable without("NO_A", "1");
    CHECK(libraries(machine.files().layers).size() == 2);
    CHECK(std::ranges::count(libraries(machine.files().layers), "libA.so") == 0);
  }
  const EnvironmentVariable none("VK_LOADER_LAYERS_DISABLE", "~implicit~");
  CHECK(machine.files().layers.empty());
}

TEST_CASE("explicit layers count if VK_INSTANCE_LAYERS asks for them, and can be left out") {
  const Machine machine;
  put(machine.at("etc/vulkan/explicit_layer.d/e.json"), layer("E"));
  put(machine.at("etc/vulkan/explicit_layer.d/f.json"), layer("F"));
  CHECK(machine.files().layers.empty());
  const EnvironmentVariable restored("NO_E", std::nullopt);
  const EnvironmentVariable asked("VK_INSTANCE_LAYERS", "E:F");
  const DriverFiles before = machine.files();
  CHECK(libraries(before.layers) == Strings{"libE.so", "libF.so"});
  make_loader_use(before.drivers.at(0), std::vector<DriverFile>{before.layers[0]});
  CHECK(libraries(machine.files().layers) == Strings{"libF.so"});
  CHECK(std::string(std::getenv("VK_INSTANCE_LAYERS")) == "F");
}

TEST_CASE("a variable that names no driver is told from a machine without any") {
  const Machine machine;
  const EnvironmentVariable none("VK_DRIVER_FILES", "");
  CHECK_THAT(machine.files().absence, ContainsSubstring("VK_DRIVER_FILES, which is set and names none"));
}

TEST_CASE("a driver that is chosen is the only one that the loader finds, without the layers that do harm") {
  const Machine machine;
  const EnvironmentVariable restored("NO_A", std::nullopt);
  put(machine.at("etc/vulkan/implicit_layer.d/a.json"), layer("A"));
  put(machine.at("usr/share/vulkan/implicit_layer.d/b.json"), layer("B"));
  put(machine.at("etc/vulkan/icd.d/one.json"), driver("libone.so"));
  const EnvironmentVariable more("VK_ADD_DRIVER_FILES", machine.at("etc/vulkan/icd.d/one.json"));
  const DriverFiles before = machine.files();
  REQUIRE(before.drivers.size() == 2);
  REQUIRE(before.layers.size() == 2);
  make_loader_use(before.drivers[1], std::vector<DriverFile>{before.layers[0]});
  CHECK(libraries(machine.files().drivers) == Strings{"libusual.so"});
  CHECK(libraries(machine.files().layers) == Strings{"libB.so"});
  CHECK(std::string(std::getenv("NO_A")) == "1");  // for loaders that know no VK_LOADER_LAYERS_DISABLE
}
