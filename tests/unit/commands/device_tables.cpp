// The inventory of a machine as people see it.
#include "commands/device_tables.h"

#include "reports/format/grid_terminal.h"
#include "tests/catch.h"

using namespace moat;

namespace {

ListedDevice device(const std::string& id, const std::string& name, const std::string& driver) {
  ListedDevice made;
  made.id = id;
  made.info.name = name;
  made.info.driver = driver;
  made.info.vendor = "maker";
  made.info.platform = "platform";
  made.info.clock = {"steady_clock", 1e-9};
  made.info.traits.compute_units = 2;
  made.info.traits.global_memory_bytes = std::size_t{3} << 29U;
  made.libraries = {{"naive", "1", {"gemm", "attention", "convolution", "stream", "peak"}}};
  return made;
}

/// host:0 and opencl:1 are one device, opencl:0 is broken, and null has none.
std::vector<ListedAdapter> machine() {
  ListedDevice host = device("host:0", "A CPU", "Linux");
  host.libraries.push_back({"library/onednn", "oneDNN 3.2", {"gemm", "convolution"}});
  host.absent_libraries = {{"library/openblas", "libopenblas.so.0: not found"}};
  host.info.identities = {"cpu"};
  host.info.details = {{"caches", "L1d 48 KiB"}};
  ListedDevice broken = device("opencl:0", "A GPU", "driver 1");
  broken.info.traits.kind = DeviceKind::gpu;
  broken.info.traits.global_memory_bytes = 0;
  broken.fault = "out of order";
  ListedDevice same = device("opencl:1", "pthread-A CPU", "PoCL");
  same.info.identities = {"cpu"};
  same.info.traits.language = Language::opencl_c;
  same.libraries.clear();
  return {{"host", "", {host}}, {"opencl", "", {broken, same}}, {"null", "for tests only", {}}};
}

const std::string& implementations_of_host() {
  static const std::string text =
      "host:0    driver            Linux\n"
      "          gemm              naive, library/onednn\n"
      "          attention         naive\n"
      "          convolution       naive, library/onednn\n"
      "          stream            naive\n"
      "          peak              naive\n"
      "          library/openblas  absent: libopenblas.so.0: not found\n";
  return text;
}

}  // namespace

TEST_CASE("devices are told by row, those that are one together and named below") {
  CHECK(terminal_table(device_table(machine()), {}) ==
        "device    name           kind  units   memory\n"
        "host:0    A CPU          cpu       2  1.5 GiB\n"
        "opencl:1  pthread-A CPU  cpu       2  1.5 GiB\n"
        "opencl:0  A GPU          gpu       2  unknown\n"
        "  host:0, opencl:1 are one device: A CPU\n");
}

TEST_CASE(
    "a device offers implementations by operator, libraries where they have it; what is absent is so for a "
    "reason") {
  CHECK(terminal_table(device_facts(machine(), false), {}) ==
        "device    fact              value\n" + implementations_of_host() +
            "opencl:1  driver            PoCL\n"
            "          gemm              naive, portable/opencl\n"
            "          attention         naive, portable/opencl\n"
            "          convolution       naive, portable/opencl\n"
            "          stream            naive, portable/opencl\n"
            "          peak              naive, portable/opencl\n"
            "opencl:0  driver            driver 1\n"
            "          fault             cannot be opened: out of order\n"
            "null      devices           none: for tests only\n");
}

TEST_CASE("every fact is told to whoever asks for all") {
  const std::string text = terminal_table(device_facts(machine(), true), {});
  INFO(text);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring(implementations_of_host() +
                                                      "          naive             1\n"
                                                      "          library/onednn    oneDNN 3.2\n"
                                                      "          platform          platform\n"
                                                      "          vendor            maker\n"
                                                      "          architecture      unknown\n"
                                                      "          clock             steady_clock (1e-09 s)\n"
                                                      "          identities        cpu\n"
                                                      "          caches            L1d 48 KiB\n"));
}

