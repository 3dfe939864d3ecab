// What commands share: where the store and this program are.
#include <cstdlib>

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
  CHECK(this_executable().ends_with("/unit_commands"));
  const std::string line = this_command_line();
  CHECK(line.find("unit_commands") != std::string::npos);
  CHECK(line.find('\0') == std::string::npos);
}
