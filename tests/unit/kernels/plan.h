// What the tests of plans share: devices as a plan sees them, and what a plan says.
// Must not know any operator.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/implementation.h"
#include "kernels/operator.h"
#include "tests/catch.h"

namespace moat::test {

inline const Implementation& own_implementation(std::string_view operator_name, std::string_view name) {
  const auto all = find_operator(operator_name).implementations();
  return *std::find_if(all.begin(), all.end(), [&](const auto& candidate) { return candidate.name == name; });
}

inline Traits cpu(std::uint32_t native_vector = 16, std::uint32_t units = 2) {
  Traits traits;
  traits.kind = DeviceKind::cpu;
  traits.language = Language::opencl_c;
  traits.compute_units = units;
  traits.max_group_size = 4096;
  traits.max_group_shape = {4096, 4096, 4096};
  traits.local_memory_bytes = 1 << 20;
  traits.global_memory_bytes = std::size_t{8} << 30;
  traits.max_allocation_bytes = std::size_t{2} << 30;
  traits.native_vector_f32 = native_vector;
  traits.has_f64 = true;
  return traits;
}

inline Traits gpu() {
  Traits traits = cpu(1, 40);
  traits.kind = DeviceKind::gpu;
  traits.max_group_size = 256;
  traits.max_group_shape = {256, 256, 64};
  traits.local_memory_bytes = 32 << 10;
  return traits;
}

/// The plan for the problem `key` with the default parameters, changed.
inline OrUnsupported<Plan> plan(std::string_view name, const std::string& key, const Traits& traits,
                                const Values& changes = {}) {
  const auto problem = parse_problem(key);
  const Implementation& own = own_implementation(problem->operator_name(), name);
  Parameters parameters = own.defaults(*problem, traits);
  for (const auto& [parameter, value] : changes) parameters.values[parameter] = value;
  return own.plan(*problem, traits, parameters);
}

/// Why there is no plan; empty if there is one.
inline std::string reason(const OrUnsupported<Plan>& outcome) {
  const auto* unsupported = std::get_if<Unsupported>(&outcome);
  return unsupported == nullptr ? "" : unsupported->reason;
}

inline std::int64_t constant(const Step& step, std::string_view name) {
  const auto found = std::find_if(step.constants.begin(), step.constants.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  REQUIRE(found != step.constants.end());
  return found->second;
}

/// A step's integer arguments, in order.
inline std::vector<std::int64_t> integers(const Step& step) {
  std::vector<std::int64_t> values;
  for (const Argument& argument : step.arguments) {
    if (argument.kind == Argument::Kind::integer) values.push_back(argument.value);
  }
  return values;
}

}  // namespace moat::test
