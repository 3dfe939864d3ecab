// The parser of published-figures files, in two parts: published_parser.cpp reads the head, devices and what
// is stated about them, published_rows.cpp the rows. Must not know its callers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/published/fields.h"
#include "results/published/published.h"

namespace moat {

/// The conditions that the source states, and the names of those that it does not state.
struct StatedConditions {
  Conditions conditions;
  std::string clock;
  std::vector<std::string> unstated;
};

/// The quantity of the numbers in a [[rows]] table.
struct PublishedMeasure {
  std::string_view field;
  double (*amount)(const Work&) = nullptr;  // per second; null for seconds themselves
};

/// One entry of such a table, in the unit of that quantity.
struct PublishedFigure {
  std::string key;
  double value = 0;
  std::optional<Interval> ends;
  std::string note;
};

/// What the entries of one table have in common.
struct PublishedGroup {
  const RunDevice* device = nullptr;
  std::string implementation;
  std::string workload;
  std::string type;
  std::string note;
  StatedConditions conditions;
  const PublishedMeasure* measure = nullptr;
};

class PublishedParser {
 public:
  PublishedParser(std::string_view text, std::string_view origin, const std::string& command)
      : fields_(text, origin), command_(command) {}
  Published parse();

 private:
  template <class At>
  [[noreturn]] void fail(const At& at, const std::string& message) const {
    fields_.document().fail(at, message);
  }
  void once(const toml::node& at, const std::string& what, const std::string& id);
  void count_figure(const toml::node& at);

  void read_head();
  [[nodiscard]] Citation read_citation(const toml::node& node) const;
  [[nodiscard]] StatedConditions read_conditions(const toml::node& node) const;
  [[nodiscard]] std::vector<std::string> read_unstated(const toml::table& table) const;
  void read_device(const toml::table& table);
  /// The ends of `field`, its source and whether it is verified. Outside `believed`, `hint` is the error.
  [[nodiscard]] Roof read_ends(const toml::table& table, std::string_view place, std::string_view field,
                               const Interval& believed, const std::string& hint) const;
  [[nodiscard]] Roof read_arithmetic(const toml::table& table) const;
  [[nodiscard]] Roof read_memory(const toml::table& table) const;
  [[nodiscard]] Roof read_launch(const toml::table& table) const;
  [[nodiscard]] RunDevice& device_of(const toml::table& table, std::string_view place);
  void read_efficiency(const toml::table& table);
  void read_rows(const toml::table& table);
  [[nodiscard]] const PublishedMeasure& measure_of(const toml::table& table) const;
  [[nodiscard]] PublishedFigure read_figure(const toml::node& node) const;
  [[nodiscard]] PublishedFigure read_short_figure(const toml::array& entry) const;
  [[nodiscard]] PublishedFigure read_long_figure(const toml::table& entry) const;
  void add_record(const toml::node& at, const PublishedFigure& figure, const PublishedGroup& group);

  PublishedFields fields_;
  std::string command_;
  Published made_;
  std::optional<StatedConditions> conditions_;
  bool verified_ = true;
  std::size_t figures_ = 0;  // roofs and efficiencies
  std::map<std::string, TomlDocument::Position> seen_;
};

}  // namespace moat
