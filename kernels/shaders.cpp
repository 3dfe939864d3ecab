// Plans of c_like steps turned into plans of shaders. Pure: what a shader is compiled for is in its name
// (kernels/shaders.cmake), what else it is told are the constants and arguments of the c_like kernel.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/embedded.h"
#include "kernels/planning.h"

namespace moat {

std::span<const EmbeddedFile> embedded_shader_files();  // generated

namespace {

bool is_embedded(std::string_view name) {
  const auto files = embedded_shader_files();
  return std::any_of(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
}

bool is_among(const Types& types, std::size_t bytes) {
  return size_bytes(types.input) == bytes || size_bytes(types.output) == bytes;
}

std::string_view variant(MatrixExtension extension) {
  return extension == MatrixExtension::khr ? "khr" : "nv";
}

/// `shader` by the extension that offers the step's matrices; Khronos' where several do.
OrUnsupported<std::string> matrix_shader_of(const std::string& shader, const Step& step, const Types& types,
                                            const Traits& traits) {
  const auto size = [&](std::string_view constant) {
    const auto found = std::find_if(step.constants.begin(), step.constants.end(),
                                    [&](const auto& entry) { return entry.first == constant; });
    return static_cast<std::uint32_t>(found->second);
  };
  for (const MatrixExtension extension : {MatrixExtension::khr, MatrixExtension::nv}) {
    const MatrixShape wanted{types.input,     types.accumulate, size("SHAPE_M"),
                             size("SHAPE_N"), size("SHAPE_K"),  extension};
    const auto& offered = traits.matrix_shapes;
    const std::string file = fmt::format("{}.{}.spv", shader, variant(extension));
    if (std::find(offered.begin(), offered.end(), wanted) != offered.end() && is_embedded(file)) return file;
  }
  return Unsupported{"this build has no shader for the device's matrices"};
}

/// The shader of `step` for `types`, with what the device has; or why there is none.
OrUnsupported<std::string> shader_of(const Step& step, const Types& types, const Traits& traits) {
  const std::string stem = step.source.substr(0, step.source.rfind(".cl"));
  std::string shader = fmt::format("{}.{}.{}.{}.{}", stem, step.entry, name(types.input),
                                   name(types.accumulate), name(types.output));
  if (step.entry == "matrices") return matrix_shader_of(shader, step, types, traits);
  if (!is_embedded(shader + ".spv")) {
    return Unsupported{fmt::format("no shader does what {} does", step.source)};
  }
  const bool lacks_16 = is_among(types, 2) && !traits.has_16_bit_storage;
  const bool lacks_8 = is_among(types, 1) && !traits.has_8_bit_storage;
  if ((lacks_16 || lacks_8) && is_embedded(shader + ".words.spv")) {
    shader += ".words";
  } else if (lacks_16) {
    return Unsupported{"the device has no 16-bit storage"};
  }
  if (traits.has_integer_dot && is_embedded(shader + ".dot.spv")) shader += ".dot";
  const auto is_even = [](const auto& constant) {
    return constant.first == "VECTOR_WIDTH" && constant.second % 2 == 0;
  };
  if (traits.has_i64 && is_embedded(shader + ".pairs.spv") &&
      std::any_of(step.constants.begin(), step.constants.end(), is_even)) {
    shader += ".pairs";
  }
  return shader + ".spv";
}

/// A first dimension longer than the device counts goes on in the third (GROUP_ID_0 in dialect/vulkan.glsl).
std::optional<Unsupported> fold_grid(Step& step, const Traits& traits) {
  const auto& most = traits.max_groups;
  if (most[0] != 0 && step.groups[0] > most[0]) {
    step.groups[2] = (step.groups[0] - 1) / most[0] + 1;
    step.groups[0] = most[0];
  }
  for (std::size_t i = 0; i < most.size(); ++i) {
    if (most.at(i) != 0 && step.groups.at(i) > most.at(i)) {
      return Unsupported{fmt::format("{} x {} x {} groups are more than the device's {} x {} x {}",
                                     step.groups[0], step.groups[1], step.groups[2], most[0], most[1],
                                     most[2])};
    }
  }
  return std::nullopt;
}

void add_feature(Plan& plan, std::string_view feature) {
  if (std::find(plan.features.begin(), plan.features.end(), feature) == plan.features.end()) {
    plan.features.emplace_back(feature);
  }
}

/// What the variant `shader` is compiled to use, by its name.
void add_features(Plan& plan, std::string_view shader) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> features{
      {{".dot.", "integer dot product"},
       {".pairs.", "64-bit integers"},
       {".words.", "narrow elements as parts of 32-bit words"}}};
  for (const auto& [part, feature] : features) {
    if (shader.find(part) != std::string_view::npos) add_feature(plan, feature);
  }
}

OrUnsupported<Plan> as_shaders(Plan plan, const Types& types, const Traits& traits) {
  for (Step& step : plan.steps) {
    auto shader = shader_of(step, types, traits);
    if (const auto* reason = std::get_if<Unsupported>(&shader)) return *reason;
    if (auto reason = fold_grid(step, traits)) return *reason;
    step.source = std::get<std::string>(std::move(shader));
    add_features(plan, step.source);
    step.entry = "main";
    std::erase_if(step.constants, [](const auto& constant) { return constant.first.ends_with("_TYPE"); });
  }
  return plan;
}

}  // namespace

bool is_built(MatrixExtension extension) {
  return is_embedded(fmt::format("gemm/matrices.matrices.f16.f32.f32.{}.spv", variant(extension)));
}

OrUnsupported<Plan> in_device_language(Plan plan, const Types& types, const Traits& traits) {
  if (types.accumulate == Type::f16) plan.features.insert(plan.features.begin(), "half arithmetic");
  if (types.accumulate == Type::f64) plan.features.insert(plan.features.begin(), "double arithmetic");
  if (traits.language != Language::glsl) return plan;
  return as_shaders(std::move(plan), types, traits);
}

}  // namespace moat
