// What coordinator and worker say survives the pipe, and what is no message is refused with its speaker.
#include "bench/worker/worker_messages.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/json.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;

namespace {

using test::RandomRecords;

std::vector<std::pair<std::string, std::string>> pairs(RandomRecords& random) {
  std::vector<std::pair<std::string, std::string>> made;
  for (std::uint64_t i = random.below(4); i > 0; --i) made.emplace_back(random.text(), random.text());
  return made;
}

Traits traits(RandomRecords& random) {
  Traits made;
  made.kind = random.pick<DeviceKind>(3);
  made.language = random.pick<Language>(6);
  made.compute_units = static_cast<std::uint32_t>(random.bits());
  for (std::size_t* number :
       {&made.max_group_size, &made.max_group_shape[0], &made.max_group_shape[1], &made.max_group_shape[2],
        &made.local_memory_bytes, &made.global_memory_bytes, &made.max_allocation_bytes,
        &made.max_argument_bytes, &made.last_level_cache_bytes, &made.max_groups[0], &made.max_groups[1],
        &made.max_groups[2]})
    *number = random.bits();
  for (bool* truth : {&made.local_memory_is_dedicated, &made.has_f64, &made.has_f16, &made.has_16_bit_storage,
                      &made.has_8_bit_storage, &made.has_i64, &made.has_integer_dot})
    *truth = random.below(2) == 0;
  made.native_vector_f32 = static_cast<std::uint32_t>(random.bits());
  made.subgroup_size = static_cast<std::uint32_t>(random.bits());
  for (std::uint64_t i = random.below(3); i > 0; --i) {
    made.matrix_shapes.push_back({random.pick<Type>(9), random.pick<Type>(9),
                                  static_cast<std::uint32_t>(random.bits()), 8, 16,
                                  random.pick<MatrixExtension>(2)});
  }
  return made;
}

DriverFile driver_file(RandomRecords& random) {
  return {random.text(), random.text(), random.text()};
}

DeviceRoute route(RandomRecords& random) {
  return {driver_file(random), {driver_file(random)}, {{random.text(), random.text()}}, random.below(100)};
}

ListedAdapter adapter(RandomRecords& random) {
  ListedAdapter made{random.text(), random.text(), {}};
  for (std::uint64_t i = random.below(3); i > 0; --i) {
    ListedDevice device;
    DeviceInfo& info = device.info;
    for (std::string* text : {&device.id, &device.adapter, &device.fault, &info.name, &info.vendor,
                              &info.driver, &info.architecture, &info.platform, &info.clock.name})
      *text = random.text();
    info.traits = traits(random);
    info.clock.resolution_seconds = random.number();
    info.emulated = random.below(2) == 0;
    info.identities = {random.text(), random.text()};
    info.details = pairs(random);
    for (std::uint64_t j = random.below(3); j > 0; --j)
      device.libraries.push_back({random.text(), random.text()});
    device.absent_libraries = pairs(random);
    device.route = route(random);
    info.rank = {static_cast<std::int64_t>(random.bits()), -1};
    made.devices.push_back(std::move(device));
  }
  made.drivers = {{random.text(), random.text(), 3, random.text(), true}};
  made.layers = {{random.text(), random.text(), 0, random.text(), false}};
  return made;
}

RunnerSettings settings(RandomRecords& random) {
  RunnerSettings made;
  for (double* number :
       {&made.limits.warm_up_seconds, &made.limits.sample_seconds, &made.limits.resolutions_per_sample,
        &made.limits.cap_seconds, &made.limits.precision})
    *number = random.number();
  made.limits.least_samples = random.bits();
  made.limits.most_samples = random.bits();
  if (random.below(2) == 0) made.kernel_dir = random.text();
  made.verify_only = random.below(2) == 0;
  return made;
}

RunRequest request(RandomRecords& random) {
  RunRequest made;
  const Record record = random.record();
  if (random.below(2) == 0) made.parameters.values = record.parameters;
  made.parameters.source = random.text();
  if (random.below(2) == 0) made.cap_seconds = random.number();
  made.round = random.bits();
  made.rounds = random.bits();
  made.known_seconds = random.number();
  return made;
}

/// The text says everything, by the lists of fields that the compiler holds complete.
template <class Message, class Parse>
Message passed(const Message& message, const Parse& parse) {
  const std::string line = message_text(message);
  REQUIRE(line.find('\n') == std::string::npos);
  Message read = parse(line);
  REQUIRE(read.index() == message.index());
  REQUIRE(message_text(read) == line);
  return read;
}

}  // namespace

