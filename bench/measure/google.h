// Google Benchmark's part: registration, filtering, listing, console and JSON output for its ecosystem. Each
// case is one iteration in manual time; the sampling is ours (docs/adr/0003). The only file that includes its
// header.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "results/record.h"

namespace moat {

/// Measures case `index` and returns its record.
using MeasureCase = std::function<Record(std::size_t index)>;

/// An exception may not pass through Google Benchmark: `measure` keeps the first one and does nothing from
/// then on.
struct GuardedMeasure {
  MeasureCase measure;
  std::function<void()> rethrow;
};
[[nodiscard]] GuardedMeasure guarded(MeasureCase measure);

/// Registers one benchmark per id, replacing what was registered before.
void register_cases(const std::vector<std::string>& case_ids, const MeasureCase& measure);

/// Runs the registered cases in order, silently: what there is to say is said by `measure`.
void run_registered_cases();

/// A Google Benchmark program's main over the registered cases: its own flags, console and JSON. Returns the
/// exit status.
int google_benchmark_main(int argc, char** argv);

}  // namespace moat
