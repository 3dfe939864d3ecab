// The coverage table.
#include "reports/tables/coverage.h"

#include "reports/findings/beside.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Record right(const std::string& implementation, Type type, double error) {
  Record record;
  record.identity = {"opencl:0", implementation, "gemm:m=1,n=1,k=1,type=" + std::string(name(type)), {}};
  record.operator_name = "gemm";
  record.types = default_types(type);
  record.status = Status::ok;
  record.verdict.emplace();
  record.verdict->max_error = error;
  record.verdict->tolerance = 1;
  return record;
}

Record ended(const std::string& implementation, Type type, Status status, const std::string& reason) {
  Record record = right(implementation, type, 3);
  record.status = status;
  record.reason = reason;
  return record;
}

}  // namespace

TEST_CASE("a cell counts what is right and shows the worst error against its bound") {
  const std::vector<Record> records{right("naive", Type::f32, 0.25), right("naive", Type::f32, 0.5)};
  CHECK_THAT(coverage_text(records, {}), ContainsSubstring("✓ 2 ≤0.5"));
}

TEST_CASE("one wrong result outweighs all that are right, and is told with its error and bound") {
  const std::vector<Record> records{right("naive", Type::f32, 0.25),
                                    ended("naive", Type::f32, Status::crashed, "signal 11"),
                                    ended("naive", Type::f32, Status::wrong, "element 7")};
  const std::string text = coverage_text(records, {});
  CHECK_THAT(text, ContainsSubstring("✗ 1/3 ≤0.25, 1 wrong, 1 crashed"));
  CHECK_THAT(text, ContainsSubstring("element 7 (worst error 3, bound 1)"));
  CHECK_THAT(text, ContainsSubstring("crashed: signal 11"));
}

TEST_CASE("what is unsupported says why, once") {
  const std::vector<Record> records{ended("clblast", Type::i8, Status::unsupported, "no i8"),
                                    ended("clblast", Type::i8, Status::unsupported, "no i8"),
                                    right("clblast", Type::f32, 0)};
  const std::string text = coverage_text(records, {});
  CHECK_THAT(text, ContainsSubstring("opencl:0 clblast i8: unsupported: no i8 (2 problems)"));
  CHECK_THAT(text, ContainsSubstring("✓ 1 ≤0"));
}

TEST_CASE("some right and the others unsupported is a mark of its own") {
  const std::vector<Record> records{right("naive", Type::f32, 0.25),
                                    ended("naive", Type::f32, Status::unsupported, "too long")};
  CHECK_THAT(coverage_text(records, {}), ContainsSubstring("◐ 1/2 ≤0.25, 1 unsupported"));
}

TEST_CASE("a type that an implementation never met is no success") {
  const std::vector<Record> records{right("naive", Type::f32, 0), right("portable/opencl", Type::f16, 0)};
  const Grid grid = coverage_table(coverage_cells(records));
  REQUIRE(grid.rows.size() == 2);
  CHECK(grid.rows[0][column_place(grid, "f16")].text.empty());
  CHECK(grid.rows[1][column_place(grid, "f16")].text == "✓ 1 ≤0");
}

TEST_CASE("every operator has a table of its own on a terminal, with the types that it has") {
  std::vector<Record> records{right("naive", Type::f32, 0), right("naive", Type::i8, 0)};
  records[1].operator_name = "convolution";
  CHECK_THAT(coverage_text(records, {}),
             ContainsSubstring("gemm\ndevice    implementation  f32\n") &&
                 ContainsSubstring("convolution\ndevice    implementation  i8\n"));
}

TEST_CASE("a share of verified results stands behind each mark, for sorting") {
  const std::vector<Record> records{right("naive", Type::f32, 0.25),
                                    ended("naive", Type::f32, Status::unsupported, "too long")};
  const Grid grid = coverage_table(coverage_cells(records));
  const GridCell& covered = grid.rows[0][column_place(grid, "f32")];
  CHECK(covered.value == 0.5);
  CHECK(covered.note == "1 × too long");
  CHECK(covered.tone == Tone::good);
}
