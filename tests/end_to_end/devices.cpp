// One physical device that several adapters show: what the program makes of this machine's own adapters.
#include <algorithm>

#include "base/text.h"
#include "tests/catch.h"
#include "tests/end_to_end/program.h"

using namespace moat;
using namespace moat::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::map<std::string, std::string> with_null{{"MOAT_NULL_CONFIG", "devices=2;rate=1e9"}};

struct Seen {
  std::string id;
  std::string physical;
  std::vector<std::string> identities;
  bool emulated = false;
};

std::vector<Seen> seen_devices() {
  const Outcome outcome = moat_program({"devices", "--json"}, with_null);
  INFO(outcome.errors);
  REQUIRE(outcome.status == 0);
  std::vector<Seen> made;
  for (const Json& adapter : outcome.json()) {
    for (const Json& device : adapter.at("devices")) {
      made.push_back(
          {device.at("id"), device.at("physical_device"), device.at("identities"), device.at("emulated")});
    }
  }
  return made;
}

/// The ids of the CPU's devices; fewer than two where only one adapter reaches it.
std::vector<std::string> cpu_devices() {
  std::vector<std::string> ids;
  for (const Seen& device : seen_devices()) {
    if (device.identities == std::vector<std::string>{"cpu"}) ids.push_back(device.id);
  }
  if (ids.size() < 2) WARN("not exercised: only one adapter reaches this machine's CPU");
  return ids;
}

/// The first words of the lines that `wanted` accepts.
template <class Wanted>
std::vector<std::string> first_words(const std::string& text, Wanted wanted) {
  std::vector<std::string> words;
  for (const std::string_view line : split(text, '\n')) {
    if (wanted(line)) words.emplace_back(line.substr(0, line.find(' ')));
  }
  return words;
}

/// Whether `part` stands in `whole` without anything in between.
bool stands_together(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

}  // namespace

TEST_CASE("what a device can do is said in words, not in numbers of enumerators") {
  const Outcome outcome = moat_program({"devices", "--json"}, with_null);
  REQUIRE(outcome.status == 0);
  std::size_t null_devices = 0;
  for (const Json& adapter : outcome.json()) {
    for (const Json& device : adapter.at("devices")) {
      const std::string kind = device.at("traits").at("kind");
      CHECK((kind == "cpu" || kind == "gpu" || kind == "accelerator"));
      if (adapter.at("name") != "null") continue;
      ++null_devices;
      CHECK(kind == "accelerator");
      CHECK(device.at("traits").at("language") == "none");
    }
  }
  CHECK(null_devices == 2);
}

TEST_CASE("devices that are one are listed together and say so, emulated ones are alone") {
  const Outcome listed = moat_program({"devices"}, with_null);
  INFO(listed.output);
  REQUIRE(listed.status == 0);
  for (const Seen& device : seen_devices()) {
    if (!device.emulated) continue;
    CHECK(device.physical == device.id);
    CHECK(device.identities.empty());
  }
  const std::vector<std::string> cpus = cpu_devices();
  if (cpus.size() < 2) return;
  for (const Seen& device : seen_devices()) {
    const bool is_cpu = std::find(cpus.begin(), cpus.end(), device.id) != cpus.end();
    CHECK((device.physical == cpus.front()) == is_cpu);
  }
  const auto ids =
      first_words(listed.output, [](std::string_view line) { return !line.empty() && line.front() != ' '; });
  CHECK(stands_together(cpus, ids));
  CHECK_THAT(listed.output, ContainsSubstring("\n  " + join(cpus, ", ") + " are one device: "));
}

TEST_CASE("a run through several adapters shows one device's rows together and names it") {
  const std::vector<std::string> cpus = cpu_devices();
  if (cpus.size() < 2) return;
  const TemporaryFolder folder;
  std::vector<std::string> arguments{"run",
                                     "--problem",
                                     "gemm:m=32,n=32,k=32,type=f32",
                                     "--implementation",
                                     "naive",
                                     "--case-seconds",
                                     "0.01",
                                     "--device",
                                     "null:0",
                                     "--store",
                                     folder.store()};
  for (const std::string& id : cpus) arguments.insert(arguments.end(), {"--device", id});
  const Outcome run = moat_program(arguments, with_null);
  INFO(run.errors);
  REQUIRE(run.status == 0);
  const std::string named = join(cpus, ", ") + " are one device: ";
  CHECK_THAT(run.errors, ContainsSubstring(named));

  const Outcome shown = moat_program({"show", "--store", folder.store()});
  INFO(shown.output);
  CHECK_THAT(shown.output, ContainsSubstring("\n" + named));
  std::vector<std::string> rows = first_words(shown.output, [](std::string_view line) {
    return line.find(" naive ") != std::string_view::npos && line.front() != ' ';
  });
  REQUIRE(rows.size() == cpus.size() + 1);
  CHECK((rows.front() == "null:0" || rows.back() == "null:0"));

  for (const Json& record : moat_program({"show", "--json", "--store", folder.store()}).json()) {
    const bool is_null = record.at("device") == "null:0";
    CHECK(record.at("physical_device") == (is_null ? "null:0" : cpus.front()));
  }

  // A run from before devices were kept: read as ever, each device alone.
  for (const auto& entry : std::filesystem::directory_iterator(folder.store() + "/runs")) {
    Json info = parse_json(content(entry.path() / "run.json"), "run.json");
    info.erase("devices");
    write(entry.path() / "run.json", strict_json(info));
  }
  const Outcome older = moat_program({"show", "--store", folder.store()});
  CHECK(older.status == 0);
  CHECK(older.output.find("one device") == std::string::npos);
}
