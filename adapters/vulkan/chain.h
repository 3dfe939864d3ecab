// Vulkan's structures and the chains they come in. Knows no driver.
#pragma once

#include "adapters/vulkan/abi.h"

namespace moat::vulkan {

/// Appends `link` to the chain that begins at `chain`.
template <class Chain, class Link>
void chain_to(Chain& chain, Link& link) {
  link.pNext = chain.pNext;
  chain.pNext = &link;
}

template <class T>
T structure(VkStructureType type) {
  T value{};
  value.sType = type;
  return value;
}

}  // namespace moat::vulkan
