// What a BLAS library is used for, by the products that its file has. That they are right is tested by
// tests/conformance, of whichever libraries this machine has.
#include "adapters/host/blas.h"
#include "kernels/gemm/gemm.h"
#include "tests/catch.h"

using namespace moat;
using namespace moat::host;
using Catch::Matchers::ContainsSubstring;

namespace {

void product(int, int, int, std::int32_t, std::int32_t, std::int32_t, float, const float*, std::int32_t,
             const float*, std::int32_t, float, float*, std::int32_t) {}
void mixed(int, int, int, std::int32_t, std::int32_t, std::int32_t, float, const std::uint16_t*, std::int32_t,
           const std::uint16_t*, std::int32_t, float, float*, std::int32_t) {}

/// What a library called Some says to a product of these types; "" if it computes it.
std::string refusal(const Blas& blas, const std::string& types) {
  const auto refused = blas_refuses(blas, "Some", parse_problem("gemm:m=4,n=4,k=4,type=" + types)->types());
  return refused ? refused->reason : "";
}

}  // namespace

TEST_CASE("a product that the file lacks is unsupported by its name, the others are not", "[host]") {
  Blas blas;
  blas.path = "/opt/libsome.so";
  blas.f32 = {"cblas_sgemm", product};
  blas.f64 = {"cblas_dgemm", nullptr};
  blas.bf16 = {"cblas_gemm_bf16bf16f32", nullptr};
  CHECK(refusal(blas, "f32").empty());
  CHECK(refusal(blas, "f64") == "/opt/libsome.so lacks cblas_dgemm");
  CHECK(refusal(blas, "bf16,output=f32") == "/opt/libsome.so lacks cblas_gemm_bf16bf16f32");
}

TEST_CASE("a product that no version of the library has is unsupported by its type", "[host]") {
  const Blas blas;
  CHECK(refusal(blas, "f16") == "Some has no GEMM for inputs of f16");
  CHECK(refusal(blas, "i8") == "Some has no GEMM for inputs of i8");
}

TEST_CASE("products of 16-bit inputs that give f32 serve only problems that ask for f32", "[host]") {
  Blas blas;
  blas.f16 = {"cblas_gemm_f16f16f32", mixed};
  CHECK(refusal(blas, "f16,output=f32").empty());
  CHECK_THAT(refusal(blas, "f16"), ContainsSubstring("cblas_gemm_f16f16f32 gives f32; the problem asks for"));
}
