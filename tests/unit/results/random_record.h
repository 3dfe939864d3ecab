// Seeded random records with every status and with strings as drivers write them.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "results/record.h"

namespace moat::test {

class RandomRecords {
 public:
  explicit RandomRecords(std::uint64_t seed) : engine_(seed) {}

  /// Valid UTF-8 only, so that a round trip can be exact:
  /// quotes, control characters, two to four byte characters.
  std::string text() {
    static const std::vector<std::string> pieces{"a",
                                                 "Z",
                                                 "0",
                                                 " ",
                                                 "\"",
                                                 "\\",
                                                 "/",
                                                 "\n",
                                                 "\r",
                                                 "\t",
                                                 ":",
                                                 ",",
                                                 "=",
                                                 "\x01",
                                                 "\x1b[31m",
                                                 "\x7f",
                                                 std::string(1, '\0'),
                                                 "µ",
                                                 "·",
                                                 "海",
                                                 "😀",
                                                 "\u2028"};
    std::string made;
    for (std::uint64_t i = below(12); i > 0; --i) made += pieces[below(pieces.size())];
    return made;
  }

  /// Any finite double's bits.
  double number() {
    while (true) {
      const double value = std::bit_cast<double>(engine_());
      if (std::isfinite(value)) return value;
    }
  }

  Record record() {
    Record made;
    made.identity = {text(), text(), text(), {pick<Data>(5), pick<Cache>(2), engine_()}};
    made.adapter = text();
    made.device_name = text();
    made.driver = text();
    made.operator_name = text();
    made.types = {pick<Type>(9), pick<Type>(9), pick<Type>(9)};
    made.work = {number(), number(), number()};
    made.status = pick<Status>(10);
    made.reason = text();
    made.log = text();
    made.provenance = pick<Provenance>(4);
    if (below(2) == 0) made.measurement = measurement();
    if (below(2) == 0) made.circumstances = circumstances();
    if (below(2) == 0) {
      made.verdict = Verdict{below(2) == 0, number(), number(), number(), text(), text(), engine_(), text()};
    }
    if (below(2) == 0) made.effort = Effort{number(), number(), number(), number(), number()};
    if (below(2) == 0) made.parameters.method = text();
    for (std::uint64_t i = below(4); i > 0; --i)
      made.parameters.values[text()] = static_cast<std::int64_t>(engine_());
    made.parameters_source = text();
    for (std::uint64_t i = below(3); i > 0; --i) made.features.push_back(text());
    made.library_version = text();
    for (std::uint64_t i = below(3); i > 0; --i) made.unstated.push_back(text());
    if (below(2) == 0) made.stated_interval_seconds = Interval{number(), number()};
    made.note = text();
    made.suite = text();
    made.workload = text();
    made.started_utc = text();
    made.command = text();
    return made;
  }

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  std::uint64_t bits() { return engine_(); }
  template <class Enum>
  Enum pick(std::uint64_t count) {
    return static_cast<Enum>(below(count));
  }

 private:
  Circumstances circumstances() {
    Circumstances made;
    made.threads_asked = engine_();
    made.threads_granted = engine_();
    made.kernels = text();
    if (below(2) == 0) made.waited = number();
    if (below(2) == 0) made.throttled = number();
    if (below(2) == 0) made.interruptions = engine_();
    made.disturbed_attempts = engine_();
    for (std::uint64_t i = below(3); i > 0; --i) made.remarks.push_back(text());
    return made;
  }
  Measurement measurement() {
    Measurement made{{}, engine_(), text(), number(), number(), text(), engine_(), number(), {}};
    for (std::uint64_t i = below(5); i > 0; --i) made.samples_seconds.push_back(number());
    if (const std::uint64_t count = made.samples_seconds.size(); count > 1 && below(2) == 0)
      made.round_samples = {1, count - 1};
    return made;
  }
  std::mt19937_64 engine_;
};

/// A plain `ok` record of a small GEMM: 8 samples around 1 ms, median 1.0 ms.
inline Record good_record(const std::string& device = "null:0", const std::string& implementation = "naive",
                          const std::string& problem = "gemm:m=100,n=100,k=100,type=f32") {
  Record made;
  made.identity = {device, implementation, problem, {}};
  made.adapter = "null";
  made.device_name = "Null device";
  made.driver = "null 1";
  made.operator_name = "gemm";
  made.work = {2e6, 8e4, 4e4};
  made.status = Status::ok;
  made.measurement = Measurement{{1.00e-3, 1.01e-3, 0.99e-3, 1.02e-3, 1.00e-3, 0.98e-3, 1.00e-3, 1.00e-3},
                                 4,
                                 "steady_clock",
                                 1e-9,
                                 1.0,
                                 "interval",
                                 10,
                                 0.01};
  made.circumstances.emplace();
  made.verdict = Verdict{true, 1e-6, 1e-5, 0.1, "f32", "full", 10000, ""};
  made.effort = Effort{0.1, 0.2, 0.3, 0.4, 1.0};
  made.parameters = {"", {{"TILE_M", 12}}};
  made.parameters_source = "default for cpu";
  made.suite = "quick";
  made.workload = "square";
  made.started_utc = "2026-01-02T03:04:05Z";
  made.command = "moat run --problem " + problem;
  return made;
}

}  // namespace moat::test
