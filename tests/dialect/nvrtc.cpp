// Loading NVRTC and reading its assembler's words.
#include "tests/dialect/nvrtc.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <regex>

#include "base/error.h"

namespace moat {
namespace {

constexpr std::array names{"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so"};

template <class Function>
bool find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(dlsym(library, name));
  return function != nullptr;
}

/// The sum of all numbers that the pattern's group finds.
int sum_of(const std::string& log, const std::string& pattern) {
  const std::regex expression(pattern);
  int sum = 0;
  for (auto found = std::sregex_iterator(log.begin(), log.end(), expression); found != std::sregex_iterator();
       ++found) {
    sum += std::stoi((*found)[1].str());
  }
  return sum;
}

}  // namespace

OrUnsupported<Nvrtc> Nvrtc::load() {
  std::string tried;
  for (const char* name : names) {
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      tried += fmt::format("{}{}", tried.empty() ? "" : ", ", name);
      continue;
    }
    Nvrtc nvrtc;
    Symbols& symbols = nvrtc.symbols_;
    const bool complete = find(library, "nvrtcVersion", symbols.version) &&
                          find(library, "nvrtcCreateProgram", symbols.create) &&
                          find(library, "nvrtcCompileProgram", symbols.compile) &&
                          find(library, "nvrtcGetProgramLogSize", symbols.log_size) &&
                          find(library, "nvrtcGetProgramLog", symbols.log) &&
                          find(library, "nvrtcDestroyProgram", symbols.destroy);
    if (!complete) return Unsupported{fmt::format("{} lacks an entry point", name)};
    return nvrtc;
  }
  return Unsupported{fmt::format("no CUDA toolkit: {} not found", tried)};
}

std::string Nvrtc::version() const {
  int major = 0;
  int minor = 0;
  symbols_.version(&major, &minor);
  return fmt::format("NVRTC {}.{}", major, minor);
}

Compiled Nvrtc::compile(const std::string& source,
                        const std::vector<std::pair<std::string, std::int64_t>>& constants,
                        const std::string& architecture) const {
  std::vector<std::string> options{"--gpu-architecture=" + architecture, "--ptxas-options=-v", "-std=c++17"};
  for (const auto& [name, value] : constants) options.push_back(fmt::format("-D{}={}", name, value));
  std::vector<const char*> pointers;
  pointers.reserve(options.size());
  for (const std::string& option : options) pointers.push_back(option.c_str());
  void* program = nullptr;
  if (symbols_.create(&program, source.c_str(), "kernel.cu", 0, nullptr, nullptr) != 0) {
    throw DeviceError("nvrtcCreateProgram failed");
  }
  const int status = symbols_.compile(program, static_cast<int>(pointers.size()), pointers.data());
  std::size_t size = 0;
  symbols_.log_size(program, &size);
  std::string log(size, '\0');
  symbols_.log(program, log.data());
  symbols_.destroy(&program);
  if (status != 0) return log;
  return Resources{sum_of(log, "Used ([0-9]+) registers"), sum_of(log, "([0-9]+) bytes smem"),
                   sum_of(log, "([0-9]+) bytes spill")};
}

}  // namespace moat
