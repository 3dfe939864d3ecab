// What the help says of keys is what the parsers do.
#include "kernels/grammar.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "kernels/arguments.h"
#include "tests/catch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;

namespace {

bool is_taken(const std::string& key) {
  try {
    return parse_problem(key) != nullptr;
  } catch (const UsageError&) {
    return false;
  }
}

/// The operator's longest example, with one argument set or left out.
std::string with(const Operator& op, const KeyArgument& changed, const std::string& value) {
  const std::string example(op.key_example());
  std::string key(op.name());
  std::string separator = ":";
  for (const std::string_view argument :
       split(std::string_view(example).substr(example.find(':') + 1), ',')) {
    if (argument.substr(0, argument.find('=')) == changed.name) continue;
    key += separator + std::string(argument);
    separator = ",";
  }
  return value.empty() ? key : key + separator + std::string(changed.name) + "=" + value;
}

}  // namespace

TEST_CASE("every argument that the parser goes by is explained, and every example is a key") {
  for (const Operator* op : operators()) {
    const std::string text = grammar_text(*op);
    INFO(text);
    for (const KeyArgument& argument : op->arguments()) {
      CHECK_THAT(text, ContainsSubstring(fmt::format("\n  {} ", argument.name)));
      CHECK_FALSE(argument.meaning.empty());
    }
    CHECK(is_taken(std::string(op->key_example())));
    for (const std::string_view key : op->examples()) CHECK(is_taken(std::string(key)));
    CHECK_THAT(keys_text(), ContainsSubstring(std::string(op->key_example())));
  }
}

TEST_CASE("what may be left out is what the parser lets be left out, with the value that is stated") {
  for (const Operator* op : operators()) {
    for (const KeyArgument& argument : op->arguments()) {
      CAPTURE(op->name(), argument.name);
      const std::string without = with(*op, argument, "");
      CHECK(is_taken(without) == !argument.usual.empty());
      const std::string stated = with(*op, argument, std::string(argument.usual));
      if (!argument.usual.empty() && is_taken(stated))
        CHECK(parse_problem(stated)->key() == parse_problem(without)->key());
    }
  }
}

TEST_CASE("beyond the range that is stated, and in any other spelling, no number is taken") {
  for (const Operator* op : operators()) {
    for (const KeyArgument& argument : op->arguments()) {
      CAPTURE(op->name(), argument.name);
      if (argument.kind != KeyArgument::Kind::size && argument.kind != KeyArgument::Kind::extent) continue;
      if (argument.least > 0)
        CHECK_FALSE(is_taken(with(*op, argument, fmt::format("{}", argument.least - 1))));
      CHECK_FALSE(is_taken(with(*op, argument, fmt::format("{}", argument.most + 1))));
      const bool is_extent = argument.kind == KeyArgument::Kind::extent;
      for (const std::string other :
           {"-1", "+1", "01", "0x1", "1.0", "1e1", " 1", "1 ", "nan", "18446744073709551617"}) {
        if (is_extent && other == "0x1") continue;  // height x width
        CHECK_FALSE(is_taken(with(*op, argument, other)));
      }
    }
  }
}

TEST_CASE("the types that are listed are those the parser takes") {
  for (const Operator* op : operators()) {
    for (const std::string& type : type_names()) {
      CAPTURE(op->name(), type);
      const bool is_listed = grammar_text(*op).find("\n  type=" + type + "\n") != std::string::npos ||
                             grammar_text(*op).find("\n  type=" + type + ",") != std::string::npos;
      CHECK(is_listed == is_taken(std::string(op->examples().front()) + ",type=" + type));
    }
  }
  CHECK_THAT(grammar_text(find_operator("gemm")), ContainsSubstring("type=f16, also with output=f32"));
}
