// What a machine offers: listed from an adapter, and the same after the way from a worker.
#include "bench/worker/inventory.h"

#include "adapters/null/device.h"
#include "base/error.h"
#include "base/json.h"
#include "bench/worker/worker_messages.h"
#include "tests/catch.h"
#include "tests/unit/adapters/environment.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Two devices, of which the second does not open.
class HalfBroken final : public Adapter {
 public:
  [[nodiscard]] std::string_view name() const override { return "half"; }
  [[nodiscard]] Discovery discover() override { return {{null::describe({}, 0), null::describe({}, 1)}, ""}; }
  [[nodiscard]] std::unique_ptr<Device> open(std::size_t index) override {
    if (index == 1) throw DeviceError("its firmware is missing");
    return std::make_unique<null::NullDevice>(null::Config{}, index);
  }
};

class Absent final : public Adapter {
 public:
  [[nodiscard]] std::string_view name() const override { return "absent"; }
  [[nodiscard]] Discovery discover() override { return {{}, "libabsent.so: not found"}; }
  [[nodiscard]] std::unique_ptr<Device> open(std::size_t) override { throw DeviceError("there is none"); }
};

/// A device no field of which has its usual value.
ListedDevice unusual() {
  ListedDevice device;
  device.id = "opencl:3";
  device.adapter = "opencl";
  device.fault = "it does not open";
  device.libraries = {{"library/clblast", "1.6", {"gemm"}}, {"library/other", "2", {"attention", "gemm"}}};
  device.absent_libraries = {{"library/onednn", "libdnnl.so.3: not found"}};
  DeviceInfo& info = device.info;
  info.name = "Name";
  info.vendor = "Vendor";
  info.driver = "Driver 1";
  info.architecture = "arch 9";
  info.platform = "Platform";
  info.emulated = true;
  info.identities = {"pci:0000:65:00.0", "uuid:1"};
  info.clock = {"events", 1e-6};
  info.rank = {3, -1};
  info.details = {{"firmware", "7"}, {"mode", "fast"}};
  device.route = {.driver = {"/x/y.icd", "liby.so", "fault"},
                  .without = {{"l.json (L)", "libl.so", ""}},
                  .avoided = {{"libdnnl.so.3", "it crashes"}},
                  .index = 7};
  Traits& traits = info.traits;
  traits.kind = DeviceKind::gpu;
  traits.language = Language::glsl;
  traits.compute_units = 40;
  traits.max_group_size = 1024;
  traits.max_group_shape = {1024, 512, 64};
  traits.local_memory_bytes = 65536;
  traits.local_memory_is_dedicated = true;
  traits.global_memory_bytes = std::size_t{80} << 30;
  traits.max_allocation_bytes = std::size_t{20} << 30;
  traits.max_argument_bytes = std::size_t{4} << 30;
  traits.last_level_cache_bytes = 50 << 20;
  traits.native_vector_f32 = 2;
  traits.has_f64 = traits.has_f16 = traits.has_16_bit_storage = traits.has_8_bit_storage = true;
  traits.has_i64 = traits.has_integer_dot = true;
  traits.subgroup_size = 32;
  traits.max_groups = {7, 8, 9};
  traits.matrix_shapes = {{Type::bf16, Type::f32, 16, 8, 32, MatrixExtension::nv}};
  return device;
}

ListedAdapter after_pipe(const ListedAdapter& listed) {
  return std::get<InventoryAnswer>(parse_answer(message_text(InventoryAnswer{listed}))).adapter;
}

}  // namespace

TEST_CASE("devices are numbered, and one that does not open says why beside those that do") {
  HalfBroken adapter;
  const ListedAdapter listed = list_adapter(adapter);
  CHECK(listed.name == "half");
  CHECK(listed.absence.empty());
  REQUIRE(listed.devices.size() == 2);
  CHECK(listed.devices[0].id == "half:0");
  CHECK(listed.devices[0].adapter == "half");
  CHECK(listed.devices[0].fault.empty());
  REQUIRE(listed.devices[0].libraries.size() == 1);
  CHECK(listed.devices[0].libraries[0].implementation == "naive");
  CHECK_FALSE(listed.devices[0].libraries[0].version.empty());
  CHECK(listed.devices[1].id == "half:1");
  CHECK(listed.devices[1].info.name == "Null device 1");
  CHECK(listed.devices[1].fault == "its firmware is missing");
}

TEST_CASE("an adapter without devices says why") {
  Absent adapter;
  const ListedAdapter listed = after_pipe(list_adapter(adapter));
  CHECK(listed.devices.empty());
  CHECK(listed.absence == "libabsent.so: not found");
}

