// From an implementation's name to executables on buffers.
#include "bench/measure/preparation.h"

#include <fmt/format.h>

#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "bench/measure/footprint.h"
#include "kernels/planning.h"

namespace moat {
namespace {

std::variant<Buffer*, std::int32_t> bind(const Argument& argument, const BufferSet& set) {
  switch (argument.kind) {
    case Argument::Kind::tensor:
      return &set.tensors.at(static_cast<std::size_t>(argument.value))->view();
    case Argument::Kind::scratch:
      return &set.scratch.at(static_cast<std::size_t>(argument.value))->view();
    case Argument::Kind::integer:
      break;
  }
  if (argument.value < std::numeric_limits<std::int32_t>::min() ||
      argument.value > std::numeric_limits<std::int32_t>::max()) {
    throw std::logic_error(fmt::format("plan: integer argument {} does not fit 32 bits", argument.value));
  }
  return static_cast<std::int32_t>(argument.value);
}

/// "default for cpu", "tuned on this device; …": what the parameters are, then what else there is to say.
std::string source_of(const CaseParameters& chosen, const Traits& traits,
                      const std::optional<std::string>& kernel_dir) {
  std::string text = chosen.values ? chosen.source : fmt::format("default for {}", name(traits.kind));
  if (!chosen.values && !chosen.source.empty()) text += "; " + chosen.source;
  if (kernel_dir) text += "; kernels from " + *kernel_dir;
  return text;
}

}  // namespace

OrUnsupported<PreparedImplementation> PreparedImplementation::find(
    Device& device, const Problem& problem, const std::string& implementation,
    const std::optional<std::string>& kernel_dir, const CaseParameters& chosen) {
  PreparedImplementation found(device, problem);
  found.kernel_dir_ = kernel_dir;
  std::vector<std::string> names;
  for (const std::unique_ptr<Library>& library : device.libraries()) {
    names.push_back(library->implementation());
    if (names.back() != implementation) continue;
    if (const auto reason = library->supports(problem)) return *reason;
    found.library_ = library.get();
    return found;
  }
  const Traits& traits = device.info().traits;
  for (const Implementation& own : find_operator(problem.operator_name()).implementations()) {
    if (traits.language == Language::none) break;
    names.push_back(record_name(own, traits.language));
    if (names.back() != implementation) continue;
    if (writes_nothing(problem)) {  // no step
      if (const auto reason = check_device(problem, traits)) return *reason;
      return found;
    }
    found.parameters_ = chosen.values ? *chosen.values : own.defaults(problem, traits);
    found.parameters_source_ = source_of(chosen, traits, kernel_dir);
    OrUnsupported<Plan> plan = own.plan(problem, traits, found.parameters_);
    if (const auto* reason = std::get_if<Unsupported>(&plan)) return *reason;
    found.plan_ = std::get<Plan>(std::move(plan));
    return found;
  }
  throw UsageError(fmt::format("no implementation '{}' on this device.{} It has: {}.", implementation,
                               did_you_mean(implementation, names), join(names, ", ")));
}

std::optional<Unsupported> PreparedImplementation::exceeds(const Traits& traits, std::size_t copies) const {
  return exceeds_memory(footprint(*problem_, plan_.scratch_bytes, copies), traits);
}

BufferSet PreparedImplementation::make(std::span<const std::vector<std::byte>> inputs) {
  BufferSet set;
  std::size_t input = 0;
  for (const Tensor& tensor : problem_->tensors()) {
    set.tensors.push_back(std::make_unique<GuardedBuffer>(*device_, tensor.name, tensor.bytes()));
    if (tensor.role == Role::input) set.tensors.back()->write(inputs[input++]);
  }
  for (std::size_t i = 0; i < plan_.scratch_bytes.size(); ++i) {
    set.scratch.push_back(
        std::make_unique<GuardedBuffer>(*device_, fmt::format("scratch {}", i), plan_.scratch_bytes[i]));
  }
  set.executable = executable(set);
  return set;
}

std::unique_ptr<Executable> PreparedImplementation::executable(const BufferSet& set) {
  if (library_ == nullptr) return device_->prepare(launches(set));
  std::vector<Buffer*> buffers;
  for (const auto& tensor : set.tensors) buffers.push_back(&tensor->view());
  return library_->prepare(*problem_, buffers);
}

std::vector<Launch> PreparedImplementation::launches(const BufferSet& set) {
  const Language language = device_->info().traits.language;
  std::vector<Launch> launches;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    const Step& step = plan_.steps[i];
    if (kernels_.size() == i) {
      kernels_.push_back(
          device_->compile(kernel_source(step.source, language, kernel_dir_), step.entry, step.constants));
    }
    Launch launch{
        .kernel = kernels_[i], .groups = step.groups, .group_shape = step.group_shape, .arguments = {}};
    for (const Argument& argument : step.arguments) launch.arguments.push_back(bind(argument, set));
    launches.push_back(std::move(launch));
  }
  return launches;
}

}  // namespace moat
