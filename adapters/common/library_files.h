// Where the files of a vendor's library may lie, and by which names: one row per library, and a search that
// says which files to try in which order. Must not know what is in a library; opens none.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moat {

/// Files whose names begin with `stem` are not used, for a reason.
struct RefusedStem {
  std::string_view stem;
  std::string_view reason;
};

/// How the files of one library are named: "libdnnl.so.3.6", "libdnnl.so", "libopenblasp-r0.3.29.so".
struct LibraryFiles {
  std::string_view name;                // "oneDNN"
  std::vector<std::string_view> stems;  // what file names begin with ("libdnnl"), preferred ones first
  int oldest = 0;  // of the interface, the first number behind ".so."; a file that carries none is accepted
  int newest = 0;
  std::vector<RefusedStem> refused = {};
  std::string_view way_out = {};  // how to get it: "install libdnnl-dev"
};

// The rows. tests/unit/adapters/common/library_table.cpp says which files of which distribution they choose.
[[nodiscard]] const LibraryFiles& onednn_files();
[[nodiscard]] const LibraryFiles& openblas_files();
[[nodiscard]] const LibraryFiles& mkl_files();
[[nodiscard]] const LibraryFiles& blis_files();
[[nodiscard]] const LibraryFiles& clblast_files();
[[nodiscard]] const LibraryFiles& opencl_loader_files();
[[nodiscard]] const LibraryFiles& opencl_runtime_files();
[[nodiscard]] const LibraryFiles& vulkan_loader_files();

struct LibraryPlaces {
  std::vector<std::filesystem::path> own;     // MOAT_LIBRARY_PATH: folders and files, the first ones first
  std::vector<std::filesystem::path> system;  // the folders that the dynamic loader uses
  std::vector<std::string> refused;           // entries of MOAT_LIBRARY_PATH that are not used, with reasons
};
/// Of this process' environment.
[[nodiscard]] LibraryPlaces library_places();
/// `moat` and `loader` are MOAT_LIBRARY_PATH and LD_LIBRARY_PATH, entries separated by colons; null if unset.
/// `root` stands for "/", where etc/ld.so.conf is. Entries that are not absolute are never used, so that
/// nothing is taken from the current folder.
[[nodiscard]] LibraryPlaces library_places(const char* moat, const char* loader,
                                           const std::filesystem::path& root);

/// A file to try.
struct LibraryFile {
  std::filesystem::path path;  // as it was found; a name without a folder is looked up by the dynamic loader
  std::vector<int> version;    // by the name of the file or of what it links to; empty if neither says
  bool is_own = false;         // of MOAT_LIBRARY_PATH
};

struct LibrarySearch {
  /// Those of MOAT_LIBRARY_PATH in its order; then the system's. Within a folder of the former and among all
  /// of the latter: the preferred stem first, then the newest version. Each file once. Last come the names
  /// that the dynamic loader may know without Moat's having seen the file.
  std::vector<LibraryFile> files;
  std::vector<std::string> refused;  // "/usr/lib/libdnnl.so.1: its interface is 1; Moat knows 2 to 3"
};
[[nodiscard]] LibrarySearch find_library(const LibraryFiles& library, const LibraryPlaces& places);

/// "libdnnl.so with a version of 2 to 3, or none": what was looked for, for a message.
[[nodiscard]] std::string patterns_text(const LibraryFiles& library);

}  // namespace moat
