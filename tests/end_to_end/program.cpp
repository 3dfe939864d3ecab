// fork and exec with captured output.
#include "tests/end_to_end/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/catch.h"

namespace moat::test {
namespace {

int start(const std::string& program, const std::vector<std::string>& arguments,
          const std::map<std::string, std::string>& environment, const std::string& output,
          const std::string& errors) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child != 0) return child;
  setenv("MOAT_SYSTEM_ROOT", "/nonexistent", 1);  // what else this machine does disturbs no case of a test
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  dup2(open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  execv(program.c_str(), words.data());
  _exit(127);
}

}  // namespace

Outcome run_program(const std::string& program, const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment) {
  const TemporaryFolder folder;
  const std::string output = folder.path() / "output";
  const std::string errors = folder.path() / "errors";
  const pid_t child = start(program, arguments, environment, output, errors);
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), content(output),
          content(errors)};
}

Outcome moat_program(const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& environment) {
  return run_program(MOAT_PROGRAM, arguments, environment);
}

int start_program(const std::string& program, const std::vector<std::string>& arguments,
                  const std::map<std::string, std::string>& environment) {
  return start(program, arguments, environment, "/dev/null", "/dev/null");
}

void check_refused(const Outcome& outcome, const std::string& part) {
  INFO(outcome.errors);
  CHECK(outcome.status == 2);
  CHECK(outcome.output.empty());
  CHECK_THAT(outcome.errors, Catch::Matchers::ContainsSubstring(part));
}

}  // namespace moat::test
