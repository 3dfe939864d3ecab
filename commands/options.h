// Commands and their options, as CLI11 has them and under its names, without its headers: they are large, and
// are compiled once, in options.cpp. Must not know any command.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
class Option;
}  // namespace CLI

namespace moat {

/// One option or positional argument of a command. A handle: copies mean the same option.
class Option {
 public:
  /// How the value is read: a text as it is, a number by base/numbers.h.
  enum class Kind : std::uint8_t { text, whole, decimal };
  explicit Option(CLI::Option* option, Kind kind = Kind::text) : option_(option), kind_(kind) {}

  Option required() const;
  /// Shows the variable's present value in the help.
  Option capture_default_str() const;
  /// One value each time it is given; without this an option of several values takes all that follow it.
  Option single_values() const;
  /// Several values may also be given as one, with commas between them.
  Option list() const;
  /// Takes from `least` to `most` values.
  Option expected(int least, int most) const;
  /// Not together with `other`; only together with it.
  Option excludes(const Option& other) const;
  Option needs(const Option& other) const;
  /// The value is a number from `least` to `most`; of `seconds` also a duration ("10m", "1h30m").
  Option in_range(double least, double most) const;
  Option seconds(double least, double most) const;
  Option not_negative() const;
  /// It is one of `names`, or a folder that exists.
  Option one_of(const std::vector<std::string>& names) const;
  Option existing_folder() const;

 private:
  CLI::Option* option_;
  Kind kind_;
};

/// A command, or a group of a command's options in its help. A handle: copies mean the same command.
class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}

  /// `names` as "--output,-o" or, of a positional argument, "run". The variable is written when the command
  /// line is parsed, and outlives that.
  Option add_option(const std::string& names, std::string& value, const std::string& help) const;
  Option add_option(const std::string& names, std::optional<std::string>& value,
                    const std::string& help) const;
  Option add_option(const std::string& names, std::vector<std::string>& values,
                    const std::string& help) const;
  Option add_option(const std::string& names, double& value, const std::string& help) const;
  Option add_option(const std::string& names, std::optional<double>& value, const std::string& help) const;
  Option add_option(const std::string& names, std::uint64_t& value, const std::string& help) const;
  Option add_option(const std::string& names, std::optional<std::uint64_t>& value,
                    const std::string& help) const;
  Option add_flag(const std::string& names, bool& value, const std::string& help) const;

  Command add_subcommand(const std::string& name, const std::string& about) const;
  Command add_option_group(const std::string& title) const;
  void footer(const std::string& text) const;
  /// Called when the command was chosen, after its options are parsed.
  void callback(std::function<void()> run) const;
  [[nodiscard]] bool parsed() const;

 private:
  CLI::App* app_;
};

/// A program's command line.
class CommandLine {
 public:
  CommandLine(const std::string& about, const std::string& name);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  [[nodiscard]] Command command() const;
  void version(const std::string& text) const;
  /// At most one sub-command may be given.
  void choose_subcommand() const;
  /// What no option takes is kept instead of refused: remaining().
  void allow_extras() const;
  [[nodiscard]] std::vector<std::string> remaining() const;
  /// Parses and runs the callback of the command that was chosen. Where the words are wrong, or ask for help,
  /// prints what there is to say, with the nearest names, and returns whether it was an error; nothing
  /// otherwise.
  struct Stop {
    bool is_error = false;
  };
  std::optional<Stop> parse(int argc, char** argv) const;
  /// Whether a sub-command was chosen.
  [[nodiscard]] bool chosen() const;
  /// The program's own, whichever sub-command was chosen.
  [[nodiscard]] std::string help() const;
  [[nodiscard]] std::vector<std::string> subcommands() const;
  /// Help of one of them; UsageError with the nearest names for any other.
  [[nodiscard]] std::string help_of(const std::string& subcommand) const;

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace moat
