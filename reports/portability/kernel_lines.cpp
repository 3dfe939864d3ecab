// Asks plans which files they compile, follows the files' includes and counts lines of code.
#include "reports/portability/kernel_lines.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace moat {
namespace {

// -- Whom plans are asked for

Traits model(Language language, DeviceKind kind) {
  const bool is_gpu = kind == DeviceKind::gpu;
  Traits traits;
  traits.kind = kind;
  traits.language = language;
  traits.compute_units = is_gpu ? 108 : 16;
  traits.max_group_size = is_gpu ? 1024 : 4096;
  traits.max_group_shape = {traits.max_group_size, traits.max_group_size, 64};
  traits.local_memory_bytes = 48 << 10;
  traits.local_memory_is_dedicated = is_gpu;
  traits.global_memory_bytes = std::size_t{80} << 30;
  traits.max_allocation_bytes = traits.global_memory_bytes;
  traits.max_argument_bytes = traits.global_memory_bytes;
  traits.last_level_cache_bytes = 40 << 20;
  traits.native_vector_f32 = is_gpu ? 1 : 16;
  traits.has_f64 = true;
  traits.has_f16 = true;
  return traits;
}

/// What a shader's device may have more.
Traits rich(Traits traits) {
  traits.has_16_bit_storage = true;
  traits.has_8_bit_storage = true;
  traits.has_i64 = true;
  traits.has_integer_dot = true;
  traits.subgroup_size = traits.kind == DeviceKind::gpu ? 32 : 8;
  traits.max_groups = {65535, 65535, 65535};
  return traits;
}

/// A GPU's that multiplies matrices, by every extension: a build may have the shaders of one alone.
Traits with_matrices(Traits traits) {
  for (const MatrixExtension extension : {MatrixExtension::khr, MatrixExtension::nv}) {
    traits.matrix_shapes.push_back({Type::f16, Type::f32, 16, 16, 16, extension});
    traits.matrix_shapes.push_back({Type::i8, Type::i32, 16, 16, 32, extension});
  }
  return traits;
}

std::vector<Traits> model_devices(Language language) {
  if (language == Language::cuda) {
    Traits gpu = model(language, DeviceKind::gpu);
    gpu.has_f16 = false;  // dialect/cuda.h has no half arithmetic
    return {gpu};
  }
  std::vector<Traits> devices{model(language, DeviceKind::cpu), model(language, DeviceKind::gpu)};
  if (language == Language::glsl) {
    devices.push_back(rich(devices[0]));
    devices.push_back(rich(devices[1]));
    devices.push_back(with_matrices(rich(devices[1])));
  }
  return devices;
}

constexpr std::array languages{Language::opencl_c, Language::glsl, Language::cuda};

/// Nothing where the operator has no such type.
std::unique_ptr<const Problem> problem_of(std::string_view key, std::string_view type) {
  try {
    return parse_problem(std::string(key) + ",type=" + std::string(type));
  } catch (const UsageError&) {
    return nullptr;
  }
}

/// Files with the names of the constants that they are compiled with.
using PlannedSources = std::set<std::pair<std::string, std::set<std::string>>>;

std::set<std::string> names_of(const Step& step) {
  std::set<std::string> names;
  for (const auto& [name, value] : step.constants) names.insert(name);
  return names;
}

void add_planned(const Problem& problem, const Implementation& implementation, const Traits& traits,
                 PlannedSources& sources) {
  const OrUnsupported<Plan> outcome =
      implementation.plan(problem, traits, implementation.defaults(problem, traits));
  const auto* plan = std::get_if<Plan>(&outcome);
  if (plan == nullptr) return;
  for (const Step& step : plan->steps) sources.emplace(source_file(step), names_of(step));
}

PlannedSources planned_sources(const Operator& op, const Implementation& implementation, Language language) {
  PlannedSources sources;
  for (const std::string_view key : op.examples()) {
    for (const std::string_view type : type_names()) {
      const auto problem = problem_of(key, type);
      if (!problem) continue;
      for (const Traits& traits : model_devices(language))
        add_planned(*problem, implementation, traits, sources);
    }
  }
  return sources;
}

// -- Lines

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

/// "ifdef" and "VECTOR_WIDTH" of "#ifdef VECTOR_WIDTH  // why"; both empty if the line is no directive.
std::pair<std::string_view, std::string_view> directive_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with('#')) return {};
  line = trimmed(line.substr(1));
  const auto word_end = [](std::string_view text) {
    const auto is_word = [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_word) - text.begin());
  };
  const std::string_view word = line.substr(0, word_end(line));
  const std::string_view rest = trimmed(line.substr(word.size()));
  if (word == "include") {
    const std::size_t end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
    return {word, end == std::string_view::npos ? std::string_view() : rest.substr(1, end - 1)};
  }
  return {word, rest.substr(0, word_end(rest))};
}

