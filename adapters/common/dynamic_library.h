// Opens the first file of a vendor's library that is fit for use. Must not know what is in it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/common/library_files.h"
#include "adapters/driver_files.h"
#include "kernels/implementation.h"

namespace moat {

/// Takes what it needs from an opened library, or says why it cannot be used.
using TakeLibrary = std::function<std::optional<Unsupported>(void* handle)>;

/// Files that were tried before the one that serves, each with the reason why it does not.
using PassedOver = std::vector<std::string>;

/// Opening a library runs its code, which may end or hold up the process.
struct LibraryGuard {
  std::vector<AvoidedLibrary> avoided;  // files that are passed over, with their reasons
  std::function<void(const std::string& file)>
      on_open;  // told of each file before it is opened, and "" after
};
/// For all libraries that this process opens from now on.
void guard_libraries(LibraryGuard guard);

/// Opens the files of `library` in the order of find_library() until `take` accepts one. What the dynamic
/// linker misses of a file of MOAT_LIBRARY_PATH is looked for in its own folder and those of that variable.
/// If MOAT_LIBRARY_PATH has such a file and none of them serves, the system's are not tried: nothing else is
/// measured in their place; nor is anything opened if an entry of that variable is wrong. Unsupported tells
/// what was looked for and where, each file with the reason, and the way out. Handles are never closed,
/// because drivers leave threads and exit handlers behind. Symbols stay local, so that libraries do not use
/// each other's.
[[nodiscard]] OrUnsupported<PassedOver> open_library(const LibraryFiles& library, const LibraryPlaces& places,
                                                     const TakeLibrary& take);
/// In the places that the environment names.
[[nodiscard]] OrUnsupported<PassedOver> open_library(const LibraryFiles& library, const TakeLibrary& take);

/// A library's entry points, and which files did not serve.
template <class Symbols>
struct Loaded {
  Symbols symbols;
  PassedOver passed_over;
};
/// open_library() of a function that gives the entry points.
template <class Symbols>
[[nodiscard]] OrUnsupported<Loaded<Symbols>> load_library(
    const LibraryFiles& library, const std::function<OrUnsupported<Symbols>(void* handle)>& take) {
  OrUnsupported<Symbols> taken = Unsupported{};
  OrUnsupported<PassedOver> opened = open_library(library, [&](void* handle) -> std::optional<Unsupported> {
    taken = take(handle);
    if (const auto* refusal = std::get_if<Unsupported>(&taken)) return *refusal;
    return std::nullopt;
  });
  if (const auto* absent = std::get_if<Unsupported>(&opened)) return *absent;
  return Loaded<Symbols>{std::get<Symbols>(std::move(taken)), std::get<PassedOver>(std::move(opened))};
}

/// ", passed over: FILE: REASON; ..." for a library's version, or "".
[[nodiscard]] std::string passed_over_text(const PassedOver& passed_over);

/// The path of the loaded file that `address` lies in,
/// with symbolic links resolved; "unknown file" if there is none.
[[nodiscard]] std::string file_of(const void* address);
/// Likewise of an opened library.
[[nodiscard]] std::string file_of_handle(void* handle);

/// Offers the OpenCL runtimes of MOAT_LIBRARY_PATH to every OpenCL loader in this process that reads
/// OCL_ICD_FILENAMES, as Khronos' does, in addition to those that are registered with the system. To be
/// called before any loader is loaded.
void announce_opencl_runtimes();

/// The entry point `name`; null if the library and those that it brought do not have it.
[[nodiscard]] void* symbol(void* handle, const std::string& name);
template <class Function>
void find_symbol(void* handle, const std::string& name, Function*& function) {
  function = reinterpret_cast<Function*>(symbol(handle, name));
}
/// Likewise, and remembers the name if it is not there.
template <class Function>
void find_symbol(void* handle, const std::string& name, Function*& function,
                 std::vector<std::string>& missing) {
  find_symbol(handle, name, function);
  if (function == nullptr) missing.push_back(name);
}

}  // namespace moat
