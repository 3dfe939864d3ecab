// What commands share: words quoted for a shell, and where the store is.
#include <cstdlib>

#include "commands/commands.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;

TEST_CASE("a word that a shell reads as it stands is not quoted") {
  const std::string word = GENERATE("moat", "--device=opencl:0", "gemm:m=1,n=2", "a/b-c.d@e%f+g_h");
  CHECK(shell_quoted(word) == word);
}

TEST_CASE("a word that a shell would change is quoted") {
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("two words") == "'two words'");
  CHECK(shell_quoted("opencl:*") == "'opencl:*'");
  CHECK(shell_quoted("$HOME") == "'$HOME'");
  CHECK(shell_quoted("it's") == "'it'\\''s'");
}

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
