// Suites: what the parser accepts, what it refuses and where it says so, and how suites are found.
#include "bench/plan/suite.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::StartsWith;

namespace {

const std::string head = "name = \"s\"\ndescription = \"d\"\n";

std::string with_problem(const std::string& fields) {
  return head + "[[problem]]\nworkload = \"w\"\n" + fields;
}

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(parse_suite(text, "s.toml"));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::string> keys_of(const Suite& suite) {
  std::vector<std::string> keys;
  for (const SuiteProblem& entry : suite.problems) keys.push_back(entry.problem->key());
  return keys;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("moat-suite-" + std::to_string(counter()++) + ".toml")) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  static std::uintptr_t& counter() {
    static std::uintptr_t next =
        reinterpret_cast<std::uintptr_t>(&next) ^ static_cast<std::uintptr_t>(::getpid());
    return next;
  }
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("a suite keeps its words, its budgets and the file's order") {
  const Suite suite = parse_suite(R"(
name = "mine"
description = "what I run"
source = "my model"
case_seconds = 0.5
device_seconds = 90
first_use_seconds = 45
rounds = 3

[defaults]
types = ["f16", "f32"]
workload = "projection"

[[problem]]
key = "gemm:k=3,n=2,m=1"

[[problem]]
workload = "odd"
keys = ["gemm:m=5,n=5,k=5,type=i8", "gemm:m=4,n=4,k=4,batch=2"]
)",
                                  "mine.toml");
  CHECK(suite.name == "mine");
  CHECK(suite.description == "what I run");
  CHECK(suite.source == "my model");
  CHECK(suite.origin == "mine.toml");
  CHECK(suite.case_seconds == 0.5);
  CHECK(suite.device_seconds == 90);
  CHECK(suite.first_use_seconds == 45);
  CHECK(suite.rounds == 3);
  CHECK(keys_of(suite) == std::vector<std::string>{"gemm:m=1,n=2,k=3,type=f16", "gemm:m=1,n=2,k=3,type=f32",
                                                   "gemm:m=5,n=5,k=5,type=i8",
                                                   "gemm:m=4,n=4,k=4,batch=2,type=f16",
                                                   "gemm:m=4,n=4,k=4,batch=2,type=f32"});
  CHECK(suite.problems[0].workload == "projection");
  CHECK(suite.problems[2].workload == "odd");
  CHECK(suite.problems[0].line == 15);
}

TEST_CASE("a problem's own types replace the defaults, and a key without any is the operator's default") {
  CHECK(keys_of(parse_suite(head + "[defaults]\ntypes = [\"f64\"]\n[[problem]]\nworkload = \"w\"\n"
                                   "key = \"gemm:m=1,n=1,k=1\"\ntypes = [\"f16\"]\n",
                            "s.toml")) == std::vector<std::string>{"gemm:m=1,n=1,k=1,type=f16"});
  CHECK(keys_of(parse_suite(with_problem("key = \"gemm:m=1,n=1,k=1\""), "s.toml")) ==
        std::vector<std::string>{"gemm:m=1,n=1,k=1,type=f32"});
}

