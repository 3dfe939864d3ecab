// Cases as Google Benchmark benchmarks. Works with 1.7 to 1.9.
#include "bench/measure/google.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <exception>
#include <memory>

#include "results/figures.h"

namespace moat {
namespace {

// Its JSON writer prints NaN and infinity bare, which is no JSON: such a counter stays out. So does zero,
// whose coefficient of variation over repetitions would be NaN.
void count(benchmark::State& state, const char* name, double value) {
  if (std::isfinite(value) && value != 0) state.counters[name] = value;
}

void report(benchmark::State& state, const Record& record) {
  const std::string label =
      std::string(name(record.status)) + (record.reason.empty() ? "" : ": " + record.reason);
  const Figures computed = figures(record);
  if (record.status != Status::ok || !computed.median_seconds) {
    state.SkipWithError(label.c_str());
    return;
  }
  state.SetIterationTime(*computed.median_seconds);
  count(state, "operations_per_second", computed.operations_per_second.value_or(0));
  count(state, "bytes_per_second", computed.bytes_per_second.value_or(0));
  count(state, "samples", static_cast<double>(record.measurement->samples_seconds.size()));
  if (computed.relative_half_width) count(state, "relative_half_width", *computed.relative_half_width);
  if (record.verdict) count(state, "max_error", record.verdict->max_error);
}

class SilentReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& /*runs*/) override {}
};

}  // namespace

GuardedMeasure guarded(MeasureCase measure) {
  const auto broken = std::make_shared<std::exception_ptr>();
  return {[broken, measure = std::move(measure)](std::size_t index) {
            if (*broken) return Record{};
            try {
              return measure(index);
            } catch (...) {
              *broken = std::current_exception();
              return Record{};
            }
          },
          [broken] {
            if (*broken) std::rethrow_exception(*broken);
          }};
}

void register_cases(const std::vector<std::string>& case_ids, const MeasureCase& measure) {
  benchmark::ClearRegisteredBenchmarks();
  for (std::size_t index = 0; index < case_ids.size(); ++index) {
    benchmark::RegisterBenchmark(case_ids[index].c_str(),
                                 [measure, index](benchmark::State& state) {
                                   for (auto _ : state) {
                                     report(state, measure(index));
                                   }
                                 })
        ->Iterations(1)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  }
}

void run_registered_cases() {
  SilentReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, "all");
}

int google_benchmark_main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}

}  // namespace moat
