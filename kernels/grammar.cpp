// Words around the lists of arguments; combinations of types are found by asking the parser.
#include "kernels/grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "kernels/arguments.h"

namespace moat {
namespace {

constexpr std::string_view how_keys_are_written =
    "A key is the operator's name, a colon, and arguments as name=value with commas between them: no blanks, "
    "in\n"
    "any order, each at most once. Numbers are decimal digits.\n";

bool is_key(const std::string& key) {
  try {
    return parse_problem(key) != nullptr;
  } catch (const UsageError&) {
    return false;
  }
}

/// "gemm:m=1,…" without types, to which they can be added.
std::string bare_key(const Operator& op) {
  return std::string(op.examples().front());
}

bool takes(const Operator& op, std::string_view argument) {
  return std::ranges::find(op.arguments(), argument, &KeyArgument::name) != op.arguments().end();
}

/// "accumulate=f32" and the like that the operator takes with a type, beyond what is usual with it.
std::vector<std::string> variants(const Operator& op, const std::string& type) {
  const std::string key = bare_key(op) + ",type=" + type;
  const std::string usual = parse_problem(key)->key();
  std::vector<std::string> found;
  for (const std::string argument : {"accumulate", "output"}) {
    if (!takes(op, argument)) continue;
    for (const std::string& other : type_names()) {
      const std::string choice = fmt::format("{}={}", argument, other);
      const std::string varied = fmt::format("{},{}", key, choice);
      if (is_key(varied) && parse_problem(varied)->key() != usual) found.push_back(choice);
    }
  }
  return found;
}

std::string types_block(const Operator& op) {
  std::string text = "\nTypes:\n";
  for (const std::string& type : type_names()) {
    if (!is_key(bare_key(op) + ",type=" + type)) continue;
    const std::vector<std::string> others = variants(op, type);
    text += "  type=" + type + (others.empty() ? "" : ", also with " + join(others, " or ")) + "\n";
  }
  return text;
}

std::string argument_line(const KeyArgument& argument, std::size_t width) {
  // What types an operator has is told below the arguments.
  const std::string domain = argument.kind == KeyArgument::Kind::type ? "" : "; " + domain_text(argument);
  const std::string usual =
      argument.usual.empty() ? " (must be given)" : fmt::format(" ({} if left out)", argument.usual);
  return fmt::format("  {:<{}}  {}{}{}\n", argument.name, width, argument.meaning, domain, usual);
}

}  // namespace

std::string grammar_text(const Operator& op) {
  std::size_t width = 0;
  for (const KeyArgument& argument : op.arguments()) width = std::max(width, argument.name.size());
  std::string text = fmt::format("Keys of {}, which counts {}.\n\n{}\nArguments:\n", op.name(),
                                 op.convention(), how_keys_are_written);
  for (const KeyArgument& argument : op.arguments()) text += argument_line(argument, width);
  text += types_block(op);
  text += "\nExamples:\n";
  for (const std::string_view key : op.examples()) text += fmt::format("  {}\n", key);
  return text + fmt::format("  {}\n", op.key_example());
}

std::string keys_text() {
  std::string text = fmt::format(
      "Problems are written as keys, in --problem and in the files of suites.\n\n{}\n", how_keys_are_written);
  for (const Operator* op : operators())
    text += fmt::format("  {}\n      moat help {} explains its arguments\n", op->key_example(), op->name());
  return text;
}

}  // namespace moat
