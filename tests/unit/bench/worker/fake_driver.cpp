// A library whose loading does harm, as drivers' and layers' sometimes does. Must not know who loads it.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#ifdef MOAT_FAKE_REFUSE
// A layer of Vulkan with which no instance can be made.
namespace {
int refuse(const void*, const void*, void*) {
  return -3;  // VK_ERROR_INITIALIZATION_FAILED
}
}  // namespace
extern "C" void* vkGetInstanceProcAddr(void*, const char* name) {
  return std::strcmp(name, "vkCreateInstance") == 0 ? reinterpret_cast<void*>(&refuse) : nullptr;
}
#endif

namespace {

struct Harm {
  Harm() {
#if defined(MOAT_FAKE_ABORT)
    std::fputs("fake driver: no firmware\n", stderr);
    std::abort();
#elif defined(MOAT_FAKE_EXIT)
    std::_Exit(3);
#elif defined(MOAT_FAKE_LOOP)
    for (volatile bool forever = true; forever;) {
    }
#endif
  }
};
const Harm harm;

}  // namespace
