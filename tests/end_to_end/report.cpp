// moat report as typed: files of every format, nothing overwritten that is no report, one clear error each.
#include <fstream>

#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

void measure(const TemporaryFolder& folder) {
  const Outcome outcome =
      moat_program({"run", "--store", folder.store(), "--problem", "gemm:m=64,n=64,k=64,type=f32", "--device",
                    "host:0", "--case-seconds", "0.02", "--quiet"});
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
}

Outcome report(const TemporaryFolder& folder, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"report", "--store", folder.store()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return moat_program(arguments);
}

}  // namespace

TEST_CASE("a report is one file without a request, and is replaced by the next") {
  const TemporaryFolder folder;
  measure(folder);
  const std::string path = (folder.path() / "report.html").string();
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = report(folder, {"--output", path});
    INFO(outcome.errors);
    CHECK(outcome.status == 0);
    CHECK_THAT(outcome.output, ContainsSubstring(path));
  }
  const std::string page = content(path);
  CHECK_THAT(page, ContainsSubstring("Content-Security-Policy") && ContainsSubstring("default-src 'none'"));
  CHECK_THAT(page, !ContainsSubstring("src=\"http") && !ContainsSubstring("href=\"http"));
  CHECK_THAT(page, ContainsSubstring("gemm:m=64,n=64,k=64,type=f32"));
}

TEST_CASE("a file that is no report stays what it is") {
  const TemporaryFolder folder;
  measure(folder);
  const std::string path = (folder.path() / "mine.html").string();
  std::ofstream(path) << "mine";
  const Outcome refused = report(folder, {"--output", path});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.errors, ContainsSubstring("--force"));
  CHECK(content(path) == "mine");
  CHECK(report(folder, {"--output", path, "--force"}).status == 0);
  CHECK(content(path) != "mine");
}

TEST_CASE("every format is written, and JSON and CSV read back") {
  const TemporaryFolder folder;
  measure(folder);
  const Json json = report(folder, {"--format", "json", "--output", "-"}).json();
  CHECK(json.at("kind") == "moat findings");
  CHECK_FALSE(json.at("records").empty());
  CHECK_THAT(report(folder, {"--format", "csv", "--output", "-"}).output, ContainsSubstring("gemm"));
  CHECK_THAT(report(folder, {"--format", "md", "--output", "-"}).output, ContainsSubstring("# "));
  CHECK_THAT(report(folder, {"--format", "svg", "--chart", "rates", "--output", "-"}).output,
             ContainsSubstring("<svg"));
}

TEST_CASE("what cannot be reported is one clear error") {
  const TemporaryFolder folder;
  const Outcome empty = report(folder, {"--output", "-"});
  CHECK(empty.status == 2);
  CHECK_THAT(empty.errors, ContainsSubstring("moat: "));
  measure(folder);
  CHECK(report(folder, {"nosuchrun", "--output", "-"}).status == 2);
  CHECK(report(folder, {"--output", (folder.path() / "no" / "such" / "folder.html").string()}).status == 2);
}
