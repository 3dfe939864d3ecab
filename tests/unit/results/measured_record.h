// Records of any problem whose samples all take the same time: rates that a test can reckon with.
#pragma once

#include <string>

#include "kernels/operator.h"
#include "tests/unit/results/random_record.h"

namespace moat::test {

/// An ok record of `key` with 8 samples of `seconds`.
inline Record measured_record(const std::string& device, const std::string& key, double seconds,
                              const std::string& implementation = "portable/opencl") {
  Record made = good_record(device, implementation);
  const auto problem = parse_problem(key);
  made.identity.problem = problem->key();
  made.operator_name = problem->operator_name();
  made.types = problem->types();
  made.work = problem->work();
  made.measurement->samples_seconds.assign(8, seconds);
  return made;
}

}  // namespace moat::test