TEST_CASE("an emulated device says so, and one without any implementation too") {
  ListedDevice emulated = device("null:0", "Null", "null 1");
  emulated.info.emulated = true;
  emulated.libraries.clear();
  const std::vector<ListedAdapter> adapters{{"null", "", {emulated}}};
  const std::string text = terminal_table(device_facts(adapters, false), {});
  CHECK_THAT(text,
             Catch::Matchers::ContainsSubstring("emulated     its numbers come from no real machine\n"));
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("gemm         no implementation\n"));
}

TEST_CASE("a machine without devices is said to have none, and why") {
  const std::vector<ListedAdapter> adapters{{"cuda", "libcuda.so.1: not found", {}}};
  CHECK(terminal_table(device_table(adapters), {}) == "No devices.\n");
  CHECK(terminal_table(device_facts(adapters, false), {}) ==
        "device  fact     value\ncuda    devices  none: libcuda.so.1: not found\n");
}

TEST_CASE("driver files without devices stand below the devices, those with one reason together") {
  std::vector<ListedAdapter> adapters{{"opencl", "", {device("opencl:0", "A CPU", "PoCL")}}};
  adapters[0].drivers = {
      {"/v/pocl.icd", "libpocl.so", 1, "", false},
      {"/v/a.icd", "liba.so", 0, "offers no device: none found", false},
      {"/v/new.icd", "libnew.so", 0, "names libnew.so, which does not load: no file", true},
      {"/v/b.icd", "libb.so", 0, "offers no device: none found", false}};
  adapters[0].layers = {{"/l/x.json (X)", "libx.so", 0, "is a layer that crashes", true}};
  CHECK_THAT(terminal_table(device_facts(adapters, false), {}),
             Catch::Matchers::EndsWith(
                 "opencl    driver file  each of /v/a.icd, /v/b.icd offers no device: none found\n"
                 "          driver file  /v/new.icd names libnew.so, which does not load: no file\n"
                 "          layer        /l/x.json (X) is a layer that crashes\n"));
}

TEST_CASE("where there is no device its absence says all of it, once") {
  std::vector<ListedAdapter> adapters{{"opencl", "/v/new.icd names libnew.so, which does not load", {}}};
  adapters[0].drivers = {{"/v/new.icd", "libnew.so", 0, "names libnew.so, which does not load", true}};
  CHECK(terminal_table(device_facts(adapters, false), {}) ==
        "device  fact     value\nopencl  devices  none: /v/new.icd names libnew.so, which does not load\n");
}

TEST_CASE("text from a driver controls no terminal, and a name that is empty says so") {
  const std::string hostile =
      "evil\x1b[31m\n\t\xe2\x80\xae"
      "end\xff";
  ListedDevice first = device("opencl:0", hostile, hostile);
  first.info.vendor = first.info.platform = first.info.architecture = first.info.clock.name = hostile;
  first.info.identities = {hostile};
  first.info.details = {{hostile, hostile}};
  first.libraries = {{"library/x", hostile + ", passed over: " + hostile, {"gemm"}}};
  first.absent_libraries = {{hostile, hostile}};
  ListedDevice second = device("opencl:1", "", "driver");
  second.fault = hostile;
  std::vector<ListedAdapter> adapters{{"opencl", "", {first, second}}, {"vulkan", hostile, {}}};
  adapters[0].drivers = {{hostile, hostile, 0, hostile, true}};
  adapters[0].layers = {{hostile, hostile, 0, hostile, true}};
  const std::string text =
      terminal_table(device_table(adapters), {}) + terminal_table(device_facts(adapters, true), {});
  for (const char* part : {"\x1b", "\t", "evil\n"}) CHECK(text.find(part) == std::string::npos);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("opencl:1  (unnamed)"));
}

TEST_CASE("memory has a unit that fits") {
  ListedDevice small = device("opencl:0", "Small", "driver");
  small.info.traits.global_memory_bytes = 1000;
  const std::vector<ListedAdapter> adapters{{"opencl", "", {small}}};
  CHECK_THAT(terminal_table(device_table(adapters), {}), Catch::Matchers::ContainsSubstring("1000 bytes"));
}
