// The use of Google Benchmark: registration, filtering, listing, console and JSON output for existing tools.
// Each case is one iteration with manual time; the sampling is Moat's own (docs/adr/0003). google.cpp is the
// only file that includes its header.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "results/record.h"

namespace moat {

/// Measures case `index` and returns its record.
using MeasureCase = std::function<Record(std::size_t index)>;

/// Exceptions must not propagate through Google Benchmark. `measure` stores the first one and then does
/// nothing; `rethrow` throws it.
struct GuardedMeasure {
  MeasureCase measure;
  std::function<void()> rethrow;
};
[[nodiscard]] GuardedMeasure guarded(MeasureCase measure);

/// Registers one benchmark per id, replacing what was registered before.
void register_cases(const std::vector<std::string>& case_ids, const MeasureCase& measure);

/// Runs the registered cases in order without any output of its own.
void run_registered_cases();

/// A Google Benchmark program's main over the registered cases: its own flags, console and JSON.
/// Returns the exit status.
int google_benchmark_main(int argc, char** argv);

}  // namespace moat
