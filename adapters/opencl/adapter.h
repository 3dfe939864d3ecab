// The OpenCL adapter, with what it looks for on the machine made explicit,
// so that tests can point it elsewhere.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter.h"

namespace moat::opencl {

struct Configuration {
  std::vector<std::string> opencl_names{"libOpenCL.so.1", "libOpenCL.so"};
  std::vector<std::string> clblast_names{"libclblast.so.1", "libclblast.so"};
  std::filesystem::path icd_folder{"/etc/OpenCL/vendors"};  // only to explain an absence
};

[[nodiscard]] std::unique_ptr<Adapter> make_adapter(Configuration configuration);

}  // namespace moat::opencl

namespace moat {

[[nodiscard]] std::unique_ptr<Adapter> make_opencl_adapter();

}  // namespace moat
