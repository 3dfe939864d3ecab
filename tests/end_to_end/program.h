// Runs the built programs and keeps what they say; a store of its own for each test.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "tests/unit/results/scratch.h"

namespace moat::test {

struct Outcome {
  int status = -1;     // exit status; 128 + signal if killed
  std::string output;  // standard output
  std::string errors;  // standard error
  [[nodiscard]] Json json() const { return parse_json(output, "output"); }
};

/// `environment` is added to this process's own. Standard input is empty; neither output is a terminal.
[[nodiscard]] Outcome run_program(const std::string& program, const std::vector<std::string>& arguments,
                                  const std::map<std::string, std::string>& environment = {});
/// The `moat` of this build.
[[nodiscard]] Outcome moat_program(const std::vector<std::string>& arguments,
                                   const std::map<std::string, std::string>& environment = {});

/// Checks that it ended with 2, with `part` on standard error and nothing on standard output.
void check_refused(const Outcome& outcome, const std::string& part);

/// Starts without waiting; returns the process id. Output goes to /dev/null.
[[nodiscard]] int start_program(const std::string& program, const std::vector<std::string>& arguments,
                                const std::map<std::string, std::string>& environment);

/// A folder that goes away with the test, and a store's place in it.
class TemporaryFolder : public ScratchFolder {
 public:
  [[nodiscard]] std::string store() const { return (path() / "store").string(); }
};

}  // namespace moat::test
