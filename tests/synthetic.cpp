// Synthetic subjects.
#include "tests/synthetic.h"

#include <fmt/format.h>

#include <array>
#include <random>

#include "base/json.h"
#include "kernels/implementation_name.h"
#include "kernels/operator.h"

namespace moat::test {
namespace {

struct Shape {
  std::string_view operator_name;
  std::string_view rest;
  std::string_view workload;
};
constexpr std::array<Shape, 3> shapes{{{"gemm", "m={0},n={1},k={2}", "projection of a layer"},
                                       {"attention", "hq=8,sq={0},skv={1},d=64", "prefill"},
                                       {"convolution", "n=1,c=64,h={0},w={0},k=64,r=3,s=3,pad=1", "vision"}}};

/// Different for each `index`, and of a plausible size.
std::string key_of(std::size_t index) {
  static constexpr std::array<std::string_view, 4> types{"f32", "f16", "bf16", "f32"};
  const Shape& shape = shapes.at(index % shapes.size());
  const std::size_t size = 16 + 8 * (index / shapes.size());
  const std::string sizes = fmt::format(fmt::runtime(shape.rest), size, size + 32, 64);
  return fmt::format("{}:{},type={}", shape.operator_name, sizes, types.at(index % types.size()));
}

std::string device_name(std::size_t index) {
  static constexpr std::array<std::string_view, 3> names{"cuda", "alpha", "beta"};
  return fmt::format("{}:{}", names.at(index % names.size()), index);
}

/// Three of ten thousand cases and the like fail.
void make_hole(Record& record, std::size_t number) {
  static constexpr std::array<std::pair<Status, std::string_view>, 4> holes{
      {{Status::unsupported, "the library has no kernel for these types"},
       {Status::skipped, "one execution would take about 30 s"},
       {Status::wrong, "17 of 4096 outputs are out of bounds"},
       {Status::crashed, "the worker ended by signal 11"}}};
  if (number % 9 != 4) return;
  const auto& [status, reason] = holes.at(number / 9 % holes.size());
  record.status = status;
  record.reason = reason;
  if (status != Status::wrong) {
    record.measurement.reset();
    record.verdict.reset();
  }
}

Record record_of(std::size_t device, std::size_t number, const std::string& implementation,
                 const std::string& key, std::size_t samples, std::mt19937_64& random) {
  const auto problem = parse_problem(key);
  Record made;
  made.identity = {device_name(device), implementation, problem->key(), {}};
  made.adapter = "synthetic";
  made.device_name = fmt::format("Synthetic Accelerator {}", device);
  made.driver = "synthetic 1.2.3";
  made.operator_name = problem->operator_name();
  made.types = problem->types();
  made.work = problem->work();
  made.status = Status::ok;
  made.suite = "synthetic";
  made.workload = fmt::format("{}, {}", shapes.at(number % shapes.size()).workload, number % 7);
  made.library_version = is_library(implementation) ? "library 4.5" : "";
  made.command = fmt::format("moat run --device {} --implementation {} --problem {}", made.identity.device,
                             implementation, made.identity.problem);
  const double rate =
      1e11 * (1 + 0.3 * static_cast<double>(device % 5)) * (is_library(implementation) ? 1 : 0.4);
  std::lognormal_distribution<double> noise(0, 0.02);
  made.measurement.emplace();
  made.measurement->clock = "synthetic clock";
  made.measurement->stop_reason = "interval";
  for (std::size_t i = 0; i < samples; ++i)
    made.measurement->samples_seconds.push_back((1e-6 + made.work.operations / rate) * noise(random));
  made.verdict.emplace();
  made.verdict->correct = true;
  made.verdict->max_error = 1e-6;
  made.verdict->tolerance = 1e-5;
  made.verdict->accumulation = "f32";
  made.effort = Effort{0.1, 0.01, 0.02, 0.3, 0.5};
  make_hole(made, number);
  return made;
}

RunInfo run_of(const std::vector<RunDevice>& devices) {
  RunInfo run;
  run.id = "20261122T000000Z-0001";
  run.suite = "synthetic";
  run.command = "moat run --suite synthetic";
  run.host = "machine";
  run.system_id = "0123456789ab";
  run.started_utc = "2026-11-22T00:00:00Z";
  run.ended_utc = "2026-11-22T01:00:00Z";
  run.devices = devices;
  run.environment = Json{{"system", {{"cpu", {{"model", "Synthetic CPU"}, {"governor", "performance"}}}}}};
  return run;
}

}  // namespace

std::vector<Subject> synthetic_subjects(const SyntheticSize& size) {
  std::mt19937_64 random(1);
  std::vector<RunDevice> devices;
  for (std::size_t i = 0; i < size.devices; ++i) {
    RunDevice device;
    device.id = device_name(i);
    device.name = fmt::format("Synthetic Accelerator {}", i);
    device.vendor = "Synthetic";
    device.driver = "synthetic 1.2.3";
    device.platform = "Synthetic";
    device.identities = {fmt::format("pci:0000:{:02x}:00.0", i / 2 % 256)};
    device.details = {{"memory", "64 GiB"}, {"firmware", "unavailable: no query for it"}};
    devices.push_back(std::move(device));
  }
  const RunInfo run = run_of(devices);
  std::vector<Subject> subjects;
  for (const RunDevice& device : devices) {
    Subject& subject = subjects.emplace_back();
    subject.label = device.id;
    subject.device = device;
    subject.run = run;
  }
  for (std::size_t i = 0; i < size.cases && size.devices > 0; ++i) {
    const std::size_t device = i % size.devices;
    const std::size_t number = i / size.devices;
    const std::string implementation = number % 2 == 0 ? "library/synthetic" : "portable/synthetic";
    subjects[device].records.push_back(
        record_of(device, number, implementation, key_of(number / 2), size.samples, random));
  }
  return subjects;
}

void make_hostile(Subject& subject, std::string (*hostile)(std::size_t place)) {
  std::size_t place = 0;
  const auto attack = [&](std::string& text) { text = hostile(place++); };
  RunDevice& device = subject.device;
  for (std::string* text :
       {&subject.label, &device.name, &device.vendor, &device.driver, &device.platform, &device.architecture})
    attack(*text);
  device.identities = {hostile(place++)};
  device.details = {{hostile(place), hostile(place + 1)}};
  RunInfo& run = subject.run;
  for (std::string* text : {&run.suite, &run.command, &run.host, &run.system_id, &run.started_utc})
    attack(*text);
  run.ended_utc = hostile(place++);
  run.environment = Json{{hostile(place), hostile(place + 1)}};
  run.devices = {device};
  for (Record& record : subject.records) {
    for (std::string* text :
         {&record.identity.device, &record.identity.implementation, &record.identity.problem, &record.adapter,
          &record.device_name, &record.driver, &record.operator_name, &record.log, &record.parameters_source,
          &record.library_version, &record.suite, &record.workload, &record.started_utc, &record.command,
          &record.note})
      attack(*text);
    if (record.status != Status::ok) attack(record.reason);
    if (record.measurement) {
      attack(record.measurement->clock);
      attack(record.measurement->stop_reason);
    }
    if (record.verdict) {
      attack(record.verdict->accumulation);
      attack(record.verdict->method);
      attack(record.verdict->reason);
    }
    record.features = {hostile(place++)};
    record.parameters = {hostile(place), {{hostile(place + 1), 1}}};
    place += 2;
    record.unstated = {hostile(place++)};
  }
}

Findings findings_of(std::vector<Subject> subjects, bool compared, const std::string& title) {
  FindingsRequest request;
  if (compared && !subjects.empty()) request.reference = subjects.front().label;
  request.subjects = std::move(subjects);
  request.title = title;
  request.generated_utc = "2026-11-22T02:00:00Z";
  request.version = "0.0.0";
  request.command = "moat report";
  return find(std::move(request));
}

Findings with_portability(Findings findings) {
  findings.portability = {
      .platforms = {"cuda:0", "alpha:1", "beta:2"},
      .one_hardware = false,
      .problems = 3,
      .measured_problems = 5,
      .cascades = {{"portable", {{"alpha:1", 0.8, 0.8}, {"cuda:0", 0.5, 0.615}, {"beta:2", 0.4, 0.52}}},
                   {"library", {{"cuda:0", 1, 1}, {"alpha:1", 0.9, 0.947}, {"beta:2", 0, 0}}}},
      .navigation = {{"portable", 0.95, 0.52}, {"library", 0.4, 0}}};
  return findings;
}

}  // namespace moat::test
