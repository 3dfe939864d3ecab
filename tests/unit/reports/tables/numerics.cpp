// How errors against their bounds read.
#include "reports/tables/tables.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("less precision than stated is a remark, and stands out") {
  Findings findings;
  NumericsRow row;
  row.subject = "opencl:0";
  row.types = default_types(Type::f16);
  row.implementation = "library/x";
  row.cases = 3;
  row.worst = 0.123;
  row.bias = -0.5;
  row.accumulations = {"f16-like"};
  row.lower_precision = true;
  findings.numerics.push_back(row);
  const Grid grid = numerics_table(findings);
  const auto at = [&](std::string_view key) { return grid.rows.at(0).at(column_place(grid, key)); };
  CHECK(at("types").text == "f16→f32");
  CHECK(at("worst").text == "0.12");
  CHECK(at("worst").value == 0.123);
  CHECK(at("bias").text == "-0.50");
  CHECK(at("accumulation").tone == Tone::bad);
  CHECK(at("remark").text == "accumulates below f32");
  CHECK_FALSE(at("ratio_to_reference").value.has_value());
}
