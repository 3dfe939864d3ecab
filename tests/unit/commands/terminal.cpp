// Progress as it reads where standard error is no terminal: one line a case, with the time that is left.
#include "commands/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <optional>

#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What `action` writes to standard error.
std::string errors_of(const std::function<void()>& action) {
  const test::ScratchFolder folder;
  const std::filesystem::path path = folder / "errors";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  const int saved = dup(STDERR_FILENO);
  REQUIRE((file >= 0 && saved >= 0));
  dup2(file, STDERR_FILENO);
  action();
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(file);
  return test::content(path);
}

Record ended(Status status, const std::string& reason = "") {
  Record record;
  record.status = status;
  record.reason = reason;
  record.operator_name = "gemm";
  record.work = {.operations = 2e9, .bytes_read = 3e9, .bytes_written = 1e9};
  return record;
}

Record measured(const std::string& operator_name, Type type = Type::f32) {
  Record record = ended(Status::ok);
  record.operator_name = operator_name;
  record.types = default_types(type);
  record.measurement.emplace().samples_seconds = {0.9, 0.95, 1, 1, 1.05, 1.1};
  return record;
}

const Case identity{"opencl:0", "naive", "gemm:m=2,n=2,k=2,type=f32", {}};

/// The line of one case out of three.
std::string line_of(const Record& record, double seconds = 10) {
  return errors_of([&] {
    Progress progress(3, false);
    progress.begin(identity);
    progress.phase("sample");
    progress.end(record, seconds);
  });
}

}  // namespace

TEST_CASE("durations are given in the two units that matter") {
  CHECK(short_duration(0.4) == "0s");
  CHECK(short_duration(12) == "12s");
  CHECK(short_duration(59.6) == "1m00s");
  CHECK(short_duration(200) == "3m20s");
  CHECK(short_duration(3599) == "59m59s");
  CHECK(short_duration(3600) == "1h00m");
  CHECK(short_duration(3725) == "1h02m");
}

TEST_CASE("a measured case is a line with its rate and how sure it is") {
  CHECK(line_of(measured("gemm")) ==
        "[1/3, 20s left] opencl:0 naive gemm:m=2,n=2,k=2,type=f32 2.000 GFLOP/s ±10.0 %\n");
}

TEST_CASE("rates of bandwidth problems are in bytes, of integers in operations") {
  CHECK_THAT(line_of(measured("stream")), ContainsSubstring("4.000 GB/s"));
  CHECK_THAT(line_of(measured("gemm", Type::i8)), ContainsSubstring("2.000 GOP/s"));
}

TEST_CASE("a case without measurement is right, or says what became of it") {
  CHECK_THAT(line_of(ended(Status::ok)), ContainsSubstring("type=f32 right\n"));
  CHECK_THAT(line_of(ended(Status::crashed, "worker killed")), ContainsSubstring("crashed: worker killed\n"));
}

TEST_CASE("a reason cannot steer the terminal") {
  const std::string line = line_of(ended(Status::error, "\x1b[2J gone"));
  CHECK(line.find('\x1b') == std::string::npos);
}

TEST_CASE("the time left counts on cases that took time") {
  const std::string lines = errors_of([] {
    Progress progress(4, false);
    progress.begin(identity);
    progress.end(ended(Status::skipped, "budget"), 0.001);
    progress.end(ended(Status::unsupported, "no type"), 0.001);
    progress.end(measured("gemm"), 30);
    progress.end(measured("gemm"), 10);
  });
  CHECK_THAT(lines, ContainsSubstring("[1/4] ") && ContainsSubstring("[2/4] ") &&
                        ContainsSubstring("[3/4, 30s left] ") && ContainsSubstring("[4/4] "));
}

TEST_CASE("the time left is that of the latest steps: what was compiled once does not count on") {
  const std::string lines = errors_of([] {
    Progress progress(200, false);
    progress.begin(identity);
    progress.end(measured("gemm"), 3000);
    for (int i = 0; i < 99; ++i) progress.end(measured("gemm"), 1);
  });
  CHECK_THAT(lines,
             ContainsSubstring("[  2/200, 82h31m left]") && ContainsSubstring("[100/200, 1m40s left]"));
}

TEST_CASE("an outcome in words counts if it took time") {
  const std::string lines = errors_of([] {
    Progress progress(3, false);
    progress.end("known", false, false, 100);
    progress.end("tuned", false, true, 10);
  });
  CHECK_THAT(lines, ContainsSubstring("[1/3]  known\n") && ContainsSubstring("[2/3, 10s left]  tuned\n"));
}

TEST_CASE("quiet progress writes nothing") {
  CHECK(errors_of([] {
          Progress progress(1, true);
          progress.begin(identity);
          progress.end(measured("gemm"), 1);
        }).empty());
}

TEST_CASE("a file is no terminal, has no colours, and a table there is as wide as it takes") {
  const test::ScratchFolder folder;
  const int file = open((folder / "out").c_str(), O_CREAT | O_WRONLY, 0600);
  const TerminalStyle style = style_of(file);
  close(file);
  CHECK_FALSE(style.is_terminal);
  CHECK_FALSE(style.colours);
}

TEST_CASE("a terminal that is dumb gets no escape sequences, in progress neither") {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE((terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0));
  const int other_end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  REQUIRE(other_end >= 0);
  const auto progress_on = [&] {
    const int saved = dup(STDERR_FILENO);
    dup2(other_end, STDERR_FILENO);
    {
      Progress progress(2, false);
      progress.begin(identity);
      progress.phase("sample");
      progress.end(ended(Status::error, "\x1b[2J gone"), 1);
    }
    dup2(saved, STDERR_FILENO);
    close(saved);
    std::string text;
    std::array<char, 4096> part{};
    struct pollfd ready {
      terminal, POLLIN, 0
    };
    constexpr int patience_milliseconds = 5000;  // a terminal gives what was written in parts
    while (text.find("gone") == std::string::npos && poll(&ready, 1, patience_milliseconds) > 0) {
      const ssize_t size = read(terminal, part.data(), part.size());
      if (size <= 0) break;
      text.append(part.data(), static_cast<std::size_t>(size));
    }
    return text;
  };
  for (const auto& term : {std::optional<std::string>("dumb"), std::optional<std::string>()}) {
    const EnvironmentVariable variable("TERM", term);
    CHECK_FALSE(style_of(other_end).moves);
    CHECK_FALSE(style_of(other_end).colours);
    const std::string text = progress_on();
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK_THAT(text, ContainsSubstring("error: \xEF\xBF\xBD[2J gone"));
  }
  const EnvironmentVariable variable("TERM", "xterm");
  CHECK(style_of(other_end).moves);
  const std::string text = progress_on();
  CHECK_THAT(text, ContainsSubstring("\x1b[K") && ContainsSubstring("\xEF\xBF\xBD[2J gone"));
  close(other_end);
  close(terminal);
}
