// CUDA's run-time compiler, loaded if it is there: it needs no GPU. Must not know kernels.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "kernels/implementation.h"

namespace moat {

/// What a kernel takes of an architecture, as the assembler reports it.
struct Resources {
  int registers = 0;           // per work-item
  int local_memory_bytes = 0;  // per group: CUDA's shared memory
  int spill_bytes = 0;         // stores and loads together
};

/// A compiled kernel's resources, or the compiler's log.
using Compiled = std::variant<Resources, std::string>;

class Nvrtc {
 public:
  /// Unsupported with the names that were tried.
  [[nodiscard]] static OrUnsupported<Nvrtc> load();

  [[nodiscard]] std::string version() const;
  /// `architecture`: "sm_80".
  [[nodiscard]] Compiled compile(const std::string& source,
                                 const std::vector<std::pair<std::string, std::int64_t>>& constants,
                                 const std::string& architecture) const;

 private:
  struct Symbols {
    int (*version)(int*, int*) = nullptr;
    int (*create)(void**, const char*, const char*, int, const char* const*, const char* const*) = nullptr;
    int (*compile)(void*, int, const char* const*) = nullptr;
    int (*log_size)(void*, std::size_t*) = nullptr;
    int (*log)(void*, char*) = nullptr;
    int (*destroy)(void**) = nullptr;
  };
  Symbols symbols_;
};

}  // namespace moat
