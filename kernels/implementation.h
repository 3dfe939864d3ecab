// How the project's own kernels reach a device: a pure function from (problem, traits, parameters) to a Plan,
// which is data. Must not know adapters; everything a plan may know of a device is in Traits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kernels/operator.h"

namespace moat {

/// An absent feature: a value with a reason, not an error.
struct Unsupported {
  std::string reason;
};

template <class T>
using OrUnsupported = std::variant<T, Unsupported>;

/// The language a device compiles.
/// Sources of `c_like` kernels serve OpenCL C and, through kernels/dialect, its relatives.
enum class Language : std::uint8_t { none, opencl_c, glsl, cuda, hip, musa };  // glsl: as SPIR-V
[[nodiscard]] std::string_view name(
    Language language);  // "none", "opencl", "vulkan", "cuda", "hip", "musa": as in portable/<name>
[[nodiscard]] std::optional<Language> parse_language(std::string_view text);

enum class DeviceKind : std::uint8_t { cpu, gpu, accelerator };
[[nodiscard]] std::string_view name(DeviceKind kind);
[[nodiscard]] std::optional<DeviceKind> parse_device_kind(std::string_view text);

/// How shaders say that a subgroup multiplies matrices:
/// by the extension of Khronos, or by its vendor's forerunner.
enum class MatrixExtension : std::uint8_t { khr, nv };
[[nodiscard]] std::string_view name(MatrixExtension extension);
[[nodiscard]] std::optional<MatrixExtension> parse_matrix_extension(std::string_view text);

/// Matrices that a subgroup multiplies at once: m x k elements of `input` by k x n, added to m x n sums.
struct MatrixShape {
  Type input = Type::f16;
  Type accumulate = Type::f32;
  std::uint32_t m = 0;
  std::uint32_t n = 0;
  std::uint32_t k = 0;
  MatrixExtension extension = MatrixExtension::khr;
  friend bool operator==(const MatrixShape&, const MatrixShape&) = default;
};

/// What a plan may know of a device. Zero means unknown.
struct Traits {
  DeviceKind kind = DeviceKind::cpu;
  Language language = Language::none;
  std::uint32_t compute_units = 1;
  std::size_t max_group_size = 1;                       // work-items in a group
  std::array<std::size_t, 3> max_group_shape{1, 1, 1};  // work-items in a group, per dimension
  std::size_t local_memory_bytes = 0;
  bool local_memory_is_dedicated = false;  // false on CPUs, where it is ordinary memory
  std::size_t global_memory_bytes = 0;
  std::size_t max_allocation_bytes = 0;
  std::size_t max_argument_bytes = 0;  // of a buffer that a kernel is given
  std::size_t last_level_cache_bytes = 0;
  std::uint32_t native_vector_f32 = 1;  // floats in a native vector; 1 on scalar (SIMT) machines
  bool has_f64 = false;                 // double arithmetic in kernels
  bool has_f16 = false;                 // half-precision arithmetic in kernels; storage needs none
  // Asked by GLSL's kernels alone, whose language leaves them to the device.
  bool has_16_bit_storage = false;          // elements of 16 bits in buffers; else parts of 32-bit words
  bool has_8_bit_storage = false;           // elements of 8 bits in buffers; else parts of 32-bit words
  bool has_i64 = false;                     // 64-bit integers in kernels
  bool has_integer_dot = false;             // four products of i8 summed by one instruction
  std::uint32_t subgroup_size = 0;          // work-items that exchange registers; 0 if they cannot
  std::array<std::size_t, 3> max_groups{};  // groups in a launch, per dimension
  std::uint32_t loop_rounds = 0;  // of all loops of a work-item together, after which the driver ends
                                  // them without a word; 0 if it does not
  std::vector<MatrixShape>
      matrix_shapes;  // in the driver's order, one more than once if several extensions offer it
};

/// Named integers, e.g. {"TILE_M", 12}.
using Values = std::map<std::string, std::int64_t>;

/// A variant of an implementation's kernels.
/// In text and JSON the method is the first of the parameters: METHOD=packed TILE_M=12.
struct Parameters {
  std::string method;  // empty if the implementation has only one
  Values values;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 reports the 0 that a defaulted comparison hides
  friend auto operator<=>(const Parameters&, const Parameters&) = default;
};
/// "METHOD=packed TILE_M=12".
[[nodiscard]] std::string parameters_text(const Parameters& parameters);
/// What the method is called among parameters; no value has this name.
inline constexpr std::string_view method_name = "METHOD";

struct Argument {
  enum class Kind : std::uint8_t { tensor, scratch, integer };
  Kind kind = Kind::tensor;
  std::int64_t value = 0;  // index into Problem::tensors(), index into Plan::scratch_bytes, or the integer
                           // (32-bit in the kernel)
  friend bool operator==(const Argument&, const Argument&) = default;
};

/// One launch.
struct Step {
  std::string source;  // embedded kernel file, e.g. "gemm/naive.cl" or "gemm/naive.naive.f32.f32.f32.spv"
  std::string entry;   // kernel function
  std::vector<std::pair<std::string, std::int64_t>> constants;  // preprocessor or specialisation constants
  std::array<std::size_t, 3> groups{1, 1, 1};
  std::array<std::size_t, 3> group_shape{1, 1, 1};
  std::vector<Argument> arguments;
};

/// What an implementation does on a device, in order. Pure data.
struct Plan {
  std::vector<std::size_t> scratch_bytes;
  std::vector<Step> steps;
  /// What of the device it uses that not every device has, in words: "subgroup broadcast". Each once.
  std::vector<std::string> features = {};
};

/// Parameters worth trying, with what a simple model says of them.
struct Candidate {
  Parameters parameters;
  double cost = 0;  // in any unit, the same for all candidates of a problem
};

/// An implementation the project brings, as opposed to a vendor's library.
struct Implementation {
  std::string_view name;  // "naive" or "portable"; records say "naive" and "portable/<language>"
  /// Shipped defaults for this device; never fails.
  std::function<Parameters(const Problem&, const Traits&)> defaults;
  /// Why not, or the plan. Parameters that break a rule are Unsupported with the rule.
  std::function<OrUnsupported<Plan>(const Problem&, const Traits&, const Parameters&)> plan;
  /// What `moat tune` may search, in any order, valid or not (parameters_to_try, candidates.h, sorts, checks
  /// and cuts the list). No function: nothing to search, the defaults are all there is.
  std::function<std::vector<Candidate>(const Problem&, const Traits&)> candidates = {};
  /// Arguments of the problem's key that are sizes: what was found for a problem may serve one that differs
  /// in these alone, and in none by more than a factor of two.
  std::vector<std::string_view> sizes = {};
  /// Names of its methods, in order of preference; one empty name if there is only one.
  std::vector<std::string_view> methods = {};
};

/// As records name it on a device of `language`: "naive", "portable/opencl".
[[nodiscard]] std::string record_name(const Implementation& implementation, Language language);

/// What a device of `language` compiles of a kernel file: the dialect's words, then the file, with other
/// kernel files where it says `#include "product/tile.cl"` (each once); for GLSL the SPIR-V that glslc made
/// of it. `kernel_dir`, if given, is searched before the embedded files. Throws UsageError for a file that
/// exists in neither.
[[nodiscard]] std::string kernel_source(std::string_view file, Language language,
                                        const std::optional<std::string>& kernel_dir = std::nullopt);

/// A kernel file as it was built in: "gemm/naive.cl", "gemm/naive.comp" and what they include,
/// "dialect/opencl.h". Nothing if there is none of that name.
[[nodiscard]] std::optional<std::string_view> embedded_kernel_text(std::string_view file);

}  // namespace moat
