// Which file of each distribution, vendor and wheel is chosen. The names are those of the packages' lists of
// files.
#include <fmt/format.h>

#include <set>

#include "tests/catch.h"
#include "tests/unit/adapters/common/fake_files.h"

using namespace moat;

namespace {

struct Shipped {
  std::string_view where;
  const LibraryFiles& library;
  std::vector<std::string_view> files;
  std::vector<std::string> tried = {};  // in order
  std::vector<std::string_view> refused = {};
};

std::vector<Shipped> shipped() {
  return {
      {"Debian 12", onednn_files(), {"libdnnl.so", "libdnnl.so.2", "libdnnl.so.2.6"}, {"libdnnl.so.2.6"}},
      {"Debian 13", onednn_files(), {"libdnnl.so", "libdnnl.so.3.6", "libdnnl.so.3.7"}, {"libdnnl.so.3.7"}},
      {"Ubuntu 24.04", onednn_files(), {"libdnnl.so.3", "libdnnl.so.3.1"}, {"libdnnl.so.3.1"}},
      {"Fedora", onednn_files(), {"libdnnl.so.3", "libdnnl.so.3.9"}, {"libdnnl.so.3.9"}},
      {"PyPI's onednn",
       onednn_files(),
       {"libdnnl.so", "libdnnl.so.3", "libdnnl.so.3.13"},
       {"libdnnl.so.3.13"}},
      {"an old oneDNN",
       onednn_files(),
       {"libdnnl.so.1", "libdnnl.so.1.96"},
       {},
       {"libdnnl.so.1", "libdnnl.so.1.96"}},
      {"a future oneDNN beside a known one",
       onednn_files(),
       {"libdnnl.so.4", "libdnnl.so.2"},
       {"libdnnl.so.2"},
       {"libdnnl.so.4"}},

      {"Debian 12",
       openblas_files(),
       {"libopenblas.so.0", "libopenblasp-r0.3.21.so"},
       {"libopenblasp-r0.3.21.so"}},
      {"Debian's 64-bit OpenBLAS",
       openblas_files(),
       {"libopenblas64.so.0", "libopenblas64p-r0.3.29.so"},
       {},
       {"libopenblas64.so.0", "libopenblas64p-r0.3.29.so"}},
      {"Fedora, whose libopenblas.so.0 has no threads",
       openblas_files(),
       {"libopenblas.so.0", "libopenblaso.so.0", "libopenblasp.so.0", "libopenblas64.so.0",
        "libopenblasp64_.so.0"},
       {"libopenblasp.so.0", "libopenblaso.so.0", "libopenblas.so.0"},
       {"libopenblas64.so.0", "libopenblasp64_.so.0"}},
      {"openSUSE",
       openblas_files(),
       {"libopenblas.so.0", "libopenblas_pthreads.so.0", "libopenblas_openmp.so.0"},
       {"libopenblas_pthreads.so.0", "libopenblas_openmp.so.0", "libopenblas.so.0"}},
      {"PyPI's scipy-openblas32", openblas_files(), {"libscipy_openblas.so"}, {"libscipy_openblas.so"}},
      {"PyPI's scipy-openblas64",
       openblas_files(),
       {"libscipy_openblas64_.so"},
       {},
       {"libscipy_openblas64_.so"}},

      {"Debian", mkl_files(), {"libmkl_rt.so"}, {"libmkl_rt.so"}},
      {"PyPI's mkl until 2025", mkl_files(), {"libmkl_rt.so.2", "libmkl_core.so.2"}, {"libmkl_rt.so.2"}},
      {"PyPI's mkl", mkl_files(), {"libmkl_rt.so.3", "libmkl_core.so.3"}, {"libmkl_rt.so.3"}},
      {"oneMKL 2021", mkl_files(), {"libmkl_rt.so.1"}, {}, {"libmkl_rt.so.1"}},

      {"Debian 12 and 13", blis_files(), {"libblis.so.4"}, {"libblis.so.4"}},
      {"Debian's 64-bit BLIS", blis_files(), {"libblis64.so.4"}, {}, {"libblis64.so.4"}},
      {"Fedora",
       blis_files(),
       {"libblis.so.4", "libbliso.so.4", "libblisp.so.4", "libblisp64.so.4"},
       {"libblisp.so.4", "libbliso.so.4", "libblis.so.4"},
       {"libblisp64.so.4"}},
      {"AMD's AOCL", blis_files(), {"libblis.so.5", "libblis-mt.so.5"}, {"libblis-mt.so.5", "libblis.so.5"}},

      {"Debian 12", clblast_files(), {"libclblast.so.1", "libclblast.so.1.5.3"}, {"libclblast.so.1.5.3"}},
      {"any with ocl-icd", opencl_loader_files(), {"libOpenCL.so.1"}, {"libOpenCL.so.1"}},
      {"PyPI's intel-opencl-rt",
       opencl_loader_files(),
       {"libOpenCL.so", "libOpenCL.so.1", "libOpenCL.so.1.0.0"},
       {"libOpenCL.so.1.0.0"}},
      {"PyPI's intel-opencl-rt",
       opencl_runtime_files(),
       {"libintelocl.so", "libintelocl.so.2026.22.10.0", "libOpenCL.so.1"},
       {"libintelocl.so.2026.22.10.0"}},
      {"any with Vulkan",
       vulkan_loader_files(),
       {"libvulkan.so.1", "libvulkan.so.1.4.309"},
       {"libvulkan.so.1.4.309"}},
  };
}

/// Files in the order in which names count; those of one text end up as links to the longest, as packages
/// have them.
void lay_out(const test::ScratchFolder& folder, const Shipped& shipped) {
  for (const std::string_view name : shipped.files) test::write(folder / std::string(name), "");
}

}  // namespace

TEST_CASE("of what distributions, vendors and wheels ship, the right file comes first") {
  for (const Shipped& row : shipped()) {
    INFO(row.library.name << " of " << row.where);
    const test::ScratchFolder folder;
    lay_out(folder, row);
    const LibrarySearch search =
        find_library(row.library, {.own = {}, .system = {folder.path()}, .refused = {}});
    const std::vector<std::string> names = test::found_names(search);
    REQUIRE(names.size() >= row.tried.size());
    if (row.tried.empty()) {
      CHECK(names.empty());
    } else {
      CHECK(names[0] == row.tried[0]);
      // Those behind the first are the same library under shorter names, or other flavours in this order.
      auto next = names.begin();
      for (const std::string& name : row.tried) {
        next = std::find(next, names.end(), name);
        CHECK(next != names.end());
      }
    }
    std::set<std::string> refused;
    for (const std::string_view name : row.refused) refused.insert((folder / std::string(name)).string());
    std::set<std::string> told;
    for (const std::string& text : search.refused) told.insert(text.substr(0, text.find(": ")));
    CHECK(told == refused);
  }
}

TEST_CASE("every library says how to get it") {
  for (const LibraryFiles* row :
       {&onednn_files(), &openblas_files(), &mkl_files(), &blis_files(), &clblast_files(),
        &opencl_loader_files(), &opencl_runtime_files(), &vulkan_loader_files()}) {
    INFO(row->name);
    CHECK_FALSE(row->way_out.empty());
    CHECK(row->oldest <= row->newest);
    CHECK_FALSE(patterns_text(*row).empty());
  }
}