TEST_CASE("a malformed suite is one error that names line, column and the way out") {
  const auto check = [](const std::string& text, const std::string& message) {
    CAPTURE(text);
    CHECK_THAT(error_of(text), StartsWith(message));
  };
  CHECK_THAT(error_of("name = "), StartsWith("s.toml:1:8: not TOML here: "));
  check("description = \"d\"", "s.toml:1:1: the suite has no name; write name = \"…\" at the top");
  check("name = \"s\"", "s.toml:1:1: the suite has no description; write description = \"…\" at the top");
  check("name = 3", "s.toml:1:8: name is a text in quotes");
  check("name = \" \"", "s.toml:1:8: name is one line of text, not empty and without control characters");
  check("name = \"a\\u001bb\"",
        "s.toml:1:8: name is one line of text, not empty and without control characters");
  check(head, "s.toml:1:1: the suite has no problems; add a [[problem]] table with a key");
  check(head + "problem = 1", "s.toml:3:11: problem is a list in brackets with at least one entry");
  check(head + "problem = []", "s.toml:3:11: problem is a list in brackets with at least one entry");
  check(head + "problem = [1]", "s.toml:3:12: a problem is a table: write [[problem]] on a line of its own");
  check(head + "case_second = 1\n",
        "s.toml:3:1: unknown field 'case_second' in a suite. Did you mean case_seconds, device_seconds "
        "or first_use_seconds? Known: name, description, source, case_seconds, device_seconds, "
        "first_use_seconds, rounds, defaults, problem.");
  for (const char* rounds : {"0", "101", "-1", "1.5", "\"3\""}) {
    check(head + "rounds = " + rounds, "s.toml:3:10: rounds is a whole number from 1 to 100");
  }
  check(head + "case_seconds = 0",
        "s.toml:3:16: case_seconds is a number of seconds above 0 and at most 604800");
  check(head + "case_seconds = nan",
        "s.toml:3:16: case_seconds is a number of seconds above 0 and at most 604800");
  check(head + "device_seconds = \"1\"",
        "s.toml:3:18: device_seconds is a number of seconds above 0 and at most 604800");
  check(head + "defaults = 1", "s.toml:3:12: defaults is a table: write [defaults] on a line of its own");
  check(head + "[defaults]\ntype = [\"f32\"]",
        "s.toml:4:1: unknown field 'type' in [defaults]. Did you mean types? Known: workload, types.");
  check(head + "[[problem]]\nkey = \"gemm:m=1,n=1,k=1\"",
        "s.toml:3:1: this problem has no workload; say in words where it comes from: workload = \"…\"");
  check(with_problem(""),
        "s.toml:3:1: a problem has either key or keys, e.g. key = "
        "\"gemm:m=1024,n=1024,k=1024,batch=2,transpose=nt,type=f16,output=f32\"");
  check(with_problem("key = \"gemm:m=1,n=1,k=1\"\nkeys = [\"gemm:m=1,n=1,k=2\"]"),
        "s.toml:3:1: a problem has either key or keys, e.g. key = "
        "\"gemm:m=1024,n=1024,k=1024,batch=2,transpose=nt,type=f16,output=f32\"");
  check(with_problem("key = \"gemm:m=1,n=1,k=1\"\ntypes = []"),
        "s.toml:6:9: types is a list in brackets with at least one entry");
  check(with_problem("key = \"gemm:m=1,n=1,k=1\"\ntypes = [\"f32\", \"fp16\"]"),
        "s.toml:6:17: unknown type 'fp16'. Did you mean f16? "
        "Known: f64, f32, tf32, f16, bf16, f8e4m3, f8e5m2, i8, i32.");
  check(with_problem("key = \"gemm:m=1,n=1,k=1\"\ntypes = [\"f32\", \"f32\"]"),
        "s.toml:6:17: type f32 is listed twice; remove one");
  check(with_problem("key = \"gemm:m=1,n=1,k=1,type=f16\"\ntypes = [\"f32\"]"),
        "s.toml:5:7: 'gemm:m=1,n=1,k=1,type=f16' names its type and types is given too; keep one of them");
  check(with_problem("keys = [\"gemm:m=1,n=1,k=1\",\n  \"gem:m=1\"]"),
        "s.toml:6:3: unknown operator 'gem'. Did you mean gemm? Known: gemm, ");
  check(with_problem("key = \"gemm:m=-1,n=1,k=1\""),
        "s.toml:5:7: gemm: m=-1 will not do; give a whole number from 0 to 2147483647");
}

TEST_CASE("a problem listed twice is refused with both places, however it is written") {
  CHECK(error_of(with_problem("key = \"gemm:m=1,n=2,k=3,type=f32\"\n"
                              "[[problem]]\nworkload = \"again\"\nkey = \"gemm:k=3,n=2,m=1\"")) ==
        "s.toml:8:7: problem gemm:m=1,n=2,k=3,type=f32 is listed twice, first at 5:7; remove one");
}

TEST_CASE("what is too large is refused before it costs anything") {
  using Catch::Matchers::ContainsSubstring;
  SECTION("the file") {
    CHECK_THROWS_WITH(parse_suite(std::string(SuiteLimits::file_bytes + 1, '\n'), "s.toml"),
                      ContainsSubstring("a suite holds at most 1048576 bytes"));
  }
  SECTION("a line") {
    CHECK_THROWS_WITH(parse_suite("\n#" + std::string(SuiteLimits::line_bytes, 'x'), "s.toml"),
                      ContainsSubstring("s.toml:2:1: a line holds at most 2000 bytes"));
  }
  SECTION("a text") {
    CHECK_THROWS_WITH(parse_suite("name = \"" + std::string(1500, 'x') + "\"", "s.toml"),
                      ContainsSubstring("s.toml:1:8: name holds at most 1000 bytes"));
  }
  SECTION("the number of problems") {
    std::string text = head + "[[problem]]\nworkload = \"w\"\ntypes = [\"f32\"]\nkeys = [\n";
    for (std::size_t i = 1; i <= SuiteLimits::problems; ++i)
      text += "\"gemm:m=1,n=1,k=" + std::to_string(i) + "\",\n";
    CHECK(parse_suite(text + "]\n", "s.toml").problems.size() == SuiteLimits::problems);
    CHECK_THROWS_WITH(parse_suite(text + "\"gemm:m=2,n=1,k=1\"]\n", "s.toml"),
                      ContainsSubstring("s.toml:20007:1: a suite holds at most 20000 problems"));
  }
}

TEST_CASE("nesting as deep as the limits allow does not exhaust the stack") {
  std::string deep;  // the most that a line and the nesting of values permit, at every level
  for (int level = 0; level < 8; ++level) {
    for (std::size_t i = 0; i + 8 < SuiteLimits::line_bytes; i += 2) deep += i == 0 ? "a" : ".a";
    deep += level % 2 == 0 ? " = [\n{" : "";
  }
  std::string header = "[a";
  while (header.size() + 3 < SuiteLimits::line_bytes) header += ".a";
  CHECK_THROWS_AS(parse_suite(header + "]\n" + deep, "s.toml"), UsageError);
  CHECK_THROWS_AS(parse_suite(header + "]\n" + deep.substr(0, 1900) + " = 1", "s.toml"), UsageError);
}

