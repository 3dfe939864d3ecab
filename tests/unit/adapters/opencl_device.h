// The first OpenCL device of this machine, for the tests that need one. Having none is a failure, not a skip:
// scripts/setup.sh installs one for the CPU.
#pragma once

#include <memory>
#include <vector>

#include "adapters/opencl/adapter.h"
#include "tests/catch.h"

inline std::unique_ptr<moat::Device> open_first_device() {
  const auto adapter = moat::make_opencl_adapter();
  const moat::Discovery found = adapter->discover();
  if (found.devices.empty()) FAIL("these tests need an OpenCL device: " << found.absence);
  return adapter->open(0);
}

template <class T>
std::unique_ptr<moat::Buffer> buffer_of(moat::Device& device, const std::vector<T>& values) {
  auto buffer = device.allocate(values.size() * sizeof(T));
  device.write(*buffer, 0, std::as_bytes(std::span(values)));
  return buffer;
}

template <class T>
std::vector<T> values_of(moat::Device& device, const moat::Buffer& buffer) {
  std::vector<T> values(buffer.bytes() / sizeof(T));
  device.read(buffer, 0, std::as_writable_bytes(std::span(values)));
  return values;
}
