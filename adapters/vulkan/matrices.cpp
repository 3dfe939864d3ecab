// Asking for cooperative matrices, by Khronos' extension and by NVIDIA's older one, which says the same.
#include "adapters/vulkan/matrices.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "adapters/vulkan/chain.h"
#include "base/text.h"
#include "kernels/planning.h"

namespace moat::vulkan {
namespace {

constexpr std::uint32_t most_properties = 4096;

std::optional<Type> type_of(VkComponentTypeKHR component) {
  switch (static_cast<std::uint32_t>(component)) {  // some are newer than the headers
    case 0:
      return Type::f16;
    case 1:
      return Type::f32;
    case 2:
      return Type::f64;
    case 3:
      return Type::i8;
    case 5:
      return Type::i32;
    case 1000141000:
      return Type::bf16;
    default:
      return std::nullopt;
  }
}

VkCooperativeMatrixPropertiesKHR as_khr(const VkCooperativeMatrixPropertiesNV& nv) {
  VkCooperativeMatrixPropertiesKHR khr{};
  khr.MSize = nv.MSize;
  khr.NSize = nv.NSize;
  khr.KSize = nv.KSize;
  khr.AType = static_cast<VkComponentTypeKHR>(nv.AType);
  khr.BType = static_cast<VkComponentTypeKHR>(nv.BType);
  khr.CType = static_cast<VkComponentTypeKHR>(nv.CType);
  khr.ResultType = static_cast<VkComponentTypeKHR>(nv.DType);
  khr.scope = static_cast<VkScopeKHR>(nv.scope);
  return khr;
}

/// What `function` lists of the device; nothing if it fails.
template <class Properties, class Function>
std::vector<Properties> list(Function function, VkPhysicalDevice device, VkStructureType type) {
  std::uint32_t count = 0;
  if (function == nullptr || function(device, &count, nullptr) != VK_SUCCESS) return {};
  std::vector<Properties> properties(std::min(count, most_properties), structure<Properties>(type));
  count = static_cast<std::uint32_t>(properties.size());
  if (count != 0 && function(device, &count, properties.data()) < 0) return {};
  properties.resize(std::min<std::size_t>(count, properties.size()));
  return properties;
}

/// Whether compute shaders may use the extension, by its two structures.
template <class Features, class Properties>
bool may_use(const VulkanSymbols& vk, VkPhysicalDevice device, Features own_features,
             Properties own_properties) {
  auto features = structure<VkPhysicalDeviceFeatures2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2);
  chain_to(features, own_features);
  vk.vkGetPhysicalDeviceFeatures2(device, &features);
  auto properties = structure<VkPhysicalDeviceProperties2>(VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2);
  chain_to(properties, own_properties);
  vk.vkGetPhysicalDeviceProperties2(device, &properties);
  return own_features.cooperativeMatrix == VK_TRUE &&
         (own_properties.cooperativeMatrixSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0;
}

void add(std::vector<MatrixShape> shapes, Facts& facts) {
  facts.matrix_shapes.insert(facts.matrix_shapes.end(), shapes.begin(), shapes.end());
}

std::string shapes_text(const Facts& facts, MatrixExtension extension) {
  std::vector<std::string> words;
  for (const MatrixShape& shape : facts.matrix_shapes) {
    if (shape.extension != extension) continue;
    words.push_back(fmt::format("{} in {} {}x{}x{}", name(shape.input), name(shape.accumulate), shape.m,
                                shape.n, shape.k));
  }
  return words.empty() ? "no shape that kernels could use" : join(words, ", ");
}

/// That of the project's kernel which nobody who reads its figures should have to guess.
std::string kernel_text(MatrixExtension extension) {
  const bool is_khr = extension == MatrixExtension::khr;
  if (!is_built(extension)) {
    return fmt::format("this build has no kernel for it: its glslc lacks GL_{}_cooperative_matrix",
                       is_khr ? "KHR" : "NV");
  }
  return is_khr ? "gemm has a kernel for it, which its authors ran on lavapipe alone, on no GPU"
                : "gemm has a kernel for it, which its authors never ran";
}

}  // namespace

std::vector<MatrixShape> shapes_of(std::span<const VkCooperativeMatrixPropertiesKHR> properties,
                                   MatrixExtension extension) {
  std::vector<MatrixShape> shapes;
  for (const VkCooperativeMatrixPropertiesKHR& about : properties) {
    const auto input = type_of(about.AType);
    const auto accumulate = type_of(about.CType);
    const bool is_plain = about.AType == about.BType && about.CType == about.ResultType &&
                          about.saturatingAccumulation == VK_FALSE &&
                          static_cast<std::uint32_t>(about.scope) == 3;  // a subgroup's
    if (!is_plain || !input || !accumulate) continue;
    shapes.push_back({.input = *input,
                      .accumulate = *accumulate,
                      .m = about.MSize,
                      .n = about.NSize,
                      .k = about.KSize,
                      .extension = extension});
  }
  return shapes;
}

void ask_matrices(const VulkanSymbols& vk, Facts& facts) {
  if (facts.features_12.vulkanMemoryModel == VK_FALSE) return;  // what such shaders are written for
  facts.has_matrices_khr = facts.extensions.contains(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME) &&
                           may_use(vk, facts.device,
                                   structure<VkPhysicalDeviceCooperativeMatrixFeaturesKHR>(
                                       VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR),
                                   structure<VkPhysicalDeviceCooperativeMatrixPropertiesKHR>(
                                       VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_PROPERTIES_KHR));
  facts.has_matrices_nv = facts.extensions.contains(VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME) &&
                          may_use(vk, facts.device,
                                  structure<VkPhysicalDeviceCooperativeMatrixFeaturesNV>(
                                      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV),
                                  structure<VkPhysicalDeviceCooperativeMatrixPropertiesNV>(
                                      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_PROPERTIES_NV));
  if (facts.has_matrices_khr) {
    add(shapes_of(list<VkCooperativeMatrixPropertiesKHR>(vk.vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR,
                                                         facts.device,
                                                         VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR),
                  MatrixExtension::khr),
        facts);
  }
  if (facts.has_matrices_nv) {
    std::vector<VkCooperativeMatrixPropertiesKHR> properties;
    for (const auto& about : list<VkCooperativeMatrixPropertiesNV>(
             vk.vkGetPhysicalDeviceCooperativeMatrixPropertiesNV, facts.device,
             VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_NV)) {
      properties.push_back(as_khr(about));
    }
    add(shapes_of(properties, MatrixExtension::nv), facts);
  }
}

std::string matrices_text(const Facts& facts) {
  std::vector<std::string> parts;
  const auto describe = [&](const char* extension, bool is_usable, MatrixExtension which) {
    if (!facts.extensions.contains(extension)) return;
    parts.push_back(is_usable
                        ? fmt::format("{}: {}; {}", extension, shapes_text(facts, which), kernel_text(which))
                        : fmt::format("{}: not for compute shaders here", extension));
  };
  describe(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME, facts.has_matrices_khr, MatrixExtension::khr);
  describe(VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME, facts.has_matrices_nv, MatrixExtension::nv);
  return parts.empty() ? "no" : join(parts, "; ");
}

}  // namespace moat::vulkan
