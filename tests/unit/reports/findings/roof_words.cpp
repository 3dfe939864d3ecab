// Measured roofs and sensitivity in words.
#include "reports/findings/roof_words.h"

#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

Record of(const std::string& device, const std::string& key, double seconds) {
  Record record = test::good_record(device, "portable/opencl");
  const auto problem = parse_problem(key);
  record.identity.problem = problem->key();
  record.operator_name = problem->operator_name();
  record.types = problem->types();
  record.work = problem->work();
  record.measurement->samples_seconds.assign(8, seconds);
  return record;
}

}  // namespace

TEST_CASE("measured roofs are a line for each device") {
  const std::vector<Record> records{of("d:0", "peak:chains=64,steps=2000,type=f32", 1e-6),
                                    of("d:0", "peak:chains=64,steps=1000,type=f64", 2e-6),
                                    of("d:0", "stream:op=triad,n=1000000,type=f64", 1e-3),
                                    of("e:0", "stream:op=copy,n=1000,type=f32", 1e-6),
                                    of("f:0", "stream:op=triad,n=1000000,type=f32", 1e-3),
                                    of("f:0", "stream:op=copy,n=1,type=f32", 5e-6)};
  CHECK(measured_roofs_text(records) ==
        "measured roofs\n"
        "  d:0  f64 64.00 GFLOP/s, f32 256.0 GFLOP/s; 24.00 GB/s (triad, n=1000000, f64)\n"
        "  e:0  8.000 GB/s (copy, n=1000, f32)\n"
        "  f:0  12.00 GB/s (triad, n=1000000, f32); 5.000 µs a launch\n");
  CHECK(measured_roofs_text({}).empty());
}

TEST_CASE("roofs of one physical device stand together") {
  std::vector<RunDevice> devices(3);
  devices[0].id = "d:0";
  devices[1].id = "e:0";
  devices[2].id = "f:0";
  devices[0].identities = devices[2].identities = {"cpu"};
  const std::vector<Record> records{of("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6),
                                    of("e:0", "peak:chains=64,steps=1000,type=f32", 2e-6),
                                    of("f:0", "peak:chains=64,steps=1000,type=f32", 4e-6)};
  CHECK(measured_roofs_text(records, PhysicalDevices(devices)) ==
        "measured roofs\n"
        "  d:0  f32 128.0 GFLOP/s\n"
        "  f:0  f32 32.00 GFLOP/s\n"
        "  e:0  f32 64.00 GFLOP/s\n");
}

TEST_CASE("a ridge is told with where it comes from") {
  CHECK(ridge_text(10.667) == "above 10.7 op/byte, the ridge of the measured roofs");
  CHECK(ridge_text(std::nullopt) == "above 64 op/byte, assumed because no roofs were measured");
}

TEST_CASE("sensitivity is a line for each case with its interval") {
  const auto with = [](Data data, double seconds) {
    Record record = test::good_record();
    record.identity.conditions.data = data;
    record.work = {.operations = 1e5, .bytes_read = 1000};
    record.measurement->samples_seconds = {seconds * 0.99, seconds * 0.99, seconds,       seconds,
                                           seconds,        seconds * 1.01, seconds * 1.01};
    return record;
  };
  CHECK_THAT(sensitivity_text(std::vector<Record>{with(Data::zeros, 1.0), with(Data::normal, 1.1)}),
             ContainsSubstring(": 1.100 [1.0") &&
                 ContainsSubstring("(above 64 op/byte, assumed because no roofs were measured)"));
  CHECK(sensitivity_text({}).empty());
}
