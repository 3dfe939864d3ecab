// What is said of what both sides ran with. The other remarks are in gap.cpp and published_gap.cpp.
#include "base/json.h"
#include "reports/gap/gap.h"
#include "tests/catch.h"
#include "tests/unit/reports/gap/subjects.h"

using moat::Gap;
using moat::Record;
using moat::Status;
using moat::Subject;
namespace remark = moat::remark;
using moat::test::first;
using moat::test::record;
using moat::test::subject;

namespace {

struct Pair {
  Subject reference = subject("r:0",
                              {record("r:0", "library/a", "gemm:m=64,n=64,k=64,type=f32", 8e9),
                               record("r:0", "library/a", "gemm:m=1,n=64,k=64,type=f32", 1e9)},
                              moat::test::run("one", "here"));
  Subject target = subject("t:0", {record("t:0", "library/b", "gemm:m=64,n=64,k=64,type=f32", 2e9)},
                           moat::test::run("two", "there"));
  [[nodiscard]] Gap gap() const { return attribute(reference, target, {}); }
};

}  // namespace

TEST_CASE("what an implementation ran with is a remark of its verified results") {
  Pair pair;
  const std::string remark = "OpenBLAS 0.3.21 uses its Prescott kernels although AVX-512 is there";
  for (Record& one : pair.reference.records) one.circumstances.emplace().remarks = {remark};
  pair.reference.records.front().status = Status::disturbed;
  const Gap gap = pair.gap();
  REQUIRE(first<remark::RanWith>(gap.remarks) != nullptr);
  CHECK(*first<remark::RanWith>(gap.remarks) == remark::RanWith{"r:0", "library/a", remark, 1});
  CHECK(first<remark::RanWith>(Pair().gap().remarks) == nullptr);
}

TEST_CASE("two runs of one machine are told apart by what differs in their configuration") {
  Pair pair;
  pair.target.run.host = pair.reference.run.host;
  pair.reference.device.driver = "driver 1";
  pair.target.device.driver = "driver 2";
  for (Subject* side : {&pair.reference, &pair.target}) {
    for (Record& one : side->records) one.identity.implementation = "library/a";
  }
  for (Record& one : pair.reference.records) one.library_version = "a 1";
  pair.target.records.front().library_version = "a 2";
  pair.reference.run.environment =
      moat::Json{{"process", {{"variables", {{"MOAT_STORE", "x"}, {"LP_NUM_THREADS", "1"}}}}}};
  std::vector<remark::Configuration> found;
  for (const moat::Remark& one : pair.gap().remarks) {
    if (const auto* it = std::get_if<remark::Configuration>(&one)) found.push_back(*it);
  }
  CHECK(found == std::vector<remark::Configuration>{{"driver", "driver 1", "driver 2"},
                                                    {"variable LP_NUM_THREADS", "1", "not set"},
                                                    {"version of library/a", "a 1", "a 2"}});
  pair.target.run.host = "another machine";
  CHECK(first<remark::Configuration>(pair.gap().remarks) == nullptr);
}
