// Fuzzes the tuning file's parser and what a run does with its result:
// any text is a UsageError that begins with its place,
// or a file that writes and reads back the same and whose parameters, if any are chosen, make a plan.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "kernels/gemm/gemm.h"
#include "results/tuning/choice.h"
#include "tests/fuzz/property.h"

using namespace moat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void choose(const TuningFile& file, const std::string& key) {
  const auto problem = parse_problem(key);
  Traits traits;
  traits.language = Language::opencl_c;
  traits.max_group_size = 4096;
  traits.max_group_shape = {4096, 4096, 4096};
  traits.native_vector_f32 = 16;
  const Implementation& portable = gemm_implementations()[1];
  // A hostile file may know the driver and the digest.
  const std::string driver = file.problems.empty() ? "" : file.problems.front().driver;
  const std::string kernels = file.problems.empty() ? "" : file.problems.front().kernels;
  const TuningQuery query{file.device, driver, portable, "portable/opencl", *problem, traits};
  const std::vector<TuningFile> files{file};
  const ParameterChoice choice = choose_parameters(files, query, [&](const Plan&) { return kernels; });
  if (!choice.parameters) return;
  require_property(!choice.source.empty(), "parameters have a source");
  require_property(std::holds_alternative<Plan>(portable.plan(*problem, traits, *choice.parameters)),
                   "chosen parameters make a plan");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  TuningFile file;
  try {
    file = parse_tuning(text, "tuning.json");
  } catch (const UsageError& error) {
    require_property(std::string_view(error.what()).starts_with("tuning.json: "), "an error names the file");
    return 0;
  }
  const std::string written = strict_json(tuning_json(file));
  require_property(strict_json(tuning_json(parse_tuning(written, "again"))) == written,
                   "what was written reads back");
  const std::string path = tuning_path("folder", file.device).string();
  require_property(path.starts_with("folder/") && path.find("..") == std::string::npos,
                   "a path stays in its folder");
  choose(file, "gemm:m=512,n=512,k=512,type=f32");
  choose(file, "gemm:m=0,n=512,k=512,type=f32");
  return 0;
}
