// What ran out, in words: one spelling for every limit of the system that a call can meet, with the way out.
#pragma once

#include <string>
#include <string_view>

namespace moat {

/// What to do about an errno that tells of an exhausted resource or a missing permission: "free some space",
/// "raise the limit of open files (ulimit -n)". Empty for any other.
[[nodiscard]] std::string_view way_out(int error);

/// The error of an exhausted resource that a program's words tell of by the system's text for it ("No space
/// left on device") or, of memory, by those of C++ and LLVM; 0 if none.
[[nodiscard]] int exhausted_in(std::string_view words);

}  // namespace moat
