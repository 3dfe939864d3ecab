// Arguments of a key: what is refused, and that the message names it and the way out.
#include "kernels/arguments.h"

#include <array>
#include <functional>

#include "base/error.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr std::array<std::string_view, 2> words{"nn", "nt"};

const std::array<KeyArgument, 7> known{
    {{.name = "m", .meaning = "rows", .least = 1, .most = 64},
     {.name = "type", .meaning = "of A", .kind = KeyArgument::Kind::type, .usual = "f32"},
     {.name = "transpose",
      .meaning = "stored",
      .kind = KeyArgument::Kind::word,
      .usual = "nn",
      .words = words},
     {.name = "accumulate", .meaning = "of sums", .kind = KeyArgument::Kind::type},
     {.name = "output", .meaning = "of C", .kind = KeyArgument::Kind::type},
     {.name = "pad", .meaning = "zeros", .kind = KeyArgument::Kind::extent, .least = 0, .most = 9},
     {.name = "scale", .meaning = "factor", .kind = KeyArgument::Kind::real}}};

Arguments parsed(std::string_view text) {
  return {"gemm", "gemm:m=1,type=f32", known, text};
}

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

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
  CHECK(parsed("m=1").number("m") == 1);
  CHECK(parsed("m=64").number("m") == 64);
  const std::string text = GENERATE("m=0", "m=65", "m=", "m=1x", "m= 1", "m=+1", "m=-3", "m=010", "m=1.5",
                                    "m=0x10", "m=1e1", "m=99999999999999999999", "m=18446744073709551617");
  CHECK_THAT(message([&] { static_cast<void>(parsed(text).number("m")); }),
             ContainsSubstring("give a whole number from 1 to 64"));
}

TEST_CASE("a type is as it was given, or the usual one; what is none is refused") {
  CHECK(parsed("m=1,type=bf16").type("type", Type::f32) == Type::bf16);
  CHECK(parsed("m=1").type("type", Type::i8) == Type::i8);
  CHECK_THAT(message([] { static_cast<void>(parsed("type=float").type("type", Type::f32)); }),
             ContainsSubstring("type=float will not do") && ContainsSubstring("f64, f32, f16"));
}

TEST_CASE("an extent is one number or two, by the same rules") {
  CHECK(parsed("pad=2").extent("pad") == std::array<std::int64_t, 2>{2, 2});
  CHECK(parsed("pad=0x9").extent("pad") == std::array<std::int64_t, 2>{0, 9});
  const std::string text = GENERATE("pad=", "pad=1x", "pad=x1", "pad=1x2x3", "pad=10", "pad=1x-1", "pad=01");
  CHECK_THAT(message([&] { static_cast<void>(parsed(text).extent("pad")); }),
             ContainsSubstring("gemm: " + text + " will not do; give a whole number from 0 to 9, or two"));
}

TEST_CASE("a factor is a finite number, which may be negative") {
  CHECK(parsed("scale=0.125").real("scale") == 0.125F);
  CHECK(parsed("scale=-1e3").real("scale") == -1000.0F);
  const std::string text =
      GENERATE("scale=", "scale=nan", "scale=inf", "scale=-inf", "scale=1e40", "scale=--1", "scale=+1",
               "scale= 1", "scale=0x1", "scale=.5", "scale=1,5");
  CHECK_FALSE(message([&] { static_cast<void>(parsed(text).real("scale")); }).empty());
}

TEST_CASE("a word is one of a list, which the refusal gives with the nearest") {
  CHECK(parsed("transpose=nn").word("transpose") == 0);
  CHECK(parsed("transpose=nt").word("transpose") == 1);
  CHECK(message([] { static_cast<void>(parsed("transpose=NT").word("transpose")); }) ==
        "gemm: transpose=NT will not do; give one of nn, nt. Did you mean nt or nn?");
}

TEST_CASE("names that other tools use are understood well enough to name ours") {
  for (const char* type : {"fp16", "float16", "half", "F16"}) {
    CHECK_THAT(message([&] { static_cast<void>(parsed(std::string("type=") + type).types()); }),
               ContainsSubstring("Did you mean f16"));
  }
  CHECK_THAT(message([] { static_cast<void>(parsed("type=F32").types()); }),
             ContainsSubstring("Did you mean f32"));
  CHECK_THAT(message([] { parsed("M=64"); }), ContainsSubstring("unknown argument 'M=64'. Did you mean m?"));
}

TEST_CASE("types that are not given are those usual with the input's, which is f32 if not given") {
  CHECK(parsed("m=1").types() == Types{Type::f32, Type::f32, Type::f32});
  CHECK(parsed("type=i8").types() == Types{Type::i8, Type::i32, Type::i32});
  CHECK(parsed("type=f16,output=f32").types() == Types{Type::f16, Type::f32, Type::f32});
  CHECK(parsed("type=bf16,accumulate=bf16").types() == Types{Type::bf16, Type::bf16, Type::bf16});
  CHECK_THAT(message([] { static_cast<void>(parsed("output=f").types()); }),
             ContainsSubstring("output=f will not do"));
}
