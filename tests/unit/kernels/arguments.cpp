// Arguments of a key: what is refused, and that the message names it and the way out.
#include "kernels/arguments.h"

#include <array>
#include <functional>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::array<std::string, 5> names{"m", "type", "transpose", "accumulate", "output"};

Arguments parsed(std::string_view text) {
  return {"gemm", "gemm:m=1,type=f32", names, text};
}

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

constexpr std::array<std::string_view, 2> words{"nn", "nt"};

}  // namespace

TEST_CASE("arguments are asked by name, in whatever order they were given") {
  const Arguments arguments = parsed("type=f16,m=12");
  CHECK(arguments.text("m") == "12");
  CHECK(arguments.has("type"));
  CHECK_FALSE(arguments.has("transpose"));
}

TEST_CASE("an argument that is not known is refused with the nearest") {
  CHECK_THAT(message([] { parsed("m=1,typ=f32"); }), ContainsSubstring("gemm: unknown argument 'typ=f32'") &&
                                                         ContainsSubstring("type") &&
                                                         ContainsSubstring("gemm:m=1,type=f32"));
  CHECK_THAT(message([] { parsed("m"); }), ContainsSubstring("unknown argument 'm'"));
  CHECK_THAT(message([] { parsed(""); }), ContainsSubstring("unknown argument ''"));
}

TEST_CASE("a long unknown argument is quoted in part") {
  const std::string text(1000, 'x');
  CHECK(message([&] { parsed(text); }).size() < 200);
}

TEST_CASE("an argument given twice is refused") {
  CHECK_THAT(message([] { parsed("m=1,m=1"); }), ContainsSubstring("argument m is given twice"));
}

TEST_CASE("a missing argument is told with an example of a key") {
  CHECK_THAT(message([] { static_cast<void>(parsed("type=f32").text("m")); }),
             ContainsSubstring("m= is missing") && ContainsSubstring("gemm:m=1,type=f32"));
}

TEST_CASE("a number is whole and within its limits, which belong to them") {
  CHECK(parsed("m=1").number("m", 1, 64) == 1);
  CHECK(parsed("m=64").number("m", 1, 64) == 64);
  CHECK(parsed("m=-3").number("m", -4, 64) == -3);
  const std::string text =
      GENERATE("m=0", "m=65", "m=", "m=1x", "m= 1", "m=+1", "m=1.5", "m=0x10", "m=99999999999999999999");
  CHECK_THAT(message([&] { static_cast<void>(parsed(text).number("m", 1, 64)); }),
             ContainsSubstring("whole number from 1 to 64"));
}

TEST_CASE("a type is as it was given, or the usual one; what is none is refused") {
  CHECK(parsed("m=1,type=bf16").type("type", Type::f32) == Type::bf16);
  CHECK(parsed("m=1").type("type", Type::i8) == Type::i8);
  CHECK_THAT(message([] { static_cast<void>(parsed("type=float").type("type", Type::f32)); }),
             ContainsSubstring("type=float is no type"));
}

TEST_CASE("a part of an argument is a number by the same rules") {
  CHECK(parsed("m=1x2").number_in("2", "m", 0, 9) == 2);
  CHECK_THAT(message([] { static_cast<void>(parsed("m=1x2").number_in("", "m", 0, 9)); }),
             ContainsSubstring("gemm: m= will not do"));
}

TEST_CASE("a word is one of a list, which the refusal gives") {
  CHECK(parsed("transpose=nn").word("transpose", words) == 0);
  CHECK(parsed("transpose=nt").word("transpose", words) == 1);
  CHECK(message([] { static_cast<void>(parsed("transpose=tt").word("transpose", words)); }) ==
        "gemm: transpose=tt is none of nn, nt");
}

TEST_CASE("types that are not given are those usual with the input's, which is f32 if not given") {
  CHECK(parsed("m=1").types() == Types{Type::f32, Type::f32, Type::f32});
  CHECK(parsed("type=i8").types() == Types{Type::i8, Type::i32, Type::i32});
  CHECK(parsed("type=f16,output=f32").types() == Types{Type::f16, Type::f32, Type::f32});
  CHECK(parsed("type=bf16,accumulate=bf16").types() == Types{Type::bf16, Type::bf16, Type::bf16});
  CHECK_THAT(message([] { static_cast<void>(parsed("output=f").types()); }),
             ContainsSubstring("output=f is no type"));
}
