// The grammar of problems' keys in words, from what the parsers themselves go by (Operator::arguments) and
// take, so that it cannot say anything else. Must not know the command line.
#pragma once

#include <string>

#include "kernels/operator.h"

namespace moat {

/// One operator's keys: each argument with what it takes, the combinations of types that there are, examples.
[[nodiscard]] std::string grammar_text(const Operator& op);
/// How a key is written, and an example of each operator's.
[[nodiscard]] std::string keys_text();

}  // namespace moat
