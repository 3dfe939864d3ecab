// Whether the kernel has ended processes because memory ran out. Must not know which process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace moat {

/// Counters that only grow; absent where the system has none.
struct MemoryKills {
  std::optional<std::int64_t> in_group;   // of this process's control group and those above it
  std::optional<std::int64_t> in_system;  // of the whole machine
  std::optional<std::int64_t> group_limit_bytes;
};
/// Below `root`, "/" but in tests.
[[nodiscard]] MemoryKills memory_kills(const std::filesystem::path& root = "/");

/// Which memory ran out between the two, in words: "the control group's limit of memory, 0.586 GiB"; empty
/// if none did.
[[nodiscard]] std::string exhausted_memory(const MemoryKills& before, const MemoryKills& after);

}  // namespace moat
