// What is believed of drivers that multiply matrices: shapes, the capabilities that modules then may use, and
// the words for people.
#include "adapters/vulkan/matrices.h"

#include "adapters/vulkan/capabilities.h"
#include "kernels/planning.h"
#include "tests/unit/adapters/vulkan/device.h"

using namespace moat;
using namespace moat::vulkan;
using Catch::Matchers::ContainsSubstring;

namespace {

// Numbers of Vulkan's registry.
constexpr std::uint32_t f16 = 0;
constexpr std::uint32_t f32 = 1;
constexpr std::uint32_t u8 = 7;
constexpr std::uint32_t subgroup = 3;

VkCooperativeMatrixPropertiesKHR properties(std::uint32_t a, std::uint32_t b, std::uint32_t c,
                                            std::uint32_t result, std::uint32_t scope = subgroup) {
  VkCooperativeMatrixPropertiesKHR about{};
  about.MSize = 16;
  about.NSize = 8;
  about.KSize = 32;
  about.AType = static_cast<VkComponentTypeKHR>(a);
  about.BType = static_cast<VkComponentTypeKHR>(b);
  about.CType = static_cast<VkComponentTypeKHR>(c);
  about.ResultType = static_cast<VkComponentTypeKHR>(result);
  about.scope = static_cast<VkScopeKHR>(scope);
  return about;
}

/// A driver that has either extension, and answers `answer` when asked for shapes.
VkResult answer = VK_SUCCESS;
VkBool32 feature = VK_TRUE;

VulkanSymbols driver() {
  VulkanSymbols vk;
  vk.vkGetPhysicalDeviceFeatures2 = [](VkPhysicalDevice, VkPhysicalDeviceFeatures2* features) {
    // Both features begin alike.
    static_cast<VkPhysicalDeviceCooperativeMatrixFeaturesNV*>(features->pNext)->cooperativeMatrix = feature;
  };
  vk.vkGetPhysicalDeviceProperties2 = [](VkPhysicalDevice, VkPhysicalDeviceProperties2* about) {
    static_cast<VkPhysicalDeviceCooperativeMatrixPropertiesNV*>(about->pNext)
        ->cooperativeMatrixSupportedStages = VK_SHADER_STAGE_COMPUTE_BIT;
  };
  vk.vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR = [](VkPhysicalDevice, std::uint32_t* count,
                                                            VkCooperativeMatrixPropertiesKHR* list) {
    if (list != nullptr) list[0] = properties(f16, f16, f32, f32);
    *count = 1;
    return answer;
  };
  vk.vkGetPhysicalDeviceCooperativeMatrixPropertiesNV = [](VkPhysicalDevice, std::uint32_t* count,
                                                           VkCooperativeMatrixPropertiesNV* list) {
    if (list != nullptr) {
      list[0].MSize = list[0].NSize = list[0].KSize = 16;
      list[0].AType = list[0].BType = VK_COMPONENT_TYPE_FLOAT16_NV;
      list[0].CType = list[0].DType = VK_COMPONENT_TYPE_FLOAT32_NV;
      list[0].scope = VK_SCOPE_SUBGROUP_NV;
    }
    *count = 1;
    return answer;
  };
  return vk;
}

Facts asked(std::set<std::string, std::less<>> extensions) {
  Facts facts;
  facts.properties.apiVersion = VK_API_VERSION_1_3;
  facts.features_12.vulkanMemoryModel = VK_TRUE;
  facts.extensions = std::move(extensions);
  ask_matrices(driver(), facts);
  return facts;
}

std::string refusal(std::uint32_t capability, const Facts& facts) {
  Module module;
  module.version = 0x00010500;
  module.capabilities = {capability};
  try {
    require_capabilities(module, facts);
  } catch (const CompileError& error) {
    return error.what() + error.log();
  }
  return "";
}

}  // namespace

TEST_CASE("shapes are kept where a subgroup adds products of one type to sums of one type") {
  const std::vector<VkCooperativeMatrixPropertiesKHR> told{
      properties(f16, f16, f32, f32), properties(f16, f16, f16, f32), properties(f16, f32, f32, f32),
      properties(u8, u8, f32, f32), properties(f16, f16, f32, f32, 2)};
  const auto shapes = shapes_of(told, MatrixExtension::nv);
  REQUIRE(shapes.size() == 1);
  CHECK(shapes[0] == MatrixShape{Type::f16, Type::f32, 16, 8, 32, MatrixExtension::nv});
}

TEST_CASE("a driver is asked by the extensions that it has") {
  CHECK(asked({}).matrix_shapes.empty());
  const Facts both = asked({"VK_KHR_cooperative_matrix", "VK_NV_cooperative_matrix"});
  REQUIRE(both.matrix_shapes.size() == 2);
  CHECK(both.matrix_shapes[0] == MatrixShape{Type::f16, Type::f32, 16, 8, 32, MatrixExtension::khr});
  CHECK(both.matrix_shapes[1] == MatrixShape{Type::f16, Type::f32, 16, 16, 16, MatrixExtension::nv});
  CHECK(describe("", both).traits.matrix_shapes == both.matrix_shapes);
}

TEST_CASE("without the feature, or an answer, there are no matrices") {
  feature = VK_FALSE;
  const Facts lacking = asked({"VK_KHR_cooperative_matrix"});
  feature = VK_TRUE;
  CHECK_FALSE(lacking.has_matrices_khr);
  CHECK(lacking.matrix_shapes.empty());
  answer = VK_ERROR_OUT_OF_HOST_MEMORY;
  CHECK(asked({"VK_KHR_cooperative_matrix"}).matrix_shapes.empty());
  answer = VK_SUCCESS;
}

TEST_CASE("modules may use matrices by the extension that the device has, and by no other") {
  const Facts khr = asked({"VK_KHR_cooperative_matrix"});
  CHECK(refusal(6022, khr).empty());
  CHECK(refusal(5345, khr).empty());
  CHECK_THAT(refusal(5357, khr), ContainsSubstring("VK_NV_cooperative_matrix"));
  CHECK_THAT(refusal(5345, asked({})), ContainsSubstring("VulkanMemoryModel"));
  CHECK(refusal(5357, asked({"VK_NV_cooperative_matrix"})).empty());
}

TEST_CASE("people are told the shapes and whether a kernel uses them, and what it was tried on") {
  CHECK(matrices_text(asked({})) == "no");
  const std::string text = matrices_text(asked({"VK_KHR_cooperative_matrix", "VK_NV_cooperative_matrix"}));
  CHECK_THAT(text, ContainsSubstring("VK_KHR_cooperative_matrix: f16 in f32 16x8x32; "));
  CHECK_THAT(text, ContainsSubstring("VK_NV_cooperative_matrix: f16 in f32 16x16x16; "));
  CHECK_THAT(text,
             ContainsSubstring(is_built(MatrixExtension::khr) ? "on no GPU"
                                                              : "glslc lacks GL_KHR_cooperative_matrix"));
  CHECK_THAT(text, ContainsSubstring(is_built(MatrixExtension::nv) ? "never ran"
                                                                   : "glslc lacks GL_NV_cooperative_matrix"));
}
