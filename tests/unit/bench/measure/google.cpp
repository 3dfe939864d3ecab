// Cases as benchmarks of Google's library: each runs once, in order, and an exception does not pass through
// it.
#include "bench/measure/google.h"

#include <array>
#include <stdexcept>

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Record of_status(Status status) {
  Record made;
  made.status = status;
  made.reason = status == Status::ok ? "" : "a reason";
  return made;
}

int main_with(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "moat-bench");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return google_benchmark_main(static_cast<int>(arguments.size()), pointers.data());
}

}  // namespace

TEST_CASE("registered cases run once each and in order") {
  std::vector<std::size_t> measured;
  register_cases({"first", "second", "third"}, [&](std::size_t index) {
    measured.push_back(index);
    return of_status(index == 1 ? Status::unsupported : Status::ok);
  });
  run_registered_cases();
  CHECK(measured == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("cases that are registered replace those before them") {
  int before = 0;
  int after = 0;
  register_cases({"a", "b"}, [&](std::size_t) { return ++before, of_status(Status::ok); });
  register_cases({"c"}, [&](std::size_t) { return ++after, of_status(Status::ok); });
  run_registered_cases();
  CHECK(before == 0);
  CHECK(after == 1);
}

TEST_CASE("an exception ends the measuring, and is thrown once the benchmarks are over") {
  std::vector<std::size_t> measured;
  const GuardedMeasure guard = guarded([&](std::size_t index) -> Record {
    measured.push_back(index);
    if (index == 1) throw std::runtime_error("the second");
    return of_status(Status::ok);
  });
  CHECK_NOTHROW(guard.rethrow());
  register_cases({"first", "second", "third"}, guard.measure);
  run_registered_cases();
  CHECK(measured == std::vector<std::size_t>{0, 1});
  CHECK_THROWS_WITH(guard.rethrow(), "the second");
}

TEST_CASE("an argument that Google Benchmark does not know is an error, and nothing is measured") {
  int measured = 0;
  register_cases({"first"}, [&](std::size_t) { return ++measured, of_status(Status::ok); });
  CHECK_THROWS_WITH(main_with({"--no_such_flag=1"}), ContainsSubstring("unknown option '--no_such_flag=1'"));
  CHECK(measured == 0);
  CHECK(main_with({"--benchmark_filter=first"}) == 0);
  CHECK(measured == 1);
}

TEST_CASE("a regular expression that is none, and one that matches nothing, are told in words of ours") {
  register_cases({"first"}, [&](std::size_t) { return of_status(Status::ok); });
  CHECK_THROWS_WITH(main_with({"--benchmark_filter=("}),
                    ContainsSubstring("--benchmark_filter is no regular expression"));
  CHECK(main_with({"--benchmark_filter=second"}) == 0);
}

TEST_CASE("a file that cannot be opened or written is an error") {
  register_cases({"first"}, [&](std::size_t) { return of_status(Status::ok); });
  CHECK_THROWS_WITH(main_with({"--benchmark_filter=all", "--benchmark_out=/nonexistent/x"}),
                    ContainsSubstring("cannot write /nonexistent/x: No such file or directory"));
  CHECK_THROWS_WITH(
      main_with({"--benchmark_filter=all", "--benchmark_out=/dev/full"}),
      ContainsSubstring("cannot write /dev/full: No space left on device; choose another place with "
                        "--benchmark_out"));
}
