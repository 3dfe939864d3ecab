// The rows: how each library's files are named by distributions, by vendors' installers and in wheels of
// PyPI.
#include "adapters/common/library_files.h"

namespace moat {
namespace {

constexpr std::string_view wide_integers =
    "its integers have 64 bits; Moat calls the interface with 32-bit integers";

}  // namespace

// Debian 12: libdnnl.so.2; Debian 13: libdnnl.so.3.6, its soname too; Ubuntu 24.04: libdnnl.so.3; PyPI
// (onednn): libdnnl.so.3.
const LibraryFiles& onednn_files() {
  static const LibraryFiles row{.name = "oneDNN",
                                .stems = {"libdnnl"},
                                .oldest = 2,
                                .newest = 3,
                                .way_out = "install Debian's libdnnl-dev, or PyPI's onednn as README says"};
  return row;
}

// Debian: libopenblas.so.0 is the flavour that the system's alternatives chose. Fedora has the flavours under
// names of their own, and libopenblas.so.0 is the one without threads; so does openSUSE. PyPI
// (scipy-openblas32): libscipy_openblas.so.
const LibraryFiles& openblas_files() {
  static const LibraryFiles row{
      .name = "OpenBLAS",
      .stems = {"libopenblasp", "libopenblas_pthreads", "libopenblaso", "libopenblas_openmp", "libopenblas",
                "libscipy_openblas"},
      .oldest = 0,
      .newest = 0,
      .refused = {{"libopenblas64", wide_integers},
                  {"libopenblasp64", wide_integers},
                  {"libopenblaso64", wide_integers},
                  {"libscipy_openblas64", wide_integers}},
      .way_out = "install Debian's libopenblas0-pthread, or PyPI's scipy-openblas32 as README says"};
  return row;
}

// Intel's packages and PyPI (mkl): libmkl_rt.so.2 until 2025, then .so.3. Debian's has no number.
const LibraryFiles& mkl_files() {
  static const LibraryFiles row{.name = "oneMKL",
                                .stems = {"libmkl_rt"},
                                .oldest = 2,
                                .newest = 3,
                                .way_out = "install PyPI's mkl as README says"};
  return row;
}

// AMD's build with threads is libblis-mt; Fedora's flavours are libblisp (pthreads) and libbliso (OpenMP).
const LibraryFiles& blis_files() {
  static const LibraryFiles row{
      .name = "BLIS",
      .stems = {"libblis-mt", "libblisp", "libbliso", "libblis"},
      .oldest = 3,
      .newest = 5,
      .refused = {{"libblis64", wide_integers}, {"libblisp64", wide_integers}, {"libbliso64", wide_integers}},
      .way_out = "install Debian's libblis4-pthread"};
  return row;
}

const LibraryFiles& clblast_files() {
  static const LibraryFiles row{.name = "CLBlast",
                                .stems = {"libclblast"},
                                .oldest = 1,
                                .newest = 1,
                                .way_out = "install Debian's libclblast1"};
  return row;
}

const LibraryFiles& opencl_loader_files() {
  static const LibraryFiles row{.name = "the OpenCL loader",
                                .stems = {"libOpenCL"},
                                .oldest = 1,
                                .newest = 1,
                                .way_out = "install ocl-icd-libopencl1 and a driver (pocl-opencl-icd)"};
  return row;
}

// Intel's for CPUs (PyPI: intel-opencl-rt): libintelocl.so, whose links carry the release.
const LibraryFiles& opencl_runtime_files() {
  static const LibraryFiles row{.name = "an OpenCL runtime",
                                .stems = {"libintelocl"},
                                .oldest = 0,
                                .newest = 9999,
                                .way_out = "install PyPI's intel-opencl-rt as README says"};
  return row;
}

const LibraryFiles& vulkan_loader_files() {
  static const LibraryFiles row{.name = "the Vulkan loader",
                                .stems = {"libvulkan"},
                                .oldest = 1,
                                .newest = 1,
                                .way_out = "install libvulkan1 and a driver (mesa-vulkan-drivers)"};
  return row;
}

}  // namespace moat
