// The tables of devices: which are one piece of hardware, their roofs, and where every figure comes from.
#include <fmt/format.h>

#include <algorithm>

#include "reports/tables/tables.h"
#include "tests/catch.h"
#include "tests/synthetic.h"
#include "tests/unit/reports/gap/subjects.h"

using namespace moat;
using namespace moat::test;

namespace {

const std::string key = "gemm:m=64,n=64,k=64,type=f32";

/// The text of a cell, as a reader sees it.
std::string said(const Grid& grid, std::size_t row, const std::string& column) {
  const auto found = std::ranges::find(grid.columns, column, &GridColumn::key);
  REQUIRE(found != grid.columns.end());
  return cell_text(*found, grid.rows.at(row).at(static_cast<std::size_t>(found - grid.columns.begin())));
}

Findings found(std::vector<Subject> subjects) {
  Findings findings;
  findings.subjects = std::move(subjects);
  return findings;
}

}  // namespace

TEST_CASE("a device's row says its role, its names and how much of it is verified") {
  Subject one = subject("x:0", {record("x:0", "naive", key, 1e9), record("x:0", "naive", key, 1e9),
                                hole("x:0", "library/a", key, Status::crashed, "SIGSEGV")});
  one.device.vendor = "Some vendor";
  one.device.identities = {"pci 1", "uuid 2"};
  std::vector<Subject> subjects;
  subjects.push_back(one);
  subjects.push_back(subject("y:0", {record("y:0", "naive", key, 1e9)}));
  Findings findings = found(std::move(subjects));
  CHECK(said(devices_table(findings), 0, "role").empty());
  findings.reference = "x:0";
  const Grid grid = devices_table(findings);
  REQUIRE(grid.rows.size() == 2);
  CHECK(said(grid, 0, "role") == "reference");
  CHECK(said(grid, 1, "role") == "target");
  CHECK(said(grid, 0, "device") == "x:0");
  CHECK(said(grid, 0, "name") == "device of x:0");
  CHECK(said(grid, 0, "driver") == "not recorded");
  CHECK(said(grid, 0, "vendor") == "Some vendor");
  CHECK(said(grid, 1, "vendor") == "not recorded");
  CHECK(said(grid, 0, "provenance") == "measured");
  CHECK(said(grid, 0, "identities") == "pci 1, uuid 2");
  CHECK(said(grid, 1, "identities") == "none told");
  CHECK(said(grid, 0, "run") == "run");
  CHECK(said(grid, 0, "host") == "machine");
  CHECK(said(grid, 0, "cases") == "3");
  CHECK(said(grid, 0, "ok") == "2");
}

TEST_CASE("devices that are one piece of hardware have one number and stand together") {
  const auto of_run = [](const std::string& device) {
    Subject made = subject(device, {record(device, "naive", key, 1e9)});
    for (const std::string id : {"x:0", "y:0", "z:0"}) {
      RunDevice& listed = made.run.devices.emplace_back();
      listed.id = id;
      listed.identities = {id == "y:0" ? "pci 2" : "pci 1"};
    }
    return made;
  };
  std::vector<Subject> subjects;
  for (const char* const device : {"x:0", "y:0", "z:0"}) subjects.push_back(of_run(device));
  const Grid grid = devices_table(found(std::move(subjects)));
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < grid.rows.size(); ++i)
    rows.push_back(said(grid, i, "physical_device") + " " + said(grid, i, "device"));
  CHECK(rows == std::vector<std::string>{"#1 x:0", "#1 z:0", "#2 y:0"});
}

TEST_CASE("what a driver tells of a device stands fact by fact") {
  Subject one = subject("x:0", {});
  one.device.details = {{"clock", "1 GHz"}, {"cores", "8"}};
  std::vector<Subject> subjects;
  subjects.push_back(one);
  const Grid grid = details_table(found(std::move(subjects)));
  REQUIRE(grid.rows.size() == 2);
  CHECK(said(grid, 0, "device") + " " + said(grid, 0, "fact") + " " + said(grid, 0, "value") ==
        "x:0 clock 1 GHz");
  CHECK(said(grid, 1, "fact") + " " + said(grid, 1, "value") == "cores 8");
}

TEST_CASE("a roof's row has its rate with its ends, in the unit of its kind, and its source") {
  Subject one = subject("x:0", {record("x:0", "naive", key, 1e9)});
  state_roofs(one, 1e12, 4e12, 5e11);
  std::vector<Subject> subjects;
  subjects.push_back(one);
  const Grid grid = roofs_table(findings_of(std::move(subjects)));
  REQUIRE(grid.rows.size() == 2);
  CHECK(said(grid, 0, "device") == "x:0");
  CHECK(said(grid, 0, "type") == "f32");
  CHECK(said(grid, 0, "basis") == "datasheet");
  CHECK(said(grid, 0, "roof") == "arithmetic, f32 inputs, accumulated in f32");
  CHECK(said(grid, 0, "low") == "1.000 TFLOP/s");
  CHECK(said(grid, 0, "high") == "4.000 TFLOP/s");
  CHECK(said(grid, 0, "rate").starts_with("2.000 "));
  CHECK(said(grid, 0, "source") == "a paper");
  CHECK(said(grid, 1, "roof") == "memory bandwidth");
  CHECK(said(grid, 1, "type").empty());
  CHECK(said(grid, 1, "high") == "500.0 GB/s");
  CHECK(said(grid, 1, "remark").empty());
}

TEST_CASE("figures come from a run, with the software that ran, or from a publication") {
  Subject measured = subject("x:0", {});
  for (int i = 0; i < 8; ++i) {
    Record& one = measured.records.emplace_back(record("x:0", "library/a", key, 1e9));
    one.library_version = fmt::format("library {}", i);
  }
  measured.run.command = "moat run";
  Subject published = subject("y:0", {record("y:0", "library/a", key, 1e9)});
  published.provenance = Provenance::published;
  Citation& cited = published.run.citation.emplace();
  cited.title = "A title";
  cited.year = 2020;
  cited.reference = "a journal";
  cited.confidence = "copied";
  std::vector<Subject> subjects;
  subjects.push_back(measured);
  subjects.push_back(published);
  const Grid grid = provenance_table(found(std::move(subjects)));
  REQUIRE(grid.rows.size() == 2);
  CHECK(said(grid, 0, "device") == "x:0");
  CHECK(said(grid, 0, "provenance") == "measured");
  CHECK(said(grid, 0, "source") == "run run on machine, system not recorded, suite not recorded");
  CHECK(said(grid, 0, "software") ==
        "library 0; library 1; library 2; library 3; library 4; library 5; and 2 more");
  CHECK(said(grid, 0, "command") == "moat run");
  CHECK(said(grid, 1, "provenance") == "published");
  CHECK(said(grid, 1, "source") == "not recorded: A title (2020), a journal; copied");
  CHECK(said(grid, 1, "software").empty());
}
