// Kernel texts: embedded at build time, overridable by a directory; and the names of languages and device
// kinds.
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "kernels/embedded.h"
#include "kernels/error.h"
#include "kernels/implementation.h"

namespace moat {

std::span<const EmbeddedFile> embedded_kernel_files();  // generated

namespace {

constexpr std::array<std::string_view, 6> language_names{"none", "opencl", "vulkan", "cuda", "hip", "musa"};
constexpr std::array<std::string_view, 3> kind_names{"cpu", "gpu", "accelerator"};

std::string read_source(const std::string& file, const std::optional<std::string>& kernel_dir) {
  if (kernel_dir) {
    std::ifstream stream(std::filesystem::path(*kernel_dir) / file, std::ios::binary);
    if (stream) {
      std::ostringstream text;
      text << stream.rdbuf();
      return text.str();
    }
  }
  for (const EmbeddedFile& embedded : embedded_kernel_files()) {
    if (embedded.name == file) return std::string(embedded.text);
  }
  throw UsageError("kernel source '" + file + "' is neither embedded nor in --kernel-dir " +
                   kernel_dir.value_or("(not given)"));
}

}  // namespace

std::string_view name(Language language) {
  return language_names.at(static_cast<std::size_t>(language));
}
std::string_view name(DeviceKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::string record_name(const Implementation& implementation, Language language) {
  if (implementation.name == "naive") return "naive";
  return std::string(implementation.name) + "/" + std::string(name(language));
}

std::string kernel_source(std::string_view file, Language language,
                          const std::optional<std::string>& kernel_dir) {
  const std::string dialect = "dialect/" + std::string(name(language)) + ".h";
  return read_source(dialect, kernel_dir) + "#line 1\n" + read_source(std::string(file), kernel_dir);
}

}  // namespace moat
