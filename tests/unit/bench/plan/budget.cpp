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
  CHECK_FALSE(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1e15}));
}

TEST_CASE("a case is skipped if a smaller one predicts that it takes too long") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  budget.add(measured(2e9, 1.0), 6);
  const auto reason = budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 128e9});
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("64 s"));
  CHECK_FALSE(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1e9}));
  CHECK_FALSE(budget.exceeded_by({"d:0", "portable/opencl", "gemm:p", {}}, {}, {.operations = 128e9}));
  CHECK_FALSE(
      budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, default_types(Type::f16), {.operations = 128e9}));
}

TEST_CASE("a case that was skipped predicts for larger ones") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  budget.add(measured(268e6, 0.2), 1);                                                     // 512³
  REQUIRE(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 2.1e9}));  // 1024³
  CHECK(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 137e9}));    // 4096³
}

TEST_CASE("512³ predicts 4096³") {
  Budget budget({.case_seconds = 0.4, .device_seconds = 75});
  budget.add(measured(268e6, 0.07), 1);
  CHECK(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 137e9}));
}

TEST_CASE("a launch-bound case predicts nothing about much larger ones") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  budget.add(measured(5e5, 12e-3), 0.1);  // on a busy host
  CHECK_FALSE(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 137e9}));
}

TEST_CASE("a device's budget ends its cases") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 10});
  budget.add(measured(2e9, 0.01), 10);
  const auto reason = budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 2e9});
  REQUIRE(reason);
  CHECK_THAT(*reason, ContainsSubstring("budget of 10 s"));
}

TEST_CASE(
    "one operator predicts nothing about another, and bytes stand for operations where there are none") {
  Budget budget({.case_seconds = 0.5, .device_seconds = 60});
  Record copy = measured(0, 0.1);
  copy.identity.problem = "stream:op=copy";
  copy.work.bytes_read = 1e9;
  budget.add(copy, 1);
  CHECK_FALSE(budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 128e9}));
  CHECK_FALSE(budget.exceeded_by({"d:0", "naive", "stream:p", {}}, {}, {.bytes_read = 2e9}));
  CHECK(budget.exceeded_by({"d:0", "naive", "stream:p", {}}, {}, {.bytes_read = 100e9}));
}

TEST_CASE("a case that needs exactly what is left of the device's budget fits") {
  // A second each: 10 of samples and six more executions.
  const auto exceeds = [](double device_seconds) {
    Budget budget({.case_seconds = 10, .device_seconds = device_seconds});
    budget.add(measured(1e9, 1), 4);
    return budget.exceeded_by({"d:0", "naive", "gemm:p", {}}, {}, {.operations = 1e9}).has_value();
  };
  CHECK_FALSE(exceeds(4 + 16));
  CHECK(exceeds(4 + 15.5));
}
