// toml++ whose assertions throw TomlDefect instead of ending the process, in every build: malformed text such
// as "a = [ }" or "[[<b]]" violates assertions of its parser (3.3 and 3.4), and with NDEBUG they become
// promises to the compiler, so that what follows is undefined. Include this header only, never toml++ itself.
#pragma once

#include <exception>

namespace moat {

/// An assertion of toml++ does not hold: the text that it parses is not TOML.
class TomlDefect : public std::exception {};

[[noreturn]] inline void throw_toml_defect() {
  throw TomlDefect();
}

}  // namespace moat

#pragma push_macro("NDEBUG")
#undef NDEBUG  // with it toml++ replaces the macro that follows
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::moat::throw_toml_defect())
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
