// What the host's BLAS libraries share: products through CBLAS. One row per library says how it is found,
// which products it has beyond sgemm and dgemm, and how it is told the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/common/dynamic_library.h"
#include "adapters/host/abi.h"
#include "adapters/host/kernel_level.h"
#include "adapters/host/library.h"
#include "adapters/host/openmp.h"

namespace moat::host {

/// An entry point and its name; the name is empty if no version of the library has such a product, the
/// function null if this file lacks it.
template <class Function>
struct Product {
  std::string name = {};
  Function* function = nullptr;
};

/// A loaded BLAS library.
struct Blas {
  std::string path;
  std::string version;                         // with instruction set, threads and file
  unsigned asked = 1;                          // threads
  unsigned threads = 1;                        // granted
  void (*set_threads)(int threads) = nullptr;  // called before each series
  OpenMp openmp;                               // not there if the library brings none of its own
  KernelChoice choice;                         // its kernels
  Product<CblasGemm<float>> f32;
  Product<CblasGemm<double>> f64;
  Product<CblasMixedGemm> bf16;  // f32 output
  Product<CblasMixedGemm> f16;   // f32 output
  Product<CblasGemmBatchStrided<float>> f32_batch;
  Product<CblasGemmBatchStrided<double>> f64_batch;
};

/// Finds `product` under `name`.
template <class Function>
void find_product(void* handle, const std::string& name, Product<Function>& product) {
  product.name = name;
  find_symbol(handle, name, product.function);
}

/// Finds the products that every CBLAS has. A library with neither of them lacks the first, which is added to
/// `missing`.
void find_cblas(void* handle, const std::string& prefix, Blas& blas, std::vector<std::string>& missing);

struct BlasRow {
  std::string_view implementation;  // "library/openblas"
  std::string_view name;            // "OpenBLAS"
  const LibraryFiles& files;
  /// Takes the library behind `handle`, or says what it lacks. What it computes with which types may be less
  /// than the row's library has.
  OrUnsupported<Blas> (*take)(void* handle, unsigned threads);
};
[[nodiscard]] BlasRow openblas_row();
[[nodiscard]] BlasRow mkl_row();
[[nodiscard]] BlasRow blis_row();
/// All of them, in the order in which devices list them.
[[nodiscard]] std::array<BlasRow, 3> blas_rows();

/// The row's library with `threads` threads, or why it is absent.
[[nodiscard]] OrUnsupported<std::unique_ptr<Library>> make_blas(const BlasRow& row, unsigned threads);

/// Threads and kernels.
[[nodiscard]] LibraryUse blas_use(const Blas& blas);

/// Nothing if `blas`, a library called `name`, computes products of these types; else the reason.
[[nodiscard]] std::optional<Unsupported> blas_refuses(const Blas& blas, std::string_view name,
                                                      const Types& types);

}  // namespace moat::host
