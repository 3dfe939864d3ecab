// Helpers of the requirements.
#include "tests/conformance/subject.h"

#include <fmt/format.h>

namespace moat::conformance {

void expect(bool kept, const std::string& text) {
  if (!kept) throw Violation(text);
}

std::string words_of_current_exception() {
  try {
    throw;
  } catch (const std::exception& error) {
    return fmt::format("'{}'", error.what());
  } catch (...) {
    return "what is no std::exception";
  }
}

std::vector<Requirement> requirements() {
  std::vector<Requirement> all;
  for (const auto part :
       {description_requirements(), memory_requirements(), kernel_requirements(), library_requirements()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::string no_exemption(const Subject&) {
  return "";
}

std::vector<std::byte> pattern(std::size_t bytes, unsigned first) {
  std::vector<std::byte> values(bytes);
  for (std::size_t i = 0; i < bytes; ++i) values[i] = static_cast<std::byte>((i + first) % 251);
  return values;
}

std::vector<std::byte> contents(Device& device, const Buffer& buffer) {
  std::vector<std::byte> bytes(buffer.bytes());
  device.read(buffer, 0, bytes);
  return bytes;
}

void expect_usable(Device& device, std::string_view after) {
  try {
    const auto buffer = device.allocate(1000);
    device.write(*buffer, 0, pattern(1000));
    expect(contents(device, *buffer) == pattern(1000), "a copy is wrong");
  } catch (const std::exception& error) {
    throw Violation(fmt::format("after {} the device is not usable: {}", after, error.what()));
  }
}

Timing time(Device& device, std::vector<Executable*> executables, std::size_t count) {
  return device.time(executables, count);
}

}  // namespace moat::conformance
