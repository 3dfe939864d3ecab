// Which of SPIR-V's capabilities an open device has. Drivers may crash on others rather than refuse them.
#pragma once

#include "adapters/vulkan/info.h"
#include "adapters/vulkan/module.h"

namespace moat::vulkan {

/// Throws CompileError with the capability's name and what it needs, or the SPIR-V version that is too new.
void require_capabilities(const Module& module, const Facts& facts);

}  // namespace moat::vulkan
