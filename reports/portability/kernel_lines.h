// Which lines of the project's own kernels each platform needs: what code divergence is computed from. Reads
// the kernels as they are built in; must not know devices, files or how it is printed.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/implementation.h"
#include "reports/portability/divergence.h"

namespace moat {

/// A line of a kernel file, counted from 1.
using SourceLine = std::pair<std::string, std::size_t>;
/// Lines of code with the platforms ("opencl", "vulkan", "cuda") that need them.
using SourceLines = std::map<SourceLine, std::set<std::string>>;

/// What one of an operator's own implementations is made of.
struct KernelLines {
  std::string operator_name;
  std::string implementation;  // "naive" or "portable"
  SourceLines lines;
};

/// Every operator and implementation. A platform needs the files that plans for its devices name and what
/// those include, with the platform's dialect; of them every line that holds more than blanks and comments.
/// Branches of #ifdef and #ifndef that no plan's constants choose are left out; those of #if all count. Plans
/// are asked on model devices of each platform (CPUs and GPUs), for the operator's examples with each type,
/// with the parameters that are shipped.
[[nodiscard]] std::vector<KernelLines> kernel_lines();

/// The lines of all of them together, each once.
[[nodiscard]] SourceLines merged(std::span<const KernelLines> parts);
[[nodiscard]] LineSets line_sets(const SourceLines& lines);
/// Code divergence of each implementation, over the parts of its operators.
[[nodiscard]] std::map<std::string, double> divergences_of(std::span<const KernelLines> parts);

/// Of `text`, the numbers of lines that hold code: neither blank nor only a comment.
[[nodiscard]] std::vector<std::size_t> code_lines(std::string_view text);

/// The kernel file that `step` compiles, as written: "gemm/naive.cl", "gemm/naive.comp".
[[nodiscard]] std::string source_file(const Step& step);

}  // namespace moat
