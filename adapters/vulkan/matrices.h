// Which matrices a device's subgroups multiply at once, by the extension that tells. Knows no kernel but
// whether there is one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/vulkan/info.h"

namespace moat::vulkan {

/// Those of `properties` whose products subgroups add up exactly as told: one type of elements, one of sums.
[[nodiscard]] std::vector<MatrixShape> shapes_of(std::span<const VkCooperativeMatrixPropertiesKHR> properties,
                                                 MatrixExtension extension);

/// Fills what `facts` says of matrices; its extensions, properties and features must be known. A driver that
/// does not answer has none.
void ask_matrices(const VulkanSymbols& vk, Facts& facts);

/// For people: "no", or what there is and what of it the kernels here use.
[[nodiscard]] std::string matrices_text(const Facts& facts);

}  // namespace moat::vulkan
