// Which files a search lists, in which order, and which it refuses and why.
#include "adapters/common/library_files.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/unit/adapters/common/fake_files.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

const LibraryFiles sample{.name = "sample",
                          .stems = {"libsamplep", "libsample"},
                          .oldest = 2,
                          .newest = 3,
                          .refused = {{"libsample64", "wide integers"}}};

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  return test::found_names(find_library(sample, {.own = {}, .system = {folder}, .refused = {}}));
}

}  // namespace

TEST_CASE("the newest acceptable version comes first, by numbers and not by letters") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libsample.so.2.9", "libsample.so.2.10", "libsample.so.3.1", "libsample.so"});
  CHECK(names_in(folder.path()) == std::vector<std::string>{"libsample.so.3.1", "libsample.so.2.10",
                                                            "libsample.so.2.9", "libsample.so"});
}

TEST_CASE("a link is as new as what it links to, and stands for it once") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libsample.so.3.6", "libsample.so.3.2.1"});
  std::filesystem::create_symlink("libsample.so.3.6", folder / "libsample.so.3");
  std::filesystem::create_symlink("libsample.so.3", folder / "libsample.so");
  CHECK(names_in(folder.path()).size() == 2);
  CHECK(std::filesystem::canonical(folder / names_in(folder.path())[0]) ==
        std::filesystem::canonical(folder / "libsample.so.3.6"));
}

TEST_CASE("a preferred stem comes before a newer version of another") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libsample.so.3", "libsamplep.so.2"});
  CHECK(names_in(folder.path()) == std::vector<std::string>{"libsamplep.so.2", "libsample.so.3"});
}

TEST_CASE("files of other names are not the library's") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libsample.a", "libsample.so.3.txt", "libsample.so.", "libsample-3.so",
                       "libsamples.so.3", "sample.so.3", "libsample.so.99999999999999999999"});
  std::filesystem::create_directory(folder / "libsample.so.3");
  std::filesystem::create_symlink("nowhere", folder / "libsample.so.2");
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("a release in the name of a file is its version") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libsamplep-r2.3.29.so", "libsamplep-r2.3.4.so"});
  CHECK(names_in(folder.path()) == std::vector<std::string>{"libsamplep-r2.3.29.so", "libsamplep-r2.3.4.so"});
}

TEST_CASE("what is refused is named with its reason, once") {
  const test::ScratchFolder folder;
  test::touch(folder, {"libsample.so.1", "libsample.so.4.2", "libsample64_.so.3"});
  const LibrarySearch search =
      find_library(sample, {.own = {}, .system = {folder.path(), folder.path()}, .refused = {}});
  CHECK(test::found_names(search).empty());
  REQUIRE(search.refused.size() == 3);
  CHECK_THAT(search.refused[0], ContainsSubstring("libsample.so.1: its interface is 1; Moat knows 2 to 3"));
  CHECK_THAT(search.refused[1], ContainsSubstring("libsample.so.4.2: its interface is 4"));
  CHECK_THAT(search.refused[2], ContainsSubstring("libsample64_.so.3: wide integers"));
}

TEST_CASE("MOAT_LIBRARY_PATH comes before the system's folders, in its order, whatever the versions") {
  const test::ScratchFolder first;
  const test::ScratchFolder second;
  const test::ScratchFolder system;
  test::touch(first, {"libsample.so.2"});
  test::touch(second, {"libsample.so.2.5", "libsample.so.3"});
  test::touch(system, {"libsample.so.3.9"});
  const LibraryPlaces places{
      .own = {first.path(), second / "libsample.so.2.5"}, .system = {system.path()}, .refused = {}};
  const LibrarySearch search = find_library(sample, places);
  CHECK(test::found_names(search) ==
        std::vector<std::string>{"libsample.so.2", "libsample.so.2.5", "libsample.so.3.9"});
  CHECK(search.files[0].is_own);
  CHECK(search.files[1].is_own);
  CHECK_FALSE(search.files[2].is_own);
}

TEST_CASE("names that the dynamic loader may know come last, the newest first") {
  const test::ScratchFolder folder;
  const LibrarySearch search = find_library(sample, {.own = {}, .system = {folder.path()}, .refused = {}});
  std::vector<std::string> names;
  for (const LibraryFile& file : search.files) names.push_back(file.path.string());
  CHECK(names == std::vector<std::string>{"libsamplep.so.3", "libsamplep.so.2", "libsamplep.so",
                                          "libsample.so.3", "libsample.so.2", "libsample.so"});
}

TEST_CASE("nothing is taken from the current folder") {
  const test::ScratchFolder folder;
  const auto before = std::filesystem::current_path();
  test::touch(folder, {"libsample.so.3"});
  std::filesystem::create_directory(folder / "below");
  test::touch(folder, {"below/libsample.so.3"});
  std::filesystem::current_path(folder.path());
  const LibraryPlaces places = library_places(".::below:./", ".::below", folder / "no-root");
  const LibrarySearch search = find_library(sample, places);
  std::filesystem::current_path(before);
  CHECK(test::found_names(search).empty());
  CHECK(places.own.empty());
  REQUIRE(places.refused.size() == 3);
  CHECK(places.refused[1] == "MOAT_LIBRARY_PATH: below is not an absolute path");
}

TEST_CASE("an entry of MOAT_LIBRARY_PATH that does not exist is named") {
  const LibraryPlaces places = library_places("/moat-has-no-such-folder", nullptr, "/moat-has-no-root");
  CHECK(places.refused ==
        std::vector<std::string>{"MOAT_LIBRARY_PATH: /moat-has-no-such-folder does not exist"});
}

TEST_CASE(
    "the system's folders are those of the dynamic loader: its variable, its configuration, the usual ones") {
  const test::ScratchFolder root;
  std::filesystem::create_directories(root / "etc/ld.so.conf.d");
  test::write(root / "etc/ld.so.conf",
              "# a comment\ninclude /etc/ld.so.conf.d/*.conf\n/opt/last/lib  # why\n");
  test::write(root / "etc/ld.so.conf.d/b.conf", "/opt/b\n");
  test::write(root / "etc/ld.so.conf.d/a.conf", "  /opt/a\n\nrelative\nhwcap 0 nosegneg\n");
  test::write(root / "etc/ld.so.conf.d/c.off", "/opt/c\n");
  const LibraryPlaces places = library_places(nullptr, "/first:relative", root.path());
  const std::vector<std::filesystem::path> expected{
      "/first",           root / "opt/a", root / "opt/b",   root / "opt/last/lib", root / "lib64",
      root / "usr/lib64", root / "lib",   root / "usr/lib", root / "usr/local/lib"};
  CHECK(places.system == expected);
}

TEST_CASE("a configuration of the loader that includes itself ends") {
  const test::ScratchFolder root;
  std::filesystem::create_directories(root / "etc");
  test::write(root / "etc/ld.so.conf", "include ld.so.conf\n/opt/a\n");
  CHECK(library_places(nullptr, nullptr, root.path()).system.size() > 5);
}
