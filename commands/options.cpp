// The only place that compiles CLI11.
#include "commands/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <sstream>

#include "base/error.h"
#include "base/numbers.h"
#include "base/output.h"
#include "base/text.h"

namespace moat {
namespace {

constexpr const char* number_reading = "number";
constexpr double without_end = std::numeric_limits<double>::infinity();

/// CLI11's own reading of numbers takes NaN, octal, wrapped-around and blank-padded ones: this one comes
/// first and leaves to it only plain digits. `read` returns the number as it is written plainly, or throws
/// UsageError.
using Reading = std::function<std::string(const std::string&)>;

CLI::Validator reading(const Reading& read, const std::string& range) {
  return {[read](std::string& text) -> std::string {
            try {
              text = read(text);
              return "";
            } catch (const UsageError& error) {
              return error.what();
            }
          },
          range, number_reading};
}

std::uint64_t whole_limit(double limit) {
  constexpr double beyond = 18446744073709551616.0;  // 2^64
  return limit >= beyond ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(limit);
}

Reading number_in(Option::Kind kind, double least, double most) {
  if (kind == Option::Kind::whole) {
    return [=](const std::string& text) {
      return fmt::format("{}", parse_whole_number(text, "", whole_limit(least), whole_limit(most)));
    };
  }
  return
      [=](const std::string& text) { return fmt::format("{}", parse_decimal_number(text, "", least, most)); };
}

std::string range_text(double least, double most) {
  return most == without_end ? fmt::format("from {}", least) : fmt::format("{} to {}", least, most);
}

/// Every option of a command and of the groups in its help.
void add_option_names(CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (CLI::App* group : app.get_subcommands([](const CLI::App* known) { return known->get_name().empty(); }))
    add_option_names(*group, names);
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* known :
       app.get_subcommands([](const CLI::App* named) { return !named->get_name().empty(); }))
    names.push_back(known->get_name());
  return names;
}

/// What is said of the first word that nothing takes.
std::string unknown_text(CLI::App& app) {
  const std::vector<std::string> words = app.remaining(true);
  const std::string word = words.empty() ? "" : words.front();
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  CLI::App& command = chosen.empty() ? app : *chosen.back();
  const std::string help = command.get_name() == app.get_name()
                               ? app.get_name() + " --help"
                               : app.get_name() + " help " + command.get_name();
  const std::string place = chosen.empty() ? "" : command.get_name() + ": ";
  if (word.size() > 1 && word.front() == '-') {
    std::vector<std::string> names;
    add_option_names(command, names);
    const std::string option = word.substr(0, word.find('='));
    return fmt::format("{}unknown option '{}'.{} {} lists the options.", place, option,
                       did_you_mean(option, names), help);
  }
  if (chosen.empty() && !command_names(app).empty()) {
    return fmt::format("'{}' is not a command.{} {} lists the commands.", word,
                       did_you_mean(word, command_names(app)), help);
  }
  return fmt::format("{}'{}' is one word too many; {} tells what it takes. Quote a value that has blanks.",
                     place, word, help);
}

template <class T>
Option added(CLI::App& app, const std::string& names, T& value, const std::string& help) {
  return Option(app.add_option(names, value, help));
}

template <class T>
Option added_number(Option::Kind kind, CLI::App& app, const std::string& names, T& value,
                    const std::string& help) {
  CLI::Option* option = app.add_option(names, value, help);
  option->transform(reading(number_in(kind, 0, without_end), ""), number_reading);
  return Option(option, kind);
}

}  // namespace

