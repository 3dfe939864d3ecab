// Kernel texts: embedded at build time, overridable by a directory;
// and the names of languages and device kinds.
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <set>
#include <sstream>

#include "base/embedded.h"
#include "base/error.h"
#include "base/text.h"
#include "kernels/implementation.h"
#include "kernels/implementation_name.h"

namespace moat {

std::span<const EmbeddedFile> embedded_kernel_files();  // generated, as are the next
std::span<const EmbeddedFile> embedded_shader_files();
std::span<const EmbeddedFile> embedded_shader_sources();

namespace {

constexpr std::array<std::string_view, 6> language_names{"none", "opencl", "vulkan", "cuda", "hip", "musa"};
constexpr std::array<std::string_view, 3> kind_names{"cpu", "gpu", "accelerator"};
constexpr std::array<std::string_view, 2> extension_names{"khr", "nv"};

/// The enumerator whose name is `text`.
template <class Enum, std::size_t count>
std::optional<Enum> parse_name(const std::array<std::string_view, count>& names, std::string_view text) {
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

std::optional<std::string_view> find_file(std::string_view name,
                                          std::initializer_list<std::span<const EmbeddedFile>> lists) {
  for (const auto& files : lists) {
    for (const EmbeddedFile& embedded : files) {
      if (embedded.name == name) return embedded.text;
    }
  }
  return std::nullopt;
}

std::string read_source(const std::string& file, const std::optional<std::string>& kernel_dir) {
  if (kernel_dir) {
    std::ifstream stream(std::filesystem::path(*kernel_dir) / file, std::ios::binary);
    if (stream) {
      std::ostringstream text;
      text << stream.rdbuf();
      return text.str();
    }
  }
  if (const auto text = find_file(file, {embedded_kernel_files(), embedded_shader_files()})) {
    return std::string(*text);
  }
  throw UsageError("kernel source '" + file + "' is neither embedded nor in --kernel-dir " +
                   kernel_dir.value_or("(not given)"));
}

// Appends `file` to `text`, with the files that it includes in the place where it first does so: a line
// `#include "product/tile.cl"` names a kernel file, which --kernel-dir may override like any other.
void append_source(std::string_view file, const std::optional<std::string>& kernel_dir,
                   std::set<std::string, std::less<>>& seen, std::string& text) {
  constexpr std::string_view include = "#include \"";
  if (!seen.emplace(file).second) return;
  const std::string source = read_source(std::string(file), kernel_dir);
  text += "#line 1\n";
  std::size_t number = 0;
  for (const std::string_view line : split(source, '\n')) {
    ++number;
    const std::size_t end =
        line.starts_with(include) ? line.find('"', include.size()) : std::string_view::npos;
    if (end == std::string_view::npos) {
      text.append(line).append("\n");
    } else {
      append_source(line.substr(include.size(), end - include.size()), kernel_dir, seen, text);
      text += "#line " + std::to_string(number + 1) + "\n";
    }
  }
}

}  // namespace

std::string_view name(Language language) {
  return language_names.at(static_cast<std::size_t>(language));
}
std::optional<Language> parse_language(std::string_view text) {
  return parse_name<Language>(language_names, text);
}
std::string_view name(DeviceKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}
std::optional<DeviceKind> parse_device_kind(std::string_view text) {
  return parse_name<DeviceKind>(kind_names, text);
}
std::string_view name(MatrixExtension extension) {
  return extension_names.at(static_cast<std::size_t>(extension));
}
std::optional<MatrixExtension> parse_matrix_extension(std::string_view text) {
  return parse_name<MatrixExtension>(extension_names, text);
}

std::string record_name(const Implementation& implementation, Language language) {
  const ImplementationFamily family = parse_implementation_family(implementation.name).value();
  return ImplementationName{family, std::string(name(language))}.text();
}

std::string kernel_source(std::string_view file, Language language,
                          const std::optional<std::string>& kernel_dir) {
  if (language == Language::glsl) return read_source(std::string(file), kernel_dir);
  std::string text;
  std::set<std::string, std::less<>> seen;
  append_source("dialect/" + std::string(name(language)) + ".h", kernel_dir, seen, text);
  append_source(file, kernel_dir, seen, text);
  return text;
}

std::optional<std::string_view> embedded_kernel_text(std::string_view file) {
  return find_file(file, {embedded_kernel_files(), embedded_shader_sources()});
}

}  // namespace moat
