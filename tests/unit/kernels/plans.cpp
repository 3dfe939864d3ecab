// What devices run by default, as a table in tests/golden/plans.txt: parameters, launches, scratch, and what
// a search would try first; which candidates it has, and which values each parameter may have. A change of
// any of them must be meant, and is seen in review. On a difference the table as it is now lies beside the
// test program; copy it if it is right.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "kernels/candidates.h"
#include "tests/catch.h"
#include "tests/unit/kernels/plan.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using namespace moat::test;

namespace {

struct NamedDevice {
  std::string name;
  Traits traits;
};

Traits shaders(Traits traits) {
  traits.language = Language::glsl;
  traits.subgroup_size = traits.kind == DeviceKind::cpu ? 8 : 32;
  traits.max_groups = {65535, 65535, 65535};
  traits.has_f16 = traits.has_16_bit_storage = traits.has_8_bit_storage = traits.has_i64 = true;
  traits.has_integer_dot = true;
  return traits;
}

std::vector<NamedDevice> devices() {
  Traits cached = cpu(16, 8);
  cached.last_level_cache_bytes = 32 << 20;
  Traits dedicated = gpu();
  dedicated.local_memory_is_dedicated = true;
  dedicated.has_f16 = true;
  return {{"cpu-avx512", cached},
          {"cpu-sse", cpu(4)},
          {"gpu", dedicated},
          {"vulkan-cpu", shaders(cpu(8))},
          {"vulkan-gpu", shaders(gpu())}};
}

std::vector<std::string> problems() {
  return {"gemm:m=1024,n=1024,k=1024,type=f32",
          "gemm:m=257,n=129,k=65,batch=3,transpose=tn,type=f16",
          "gemm:m=8,n=4096,k=4096,transpose=nt,type=f32",
          "gemm:m=4,n=300,k=40000,transpose=nt,type=bf16",
          "gemm:m=100,n=100,k=100,type=i8",
          "gemm:m=512,n=512,k=512,type=f64",
          "attention:b=2,hq=8,hkv=8,sq=1024,skv=1024,d=64,mask=causal,type=f16",
          "attention:b=1,hq=32,hkv=8,sq=1,skv=4096,d=128,type=f16",
          "attention:b=1,hq=2,hkv=2,sq=77,skv=77,d=40,type=f32",
          "convolution:n=8,c=64,h=56,w=56,k=64,r=3,s=3,pad=1,layout=nchw,type=f32",
          "convolution:n=1,c=3,h=224,w=224,k=64,r=7,s=7,stride=2,pad=3,layout=nhwc,type=f16",
          "convolution:n=4,c=32,h=28,w=28,k=32,r=3,s=3,pad=1,groups=32,layout=nhwc,type=f32",
          "convolution:n=4,c=32,h=28,w=28,k=32,r=3,s=3,pad=1,groups=32,layout=nchw,type=f32",
          "convolution:n=2,c=16,h=9,w=9,k=24,r=1,s=1,layout=nchw,type=i8",
          "stream:op=triad,n=33554432,type=f32",
          "stream:op=dot,n=1000003,type=f64",
          "peak:chains=65536,steps=4096,type=f32",
          "peak:chains=1088,steps=64,type=f16"};
}

template <class Pairs>
std::string pairs_text(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += fmt::format(" {}={}", name, value);
  return text;
}

std::string argument_text(const Argument& argument) {
  const char* kind = argument.kind == Argument::Kind::tensor    ? "t"
                     : argument.kind == Argument::Kind::scratch ? "s"
                                                                : "";
  return fmt::format(" {}{}", kind, argument.value);
}

std::string plan_text(const OrUnsupported<Plan>& outcome) {
  if (const auto* unsupported = std::get_if<Unsupported>(&outcome))
    return "    " + unsupported->reason + "\n";
  const auto& plan = std::get<Plan>(outcome);
  std::string text;
  for (const Step& step : plan.steps) {
    text +=
        fmt::format("    {} {} groups={}x{}x{} of {}x{}x{}\n      constants{}\n      arguments", step.source,
                    step.entry, step.groups[0], step.groups[1], step.groups[2], step.group_shape[0],
                    step.group_shape[1], step.group_shape[2], pairs_text(step.constants));
    for (const Argument& argument : step.arguments) text += argument_text(argument);
    text += "\n";
  }
  for (const std::size_t bytes : plan.scratch_bytes) text += fmt::format("    scratch {}\n", bytes);
  for (const std::string& feature : plan.features) text += "    uses " + feature + "\n";
  return text;
}

/// What `text_of` says of every implementation of every problem on every device, each under their names.
template <class TextOf>
std::string table_of_all(const TextOf& text_of) {
  std::string text;
  for (const std::string& key : problems()) {
    const auto problem = parse_problem(key);
    for (const NamedDevice& device : devices()) {
      for (const Implementation& own : find_operator(problem->operator_name()).implementations())
        text += text_of(fmt::format("{} {} {}", key, device.name, own.name), own, *problem, device.traits);
    }
  }
  return text;
}

std::string table_of_plans() {
  return table_of_all(
      [](const std::string& names, const Implementation& own, const Problem& problem, const Traits& traits) {
        const Parameters defaults = own.defaults(problem, traits);
        std::string text = fmt::format("{}\n    {}\n", names, parameters_text(defaults));
        text += plan_text(own.plan(problem, traits, defaults));
        const std::vector<Parameters> to_try = parameters_to_try(own, problem, traits);
        if (to_try.size() < 2) return text;
        return text + fmt::format("    {} to try: {}; {}\n", to_try.size(), parameters_text(to_try[1]),
                                  parameters_text(to_try.back()));
      });
}

/// The values of each parameter that candidates have, and how a model orders them: the cheapest, the dearest
/// and those at each quarter between, with their costs.
std::string candidates_text(std::vector<Candidate> candidates) {
  std::map<std::string, std::set<std::int64_t>> values;
  for (const Candidate& candidate : candidates) {
    for (const auto& [name, value] : candidate.parameters.values) values[name].insert(value);
  }
  std::string text;
  for (const auto& [name, some] : values) text += fmt::format("    {}: {}\n", name, fmt::join(some, " "));
  std::ranges::stable_sort(candidates, {}, &Candidate::cost);
  for (std::size_t quarter = 0; quarter <= 4; ++quarter) {
    const Candidate& candidate = candidates[(candidates.size() - 1) * quarter / 4];
    text += fmt::format("    {:.4g}: {}\n", candidate.cost, parameters_text(candidate.parameters));
  }
  return text;
}

std::string table_of_candidates() {
  return table_of_all(
      [](const std::string& names, const Implementation& own, const Problem& problem, const Traits& traits) {
        if (!own.candidates) return std::string();
        const std::vector<Candidate> candidates = own.candidates(problem, traits);
        return fmt::format("{}: {}\n", names, candidates.size()) +
               (candidates.empty() ? "" : candidates_text(candidates));
      });
}

/// Powers of two and their neighbours.
std::set<std::int64_t> values_to_try() {
  std::set<std::int64_t> values;
  for (std::int64_t power = 1; power <= (std::int64_t{1} << 31); power *= 2) {
    values.insert({power - 1, power, power + 1});
  }
  return values;
}

/// Each parameter's values that make a plan, the others being the default's.
std::string table_of_values() {
  std::string text;
  for (const std::string& key : problems()) {
    const auto problem = parse_problem(key);
    for (const NamedDevice& device : devices()) {
      for (const Implementation& own : find_operator(problem->operator_name()).implementations()) {
        const Parameters defaults = own.defaults(*problem, device.traits);
        text += fmt::format("{} {} {}\n", key, device.name, own.name);
        for (const auto& [name, usual] : defaults.values) {
          text += fmt::format("    {}:", name);
          for (const std::int64_t value : values_to_try()) {
            Parameters changed = defaults;
            changed.values[name] = value;
            if (std::holds_alternative<Plan>(own.plan(*problem, device.traits, changed))) {
              text += fmt::format(" {}", value);
            }
          }
          text += "\n";
        }
      }
    }
  }
  return text;
}

void check_golden(const std::string& name, const std::string& text) {
  const std::string kept = content(std::string(MOAT_SOURCE_DIR "/tests/golden/") + name);
  if (kept == text) {
    SUCCEED();
    return;
  }
  write(std::string(MOAT_BINARY_DIR "/") + name, text);
  const auto differs = std::mismatch(kept.begin(), kept.end(), text.begin(), text.end()).second;
  const auto line = 1 + std::count(text.begin(), differs, '\n');
  FAIL("tests/golden/" << name << " differs from line " << line
                       << " on; the table as it is now: " MOAT_BINARY_DIR "/" << name);
}

}  // namespace

TEST_CASE("devices run what the table of plans says") {
  check_golden("plans.txt", table_of_plans());
}

TEST_CASE("a search has the candidates and the costs that the table says") {
  check_golden("candidates.txt", table_of_candidates());
}

TEST_CASE("parameters may have the values that the table says, and no others") {
  check_golden("parameter_values.txt", table_of_values());
}
