// What commands share: where the store and this program are.
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "commands/commands.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;

TEST_CASE("the store is the environment's, or moat-store") {
  {
    const EnvironmentVariable variable("MOAT_STORE", "/elsewhere");
    CHECK(default_store() == "/elsewhere");
  }
  {
    const EnvironmentVariable variable("MOAT_STORE", "");
    CHECK(default_store() == "moat-store");
  }
  const EnvironmentVariable variable("MOAT_STORE", std::nullopt);
  CHECK(default_store() == "moat-store");
}

TEST_CASE("this program knows its path and what was typed") {
  CHECK(this_executable() == "/proc/self/exe");
  const std::string line = this_command_line();
  CHECK(line.find("unit_commands") != std::string::npos);
  CHECK(line.find('\0') == std::string::npos);
}

TEST_CASE("a store is named as it can be pasted in any folder") {
  CHECK(store_option("/elsewhere/store") == " --store /elsewhere/store");
  CHECK(store_option("my store/") ==
        " --store " + shell_quoted((std::filesystem::current_path() / "my store").string()));
}

TEST_CASE("a program says what ended it, in words of ours") {
  CHECK(guarded_main("moat", [] { return 5; }) == 5);
  CHECK(guarded_main("moat", []() -> int { throw UsageError("a reason"); }) == exit_usage);
  CHECK(guarded_main("moat", []() -> int { throw std::system_error(1, std::generic_category(), "fork"); }) ==
        exit_usage);
}
