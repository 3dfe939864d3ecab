// One list of what several drivers said: their order, duplicates, faults and reasons.
#include "bench/worker/driver_answers.h"

#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

using Rank = std::vector<std::int64_t>;

/// A driver whose devices have these ranks, named by them.
DriverAnswer answering(const std::string& file, const std::vector<Rank>& ranks) {
  DriverAnswer made{.driver = {.file = file, .library = "lib" + file + ".so", .fault = {}}};
  made.answer.library_file = "/lib/lib" + file + ".so.1";
  for (const Rank& rank : ranks) {
    ListedDevice device;
    device.info.name = file + " " + std::to_string(made.answer.adapter.devices.size());
    device.info.rank = rank;
    device.route.index = made.answer.adapter.devices.size();
    made.answer.adapter.devices.push_back(device);
  }
  if (ranks.empty()) made.answer.adapter.absence = "there is none";
  return made;
}

DriverFiles files() {
  return {
      .drivers = {}, .layers = {}, .absence = "no file", .mending = "mend it", .installing = "install it"};
}

std::vector<std::string> names(const ListedAdapter& adapter) {
  std::vector<std::string> made;
  for (const ListedDevice& device : adapter.devices) made.push_back(device.id + " " + device.info.name);
  return made;
}

}  // namespace

TEST_CASE(
    "devices are in the order in which the loader would list them, equal ones in that of their drivers") {
  const ListedAdapter listed = join_answers(
      "x", {answering("a", {{2}, {0, 5}}), answering("b", {{0, 4}, {2}}), answering("c", {{}})}, files(), {});
  CHECK(names(listed) == std::vector<std::string>{"x:0 c 0", "x:1 b 0", "x:2 a 1", "x:3 a 0", "x:4 b 1"});
  CHECK(listed.devices[2].route.index == 1);
  CHECK(listed.absence.empty());
  REQUIRE(listed.drivers.size() == 3);
  CHECK(listed.drivers[0].devices == 2);
  CHECK(listed.devices[0].info.details == std::vector<std::pair<std::string, std::string>>{
                                              {"driver file", "c"}, {"driver library", "/lib/libc.so.1"}});
}

TEST_CASE("of files that lead to one library the first that offers devices is used") {
  DriverAnswer none = answering("a", {});
  DriverAnswer first = answering("b", {{}});
  DriverAnswer second = answering("c", {{}});
  none.answer.library_file = second.answer.library_file = first.answer.library_file;
  const ListedAdapter listed = join_answers("x", {none, first, second}, files(), {});
  CHECK(names(listed) == std::vector<std::string>{"x:0 b 0"});
  CHECK(listed.drivers[0].fault == "offers no device: there is none");
  CHECK(listed.drivers[1].fault.empty());
  CHECK(listed.drivers[2].fault == "leads to /lib/libb.so.1, as b does: its devices are used once");
  CHECK_FALSE(listed.drivers[2].is_defect);
}

TEST_CASE("each way to fail has its words, and what is no defect does not ask to be mended") {
  DriverAnswer unread = answering("a", {});
  unread.driver.fault = "names no library";
  DriverAnswer dead = answering("b", {});
  dead.death = "ended the process";
  DriverAnswer missing = answering("c", {});
  missing.answer.load_failure = "no such file";
  DriverAnswer foreign = answering("d", {});
  foreign.answer.load_failure = "wrong ELF class: ELFCLASS32";
  DriverAnswer itself = missing;
  itself.driver.file = itself.driver.library = "libe.so\r";
  const ListedAdapter listed = join_answers("x", {unread, dead, missing, foreign, itself}, files(), {});
  CHECK(listed.drivers[0].fault == "names no library; mend it");
  CHECK(listed.drivers[1].fault == "names libb.so, which ended the process; mend it");
  CHECK(listed.drivers[2].fault == "names libc.so, which does not load: no such file; mend it");
  CHECK(listed.drivers[3].fault == "names libd.so, which does not load: wrong ELF class: ELFCLASS32");
  CHECK_THAT(listed.drivers[4].fault,
             Catch::Matchers::StartsWith("does not load: no such file (the name ends with "));
  CHECK_THAT(listed.absence, ContainsSubstring("a names no library") &&
                                 ContainsSubstring("b names libb.so") &&
                                 Catch::Matchers::EndsWith("; install it"));
}

TEST_CASE("without any file the absence is what was found instead") {
  CHECK(join_answers("x", {}, files(), {}).absence == "no file");
}

TEST_CASE("layers that were left out and those that do not load are named, each once") {
  DriverFiles with = files();
  with.layers = {{"l.json (L)", "libl.so", ""}, {"m.json", "", "is no manifest"}};
  DriverAnswer first = answering("a", {{}});
  first.answer.layers = {{"l.json (L)", "libl.so", "no such file"},
                         {"f.json (F)", "libf.so", "wrong ELF class"}};
  const DriverAnswer second = first;
  const ListedAdapter listed =
      join_answers("x", {first, second}, with, {layer_left_out({"h.json (H)", "libh.so", ""}, "crashes")});
  REQUIRE(listed.layers.size() == 3);
  CHECK(listed.layers[0].fault ==
        "is a layer that names libh.so, which crashes; it is left out: repair or disable it");
  CHECK(listed.layers[1].fault == "is no manifest");
  CHECK_THAT(listed.layers[2].fault, ContainsSubstring("names libl.so, which does not load: no such file"));
}

TEST_CASE("a loader that does not go by its files is known by devices without the library") {
  std::vector<DriverAnswer> answers{answering("a", {}), answering("b", {{}})};
  CHECK(answer_for_all(answers) == nullptr);
  answers[1].answer.library_file.clear();
  CHECK(answer_for_all(answers) == &answers[1]);
}
