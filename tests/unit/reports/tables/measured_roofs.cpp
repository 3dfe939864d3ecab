// How measured roofs read.
#include "reports/format/grid_terminal.h"
#include "reports/tables/show.h"
#include "tests/catch.h"
#include "tests/unit/results/measured_record.h"

using namespace moat;
using test::measured_record;

TEST_CASE("measured roofs are told by device: arithmetic by type, bandwidth with its problem, a launch") {
  const std::vector<Record> records{measured_record("d:0", "peak:chains=64,steps=2000,type=f32", 1e-6),
                                    measured_record("d:0", "peak:chains=64,steps=1000,type=f64", 2e-6),
                                    measured_record("d:0", "stream:op=triad,n=1000000,type=f64", 1e-3),
                                    measured_record("e:0", "stream:op=copy,n=1,type=f32", 5e-6),
                                    measured_record("e:0", "stream:op=copy,n=1000,type=f32", 1e-5)};
  CHECK(
      terminal_table(measured_roofs_table(records), {}) ==
      "measured roofs  arithmetic                            bandwidth                           a launch\n"
      "d:0             f64 64.00 GFLOP/s, f32 256.0 GFLOP/s  24.00 GB/s (triad, n=1000000, f64)\n"
      "e:0                                                   800.0 MB/s (copy, n=1000, f32)      5.000 µs\n");
}

TEST_CASE("devices without measured roofs are not listed") {
  CHECK(measured_roofs_table(std::vector<Record>{test::good_record()}).rows.empty());
}

TEST_CASE("roofs of one physical device stand together") {
  std::vector<RunDevice> devices(3);
  devices[0].id = "d:0";
  devices[1].id = "e:0";
  devices[2].id = "f:0";
  devices[0].identities = devices[2].identities = {"cpu"};
  const std::vector<Record> records{measured_record("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6),
                                    measured_record("e:0", "peak:chains=64,steps=1000,type=f32", 2e-6),
                                    measured_record("f:0", "peak:chains=64,steps=1000,type=f32", 4e-6)};
  const Grid grid = measured_roofs_table(records, PhysicalDevices(devices));
  std::vector<std::string> order;
  for (const GridRow& row : grid.rows) order.push_back(row[0].text);
  CHECK(order == std::vector<std::string>{"d:0", "f:0", "e:0"});
}

TEST_CASE("on a narrow terminal the lists of roofs are cut, and the launch goes first") {
  const std::vector<Record> records{measured_record("d:0", "peak:chains=64,steps=2000,type=f32", 1e-6),
                                    measured_record("d:0", "peak:chains=64,steps=1000,type=f64", 2e-6),
                                    measured_record("d:0", "stream:op=triad,n=1000000,type=f64", 1e-3),
                                    measured_record("d:0", "stream:op=copy,n=1,type=f32", 5e-6)};
  const std::string table = terminal_table(measured_roofs_table(records), {.width = 50});
  CHECK(table.find("f64 64.00") != std::string::npos);
  CHECK(table.find("…") != std::string::npos);
  CHECK(table.find("5.000 µs") == std::string::npos);
  const std::string narrow = terminal_table(measured_roofs_table(records), {.width = 38});
  CHECK(narrow.find("f64 64.00 G") != std::string::npos);
  CHECK(narrow.find("…") != std::string::npos);
}
