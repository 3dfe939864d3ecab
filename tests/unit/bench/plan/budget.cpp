// Prediction and the budget.
#include "bench/plan/budget.h"

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Record measured(double operations, double seconds) {
  Record record;
  record.identity = {"d:0", "naive", "gemm:…", {}};
  record.work.operations = operations;
  record.status = Status::ok;
  record.measurement.emplace().samples_seconds.assign(3, seconds);
  return record;
}

}  // namespace

TEST_CASE("nothing is skipped before anything is known") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  CHECK_FALSE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1e15}));
}

TEST_CASE("a case is skipped if a smaller one predicts that it takes too long") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  budget.add(measured(2e9, 1.0), 6, 0);
  const auto reason = budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 128e9});
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("64 s"));
  CHECK_THAT(*budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 281e9}),
             ContainsSubstring("about 140 s"));
  CHECK_FALSE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1e9}));
  CHECK_FALSE(budget.too_long({"d:0", "portable/opencl", "gemm:p", {}}, {}, {.operations = 128e9}));
  CHECK_FALSE(
      budget.too_long({"d:0", "naive", "gemm:p", {}}, default_types(Type::f16), {.operations = 128e9}));
}

TEST_CASE("a case that was skipped predicts for larger ones") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  budget.add(measured(268e6, 0.2), 1, 0);                                               // 512³
  REQUIRE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 2.1e9}));  // 1024³
  CHECK(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 137e9}));    // 4096³
}

TEST_CASE("512³ predicts 4096³") {
  Budget budget({.case_seconds = 0.4, .device_seconds = 75});
  budget.add(measured(268e6, 0.07), 1, 0);
  CHECK(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 137e9}));
}

TEST_CASE("a launch-bound case predicts nothing about much larger ones") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  budget.add(measured(5e5, 12e-3), 0.1, 0);  // on a busy host
  CHECK_FALSE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 137e9}));
}

TEST_CASE("a disturbed sample, or a small problem at a low rate, does not exclude a larger one") {
  Budget budget({.case_seconds = 0.4, .device_seconds = 75});
  Record disturbed = measured(5e5, 0.3);  // threads that waited for each other on a busy host
  disturbed.measurement->samples_seconds.back() = 1e-4;
  budget.add(disturbed, 1, 0);
  CHECK_FALSE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 2.7e8}));
  budget.add(measured(2.7e8, 1e-3), 1, 0);
  budget.add(measured(5e5, 0.3), 1, 0);  // later, and slower: what is known stays
  CHECK_FALSE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1.4e11}));
}

TEST_CASE("a case that is too long to run takes none of its problem's time") {
  Budget budget({.case_seconds = 0.4, .device_seconds = 75});
  budget.add(measured(2e9, 1.0), 6, 0);
  CHECK(budget.expected_seconds({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 128e9}) == 0);
}

TEST_CASE("a device's budget ends its cases") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 10});
  CHECK_FALSE(budget.exceeded_by(0));
  budget.add(measured(2e9, 0.01), 10, 0);
  const auto reason = budget.exceeded_by(0);
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("budget of 10 s is used up"));
}

TEST_CASE("first uses have an account of their own, one for each implementation") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 10, .first_use_seconds = 60});
  budget.add(measured(2e9, 0.01), 1, 59);
  CHECK_FALSE(budget.exceeded_by(9));
  CHECK_FALSE(budget.first_uses_exceeded("naive"));
  budget.add(measured(2e9, 0.01), 1, 1);
  CHECK_FALSE(budget.exceeded_by(8));
  const auto reason = budget.first_uses_exceeded("naive");
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("first uses of naive") && ContainsSubstring("60 s"));
  CHECK_FALSE(budget.first_uses_exceeded("library/clblast"));
}

TEST_CASE("a round takes its part of the sampling cap, and four executions at least") {
  // 0.1 s each, of which the cap of a round, 1 s, holds ten.
  Budget budget({.case_seconds = 3, .device_seconds = 1000, .rounds = 3});
  const Case identity{"d:0", "naive", "gemm:p", {}};
  CHECK(budget.expected_seconds(identity, {}, {.operations = 1e9}) == 0);  // nothing is known
  budget.add(measured(1e9, 0.1), 1, 0);
  CHECK(budget.expected_seconds(identity, {}, {.operations = 1e9}) == Approx(1 + 0.4));
  CHECK(budget.expected_seconds(identity, {}, {.operations = 1e8}) == Approx(0.2 + 0.04));
}

TEST_CASE(
    "one operator predicts nothing about another, and bytes stand for operations where there are none") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  Record copy = measured(0, 0.1);
  copy.identity.problem = "stream:op=copy";
  copy.work.bytes_read = 1e9;
  budget.add(copy, 1, 0);
  CHECK_FALSE(budget.too_long({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 128e9}));
  CHECK_FALSE(budget.too_long({"d:0", "naive", "stream:p", {}}, {}, {.bytes_read = 2e9}));
  CHECK(budget.too_long({"d:0", "naive", "stream:p", {}}, {}, {.bytes_read = 100e9}));
}

TEST_CASE("a case that needs exactly what is left of the device's budget fits") {
  // A second each: 10 of samples and six more executions.
  Budget budget({.case_seconds = 10, .device_seconds = 20});
  budget.add(measured(1e9, 1), 4, 0);
  CHECK(budget.expected_seconds({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1e9}) == 16);
  CHECK_FALSE(budget.exceeded_by(16));
  CHECK(budget.exceeded_by(16.5));
}
