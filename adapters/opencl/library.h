// CLBlast, the BLAS library of OpenCL, as a Library. Knows GEMM's shape and nothing of its mathematics.
#pragma once

#include <memory>
#include <string>

#include "adapters/adapter.h"
#include "adapters/opencl/device.h"

namespace moat::opencl {

/// CLBlast on `session`'s device, whose traits are `traits`; or why it did not load.
[[nodiscard]] OrUnsupported<std::unique_ptr<Library>> make_clblast(
    std::shared_ptr<Session> session, const OrUnsupported<ClblastSymbols>& loaded, const Traits& traits);

/// CLBlast's C API has no version query: the version its file name carries,
/// "1.5.3 (by the file name /usr/lib/libclblast.so.1.5.3)", or "unknown (/usr/lib/libclblast.so.1)".
[[nodiscard]] std::string version_from_file_name(const std::string& path);

}  // namespace moat::opencl
