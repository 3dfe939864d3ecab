// Names and ids of records.
#include "results/record.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("a case's id names device, implementation, problem and conditions") {
  Case c{"opencl:0", "portable/opencl", "gemm:m=1,n=2,k=3,type=f32", {}};
  CHECK(c.id() == "opencl:0/portable/opencl/gemm:m=1,n=2,k=3,type=f32/normal/hot");
  c.conditions.seed = 7;
  CHECK(c.id() == "opencl:0/portable/opencl/gemm:m=1,n=2,k=3,type=f32/normal/hot/seed=7");
}

TEST_CASE("status names parse back") {
  for (int i = 0; i <= static_cast<int>(Status::error); ++i) {
    const auto status = static_cast<Status>(i);
    CHECK(parse_status(name(status)) == status);
  }
}
