// The declarations of adapters/opencl/abi.h against the public headers, where those are installed: every
// constant, every structure and every function's parameters. This is what makes the adapter tier A.
#include "adapters/opencl/abi.h"

#include <type_traits>

#include "adapters/opencl/symbols.h"
#include "tests/catch.h"

// Taken before <CL/cl.h> defines macros of the same names.
// NOLINTBEGIN(readability-identifier-naming,bugprone-macro-parentheses): the vendors' names, declared
namespace ours {
#define MOAT_KEEP(name, value) [[maybe_unused]] constexpr auto cl_##name = moat::opencl::CL_##name;
MOAT_OPENCL_CODES(MOAT_KEEP)
MOAT_OPENCL_CONSTANTS(MOAT_KEEP)
#undef MOAT_KEEP
#define MOAT_KEEP(name, value) [[maybe_unused]] constexpr int clblast_##name = moat::opencl::CLBlast##name;
MOAT_CLBLAST_CODES(MOAT_KEEP)
MOAT_CLBLAST_CONSTANTS(MOAT_KEEP)
#undef MOAT_KEEP
}  // namespace ours
// NOLINTEND(readability-identifier-naming,bugprone-macro-parentheses)

namespace {

/// Whether two types are passed alike: pointers are pointers, enumerations are integers of their size.
template <class A, class B>
struct SamePassing {
  static constexpr bool value =
      sizeof(A) == sizeof(B) &&  // NOLINT(bugprone-sizeof-expression): pointers' sizes are meant
      std::is_pointer_v<A> == std::is_pointer_v<B> &&
      std::is_floating_point_v<A> == std::is_floating_point_v<B> &&
      (std::is_enum_v<A> || std::is_enum_v<B> || std::is_signed_v<A> == std::is_signed_v<B>);
};
template <class Ra, class... A, class Rb, class... B>
struct SamePassing<Ra(A...), Rb(B...)> {
  static constexpr bool compare() {
    if constexpr (sizeof...(A) == sizeof...(B)) {
      return SamePassing<Ra, Rb>::value && (SamePassing<A, B>::value && ...);
    } else {
      return false;
    }
  }
  static constexpr bool value = compare();
};

static_assert(SamePassing<int(int*, float), int(char*, float)>::value);
static_assert(!SamePassing<int(int), int(int, int)>::value);
static_assert(!SamePassing<int(int), int(unsigned)>::value);
static_assert(!SamePassing<int(float), int(int)>::value);
static_assert(!SamePassing<int(int*), int(long)>::value);

}  // namespace

#if __has_include(<CL/cl.h>)
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_ext.h>

TEST_CASE("OpenCL's constants are those of the public headers") {
#define MOAT_COMPARE(name, value) static_assert(ours::cl_##name == CL_##name);
  MOAT_OPENCL_CODES(MOAT_COMPARE)
  MOAT_OPENCL_CONSTANTS(MOAT_COMPARE)
#undef MOAT_COMPARE
  SUCCEED("compared when this file was compiled");
}

TEST_CASE("OpenCL's functions take and return what the public headers say") {
#define MOAT_COMPARE(name, result, parameters)                                                  \
  static_assert(SamePassing<std::remove_pointer_t<decltype(moat::opencl::OpenclSymbols::name)>, \
                            decltype(::name)>::value);
  MOAT_OPENCL_FUNCTIONS(MOAT_COMPARE)
#undef MOAT_COMPARE
  static_assert(sizeof(moat::opencl::PciBusInfo) == sizeof(cl_device_pci_bus_info_khr));
  static_assert(offsetof(moat::opencl::PciBusInfo, function) ==
                offsetof(cl_device_pci_bus_info_khr, pci_function));
  static_assert(sizeof(moat::opencl::BufferRegion) == sizeof(cl_buffer_region));
  static_assert(offsetof(moat::opencl::BufferRegion, bytes) == offsetof(cl_buffer_region, size));
  SUCCEED("compared when this file was compiled");
}
#else
TEST_CASE("OpenCL's headers are not installed, so its ABI was not compared") {
  WARN("install opencl-c-headers to compare adapters/opencl/abi.h with <CL/cl.h>");
}
#endif

#if __has_include(<clblast_c.h>) && __has_include(<CL/cl.h>)
#include <clblast_c.h>

TEST_CASE("CLBlast's constants and functions are those of its public header") {
#define MOAT_COMPARE(name, value) static_assert(ours::clblast_##name == ::CLBlast##name);
  MOAT_CLBLAST_CODES(MOAT_COMPARE)
  MOAT_CLBLAST_CONSTANTS(MOAT_COMPARE)
#undef MOAT_COMPARE
#define MOAT_COMPARE(name, type) static_assert(SamePassing<moat::opencl::type, decltype(::name)>::value);
  MOAT_CLBLAST_FUNCTIONS(MOAT_COMPARE)
#undef MOAT_COMPARE
  SUCCEED("compared when this file was compiled");
}
#else
TEST_CASE("CLBlast's header is not installed, so its ABI was not compared") {
  WARN("install libclblast-dev to compare adapters/opencl/abi.h with <clblast_c.h>");
}
#endif
