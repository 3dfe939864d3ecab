// Proves that one source serves CUDA, too: compiles every C-like kernel for every type and shipped parameter
// set with NVRTC, which needs no GPU, and tables registers, shared memory and spills. What it cannot prove
// without a GPU is that the kernels compute what they should.
//
// Exit codes: 0 everything compiled; 1 something did not; 77 there is no NVRTC.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "bench/plan/suite.h"
#include "kernels/operator.h"
#include "reports/format/grid_terminal.h"
#include "tests/dialect/nvrtc.h"

namespace moat {
namespace {

/// A100 (108 units) and H100 (132), as their data sheets and CUDA's occupancy tables say.
Traits traits_of(std::uint32_t compute_units) {
  Traits traits;
  traits.kind = DeviceKind::gpu;
  traits.language = Language::cuda;
  traits.compute_units = compute_units;
  traits.max_group_size = 1024;
  traits.max_group_shape = {1024, 1024, 64};
  traits.local_memory_bytes = 48 << 10;
  traits.local_memory_is_dedicated = true;
  traits.global_memory_bytes = std::size_t{80} << 30;
  traits.max_allocation_bytes = traits.global_memory_bytes;
  traits.last_level_cache_bytes = 40 << 20;
  traits.has_f64 = true;
  return traits;
}

struct Architecture {
  std::string name;
  Traits traits;
};

struct Tally {
  Grid table{.id = "kernels",
             .columns = {{.key = "source", .title = "source"},
                         {.key = "kernel", .title = "kernel"},
                         {.key = "types", .title = "types"},
                         {.key = "constants", .title = "constants"},
                         {.key = "for", .title = "for"},
                         {.key = "registers", .title = "registers", .kind = GridKind::count},
                         {.key = "shared", .title = "shared", .kind = GridKind::count},
                         {.key = "spilled", .title = "spilled", .kind = GridKind::count}}};
  std::set<std::string> seen;  // kernel, constants, architecture
  std::size_t compiled = 0;
  std::vector<std::string> failures;
};

void compile_step(const Nvrtc& nvrtc, const Step& step, const Types& types, const std::string& architecture,
                  Tally& tally) {
  std::string constants;
  for (const auto& [name, value] : step.constants) {
    if (!name.ends_with("_TYPE")) constants += fmt::format(" {}={}", name, value);
  }
  const std::string type_names =
      fmt::format("{} {} {}", name(types.input), name(types.accumulate), name(types.output));
  if (!tally.seen.insert(step.source + step.entry + type_names + constants + architecture).second) return;
  const Compiled outcome =
      nvrtc.compile(kernel_source(step.source, Language::cuda), step.constants, architecture);
  if (const auto* log = std::get_if<std::string>(&outcome)) {
    tally.failures.push_back(fmt::format("{} {} {} for {}:{}\n{}", step.source, step.entry, type_names,
                                         architecture, constants, *log));
    return;
  }
  const auto& resources = std::get<Resources>(outcome);
  ++tally.compiled;
  tally.table.rows.push_back({cell(step.source), cell(step.entry), cell(type_names),
                              cell(constants.empty() ? "" : constants.substr(1)), cell(architecture),
                              cell(static_cast<double>(resources.registers)),
                              cell(static_cast<double>(resources.local_memory_bytes)),
                              cell(static_cast<double>(resources.spill_bytes))});
}

void compile_problem(const Nvrtc& nvrtc, const Problem& problem, const Architecture& architecture,
                     Tally& tally) {
  if (writes_nothing(problem)) return;  // no kernel
  for (const Implementation& implementation : find_operator(problem.operator_name()).implementations()) {
    const Parameters parameters = implementation.defaults(problem, architecture.traits);
    const OrUnsupported<Plan> plan = implementation.plan(problem, architecture.traits, parameters);
    if (const auto* unsupported = std::get_if<Unsupported>(&plan)) {
      fmt::print("{} {}: unsupported: {}\n", problem.key(), implementation.name, unsupported->reason);
      continue;
    }
    for (const Step& step : std::get<Plan>(plan).steps)
      compile_step(nvrtc, step, problem.types(), architecture.name, tally);
  }
}

int run() {
  const OrUnsupported<Nvrtc> loaded = Nvrtc::load();
  if (const auto* absent = std::get_if<Unsupported>(&loaded)) {
    fmt::print("{}\n", absent->reason);
    return 77;
  }
  const auto& nvrtc = std::get<Nvrtc>(loaded);
  const std::array architectures{Architecture{"sm_80", traits_of(108)},
                                 Architecture{"sm_90", traits_of(132)}};
  Tally tally;
  // Edges for every branch of the defaults, and a chip's headline for the large ones.
  for (const char* suite : {"verify", "standard"}) {
    for (const SuiteProblem& entry : load_suite(suite).problems) {
      for (const Architecture& architecture : architectures) {
        compile_problem(nvrtc, *entry.problem, architecture, tally);
      }
    }
  }
  fmt::print("{}\n{} of {} kernels compile with {}; none was run, for that takes a GPU\n",
             terminal_table(tally.table, {}), tally.compiled, tally.compiled + tally.failures.size(),
             nvrtc.version());
  for (const std::string& failure : tally.failures) fmt::print("\n{}", failure);
  return tally.failures.empty() && tally.compiled > 0 ? 0 : 1;
}

}  // namespace
}  // namespace moat

int main() {
  try {
    return moat::run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
