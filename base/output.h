// The program's standard streams, and the only place that writes to them: scripts/check_house.sh refuses any
// other. Whatever a text holds, nothing in it steers the reader's terminal; and a stream that is closed, full
// or without a reader neither ends a run nor becomes part of a file. Must not know what is written.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace moat {

/// For the beginning of main. Afterwards descriptors 0 to 2 are open, so that no file, pipe or device gets
/// their numbers: those that were closed are /dev/null, opened so that writing to standard output says that
/// it is closed. A reader that ends is an error to handle (EPIPE), not a death (SIGPIPE).
void prepare_standard_streams();

/// To standard output, as a whole when it returns. `text` is made printable (base/text.h) but for its line
/// ends and, on a terminal, the colours of base/terminal.h. UsageError where it cannot be written; a reader
/// who has seen enough (`| head`) is none, and what follows is dropped.
void write_output(std::string_view text);

/// The same of a text in which all that comes from outside is printable already: nothing in it is changed.
void write_own_output(std::string_view text);

/// The same to standard error, but never an error: what cannot be written is dropped, and the next text is
/// tried again. For what say() cannot write: parts of lines, colours, and erase_line on a terminal.
void write_error(std::string_view text) noexcept;
/// Moves to the beginning of a terminal's line and empties it.
inline constexpr std::string_view erase_line = "\r\x1b[K";

/// write_output of a formatted text, as fmt::print takes it.
template <class... Values>
void print(fmt::format_string<Values...> format, Values&&... values) {
  write_output(fmt::format(format, std::forward<Values>(values)...));
}

/// A line to standard error: write_error of the formatted text, made printable, and a line end.
template <class... Values>
void say(fmt::format_string<Values...> format, Values&&... values) {
  write_error(fmt::format(format, std::forward<Values>(values)...) + "\n");
}

}  // namespace moat
