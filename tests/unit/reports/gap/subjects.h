// Subjects made by hand: rates that a test can reckon with.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "kernels/operator.h"
#include "reports/gap/subject.h"

namespace moat::test {

/// An ok record whose rate is `operations_per_second`, from 9 equal samples.
inline Record record(const std::string& device, const std::string& implementation, const std::string& key,
                     double operations_per_second) {
  const auto problem = parse_problem(key);
  Record made;
  made.identity = {device, implementation, problem->key(), {}};
  made.device_name = "device of " + device;
  made.adapter = device.substr(0, device.find(':'));
  made.operator_name = problem->operator_name();
  made.types = problem->types();
  made.work = problem->work();
  made.status = Status::ok;
  made.measurement.emplace();
  made.measurement->samples_seconds.assign(9, made.work.operations / operations_per_second);
  made.measurement->clock = "a clock";
  made.verdict.emplace();
  made.verdict->correct = true;
  made.verdict->max_error = 1e-6;
  made.verdict->tolerance = 1e-5;
  made.verdict->accumulation = "f32";
  made.effort.emplace();
  return made;
}

/// A hole, for `reason`.
inline Record hole(const std::string& device, const std::string& implementation, const std::string& key,
                   Status status, const std::string& reason) {
  Record made = record(device, implementation, key, 1);
  made.status = status;
  made.reason = reason;
  made.measurement.reset();
  made.verdict.reset();
  return made;
}

inline RunInfo run(const std::string& id, const std::string& host) {
  RunInfo made;
  made.id = id;
  made.host = host;
  return made;
}

inline Subject subject(const std::string& device, std::vector<Record> records,
                       RunInfo info = run("run", "machine")) {
  Subject made;
  made.label = device;
  made.device.id = device;
  made.device.name = "device of " + device;
  made.run = std::move(info);
  made.records = std::move(records);
  if (!made.records.empty()) made.provenance = made.records.front().provenance;
  return made;
}

/// The first statement of a kind, or null: remarks of a gap, conclusions of a report.
template <class Kind, class... Kinds>
const Kind* first(const std::vector<std::variant<Kinds...>>& statements) {
  for (const auto& statement : statements) {
    if (const auto* found = std::get_if<Kind>(&statement)) return found;
  }
  return nullptr;
}

/// Roofs as a published source would state them, in f32.
inline void state_roofs(Subject& made, double low, double high, double bytes_per_second) {
  made.device.roofs = {
      {RoofKind::arithmetic, Type::f32, Type::f32, between({low, high}), "a paper", true, nullptr},
      {RoofKind::memory, Type::f32, Type::f32, exactly(bytes_per_second), "a paper", true, nullptr}};
}

}  // namespace moat::test