Option Option::required() const {
  return Option(option_->required());
}
Option Option::capture_default_str() const {
  return Option(option_->capture_default_str());
}
Option Option::single_values() const {
  return Option(option_->allow_extra_args(false));
}
Option Option::expected(int least, int most) const {
  return Option(option_->expected(least, most));
}
Option Option::excludes(const Option& other) const {
  return Option(option_->excludes(other.option_));
}
Option Option::needs(const Option& other) const {
  return Option(option_->needs(other.option_));
}
Option Option::list() const {
  return Option(option_->delimiter(','));
}
Option Option::in_range(double least, double most) const {
  *option_->get_validator(number_reading) = reading(number_in(kind_, least, most), range_text(least, most));
  return *this;
}
Option Option::seconds(double least, double most) const {
  *option_->get_validator(number_reading) = reading(
      [=](const std::string& text) { return fmt::format("{}", parse_duration(text, "", least, most)); },
      "seconds, or 10m, 1h30m");
  option_->type_name("DURATION");
  return *this;
}
Option Option::not_negative() const {
  return in_range(0, without_end);
}
Option Option::one_of(const std::vector<std::string>& names) const {
  const auto check = [names](const std::string& text) {
    if (std::ranges::find(names, text) != names.end()) return std::string();
    return fmt::format("'{}' is none of {}.{}", text, join(names, ", "), did_you_mean(text, names));
  };
  return Option(option_->check(check, "{" + join(names, ",") + "}"));
}
Option Option::existing_folder() const {
  return Option(option_->check(CLI::ExistingDirectory));
}

Option Command::add_option(const std::string& names, std::string& value, const std::string& help) const {
  return added(*app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::optional<std::string>& value,
                           const std::string& help) const {
  return added(*app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::vector<std::string>& values,
                           const std::string& help) const {
  return added(*app_, names, values, help);
}
Option Command::add_option(const std::string& names, double& value, const std::string& help) const {
  return added_number(Option::Kind::decimal, *app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::optional<double>& value,
                           const std::string& help) const {
  return added_number(Option::Kind::decimal, *app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::uint64_t& value, const std::string& help) const {
  return added_number(Option::Kind::whole, *app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::optional<std::uint64_t>& value,
                           const std::string& help) const {
  return added_number(Option::Kind::whole, *app_, names, value, help);
}
Option Command::add_flag(const std::string& names, bool& value, const std::string& help) const {
  return Option(app_->add_flag(names, value, help));
}
Command Command::add_subcommand(const std::string& name, const std::string& about) const {
  return Command(app_->add_subcommand(name, about));
}
Command Command::add_option_group(const std::string& title) const {
  return Command(app_->add_option_group(title));
}
void Command::footer(const std::string& text) const {
  app_->footer(text);
}
void Command::callback(std::function<void()> run) const {
  app_->callback(std::move(run));
}
bool Command::parsed() const {
  return app_->parsed();
}

CommandLine::CommandLine(const std::string& about, const std::string& name)
    : app_(std::make_unique<CLI::App>(about, name)) {}
CommandLine::~CommandLine() = default;

Command CommandLine::command() const {
  return Command(app_.get());
}
void CommandLine::version(const std::string& text) const {
  app_->set_version_flag("--version", text);
}
void CommandLine::choose_subcommand() const {
  app_->require_subcommand(0, 1);
}
void CommandLine::allow_extras() const {
  app_->allow_extras();
}
std::vector<std::string> CommandLine::remaining() const {
  return app_->remaining();
}

std::optional<CommandLine::Stop> CommandLine::parse(int argc, char** argv) const {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    say("{}: {}", app_->get_name(), unknown_text(*app_));
    return Stop{true};
  } catch (const CLI::ParseError& error) {
    std::ostringstream output;
    std::ostringstream errors;
    const bool is_error = app_->exit(error, output, errors) != 0;  // its own codes are not ours
    write_output(output.str());
    write_error(errors.str());
    return Stop{is_error};
  }
  return std::nullopt;
}

bool CommandLine::chosen() const {
  return !app_->get_subcommands().empty();
}
std::string CommandLine::help() const {
  // App::help would explain the sub-command that was given.
  return app_->get_formatter()->make_help(app_.get(), app_->get_name(), CLI::AppFormatMode::Normal);
}
std::vector<std::string> CommandLine::subcommands() const {
  return command_names(*app_);
}
std::string CommandLine::help_of(const std::string& subcommand) const {
  const std::vector<std::string> known = subcommands();
  if (std::ranges::find(known, subcommand) == known.end())
    throw UsageError(fmt::format("'{}' is not a command.{}", subcommand, did_you_mean(subcommand, known)));
  return app_->get_subcommand(subcommand)->help("moat");
}

}  // namespace moat
