// moat gap: the distance between a reference and targets, attributed.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/output.h"
#include "commands/commands.h"
#include "commands/subjects.h"
#include "commands/terminal.h"
#include "reports/page/findings_json.h"
#include "reports/tables/gap_text.h"

namespace moat {
namespace {

constexpr const char* gap_footer =
    R"(  hardware     HW   = A_T / A_R                      A: the problem's roof by peak, bandwidth and launch latency
  stack        SW   = (L_T / A_T) / (L_R / A_R)      L: the best verified rate of a library
  portability  PORT = Q_T / L_T                      Q: the best verified rate of the portable kernel
T is the target, R the reference; L_T / L_R = HW × SW and Q_T / L_R = HW × SW × PORT. A ratio is formed only
between results under equal conditions. docs/gap.md has the definitions.

Examples:
  moat gap --reference host:0 --target opencl:0 --target 'vulkan:*'
  moat gap --by workload                     a row for each workload instead of each operator and type
  moat gap --reference deepbench/v100 --target deepbench/mi25 --type f32
  moat gap --reference 20261121/cuda:0 --target latest/opencl:0 --op gemm --problems
  moat gap --reference host:0 --baseline library/openblas --json | jq '.gaps[].summaries[0]')";

GapScope scope_of(std::string_view text) {
  for (const GapScope scope : {GapScope::by_operator, GapScope::by_type, GapScope::by_workload}) {
    if (name(scope) == text) return scope;
  }
  return GapScope::by_bound;
}

}  // namespace

void add_gap_command(const Command& app, int& exit_code) {
  struct Options {
    SubjectOptions subjects;
    GapTextOptions text;
    std::vector<std::string> by;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  const Command command =
      app.add_subcommand("gap", "Attribute the gap to a reference: hardware × stack × portability");
  command.footer(gap_footer);
  add_subject_options(command, options->subjects);
  command
      .add_option("--by", options->by,
                  "Means over the problems of each of these (repeatable; default: operator and type)")
      .one_of({"operator", "type", "workload", "bound"});
  command.add_flag("--all", options->text.all,
                   "Also print means by everything, coverage, errors and cost of first use");
  command.add_flag("--problems", options->text.problems, "Also print a row for each problem");
  command.add_flag("--json", options->json, "Print JSON (docs/gap.md)");
  command.callback([options, &exit_code] {
    const Findings findings = find_chosen(options->subjects);
    if (options->json) {
      print("{}\n", strict_json(gap_json(findings), 2));
    } else {
      for (const std::string& by : options->by) options->text.by.push_back(scope_of(by));
      print("{}", gap_text(findings, options->text, table_options()));
    }
    const bool any = std::ranges::any_of(findings.gaps, [](const Gap& gap) {
      return gap.summaries.front().library.total || gap.summaries.front().portable.total;
    });
    exit_code = any ? exit_fine : exit_incomparable;
  });
}

}  // namespace moat
