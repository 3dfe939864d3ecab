// A selection as it is typed: every option reaches its field, and what makes no sense is refused.
#include "commands/selection_options.h"

#include "base/text.h"
#include "tests/catch.h"

using namespace moat;

namespace {

/// Nothing if the words were refused.
std::optional<Selection> typed(const std::string& line, bool measuring = true) {
  const CommandLine program("a test", "moat");
  Selection selection;
  add_selection_options(program.command(), selection, measuring);
  std::vector<std::string> words{"moat"};
  for (const std::string_view word : split(line, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  const auto stop = program.parse(static_cast<int>(arguments.size()), arguments.data());
  return stop && stop->is_error ? std::nullopt : std::optional(selection);
}

}  // namespace

TEST_CASE("options say what is selected") {
  const std::optional<Selection> chosen = typed(
      "--device opencl:* --device host:0 --implementation naive --op gemm --match *m=1,* --type f16 "
      "--data zeros --cache cold --seed 7 --case-seconds 0.5 --device-seconds 60 --budget 5m --timeout 33 "
      "--tuning none");
  REQUIRE(chosen);
  const Selection& selection = *chosen;
  CHECK(selection.filters.devices == std::vector<std::string>{"opencl:*", "host:0"});
  CHECK(selection.filters.implementations == std::vector<std::string>{"naive"});
  CHECK(selection.filters.operators == std::vector<std::string>{"gemm"});
  CHECK(selection.filters.problems == std::vector<std::string>{"*m=1,*"});
  CHECK(selection.filters.types == std::vector<std::string>{"f16"});
  CHECK(selection.data == std::vector<std::string>{"zeros"});
  CHECK(selection.cache == std::vector<std::string>{"cold"});
  CHECK(selection.seed == 7);
  CHECK(selection.case_seconds == 0.5);
  CHECK(selection.device_seconds == 60.0);
  CHECK(selection.budget_seconds == 300.0);
  CHECK(selection.timeout_seconds == 33.0);
  CHECK(selection.tuning == "none");
  CHECK(typed("") == Selection{});
}

TEST_CASE("options that make no sense are refused") {
  const std::string line =
      GENERATE("--suite quick --problem gemm:m=1", "--data random", "--cache warm", "--case-seconds 0",
               "--timeout 0", "--kernel-dir /nowhere/at/all", "--device-seconds 0.5");
  CHECK_FALSE(typed(line));
}

TEST_CASE("what steers measuring is no option of a command that does not measure") {
  CHECK_FALSE(typed("--case-seconds 1", false));
  CHECK(typed("--data zeros", false));
}
