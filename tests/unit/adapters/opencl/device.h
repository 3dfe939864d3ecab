// The first OpenCL device of this machine, for the tests that need one. Having none is a failure, not a skip:
// scripts/setup.sh installs one for the CPU.
#pragma once

#include <memory>
#include <vector>

#include "adapters/opencl/adapter.h"
#include "tests/catch.h"
#include "tests/unit/adapters/buffers.h"

inline std::unique_ptr<moat::Device> open_first_device() {
  const auto adapter = moat::make_opencl_adapter();
  const moat::Discovery found = adapter->discover();
  if (found.devices.empty()) FAIL("these tests need an OpenCL device: " << found.absence);
  return adapter->open(0);
}
