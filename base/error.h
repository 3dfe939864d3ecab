// The exceptions of this project. A missing feature is a value with a reason (Unsupported, implementation.h);
// exceptions are for the unexpected. If the user can correct the cause, the message says how.
#pragma once

#include <stdexcept>
#include <string>

namespace moat {

/// The request itself is wrong: unknown name, malformed file, impossible option.
/// The command line exits with code 2.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A call into a driver or library failed. `what()` has the call's text, the code's name and the place.
class DeviceError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The device (or the host on its behalf) has no memory left for the case.
class OutOfMemory : public DeviceError {
  using DeviceError::DeviceError;
};

/// A kernel did not compile; `log()` is the compiler's output.
class CompileError : public DeviceError {
 public:
  CompileError(const std::string& what, std::string log) : DeviceError(what), log_(std::move(log)) {}
  [[nodiscard]] const std::string& log() const { return log_; }

 private:
  std::string log_;
};

/// What is said of an error; of files and system calls "<path>: <words>" instead of the standard library's
/// own way, and where a resource is exhausted what to do (way_out in base/exhaustion.h).
[[nodiscard]] std::string failure_text(const std::exception& error);

}  // namespace moat