TEST_CASE("characters beyond ASCII stand in comments and in the texts of fields, texts on one line") {
  const auto column_of_refusal = [](const std::string& line) {
    const std::string message = error_of(line);
    CHECK(message.find(": a non-ASCII character is allowed only in comments "
                       "and in the text of a line like name = \"…\"") != std::string::npos);
    return message.substr(0, message.find(": "));
  };
  CHECK(parse_suite("\xef\xbb\xbf# größe\n" + with_problem("key = \"gemm:m=1,n=1,k=1\" # größe\n"), "s.toml")
            .problems.size() == 1);
  CHECK(parse_suite("name = 's'\ndescription = \"\\\\\\\"尺寸\" # '尺\n[[problem]]\nworkload = '尺寸'\n"
                    "key = 'gemm:m=1,n=1,k=1'",
                    "s.toml")
            .description == "\\\"尺寸");
  CHECK(column_of_refusal("größe = 1") == "s.toml:1:3");
  CHECK(column_of_refusal("a = \"größe\"\xe3\x81\x82") == "s.toml:1:12");
  CHECK(column_of_refusal("\xef\xb9\xbf") == "s.toml:1:1");
  CHECK(column_of_refusal("key = 2\"\xef\xbb\xb7") == "s.toml:1:9");
  CHECK(column_of_refusal("a=\"é\"") == "s.toml:1:4");
  CHECK(column_of_refusal("keys = [\"é\"]") == "s.toml:1:10");
  for (const std::string quotes : {"\"\"\"", "'''"}) {
    CHECK(error_of("name = " + quotes + "s" + quotes) ==
          "s.toml:1:8: a text must be on one line, between two quotation marks");
  }
}

TEST_CASE("errors never carry control characters to a terminal") {
  const std::string message = error_of(with_problem("key = \"gemm:\\u001b[31m=1\\n\""));
  CHECK(message.find('\x1b') == std::string::npos);
  CHECK(message.find("s.toml:5:7: ") == 0);
}

TEST_CASE("suites are found by name or by path") {
  using Catch::Matchers::ContainsSubstring;
  SECTION("a built-in name") {
    const Suite suite = load_suite("quick");
    CHECK(suite.name == "quick");
    CHECK(suite.origin == "built in");
  }
  SECTION("a path") {
    const TemporaryFile file(with_problem("key = \"gemm:m=1,n=1,k=1\""));
    const Suite suite = load_suite(file.path());
    CHECK(suite.name == "s");
    CHECK(suite.origin == file.path());
  }
  SECTION("an unknown name, with the nearest and the list") {
    CHECK_THROWS_WITH(load_suite("standart"),
                      ContainsSubstring("unknown suite 'standart'. Did you mean standard?") &&
                          ContainsSubstring("Built in: ") && ContainsSubstring("deepbench-train, "));
  }
  SECTION("a path that does not exist") {
    CHECK_THROWS_WITH(load_suite("./nowhere.toml"),
                      ContainsSubstring("suite file './nowhere.toml': No such file or directory"));
  }
  SECTION("a directory") {
    CHECK_THROWS_WITH(load_suite("/"), ContainsSubstring("is not a regular file"));
  }
  SECTION("a file beyond the limit") {
    const TemporaryFile file(std::string(SuiteLimits::file_bytes + 100, '\n'));
    CHECK_THROWS_WITH(load_suite(file.path()), ContainsSubstring("at most 1048576 bytes"));
  }
  SECTION("a malformed file, with its path, line and column") {
    const TemporaryFile file("name = \"s\"\ndescription = 1\n");
    CHECK_THROWS_WITH(load_suite(file.path()),
                      ContainsSubstring(file.path() + ":2:15: description is a text"));
  }
}

TEST_CASE("keys from the command line make a suite without repetitions") {
  const std::vector<std::string> keys{"gemm:k=3,n=2,m=1", "gemm:m=2,n=2,k=2,type=i8"};
  CHECK(keys_of(suite_of_keys(keys)) ==
        std::vector<std::string>{"gemm:m=1,n=2,k=3,type=f32", "gemm:m=2,n=2,k=2,type=i8"});
  const std::vector<std::string> repeated{"gemm:k=3,n=2,m=1", "gemm:m=1,n=2,k=3"};
  CHECK_THROWS_WITH(suite_of_keys(repeated), Catch::Matchers::ContainsSubstring("is named twice"));
}

TEST_CASE("the digest names the work, not the file") {
  const std::string key = "key = \"gemm:m=1,n=1,k=1\"";
  const std::string digest = parse_suite(with_problem(key), "s.toml").digest();
  CHECK(digest.size() == 12);
  CHECK(parse_suite("# words\n" + with_problem(key), "t.toml").digest() == digest);
  CHECK(parse_suite(with_problem("key = \"gemm:m=1,n=1,k=2\""), "s.toml").digest() != digest);
}
