// docs/records.md lists exactly the fields that `moat show --json` prints.
#include <fstream>
#include <set>
#include <string>

#include "base/json.h"
#include "results/json.h"
#include "tests/catch.h"
#include "tests/unit/results/random_record.h"

using namespace moat;

namespace {

std::set<std::string> documented_fields() {
  std::ifstream file(MOAT_SOURCE_DIR "/docs/records.md");
  REQUIRE(file);
  std::set<std::string> fields;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const bool added = fields.insert(line.substr(3, line.find('`', 3) - 3)).second;
    INFO(line);
    CHECK(added);
  }
  return fields;
}

/// "types.input" for nested objects; `parameters` is a dictionary, whose keys are no fields.
void collect(const Json& object, const std::string& prefix, std::set<std::string>& fields) {
  for (const auto& [field, value] : object.items()) {
    if (value.is_object() && field != "parameters") {
      collect(value, prefix + field + ".", fields);
    } else {
      fields.insert(prefix + field);
    }
  }
}

}  // namespace

TEST_CASE("the documented fields are those that are printed") {
  std::set<std::string> printed;
  collect(show_json(test::good_record(), "run"), "", printed);
  const std::set<std::string> documented = documented_fields();
  for (const std::string& field : printed) {
    INFO(field << " is printed, so docs/records.md has to explain it");
    CHECK(documented.contains(field));
  }
  for (const std::string& field : documented) {
    INFO(field << " is documented, so it has to be printed");
    CHECK(printed.contains(field));
  }
}

TEST_CASE("every record prints the same fields at the top, whatever became of its case") {
  const Json complete = show_json(test::good_record(), "run");
  const Json bare = show_json(Record{}, "run");
  REQUIRE(complete.size() == bare.size());
  for (const auto& [field, value] : complete.items()) {
    INFO(field);
    CHECK(bare.contains(field));
  }
}