TEST_CASE("every request is the same after the pipe") {
  RandomRecords random(3);
  for (int i = 0; i < 300; ++i) {
    passed(WorkerRequest(DriverFilesRequest{random.text(), {{random.text(), random.text()}}}), parse_request);
    const InventoryRequest inventory{random.text(), route(random), {driver_file(random)}};
    const auto asked_for = passed(WorkerRequest(inventory), parse_request);
    CHECK(std::get<InventoryRequest>(asked_for).route == inventory.route);
    CHECK(std::get<InventoryRequest>(asked_for).layers == inventory.layers);
    passed(WorkerRequest(ProcessRequest{}), parse_request);
    const RunnerSettings sent = settings(random);
    const auto opened =
        passed(WorkerRequest(OpenRequest{random.text(), inventory.route, sent}), parse_request);
    CHECK(std::get<OpenRequest>(opened).route == inventory.route);
    const RunnerSettings& received = std::get<OpenRequest>(opened).settings;
    CHECK(received.limits.cap_seconds == sent.limits.cap_seconds);
    CHECK(received.kernel_dir == sent.kernel_dir);
    const CaseRequest asked{random.record().identity, request(random)};
    const auto heard = std::get<CaseRequest>(passed(WorkerRequest(asked), parse_request));
    CHECK(heard.identity == asked.identity);
    CHECK(heard.request.parameters.values == asked.request.parameters.values);
    CHECK(heard.request.cap_seconds == asked.request.cap_seconds);
    CHECK(heard.request.round == asked.request.round);
  }
}

TEST_CASE("every answer is the same after the pipe") {
  RandomRecords random(4);
  for (int i = 0; i < 300; ++i) {
    passed(WorkerAnswer(OpenedAnswer{}), parse_answer);
    passed(WorkerAnswer(LoadingAnswer{random.text()}), parse_answer);
    const DriverFilesAnswer files{
        true, {{driver_file(random)}, {driver_file(random)}, random.text(), random.text(), random.text()}};
    const auto found = std::get<DriverFilesAnswer>(passed(WorkerAnswer(files), parse_answer));
    CHECK(found.files.drivers == files.files.drivers);
    CHECK(found.files.layers == files.files.layers);
    passed(WorkerAnswer(FaultAnswer{random.text()}), parse_answer);
    passed(WorkerAnswer(PhaseAnswer{random.text()}), parse_answer);
    passed(WorkerAnswer(ProcessAnswer{Json{{"b", 1}, {"a", random.text()}}}), parse_answer);
    const ListedAdapter listed = adapter(random);
    const auto told = passed(WorkerAnswer(InventoryAnswer{listed}), parse_answer);
    const ListedAdapter& heard = std::get<InventoryAnswer>(told).adapter;
    REQUIRE(heard.devices.size() == listed.devices.size());
    for (std::size_t j = 0; j < heard.devices.size(); ++j) {
      CHECK(heard.devices[j].libraries == listed.devices[j].libraries);
      CHECK(heard.devices[j].info.traits.matrix_shapes == listed.devices[j].info.traits.matrix_shapes);
      CHECK(heard.devices[j].info.traits.kind == listed.devices[j].info.traits.kind);
    }
    const Record record = random.record();
    CHECK(heard.drivers == listed.drivers);
    CHECK(heard.layers == listed.layers);
    CHECK(std::get<RecordAnswer>(passed(WorkerAnswer(RecordAnswer{record}), parse_answer)).record == record);
  }
}

TEST_CASE("an error that is not finite comes back as it went") {
  Record record = test::good_record();
  record.verdict->max_error = std::numeric_limits<double>::infinity();
  record.verdict->bias = std::numeric_limits<double>::quiet_NaN();
  const WorkerAnswer answer = parse_answer(message_text(WorkerAnswer(RecordAnswer{record})));
  CHECK(std::isinf(std::get<RecordAnswer>(answer).record.verdict->max_error));
  CHECK(std::isnan(std::get<RecordAnswer>(answer).record.verdict->bias));
}

TEST_CASE("what is no message is refused with its speaker and the field") {
  CHECK_THROWS_WITH(parse_answer("{"), "worker: not JSON at byte 2");
  CHECK_THROWS_WITH(parse_answer("[]"), "worker: the line is not an object");
  CHECK_THROWS_WITH(parse_answer("{}"), "worker: the line is none of the known messages");
  CHECK_THROWS_WITH(parse_answer(R"({"open": {}})"), "worker: the line is none of the known messages");
  CHECK_THROWS_WITH(parse_answer(R"({"phase": {}})"), "worker: 'phase.phase' is missing");
  CHECK_THROWS_WITH(parse_request(R"({"open": {"device": 3}})"), "coordinator: 'open.device' is not text");
  CHECK_THROWS_AS(parse_request(R"({"case": {}})"), UsageError);
}
