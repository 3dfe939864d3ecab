// The OpenCL adapter, with what it looks for on the machine made explicit,
// so that tests can point it elsewhere.
#pragma once

#include <filesystem>
#include <memory>

#include "adapters/adapter.h"
#include "adapters/common/library_files.h"

namespace moat::opencl {

struct Configuration {
  LibraryFiles loader = opencl_loader_files();
  LibraryFiles clblast = clblast_files();
  std::filesystem::path icd_folder{"/etc/OpenCL/vendors"};  // where no variable of the loader names another
};

[[nodiscard]] std::unique_ptr<Adapter> make_adapter(Configuration configuration);

}  // namespace moat::opencl

namespace moat {

[[nodiscard]] std::unique_ptr<Adapter> make_opencl_adapter();

}  // namespace moat
