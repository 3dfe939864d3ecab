// A library whose loading does harm, as drivers' and layers' sometimes does. Must not know who loads it.
#include <cstdio>
#include <cstdlib>

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
