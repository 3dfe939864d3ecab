// Joining measurements, verdicts and efforts.
#include "bench/measure/rounds.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/environment/interference.h"

namespace moat {
namespace {

void append(Measurement& all, const Measurement& latest) {
  if (all.round_samples.empty()) all.round_samples.push_back(all.samples_seconds.size());
  all.round_samples.push_back(latest.samples_seconds.size());
  all.samples_seconds.insert(all.samples_seconds.end(), latest.samples_seconds.begin(),
                             latest.samples_seconds.end());
  all.stop_reason = latest.stop_reason;
  all.warm_up_executions += latest.warm_up_executions;
  all.warm_up_seconds += latest.warm_up_seconds;
}

/// Of the outputs, relative to what is accepted; the larger, the worse.
double relative_error(const Verdict& verdict) {
  return verdict.tolerance > 0 ? verdict.max_error / verdict.tolerance : verdict.max_error;
}

void add(Effort& all, const Effort& latest) {
  all.verify_seconds += latest.verify_seconds;
  all.kernel_seconds += latest.kernel_seconds;
  all.total_seconds += latest.total_seconds;
}

void merge(Circumstances& all, const Circumstances& latest) {
  all.threads_granted = std::min(all.threads_granted, latest.threads_granted);
  keep_note(latest, all);
  all.disturbed_attempts += latest.disturbed_attempts;
  for (const std::string& remark : latest.remarks) {
    if (std::ranges::find(all.remarks, remark) == all.remarks.end()) all.remarks.push_back(remark);
  }
}

void end(Record& record, Status status, std::uint64_t round, std::uint64_t rounds, const std::string& why) {
  record.status = status;
  record.reason = fmt::format("in round {} of {}: {}", round, rounds, why);
}

}  // namespace

Record joined(Record earlier, const Record& latest, std::uint64_t round, std::uint64_t rounds) {
  const bool has_samples = latest.measurement && !latest.measurement->samples_seconds.empty();
  if (earlier.circumstances && latest.circumstances) merge(*earlier.circumstances, *latest.circumstances);
  if (latest.status == Status::disturbed) {
    Circumstances& made = earlier.circumstances ? *earlier.circumstances : earlier.circumstances.emplace();
    ++made.disturbed_attempts;
    if (earlier.status == Status::ok) {  // the rounds before stand by themselves
      made.remarks.push_back(fmt::format("round {} of {} is left out: {}", round, rounds, latest.reason));
    } else {
      earlier.reason = latest.reason;
    }
  } else if (earlier.status == Status::disturbed && latest.status == Status::ok) {
    earlier.status = Status::ok;
    earlier.reason.clear();
    earlier.measurement = latest.measurement;
  } else if (latest.status != Status::ok) {
    end(earlier, latest.status, round, rounds, latest.reason);
    earlier.log = latest.log;
  } else if (has_samples && earlier.measurement && latest.measurement->clock != earlier.measurement->clock) {
    end(earlier, Status::untrusted, round, rounds,
        fmt::format("timed by {}, and the rounds before by {}", latest.measurement->clock,
                    earlier.measurement->clock));
  } else if (has_samples && earlier.measurement) {
    append(*earlier.measurement, *latest.measurement);
  }
  // What the first round has done to accept the result holds for all.
  const double false_acceptance = earlier.verdict ? earlier.verdict->false_acceptance : 0;
  if (latest.verdict && (!earlier.verdict || !latest.verdict->correct ||
                         relative_error(*latest.verdict) > relative_error(*earlier.verdict))) {
    earlier.verdict = latest.verdict;
    if (latest.verdict->correct) earlier.verdict->false_acceptance = false_acceptance;
  }
  if (earlier.effort && latest.effort) add(*earlier.effort, *latest.effort);
  return earlier;
}

}  // namespace moat
