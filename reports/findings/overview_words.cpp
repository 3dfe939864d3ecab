// Sentences of the first screen.
#include "reports/findings/overview_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/terminal.h"
#include "base/text.h"
#include "base/units.h"
#include "reports/findings/words.h"

namespace moat {
namespace {

using With = conclusion::Reached::With;

/// "0.779 (0.745 to 0.794) on AMD EPYC (opencl:0), over 17 of 19 problems".
std::string device_reach_text(const Overview& overview, std::size_t place, With with) {
  const OverviewDevice& device = overview.devices[place];
  const OverviewRatio& ratio = with == With::library ? *device.library : *device.portable;
  const auto has = [&](Doubt doubt) { return std::ranges::find(ratio.doubts, doubt) != ratio.doubts.end(); };
  const std::string ends =
      ratio.value.low == ratio.value.high
          ? ""
          : fmt::format(" ({}{})", ends_text(ratio.value), has(Doubt::undecided) ? ", undecided" : "");
  return fmt::format("{}{} on {}, over {} of {} problems{}", factor_text(ratio.value.value), ends,
                     device.name, ratio.problems, overview.reference_problems,
                     has(Doubt::few_problems) ? " (less than half)" : "");
}

/// Of every target, or the best and the worst of many.
std::string reaches_text(const Overview& overview, const std::vector<std::size_t>& places, With with) {
  constexpr std::size_t named = 3;
  std::vector<std::string> parts;
  if (places.size() <= named) {
    for (const std::size_t place : places) parts.push_back(device_reach_text(overview, place, with));
  } else {
    parts = {"at best " + device_reach_text(overview, places.front(), with),
             "at worst " + device_reach_text(overview, places.back(), with)};
  }
  return join(parts, "; ");
}

/// Problems that both sides computed but that are not compared: of the device with the most of them.
std::string refusal_text(const Overview& overview) {
  const auto most = std::ranges::max_element(overview.devices, {}, &OverviewDevice::refused);
  if (most == overview.devices.end() || most->refused == 0 || !most->refusal) return "";
  return fmt::format("Not compared, since conditions differ: {} of {} ({}).",
                     count_text(most->refused, "problem"), most->name, text(*most->refusal));
}

/// Which figures stand behind the ratio where not all are measured: " (published figures)".
std::string provenance_text(const Overview& overview) {
  for (const OverviewDevice& device : overview.devices) {
    if (device.provenance != Provenance::measured)
      return fmt::format(" ({} figures)", name(device.provenance));
  }
  return "";
}

/// A warning where the rounds of a measured run differ so much that its ratios say nothing.
std::string disturbance_text(const Overview& overview) {
  constexpr double too_wide = 4;
  const auto is_disturbed = [](const OverviewDevice& device) {
    const auto is_unknown = [](const std::optional<OverviewRatio>& ratio) {
      return ratio && !(ratio->value.high <= too_wide * ratio->value.low);
    };
    return device.provenance == Provenance::measured &&
           (is_unknown(device.library) || is_unknown(device.portable));
  };
  if (std::ranges::none_of(overview.devices, is_disturbed)) return "";
  return fmt::format(
      "The measurements differ so much from each other that such ratios are not known to a factor of {}: "
      "other "
      "work ran on this machine. Repeat the run while it is idle, or with more --rounds.",
      too_wide);
}

std::vector<std::string> alone(const Overview& overview) {
  const OverviewDevice& device = overview.devices.front();
  if (overview.parts.empty()) {
    return {fmt::format(
        "{}: roofs only, since no operator has a result of a library or of a portable kernel.", device.name)};
  }
  std::vector<std::string> sentences{fmt::format(
      "{} is the only device with results, so there is nothing to compare it with.", device.name)};
  if (device.portable) {
    sentences.push_back(fmt::format("Its portable kernels reach {} of the rate of its own library, over {}.",
                                    factor_text(device.portable->value),
                                    count_text(device.portable->problems, "problem")));
  }
  return sentences;
}

}  // namespace

std::string ends_text(const Factor& factor) {
  if (factor.low == factor.high) return "no interval is known";
  if (!std::isfinite(factor.high)) return fmt::format("at least {}", factor_text(factor.low));
  return fmt::format("{} to {}", factor_text(factor.low), factor_text(factor.high));
}

std::string_view short_text(Doubt doubt) {
  switch (doubt) {
    case Doubt::few_problems:
      return "few problems";
    case Doubt::wide:
      return "wide interval";
    case Doubt::undecided:
      return "undecided";
    case Doubt::differ:
      return "conditions differ";
    case Doubt::unstated:
      break;
  }
  return "conditions unstated";
}

std::string_view text(Doubt doubt) {
  switch (doubt) {
    case Doubt::few_problems:
      return "over less than half of the problems that the reference's library computed";
    case Doubt::wide:
      return "the ends of the interval are a factor of more than 1.5 apart";
    case Doubt::undecided:
      return "the interval contains values on both sides of 1, so that it is open which is faster";
    case Doubt::differ:
      return "a condition of the measurement differs, and --despite passed over it";
    case Doubt::unstated:
      break;
  }
  return "a source does not state a condition of the measurement";
}

std::vector<std::string> verdict_texts(const Overview& overview) {
  if (overview.devices.empty()) return {"No records were chosen, so there is nothing to report."};
  const OverviewDevice* reference = overview.reference();
  if (overview.devices.size() == 1) return alone(overview);
  if (reference == nullptr) {
    return {"No device has a verified result of a library, so there is no reference to compare with."};
  }
  const std::vector<std::size_t> portable = ranked(overview, With::portable);
  const std::vector<std::size_t> library = ranked(overview, With::library);
  std::vector<std::string> sentences;
  const std::string of =
      fmt::format("Of the rate of the library of {}{}, ", reference->name, provenance_text(overview));
  if (!portable.empty())
    sentences.push_back(fmt::format("{}the portable kernels reach {}.", of,
                                    reaches_text(overview, portable, With::portable)));
  if (!library.empty())
    sentences.push_back(fmt::format("{}the devices' own libraries reach {}.",
                                    portable.empty() ? of : "Of the same, ",
                                    reaches_text(overview, library, With::library)));
  if (sentences.empty()) {
    sentences.push_back(fmt::format(
        "Nothing can be compared with {}: no other device has a verified result of a problem that its "
        "library computed under equal conditions.",
        reference->name));
  }
  if (std::string warning = disturbance_text(overview); !warning.empty())
    sentences.push_back(std::move(warning));
  return sentences;
}

std::vector<std::string> left_out_texts(const Overview& overview) {
  std::vector<std::string> sentences;
  if (const std::string refusal = refusal_text(overview); !refusal.empty()) sentences.push_back(refusal);
  if (!overview.left_out.empty()) {
    constexpr std::size_t named = 2;
    constexpr std::size_t longest = 90;
    std::size_t cases = 0, others = 0;
    std::vector<std::string> parts;
    for (const OverviewHoles& hole : overview.left_out) {
      cases += hole.cases;
      if (parts.size() == named) {
        others += hole.cases;
      } else {
        parts.push_back(fmt::format("{} {} ({})", hole.cases, name(hole.status),
                                    shortened(printable(hole.reason), longest)));
      }
    }
    if (others > 0) parts.push_back(fmt::format("{} for other reasons", others));
    sentences.push_back(
        fmt::format("Without a result: {} of {} cases: {}.", cases, overview.cases, join(parts, "; ")));
  }
  if (overview.unsupported > 0) {
    sentences.push_back(
        fmt::format("Not supported there: {} of {} cases.", overview.unsupported, overview.cases));
  }
  return sentences;
}

}  // namespace moat
