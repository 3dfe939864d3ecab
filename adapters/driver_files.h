// The files through which a vendor-neutral loader comes to its drivers, as data: OpenCL's ICD files, Vulkan's
// manifests. Must not know any loader.
#pragma once

#include <string>
#include <vector>

namespace moat {

/// A file that leads a loader to a driver, or to a layer that it puts before drivers.
struct DriverFile {
  std::string file;     // "/etc/OpenCL/vendors/pocl.icd"; the library's where nothing else names it
  std::string library;  // what it names, as the loader opens it; empty if it names none
  std::string fault;  // why it cannot be asked, what follows its name: "names no library"; empty if it can be
  friend bool operator==(const DriverFile&, const DriverFile&) = default;
};

/// What a loader would use in this environment.
struct DriverFiles {
  std::vector<DriverFile> drivers;  // in the order in which the loader reads them
  std::vector<DriverFile> layers;   // loaded with every driver
  std::string absence;              // why there is no file, and the way out; empty if there is one
  std::string mending;              // what to do about a file that fails
  std::string installing;           // what to install where none gives a device
};

/// A library's file that is not opened, and why: it ended a process that opened it.
struct AvoidedLibrary {
  std::string file;
  std::string reason;
  friend bool operator==(const AvoidedLibrary&, const AvoidedLibrary&) = default;
};

}  // namespace moat
