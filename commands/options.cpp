// The only place that compiles CLI11.
#include "commands/options.h"

#include <CLI/CLI.hpp>

namespace moat {
namespace {

template <class T>
Option added(CLI::App& app, const std::string& names, T& value, const std::string& help) {
  return Option(app.add_option(names, value, help));
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
Option Option::in_range(double least, double most) const {
  return Option(option_->check(CLI::Range(least, most)));
}
Option Option::not_negative() const {
  return Option(option_->check(CLI::NonNegativeNumber));
}
Option Option::one_of(const std::vector<std::string>& names) const {
  return Option(option_->check(CLI::IsMember(names)));
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
  return added(*app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::optional<double>& value,
                           const std::string& help) const {
  return added(*app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::uint64_t& value, const std::string& help) const {
  return added(*app_, names, value, help);
}
Option Command::add_option(const std::string& names, std::optional<std::uint64_t>& value,
                           const std::string& help) const {
  return added(*app_, names, value, help);
}
Option Command::add_parsed_option(const std::string& names,
                                  const std::function<void(const std::string&)>& parse,
                                  const std::string& help) const {
  return Option(app_->add_option_function<std::string>(names, parse, help));
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
  } catch (const CLI::ParseError& error) {
    return Stop{app_->exit(error) != 0};  // its own codes are not ours
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
  std::vector<std::string> names;
  for (const CLI::App* known : app_->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(known->get_name());
  }
  return names;
}
std::string CommandLine::help_of(const std::string& subcommand) const {
  return app_->get_subcommand(subcommand)->help("moat");
}

}  // namespace moat
