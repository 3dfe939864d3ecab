// The fields of a record and of its parts, each list once: for the stored line and for the pipe between
// coordinator and worker. The grammar is base/json_fields.h's; must not know files.
#pragma once

#include <limits>

#include "base/json_fields.h"
#include "results/parameters.h"
#include "results/record.h"

namespace moat {

template <>
inline constexpr auto parse_word<Type> = &parse_type;
template <>
inline constexpr auto parse_word<Data> = &parse_data;
template <>
inline constexpr auto parse_word<Cache> = &parse_cache;
template <>
inline constexpr auto parse_word<Status> = &parse_status;
template <>
inline constexpr auto parse_word<Provenance> = &parse_provenance;

/// [low, high].
inline void encode(const JsonSink& to, const Interval& value) {
  encode(to, std::pair{value.low, value.high});
}
inline void decode(const JsonSource& from, Interval& value) {
  std::pair<double, double> ends;
  decode(from, ends);
  value = {ends.first, ends.second};
}

template <class Visit, MaybeConst<Types> T>
void visit_fields(const Visit& visit, T& types) {
  auto& [input, accumulate, output] = types;
  visit("input", input);
  visit("accumulate", accumulate);
  visit("output", output);
}

template <class Visit, MaybeConst<Work> T>
void visit_fields(const Visit& visit, T& work) {
  auto& [operations, bytes_read, bytes_written] = work;
  visit("operations", operations);
  visit("bytes_read", bytes_read);
  visit("bytes_written", bytes_written);
}

template <class Visit, MaybeConst<Conditions> T>
void visit_fields(const Visit& visit, T& conditions) {
  auto& [data, cache, seed] = conditions;
  visit("data", data);
  visit("cache", cache);
  visit("seed", seed);
}

template <class Visit, MaybeConst<Case> T>
void visit_fields(const Visit& visit, T& identity) {
  auto& [device, implementation, problem, conditions] = identity;
  visit("device", device);
  visit("implementation", implementation);
  visit("problem", problem);
  visit("conditions", conditions);
}

template <class Visit, MaybeConst<Measurement> T>
void visit_fields(const Visit& visit, T& measurement) {
  auto& [samples_seconds, batch, clock, clock_resolution_seconds, clock_ratio, stop_reason,
         warm_up_executions, warm_up_seconds, round_samples] = measurement;
  visit("samples_seconds", samples_seconds);
  visit.added("round_samples", round_samples);
  visit("batch", batch);
  visit("clock", clock);
  visit("clock_resolution_seconds", clock_resolution_seconds);
  visit("clock_ratio", clock_ratio);
  visit("stop_reason", stop_reason);
  visit("warm_up_executions", warm_up_executions);
  visit("warm_up_seconds", warm_up_seconds);
}

inline std::optional<FieldFault> field_fault(const Measurement& measurement) {
  std::uint64_t left = measurement.samples_seconds.size();
  for (const std::uint64_t count : measurement.round_samples) {
    if (count == 0 || count > left) return FieldFault{"round_samples", "are not the rounds of the samples"};
    left -= count;
  }
  if (left > 0 && !measurement.round_samples.empty())
    return FieldFault{"round_samples", "are not the rounds of the samples"};
  return std::nullopt;
}

template <class Visit, MaybeConst<Circumstances> T>
void visit_fields(const Visit& visit, T& circumstances) {
  auto& [threads_asked, threads_granted, kernels, waited, stolen, throttled, pressure, interruptions,
         thermal_throttles, disturbed_attempts, remarks] = circumstances;
  visit("threads_asked", threads_asked);
  visit("threads_granted", threads_granted);
  visit("kernels", kernels);
  visit("waited", waited);
  visit("stolen", stolen);
  visit("throttled", throttled);
  visit("pressure", pressure);
  visit("interruptions", interruptions);
  visit("thermal_throttles", thermal_throttles);
  visit("disturbed_attempts", disturbed_attempts);
  visit("remarks", remarks);
}

template <class Visit, MaybeConst<Verdict> T>
void visit_fields(const Visit& visit, T& verdict) {
  auto& [correct, max_error, tolerance, bias, accumulation, method, checked, reason, false_acceptance] =
      verdict;
  visit("correct", correct);
  visit("max_error", max_error, std::numeric_limits<double>::infinity());
  visit("tolerance", tolerance);
  visit("bias", bias);
  visit("accumulation", accumulation);
  visit("method", method);
  visit("checked", checked);
  visit("reason", reason);
  visit.added("false_acceptance", false_acceptance);
}

template <class Visit, MaybeConst<Effort> T>
void visit_fields(const Visit& visit, T& effort) {
  auto& [compile_seconds, first_call_seconds, verify_seconds, kernel_seconds, total_seconds] = effort;
  visit("compile_seconds", compile_seconds);
  visit("first_call_seconds", first_call_seconds);
  visit("verify_seconds", verify_seconds);
  visit("kernel_seconds", kernel_seconds);
  visit("total_seconds", total_seconds);
}

// Its case's fields stand among its own, as they always have.
template <class Visit, MaybeConst<Record> T>
void visit_fields(const Visit& visit, T& record) {
  auto& [identity, adapter, device_name, driver, operator_name, types, work, status, reason, log, provenance,
         measurement, circumstances, verdict, effort, parameters, parameters_source, features,
         library_version, unstated, stated_interval_seconds, note, suite, workload, started_utc, command] =
      record;
  auto& [device, implementation, problem, conditions] = identity;
  visit("device", device);
  visit("adapter", adapter);
  visit("implementation", implementation);
  visit("operator", operator_name);
  visit("problem", problem);
  visit("types", types);
  visit("conditions", conditions);
  visit("status", status);
  visit("reason", reason);
  visit("provenance", provenance);
  visit("measurement", measurement);
  visit.added("circumstances", circumstances);
  visit("work", work);
  visit("verdict", verdict);
  visit("command", command);
  visit("device_name", device_name);
  visit("driver", driver);
  visit("library_version", library_version);
  visit("parameters", parameters);
  visit("parameters_source", parameters_source);
  visit.added("features", features);
  visit.added("unstated", unstated);
  visit.added("stated_interval_seconds", stated_interval_seconds);
  visit.added("note", note);
  visit("suite", suite);
  visit("workload", workload);
  visit("started_utc", started_utc);
  visit("effort", effort);
  visit("log", log);
}

}  // namespace moat
