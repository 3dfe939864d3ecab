// What a requirement is checked on, and the words to check it with. Knows the interface and no adapter.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/adapter.h"

namespace moat::conformance {

/// A broken requirement, in words.
class Violation : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws Violation with `text` unless `kept`.
void expect(bool kept, const std::string& text);

/// In a catch block: what the exception says, in quotes.
[[nodiscard]] std::string words_of_current_exception();

/// Throws Violation unless `call` throws Error or what derives from it.
template <class Error, class Call>
void expect_throws(std::string_view what, std::string_view error, Call call) {
  std::string instead = "nothing";
  try {
    call();
  } catch (const Error&) {
    return;
  } catch (...) {
    instead = words_of_current_exception();
  }
  throw Violation(std::string(what) + " threw " + instead + ", not " + std::string(error));
}

/// A device opened for one requirement.
struct Subject {
  Adapter& adapter;
  std::size_t index;
  DeviceInfo discovered;
  std::unique_ptr<Device> device;
};

struct Requirement {
  std::string_view name;  // a sentence; known_failures refer to it
  /// Why it says nothing about this device, or "".
  std::string (*exempt)(const Subject&);
  /// Throws Violation, or lets any exception through that the interface does not allow.
  void (*check)(Subject&);
};

/// All of them, from description.cpp, memory.cpp, kernels.cpp and libraries.cpp.
[[nodiscard]] std::vector<Requirement> requirements();
[[nodiscard]] std::span<const Requirement> description_requirements();
[[nodiscard]] std::span<const Requirement> memory_requirements();
[[nodiscard]] std::span<const Requirement> kernel_requirements();
[[nodiscard]] std::span<const Requirement> library_requirements();

/// For requirements that hold for every device.
[[nodiscard]] std::string no_exemption(const Subject& subject);

/// Bytes 0, 1, 2, … (plus `first`, modulo 251), so that shifted or repeated copies show.
[[nodiscard]] std::vector<std::byte> pattern(std::size_t bytes, unsigned first = 0);
[[nodiscard]] std::vector<std::byte> contents(Device& device, const Buffer& buffer);
/// Writes and reads a fresh buffer: what any device must still do after an exception.
/// `after` is for the message.
void expect_usable(Device& device, std::string_view after);

/// Times `executables` in turn, `count` executions in all.
Timing time(Device& device, std::vector<Executable*> executables, std::size_t count);

}  // namespace moat::conformance
