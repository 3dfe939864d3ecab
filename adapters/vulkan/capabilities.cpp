// The capabilities that kernels here may use, each with the feature it needs; others are not switched on.
#include "adapters/vulkan/capabilities.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <spirv/unified1/spirv.hpp11>

#include "base/error.h"

namespace moat::vulkan {
namespace {

struct Capability {
  spv::Capability capability;
  std::string_view name;
  std::string_view needs;  // what Vulkan calls it
  bool (*is_there)(const Facts&);
};

template <VkSubgroupFeatureFlagBits Bit>
bool has_subgroup(const Facts& facts) {
  return (facts.properties_11.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0 &&
         (facts.properties_11.subgroupSupportedOperations & Bit) != 0;
}
bool always(const Facts&) {
  return true;
}
bool has_dot(const Facts& facts) {
  return facts.has_integer_dot;
}

constexpr auto cooperative_matrix_khr = static_cast<spv::Capability>(6022);  // newer than Debian 12's header

// The number and the name from one word, so that they are the same capability's.
#define MOAT_CAPABILITY(Name, needs, is_there)    \
  Capability {                                    \
    spv::Capability::Name, #Name, needs, is_there \
  }

constexpr std::array capabilities{
    MOAT_CAPABILITY(Matrix, "", always),
    MOAT_CAPABILITY(Shader, "", always),
    MOAT_CAPABILITY(Float16, "shaderFloat16",
                    [](const Facts& f) { return f.features_12.shaderFloat16 != 0; }),
    MOAT_CAPABILITY(Float64, "shaderFloat64", [](const Facts& f) { return f.features.shaderFloat64 != 0; }),
    MOAT_CAPABILITY(Int64, "shaderInt64", [](const Facts& f) { return f.features.shaderInt64 != 0; }),
    MOAT_CAPABILITY(Int16, "shaderInt16", [](const Facts& f) { return f.features.shaderInt16 != 0; }),
    MOAT_CAPABILITY(Int8, "shaderInt8", [](const Facts& f) { return f.features_12.shaderInt8 != 0; }),
    MOAT_CAPABILITY(GroupNonUniform, "basic subgroup operations",
                    has_subgroup<VK_SUBGROUP_FEATURE_BASIC_BIT>),
    MOAT_CAPABILITY(GroupNonUniformVote, "subgroup votes", has_subgroup<VK_SUBGROUP_FEATURE_VOTE_BIT>),
    MOAT_CAPABILITY(GroupNonUniformArithmetic, "subgroup arithmetic",
                    has_subgroup<VK_SUBGROUP_FEATURE_ARITHMETIC_BIT>),
    MOAT_CAPABILITY(GroupNonUniformBallot, "subgroup ballots", has_subgroup<VK_SUBGROUP_FEATURE_BALLOT_BIT>),
    MOAT_CAPABILITY(GroupNonUniformShuffle, "subgroup shuffles",
                    has_subgroup<VK_SUBGROUP_FEATURE_SHUFFLE_BIT>),
    MOAT_CAPABILITY(GroupNonUniformShuffleRelative, "relative subgroup shuffles",
                    has_subgroup<VK_SUBGROUP_FEATURE_SHUFFLE_RELATIVE_BIT>),
    MOAT_CAPABILITY(GroupNonUniformClustered, "clustered subgroup operations",
                    has_subgroup<VK_SUBGROUP_FEATURE_CLUSTERED_BIT>),
    MOAT_CAPABILITY(GroupNonUniformQuad, "subgroup quads", has_subgroup<VK_SUBGROUP_FEATURE_QUAD_BIT>),
    MOAT_CAPABILITY(StorageBuffer16BitAccess, "storageBuffer16BitAccess",
                    [](const Facts& f) { return f.features_11.storageBuffer16BitAccess != 0; }),
    MOAT_CAPABILITY(StorageBuffer8BitAccess, "storageBuffer8BitAccess",
                    [](const Facts& f) { return f.features_12.storageBuffer8BitAccess != 0; }),
    MOAT_CAPABILITY(
        SignedZeroInfNanPreserve, "shaderSignedZeroInfNanPreserveFloat32",
        [](const Facts& f) { return f.properties_12.shaderSignedZeroInfNanPreserveFloat32 != 0; }),
    MOAT_CAPABILITY(VulkanMemoryModel, "cooperative matrices",
                    [](const Facts& f) { return f.has_matrices_khr || f.has_matrices_nv; }),
    MOAT_CAPABILITY(CooperativeMatrixNV, "VK_NV_cooperative_matrix",
                    [](const Facts& f) { return f.has_matrices_nv; }),
    MOAT_CAPABILITY(DotProductInputAll, "shaderIntegerDotProduct", has_dot),
    MOAT_CAPABILITY(DotProductInput4x8Bit, "shaderIntegerDotProduct", has_dot),
    MOAT_CAPABILITY(DotProductInput4x8BitPacked, "shaderIntegerDotProduct", has_dot),
    MOAT_CAPABILITY(DotProduct, "shaderIntegerDotProduct", has_dot),
    Capability{cooperative_matrix_khr, "CooperativeMatrixKHR", "VK_KHR_cooperative_matrix",
               [](const Facts& f) { return f.has_matrices_khr; }}};

#undef MOAT_CAPABILITY

/// The last SPIR-V version that a device of this Vulkan version must take.
std::uint32_t last_version(std::uint32_t api_version) {
  return api_version >= VK_API_VERSION_1_3 ? 0x00010600 : 0x00010500;
}

}  // namespace

void require_capabilities(const Module& module, const Facts& facts) {
  if (module.version > last_version(facts.properties.apiVersion)) {
    throw CompileError(fmt::format("the module is of SPIR-V {}.{}, which is too new for this device",
                                   module.version >> 16 & 0xff, module.version >> 8 & 0xff),
                       "compile it with --target-env=vulkan1.2");
  }
  for (const std::uint32_t number : module.capabilities) {
    const auto known =
        std::find_if(capabilities.begin(), capabilities.end(), [&](const Capability& capability) {
          return static_cast<std::uint32_t>(capability.capability) == number;
        });
    if (known == capabilities.end()) {
      throw CompileError(fmt::format("the module needs SPIR-V's capability {}", number),
                         "kernels here do without it, so that this adapter does not switch it on");
    }
    if (!known->is_there(facts)) {
      throw CompileError(fmt::format("the module needs SPIR-V's capability {}", known->name),
                         fmt::format("'{}' has no {}", facts.properties.deviceName, known->needs));
    }
  }
}

}  // namespace moat::vulkan
