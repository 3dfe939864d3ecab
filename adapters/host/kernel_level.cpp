// Names of cores and instruction sets, and the sentence about them.
#include "adapters/host/kernel_level.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "adapters/host/machine.h"

namespace moat::host {
namespace {

struct Row {
  KernelLevel level;
  std::vector<std::string_view> names;  // in lower case
};

/// OpenBLAS: driver/others/dynamic.c and dynamic_arm64.c; BLIS: bli_arch.c; oneDNN: dnnl_types.h.
const std::vector<Row>& known_names() {
  static const std::vector<Row> rows{
      {KernelLevel::sse,
       {"generic", "sse_generic", "sse41",   "katmai",       "coppermine", "northwood", "prescott",
        "banias",  "dothan",      "core2",   "penryn",       "dunnington", "nehalem",   "atom",
        "nano",    "athlon",      "opteron", "opteron_sse3", "barcelona",  "bobcat",    "knc"}},
      {KernelLevel::avx, {"avx", "sandybridge", "bulldozer", "piledriver", "steamroller"}},
      {KernelLevel::avx2,
       {"avx2", "avx2_vnni", "avx2_vnni_2", "haswell", "excavator", "zen", "zen2", "zen3"}},
      {KernelLevel::avx512, {"skylakex", "cooperlake", "sapphirerapids", "skx", "knl", "zen4", "zen5"}},
      {KernelLevel::asimd,
       {"armv8", "cortexa53", "cortexa55", "cortexa57", "cortexa72", "cortexa73", "cortexa76", "falkor",
        "thunderx", "thunderx2t99", "thunderx3t110", "tsv110", "emag8180", "neoversen1", "firestorm",
        "ft2000"}},
      {KernelLevel::sve,
       {"a64fx", "armv8sve", "armv9sme", "neoversev1", "neoversen2", "neoversev2", "armsve", "vortexm4"}}};
  return rows;
}

bool is_arm(KernelLevel level) {
  return level == KernelLevel::asimd || level == KernelLevel::sve;
}

}  // namespace

std::string_view name(KernelLevel level) {
  constexpr std::array<std::string_view, 8> names{"unknown", "SSE", "AVX",   "AVX2",
                                                  "AVX-512", "AMX", "ASIMD", "SVE"};
  return names.at(static_cast<std::size_t>(level));
}

KernelLevel level_of_flags(const std::set<std::string>& flags) {
  const auto has = [&](const char* flag) { return flags.contains(flag); };
  if (has("sve")) return KernelLevel::sve;
  if (has("asimd")) return KernelLevel::asimd;
  if (has("amx_tile") && (has("amx_bf16") || has("amx_int8"))) return KernelLevel::amx;
  // Kernels for AVX-512 need what every processor since 2017 has beside its foundation.
  if (has("avx512f") && has("avx512bw") && has("avx512vl")) return KernelLevel::avx512;
  if (has("avx2") && has("fma")) return KernelLevel::avx2;
  if (has("avx")) return KernelLevel::avx;
  return has("sse2") ? KernelLevel::sse : KernelLevel::unknown;
}

KernelLevel level_of_kernels(std::string_view kernels) {
  std::string lower(kernels);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Row& row : known_names()) {
    if (std::ranges::find(row.names, lower) != row.names.end()) return row.level;
  }
  // oneDNN's "avx512_core_amx_fp16" and oneMKL's sentences.
  for (const auto& [part, level] :
       std::initializer_list<std::pair<const char*, KernelLevel>>{{"amx", KernelLevel::amx},
                                                                  {"avx512", KernelLevel::avx512},
                                                                  {"avx-512", KernelLevel::avx512},
                                                                  {"avx10", KernelLevel::avx512},
                                                                  {"avx2", KernelLevel::avx2},
                                                                  {"avx)", KernelLevel::avx},
                                                                  {"sse4", KernelLevel::sse}}) {
    if (lower.find(part) != std::string::npos) return level;
  }
  return KernelLevel::unknown;
}

std::string older_kernels(const KernelChoice& choice, KernelLevel processor) {
  const KernelLevel chosen = level_of_kernels(choice.kernels);
  if (chosen == KernelLevel::unknown || processor == KernelLevel::unknown) return "";
  if (is_arm(chosen) != is_arm(processor)) return "";
  const KernelLevel possible = std::min(processor, choice.newest);
  if (chosen >= possible) return "";
  const std::string uses = fmt::format("its {} kernels although {} is there", choice.kernels, name(possible));
  if (!choice.limit.empty()) return fmt::format("{} keeps {} to {}", choice.limit, choice.library, uses);
  return fmt::format("{} {}uses {}{}{}", choice.library,
                     chosen == KernelLevel::sse ? "does not know this processor and " : "", uses,
                     choice.way_out.empty() ? "" : "; ", choice.way_out);
}

std::string_view openblas_core(KernelLevel processor, const std::set<std::string>& flags) {
  switch (processor) {
    case KernelLevel::amx:
    case KernelLevel::avx512:
      return "SkylakeX";
    case KernelLevel::avx2:
      return flags.contains("sse4a") ? "Zen" : "Haswell";  // only AMD's have SSE4a
    case KernelLevel::avx:
      return "Sandybridge";
    case KernelLevel::sve:
      return "NEOVERSEV1";
    default:
      return "";
  }
}

const std::set<std::string>& processor_flags() {
  static const std::set<std::string> flags = [] {
    std::ostringstream text;
    text << std::ifstream("/proc/cpuinfo").rdbuf();
    return parse_cpuinfo(text.str()).flags;
  }();
  return flags;
}

std::string settings_text(std::initializer_list<const char*> names) {
  std::string text;
  for (const char* name : names) {
    if (const char* value = std::getenv(name))
      text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
  return text;
}

}  // namespace moat::host
