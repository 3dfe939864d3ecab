// Kernel texts: the dialect first,
// other files where they are first included, a folder before what is built in.
#include <filesystem>

#include "base/error.h"
#include "kernels/implementation.h"
#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Adds a kernel file to a folder.
void add(const test::ScratchFolder& folder, const std::string& file, const std::string& text) {
  std::filesystem::create_directories((folder / file).parent_path());
  test::write(folder / file, text);
}

std::size_t occurrences(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a kernel is compiled with its language's dialect before it") {
  for (const Language language : {Language::opencl_c, Language::cuda}) {
    const std::string source = kernel_source("gemm/naive.cl", language);
    const auto dialect = embedded_kernel_text("dialect/" + std::string(name(language)) + ".h");
    REQUIRE(dialect);
    const std::string_view words = dialect->substr(dialect->find("#define KERNEL"));
    CHECK(source.find(words) < source.find("KERNEL void naive"));
    // With the numbers of types, which all dialects include.
    CHECK(source.find("#define TYPE_1 f32") < source.find(words));
    CHECK(occurrences(source, "#define F32 1\n") == 1);
  }
}

TEST_CASE("files are included once, where they are first asked for, and lines keep their numbers") {
  const test::ScratchFolder folder;
  add(folder, "dialect/opencl.h", "dialect\n");
  add(folder, "test/kernel.cl", "first\n#include \"test/part.cl\"\nthird\n#include \"test/part.cl\"\nfifth");
  add(folder, "test/part.cl", "part\n#include \"test/kernel.cl\"\n");
  CHECK(kernel_source("test/kernel.cl", Language::opencl_c, folder.path().string()) ==
        "#line 1\ndialect\n\n"
        "#line 1\nfirst\n"
        "#line 1\npart\n#line 3\n\n"
        "#line 3\nthird\n#line 5\nfifth\n");
}

TEST_CASE("a folder is searched before what is built in, file by file") {
  const test::ScratchFolder folder;
  add(folder, "gemm/naive.cl", "mine\n");
  const std::string source = kernel_source("gemm/naive.cl", Language::opencl_c, folder.path().string());
  CHECK_THAT(source, ContainsSubstring("#define KERNEL"));
  CHECK(occurrences(source, "mine") == 1);
  CHECK(kernel_source("gemm/tiled.cl", Language::opencl_c, folder.path().string()) ==
        kernel_source("gemm/tiled.cl", Language::opencl_c));
}

TEST_CASE("a file that is nowhere is refused with where it was sought") {
  CHECK_THROWS_WITH(kernel_source("gemm/absent.cl", Language::opencl_c),
                    ContainsSubstring("gemm/absent.cl") && ContainsSubstring("not given"));
  CHECK_THROWS_WITH(kernel_source("gemm/absent.cl", Language::opencl_c, "/nowhere"),
                    ContainsSubstring("--kernel-dir /nowhere"));
  CHECK_THROWS_AS(kernel_source("gemm/absent.spv", Language::glsl), UsageError);
  CHECK_FALSE(embedded_kernel_text("gemm/absent.cl"));
}

TEST_CASE("shaders are built in with their sources, and need no dialect") {
  CHECK(embedded_kernel_text("gemm/naive.comp"));
  const test::ScratchFolder folder;
  add(folder, "gemm/mine.spv", "words");
  CHECK(kernel_source("gemm/mine.spv", Language::glsl, folder.path().string()) == "words");
}

TEST_CASE("records name the portable kernels by language and the naive ones alone") {
  Implementation own;
  own.name = "naive";
  CHECK(record_name(own, Language::opencl_c) == "naive");
  own.name = "portable";
  CHECK(record_name(own, Language::opencl_c) == "portable/opencl");
  CHECK(record_name(own, Language::glsl) == "portable/vulkan");
  CHECK(record_name(own, Language::musa) == "portable/musa");
  CHECK(name(DeviceKind::cpu) == "cpu");
  CHECK(name(DeviceKind::accelerator) == "accelerator");
}

TEST_CASE("languages, kinds of devices and extensions are read by the names that they are written with") {
  for (const Language language :
       {Language::none, Language::opencl_c, Language::glsl, Language::cuda, Language::hip, Language::musa})
    CHECK(parse_language(name(language)) == language);
  CHECK_FALSE(parse_language("fortran"));
  for (const DeviceKind kind : {DeviceKind::cpu, DeviceKind::gpu, DeviceKind::accelerator})
    CHECK(parse_device_kind(name(kind)) == kind);
  CHECK_FALSE(parse_device_kind(""));
  CHECK_FALSE(parse_matrix_extension("none"));
}
