// Digests tell texts apart and are the same everywhere.
#include "base/digest.h"

#include "tests/catch.h"

using namespace moat;

TEST_CASE("a digest is twelve hexadecimal digits, the same for the same text on every machine") {
  const std::string digest = short_digest("gemm");
  CHECK(digest.size() == 12);
  CHECK(digest.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(digest == short_digest("gemm"));
  CHECK(digest != short_digest("gemn"));
  CHECK(short_digest("") != short_digest(std::string(1, '\0')));
}
