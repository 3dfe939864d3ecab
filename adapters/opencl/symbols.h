// Finds the OpenCL and CLBlast libraries at run time and their entry points by name. Knows no device.
#pragma once

#include <string>

#include "adapters/common/library_files.h"
#include "adapters/opencl/abi.h"
#include "kernels/implementation.h"

namespace moat::opencl {

/// Entry points of an OpenCL 1.2 loader or runtime, and the file they come from.
struct OpenclSymbols {
  std::string path;
  // NOLINTNEXTLINE(bugprone-macro-parentheses): a declaration, not an expression
#define MOAT_OPENCL_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
  MOAT_OPENCL_FUNCTIONS(MOAT_OPENCL_MEMBER)
#undef MOAT_OPENCL_MEMBER
};

/// Entry points of CLBlast, and the file they come from.
struct ClblastSymbols {
  std::string path;
  std::string passed_over;  // for the version: files that were tried before
#define MOAT_CLBLAST_MEMBER(name, type) type* name = nullptr;
  MOAT_CLBLAST_FUNCTIONS(MOAT_CLBLAST_MEMBER)
#undef MOAT_CLBLAST_MEMBER
};

/// Uses the OpenCL that is already in the process, if there is one (preloaded simulators and tracers such as
/// oclgrind, which CLBlast would reach too), else the first of `files` that serves. Libraries stay loaded:
/// drivers leave threads and exit handlers behind. Unsupported tells what was tried, with the dynamic
/// linker's words, or which entry point is missing.
[[nodiscard]] OrUnsupported<OpenclSymbols> load_opencl(const LibraryFiles& files);
[[nodiscard]] OrUnsupported<ClblastSymbols> load_clblast(const LibraryFiles& files);

}  // namespace moat::opencl
