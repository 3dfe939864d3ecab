// The first Vulkan device of this machine, for the tests that need one. Having none is a failure, not a skip:
// scripts/setup.sh installs one for the CPU. And the kernels of vulkan_kernels.comp.
#pragma once

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/vulkan/adapter.h"
#include "base/error.h"
#include "tests/catch.h"
#include "tests/unit/adapters/buffers.h"

/// As the environment asks (MOAT_VULKAN_VALIDATION), but without a cache in the user's folders.
inline moat::vulkan::Configuration test_configuration() {
  moat::vulkan::Configuration configuration = moat::vulkan::configuration_of_environment();
  configuration.cache_folder = std::nullopt;
  return configuration;
}

inline std::unique_ptr<moat::Device> open_first_device(
    const moat::vulkan::Configuration& configuration = test_configuration()) {
  const auto adapter = moat::vulkan::make_adapter(configuration);
  const moat::Discovery found = adapter->discover();
  if (found.devices.empty()) FAIL("these tests need a Vulkan device: " << found.absence);
  return adapter->open(0);
}

/// The SPIR-V of `kernel` in vulkan_kernels.comp.
inline std::string module_of(const std::string& kernel) {
  std::ifstream stream(std::string(MOAT_VULKAN_TEST_MODULES) + "/vulkan_" + kernel + ".spv",
                       std::ios::binary);
  if (!stream) FAIL("no module of kernel " << kernel);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

inline std::shared_ptr<moat::Kernel> compile(
    moat::Device& device, const std::string& kernel,
    const std::vector<std::pair<std::string, std::int64_t>>& constants = {}) {
  return device.compile(module_of(kernel), "main", constants);
}

inline moat::Timing time_one(moat::Device& device, moat::Executable& executable, std::size_t count) {
  moat::Executable* const rotation[] = {&executable};
  return device.time(rotation, count);
}

inline std::unique_ptr<moat::Executable> counting(moat::Device& device, moat::Buffer& counter) {
  return device.prepare({moat::Launch{.kernel = compile(device, "count"), .arguments = {&counter}}});
}
