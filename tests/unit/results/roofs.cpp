// Measured roofs: what counts for them, and which record gives them.
#include "results/roofs.h"

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

TEST_CASE("a device's roofs are its best rate per type and the bandwidth of the longest triad") {
  const std::vector<Record> records{
      of("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6),   // 128 GFLOP/s
      of("d:0", "peak:chains=64,steps=2000,type=f32", 1e-6),   // 256 GFLOP/s
      of("d:0", "peak:chains=64,steps=1000,type=f64", 2e-6),   // 64 GFLOP/s
      of("d:0", "stream:op=triad,n=1000,type=f64", 1e-9),      // a cache's 24 TB/s
      of("d:0", "stream:op=triad,n=1000000,type=f64", 1e-3),   // 24 GB/s
      of("d:0", "stream:op=triad,n=1000000,type=f64", 2e-3),   // 12 GB/s
      of("d:0", "stream:op=copy,n=100000000,type=f64", 1e-3),  // longer, but no triad
      of("e:0", "stream:op=copy,n=1000,type=f32", 1e-6),       // 8 GB/s
      of("f:0", "gemm:m=64,n=64,k=64", 1e-6),
  };
  const std::vector<DeviceRoofs> all = measured_roofs(records);
  REQUIRE(all.size() == 2);
  CHECK(all[0].device == "d:0");
  CHECK(all[0].arithmetic.at(Type::f32).record == &records[1]);
  CHECK(all[0].arithmetic.at(Type::f64).record == &records[2]);
  CHECK(all[0].memory->record == &records[4]);
  CHECK(all[1].memory->record == &records[7]);
  CHECK(roofs_text(records) ==
        "measured roofs\n"
        "  d:0  f64 64.00 GFLOP/s, f32 256.0 GFLOP/s; 24.00 GB/s (triad, n=1000000, f64)\n"
        "  e:0  8.000 GB/s (copy, n=1000, f32)\n");
}

TEST_CASE(
    "a launch takes what the device's quickest case does, where a stream problem moves next to nothing") {
  std::vector<Record> records{
      of("d:0", "stream:op=copy,n=1,type=f32", 5e-6),
      of("d:0", "stream:op=triad,n=1000000,type=f32", 1e-3),  // 12 GB/s
      of("e:0", "gemm:m=16,n=16,k=16", 1e-7),                 // quicker than anything, but of another device
  };
  SECTION("that problem's own time") {
    CHECK(measured_roofs(records).at(0).launch->record == &records[0]);
    CHECK(roofs_text(records) ==
          "measured roofs\n"
          "  d:0  12.00 GB/s (triad, n=1000000, f32); 5.000 µs a launch\n");
  }
  SECTION("or a quicker one's: no rate exceeds the roof that launches make") {
    records.push_back(of("d:0", "gemm:m=16,n=16,k=16", 2e-6));
    const std::vector<DeviceRoofs> roofs = measured_roofs(records);
    CHECK(roofs.at(0).launch->record == &records[3]);
    CHECK(roofs.at(0).launch->rate == Approx(5e5));
  }
  SECTION("it gives no bandwidth") {
    records.erase(records.begin() + 1);
    const std::vector<DeviceRoofs> roofs = measured_roofs(records);
    REQUIRE(roofs.size() == 1);
    CHECK_FALSE(roofs[0].memory.has_value());
  }
  SECTION("without it a launch is not known, however quick other cases are") {
    records.erase(records.begin());
    for (const DeviceRoofs& roofs : measured_roofs(records)) CHECK_FALSE(roofs.launch.has_value());
  }
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
  CHECK(roofs_text(records, PhysicalDevices(devices)) ==
        "measured roofs\n"
        "  d:0  f32 128.0 GFLOP/s\n"
        "  f:0  f32 32.00 GFLOP/s\n"
        "  e:0  f32 64.00 GFLOP/s\n");
}

TEST_CASE("what is not ok, not measured, cold or on other data makes no roof") {
  Record record = of("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6);
  SECTION("wrong") {
    record.status = Status::wrong;
  }
  SECTION("emulated") {
    record.provenance = Provenance::emulated;
  }
  SECTION("zeros") {
    record.identity.conditions.data = Data::zeros;
  }
  SECTION("cold") {
    record.identity.conditions.cache = Cache::cold;
  }
  CHECK(roofs_text(std::vector<Record>{record}).empty());
}

TEST_CASE("a stream record of an unknown version is passed over") {
  Record record = of("d:0", "stream:op=triad,n=1000", 1e-6);
  record.identity.problem = "stream:op=scatter,n=5";
  CHECK(roofs_text(std::vector<Record>{record}).empty());
}

TEST_CASE("arithmetic binds above the point where the measured roofs meet") {
  const std::vector<Record> records{of("d:0", "peak:chains=64,steps=1000,type=f32", 1e-6),  // 128 GFLOP/s
                                    of("d:0", "stream:op=triad,n=1000", 1e-6)};             // 12 GB/s
  const std::vector<DeviceRoofs> roofs = measured_roofs(records);
  const Work dense{.operations = 1100, .bytes_read = 100};
  const Work thin{.operations = 1000, .bytes_read = 100};
  CHECK(boundness(dense, Type::f32, &roofs[0]).by_arithmetic);
  CHECK_FALSE(boundness(thin, Type::f32, &roofs[0]).by_arithmetic);
  CHECK_THAT(boundness(dense, Type::f32, &roofs[0]).how, ContainsSubstring("above 10.7 op/byte"));
  CHECK_FALSE(boundness(dense, Type::f16, &roofs[0]).by_arithmetic);  // no roof for f16: above 64
  CHECK_FALSE(boundness(dense, Type::f32, nullptr).by_arithmetic);
  CHECK(boundness({.operations = 6500, .bytes_read = 100}, Type::f32, nullptr).by_arithmetic);
}
