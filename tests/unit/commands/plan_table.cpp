// The dry run as people see it.
#include "commands/plan_table.h"

#include "reports/format/grid_terminal.h"
#include "tests/catch.h"

using namespace moat;

namespace {

PlannedCase planned(const std::string& key) {
  PlannedCase made;
  made.problem = parse_problem(key);
  made.identity = {"opencl:0", "library/clblast", made.problem->key(), {}};
  made.workload = "command line";
  return made;
}

}  // namespace

TEST_CASE("the dry run shows each case with its expected work") {
  std::vector<PlannedCase> cases{planned("gemm:m=512,n=512,k=512"), planned("gemm:m=9,n=9,k=9,type=i8")};
  cases[1].unsupported = Unsupported{"clblast: no i8"};
  CHECK(terminal_table(plan_table(cases), {}) ==
        "device    implementation   problem                          cache  operations     bytes  op/byte  "
        "note\n"
        "opencl:0  library/clblast  gemm:m=512,n=512,k=512,type=f32  hot       268.4 M  3.146 MB     85.3  "
        "command line\n"
        "opencl:0  library/clblast  gemm:m=9,n=9,k=9,type=i8         hot       1.458 k   486.0 B     3.00  "
        "unsupported: clblast: no i8\n");
}

TEST_CASE("no case at all is said") {
  CHECK(terminal_table(plan_table({}), {}) == "No cases.\n");
}
