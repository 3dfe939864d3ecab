// Listing and reading a loader's files, and what a process has loaded.
#include "adapters/common/driver_files.h"

#include <algorithm>

#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a folder's files are told by the end of their names, and a missing folder has none") {
  const test::ScratchFolder folder;
  for (const char* name : {"a.icd", "b.icd", "b.icd.bak", "readme"}) test::write(folder / name, "");
  std::vector<std::string> names;
  for (const auto& file : files_in(folder.path(), ".icd")) names.push_back(file.filename().string());
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"a.icd", "b.icd"});
  CHECK(files_in(folder / "missing", ".icd").empty());
  CHECK(why_no_folder(folder.path()).empty());
  CHECK(why_no_folder(folder / "missing") == "No such file or directory");
  CHECK(why_no_folder(folder / "a.icd") == "Not a directory");
}

TEST_CASE("a file that cannot be read says why, a folder is none") {
  const test::ScratchFolder folder;
  test::write(folder / "full", std::string("a\0b", 3));
  CHECK(std::get<std::string>(content_of(folder / "full")).size() == 3);
  CHECK(std::get<Unsupported>(content_of(folder / "missing")).reason ==
        "cannot be read: No such file or directory");
  CHECK(std::get<Unsupported>(content_of(folder.path())).reason == "cannot be read: it is not a file");
  std::filesystem::permissions(folder.path(), std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  std::filesystem::permissions(folder / "full", std::filesystem::perms::owner_read);
  {
    const test::Unprivileged nobody;
    CHECK(std::get<Unsupported>(content_of(folder / "full")).reason == "cannot be read: Permission denied");
  }
  std::filesystem::permissions(folder / "full", std::filesystem::perms::owner_all);
  CHECK(mentions(folder / "full", "b"));
  CHECK_FALSE(mentions(folder / "full", "c"));
  CHECK_FALSE(mentions(folder / "missing", ""));
}

TEST_CASE("a variable that is empty counts as unset") {
  const EnvironmentVariable scope("MOAT_TEST_VARIABLE", "");
  CHECK_FALSE(variable("MOAT_TEST_VARIABLE"));
  set_variable("MOAT_TEST_VARIABLE", "x");
  CHECK(variable("MOAT_TEST_VARIABLE") == "x");
  set_variable("MOAT_TEST_VARIABLE", std::nullopt);
  CHECK_FALSE(variable("MOAT_TEST_VARIABLE"));
}

TEST_CASE("a library is loaded from the file that its links lead to, or says why it does not load") {
  CHECK_THAT(loaded_file("libc.so.6"), ContainsSubstring("/libc"));
  CHECK(loaded_file("libmoat-no-such.so.1").empty());
  CHECK_FALSE(why_not_loaded("libc.so.6"));
  CHECK_THAT(why_not_loaded("libmoat-no-such.so.1").value_or(""), ContainsSubstring("No such file"));
  const test::ScratchFolder folder;
  test::write(folder / "garbage.so", "this is no library");
  CHECK_THAT(why_not_loaded((folder / "garbage.so").string()).value_or(""), ContainsSubstring("garbage.so"));
}