TEST_CASE("nothing of a device is lost on the way from a worker") {
  const ListedDevice sent = unusual();
  const ListedAdapter listed{"opencl", "", {sent}};
  const ListedAdapter read = after_pipe(listed);
  CHECK(inventory_json(read) == inventory_json(listed));
  CHECK(read.name == "opencl");
  REQUIRE(read.devices.size() == 1);
  const ListedDevice& device = read.devices[0];
  CHECK(device.id == sent.id);
  CHECK(device.adapter == sent.adapter);
  CHECK(device.fault == sent.fault);
  CHECK(device.libraries.at(1).implementation == "library/other");
  CHECK(device.libraries.at(0).version == "1.6");
  CHECK(device.absent_libraries == sent.absent_libraries);
  CHECK(run_device(device) == run_device(sent));
  CHECK(device.route == sent.route);
  CHECK(device.info.rank == sent.info.rank);
  CHECK(device.info.clock.name == "events");
  CHECK(device.info.clock.resolution_seconds == 1e-6);
  const Traits& traits = device.info.traits;
  CHECK(traits.kind == DeviceKind::gpu);
  CHECK(traits.language == Language::glsl);
  CHECK(traits.compute_units == 40);
  CHECK(traits.max_group_size == 1024);
  CHECK(traits.max_group_shape == sent.info.traits.max_group_shape);
  CHECK(traits.local_memory_bytes == 65536);
  CHECK(traits.local_memory_is_dedicated);
  CHECK(traits.global_memory_bytes == sent.info.traits.global_memory_bytes);
  CHECK(traits.max_allocation_bytes == sent.info.traits.max_allocation_bytes);
  CHECK(traits.max_argument_bytes == sent.info.traits.max_argument_bytes);
  CHECK(traits.last_level_cache_bytes == sent.info.traits.last_level_cache_bytes);
  CHECK(traits.native_vector_f32 == 2);
  CHECK((traits.has_f64 && traits.has_f16 && traits.has_16_bit_storage && traits.has_8_bit_storage));
  CHECK((traits.has_i64 && traits.has_integer_dot));
  CHECK(traits.subgroup_size == 32);
  CHECK(traits.max_groups == sent.info.traits.max_groups);
  CHECK(traits.matrix_shapes == sent.info.traits.matrix_shapes);
}

TEST_CASE("an inventory that is none of ours is refused") {
  Json json = inventory_json({"opencl", "", {unusual()}});
  SECTION("a field of a device is missing") {
    json["devices"][0].erase("driver");
  }
  SECTION("a field of the traits is missing") {
    json["devices"][0]["traits"].erase("has_f16");
  }
  SECTION("a field is of another kind") {
    json["devices"][0]["name"] = 3;
  }
  SECTION("there are no devices, not even none") {
    json.erase("devices");
  }
  const Json message = {{"inventory", {{"adapter", json}}}};
  CHECK_THROWS_AS(parse_answer(strict_json(message)), UsageError);
}

TEST_CASE("run.json keeps what the driver says of a device") {
  const RunDevice kept = run_device(unusual());
  CHECK(kept.id == "opencl:3");
  CHECK(kept.name == "Name");
  CHECK(kept.vendor == "Vendor");
  CHECK(kept.driver == "Driver 1");
  CHECK(kept.platform == "Platform");
  CHECK(kept.architecture == "arch 9");
  CHECK(kept.emulated);
  CHECK(kept.identities == unusual().info.identities);
  CHECK(kept.details == unusual().info.details);
  CHECK(kept.chip.empty());
}

TEST_CASE("only the adapters that a selection may mean are asked") {
  using Patterns = std::vector<std::string>;
  CHECK(may_match({}, "opencl"));
  CHECK(may_match({"opencl"}, "opencl"));
  CHECK(may_match({"opencl:1"}, "opencl"));
  CHECK(may_match({"host", "o*"}, "opencl"));
  CHECK(may_match({"*"}, "opencl"));
  CHECK(may_match({"*:0"}, "opencl"));
  CHECK(may_match({"opencl:?"}, "opencl"));
  CHECK(may_match({"?pencl"}, "opencl"));
  CHECK_FALSE(may_match({"host"}, "opencl"));
  CHECK_FALSE(may_match({"open"}, "opencl"));
  CHECK_FALSE(may_match({"opencl2:0"}, "opencl"));
  CHECK_FALSE(may_match({"h*", "vulkan:*"}, "opencl"));
  const auto asked = [](const Patterns& patterns) {
    Patterns names;
    for (const ListedAdapter& adapter : take_inventory({.executable = "/bin/false", .devices = patterns}))
      names.push_back(adapter.name);
    return names;
  };
  CHECK(asked({"host"}) == Patterns{"host"});
  CHECK(asked({"opencl:0", "host"}) == Patterns{"host", "opencl"});
  CHECK(asked({"nonsense"}).size() == asked({}).size());  // its message offers all devices
}

TEST_CASE("how long a driver may take is a number of seconds, or refused") {
  {
    const EnvironmentVariable seconds("MOAT_DRIVER_SECONDS", "2.5");
    CHECK(inventory_options("x").patience_seconds == 2.5);
  }
  {
    const EnvironmentVariable seconds("MOAT_DRIVER_SECONDS", "");
    CHECK(inventory_options("x").patience_seconds == InventoryOptions{}.patience_seconds);
  }
  const EnvironmentVariable seconds("MOAT_DRIVER_SECONDS",
                                    GENERATE("0", "-1", "nan", "inf", "ten", "1x", " 1", "1e9", "0x10"));
  CHECK_THROWS_WITH(inventory_options("x"), ContainsSubstring("MOAT_DRIVER_SECONDS: "));
}

TEST_CASE("a malformed variable of Moat is an error of usage, not a fault of a driver") {
  const EnvironmentVariable threads("MOAT_HOST_THREADS", "0");
  CHECK_THROWS_AS(take_inventory({.executable = MOAT_WORKER_PROGRAM, .devices = {"host"}}), UsageError);
}

TEST_CASE("defects are sentences that name their files; what offers nothing is none") {
  ListedAdapter adapter;
  adapter.drivers = {{"a.icd", "liba.so", 0, "names liba.so, which does not load", true},
                     {"b.icd", "libb.so", 0, "offers no device", false},
                     {"c.icd", "libc.so", 1, "", false}};
  adapter.layers = {{"d.json (D)", "libd.so", 0, "is a layer that crashes", true}};
  CHECK(defects(adapter) == std::vector<std::string>{"a.icd names liba.so, which does not load",
                                                     "d.json (D) is a layer that crashes"});
}