/// Adds the lines of code that a compilation reads, in its order.
class Walk {
 public:
  Walk(std::set<std::string> names, const std::string& platform, SourceLines& lines)
      : names_(std::move(names)), platform_(platform), lines_(lines) {}

  void file(const std::string& name) {
    if (!seen_.insert(name).second) return;
    const std::optional<std::string_view> text = embedded_kernel_text(name);
    if (!text) throw UsageError("kernel file '" + name + "' is not built in");
    const std::vector<std::size_t> code = code_lines(*text);
    std::size_t number = 0;
    for (const std::string_view line : split(*text, '\n')) {
      ++number;
      if (std::binary_search(code.begin(), code.end(), number)) code_line({name, number}, line);
    }
  }

 private:
  struct Branch {
    bool is_decided = false;  // by #ifdef or #ifndef; otherwise every branch counts
    bool is_active = true;
  };

  void code_line(const SourceLine& place, std::string_view line) {
    const auto [directive, word] = directive_of(line);
    if (directive == "endif") branches_.pop_back();
    if (directive == "else" && branches_.back().is_decided) branches_.back().is_active ^= true;
    // An #else or #endif is needed by whoever needs the #if.
    const bool closes = directive == "else" || directive == "elif";
    const auto last = branches_.end() - (closes ? 1 : 0);
    const bool is_active =
        std::all_of(branches_.begin(), last, [](const Branch& branch) { return branch.is_active; });
    if (directive == "if") branches_.push_back({});
    if (directive == "ifdef") branches_.push_back({true, names_.contains(std::string(word))});
    if (directive == "ifndef") branches_.push_back({true, !names_.contains(std::string(word))});
    if (!is_active) return;
    lines_[place].insert(platform_);
    if (directive == "define") names_.emplace(word);
    if (directive == "include") file(std::string(word));
  }

  std::set<std::string> names_;
  const std::string& platform_;
  SourceLines& lines_;
  std::set<std::string> seen_;
  std::vector<Branch> branches_;
};

void add_lines(const PlannedSources& sources, Language language, SourceLines& lines) {
  const std::string platform(name(language));
  for (const auto& [file, names] : sources) {
    Walk walk(names, platform, lines);
    if (language != Language::glsl) walk.file("dialect/" + platform + ".h");
    walk.file(file);
  }
}

}  // namespace

std::string source_file(const Step& step) {
  if (!step.source.ends_with(".spv")) return step.source;
  return step.source.substr(0, step.source.find('.')) + ".comp";
}

std::vector<KernelLines> kernel_lines() {
  std::vector<KernelLines> all;
  for (const Operator* op : operators()) {
    for (const Implementation& implementation : op->implementations()) {
      KernelLines part{std::string(op->name()), std::string(implementation.name), {}};
      for (const Language language : languages) {
        add_lines(planned_sources(*op, implementation, language), language, part.lines);
      }
      all.push_back(std::move(part));
    }
  }
  return all;
}

SourceLines merged(std::span<const KernelLines> parts) {
  SourceLines all;
  for (const KernelLines& part : parts) {
    for (const auto& [line, platforms] : part.lines) all[line].insert(platforms.begin(), platforms.end());
  }
  return all;
}

LineSets line_sets(const SourceLines& lines) {
  LineSets sets;
  for (const auto& [line, platforms] : lines) ++sets[platforms];
  return sets;
}

std::vector<std::size_t> code_lines(std::string_view text) {
  std::vector<std::size_t> numbers;
  std::size_t number = 1;
  bool has_code = false;
  char quote = 0;           // within a text or character literal
  bool in_comment = false;  // of the kind /* */
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    const char c = text[i];
    if (c == '\n') {
      if (has_code) numbers.push_back(number);
      ++number;
      has_code = false;
      quote = 0;
    } else if (in_comment) {
      if (!rest.starts_with("*/")) continue;
      in_comment = false;
      ++i;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
      if (c == '\\' && rest.size() > 1 && rest[1] != '\n') ++i;
    } else if (rest.starts_with("//")) {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (rest.starts_with("/*")) {
      in_comment = true;
      ++i;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      has_code = true;
      if (c == '"' || c == '\'') quote = c;
    }
  }
  if (has_code) numbers.push_back(number);
  return numbers;
}

std::map<std::string, double> divergences_of(std::span<const KernelLines> parts) {
  std::map<std::string, std::vector<KernelLines>> of_implementation;
  for (const KernelLines& part : parts) of_implementation[part.implementation].push_back(part);
  std::map<std::string, double> divergences;
  for (const auto& [implementation, some] : of_implementation) {
    if (const auto divergence = code_divergence(line_sets(merged(some))))
      divergences[implementation] = *divergence;
  }
  return divergences;
}

}  // namespace moat
