// The null adapter's configuration text.
#include "adapters/null/config.h"

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using null::Fault;

TEST_CASE("an empty configuration is one device without faults", "[null]") {
  const null::Config config = null::parse_config("");
  CHECK(config.devices == 1);
  CHECK(config.operations_per_second == 1e9);
  CHECK(config.faults.empty());
}

TEST_CASE("settings and faults stand in any order, and globs may hold ',' and '='", "[null]") {
  const null::Config config =
      null::parse_config("lie@gemm:m=3,*;devices=2;rate=2.5e10;hang@gemm:m=5,*;launch=1e-6;memory=1e6;");
  CHECK(config.devices == 2);
  CHECK(config.operations_per_second == 2.5e10);
  CHECK(config.launch_seconds == 1e-6);
  CHECK(config.memory_bytes == 1000000);
  CHECK(null::faults_of(config, "gemm:m=3,n=4,k=5,type=f32") == std::vector{Fault::lie});
  CHECK(null::faults_of(config, "gemm:m=5,n=4,k=5,type=f32") == std::vector{Fault::hang});
  CHECK(null::faults_of(config, "gemm:m=35,n=4,k=5,type=f32").empty());
}

TEST_CASE("a problem can have several faults", "[null]") {
  const null::Config config = null::parse_config("noise@*;clock20x@gemm:*");
  CHECK(null::faults_of(config, "gemm:m=1,n=1,k=1,type=f32") == std::vector{Fault::noise, Fault::clock20x});
}

TEST_CASE("every fault's name is read back", "[null]") {
  for (int i = 0; i <= static_cast<int>(Fault::second); ++i) {
    const auto fault = static_cast<Fault>(i);
    const null::Config config = null::parse_config(std::string(null::name(fault)) + "@*");
    REQUIRE(config.faults.size() == 1);
    CHECK(config.faults[0].fault == fault);
  }
}

TEST_CASE("a malformed configuration names the part and the way out", "[null]") {
  const auto check_says = [](const char* text, const std::string& words) {
    CHECK_THROWS_AS(null::parse_config(text), UsageError);
    CHECK_THROWS_WITH(null::parse_config(text), Catch::Matchers::ContainsSubstring(words));
  };
  check_says("rate=fast", "'rate=fast': give a number");
  check_says("rate=-1", "'rate=-1': give a number");
  check_says("rate=nan", "'rate=nan': give a number");
  check_says("devices=1.5", "'devices=1.5': give a whole number");
  check_says("devices=0", "'devices=0': give a number from 1");
  check_says("device=2", "Did you mean devices?");
  check_says("devices", "write setting=value or fault@problems");
  check_says("lies@*", "Did you mean lie");
  check_says("lie@", "say which problems after '@'");
}
