// The P3 Analysis Library's files: what is read, refused and written.
#include "reports/portability/p3.h"

#include <cmath>
#include <random>

#include "tests/catch.h"
#include "tests/unit/results/scratch.h"

using namespace moat;
using Catch::Matchers::ContainsSubstring;
using moat::test::failure_of;

namespace {

constexpr const char* header = "problem,platform,application,fom,app eff\n";

std::string refusal(const std::string& text) {
  return failure_of([&] { (void)parse_p3(text, "p3.csv"); });
}

std::string random_name(std::mt19937_64& random) {
  static const std::vector<std::string> parts{"a", "B7", ",", "\"", "'",   "=",      "+",
                                              "-", "@",  ";", "é",  "x y", "\uff1d", "/"};
  std::string name;
  for (std::uint64_t i = 0; i <= random() % 5; ++i) name += parts[random() % parts.size()];
  return name;
}

PerformanceTable random_table(std::mt19937_64& random) {
  PerformanceTable table;
  const auto ratio = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  const std::uint64_t kinds = random() % 8;  // which columns there are
  for (std::uint64_t i = 0; i <= random() % 20; ++i) {
    Performance entry{random_name(random), random_name(random), random_name(random), {}, {}, {}};
    if (random() % 4 != 0) {
      if ((kinds & 1) != 0) entry.fom = std::exp(100 * (ratio() - 0.5));
      if ((kinds & 2) != 0) entry.application_efficiency = ratio();
      if ((kinds & 4) != 0) entry.architectural_efficiency = ratio();
    }
    (void)table.add(std::move(entry));  // one that is there already is passed over
  }
  return table;
}

}  // namespace

TEST_CASE("columns are found by their names, in any order, and others are passed over") {
  const PerformanceTable table = parse_p3(
      ",date,fom,application,platform,problem\n0,2022-11-13,2.5e3,CUDA,V100,triad\n1,,,OpenMP,V100,triad\n",
      "p3.csv");
  REQUIRE(table.entries().size() == 2);
  CHECK(table.entries()[0] == Performance{"triad", "V100", "CUDA", 2500, {}, {}});
  CHECK_FALSE(table.entries()[1].fom.has_value());
}

TEST_CASE("a header that is not the form's is refused") {
  CHECK_THAT(refusal(""), ContainsSubstring("p3.csv:1: the file is empty"));
  CHECK_THAT(refusal("problem,platform,aplication,fom\nx,y,z,1\n"),
             ContainsSubstring("p3.csv:1: there is no column 'application'"));
  CHECK_THAT(refusal("problem,platform,aplication,fom\nx,y,z,1\n"),
             ContainsSubstring("Did you mean aplication"));
  CHECK_THAT(refusal("problem,platform,application,time\nx,y,z,1\n"), ContainsSubstring("no column 'fom'"));
  CHECK_THAT(refusal("problem,platform,application,fom,fom\nx,y,z,1,2\n"),
             ContainsSubstring("'fom' appears twice"));
  CHECK_THAT(refusal("\n\nproblem,platform,application,fom\n"),
             ContainsSubstring("p3.csv:3: there is no row"));
}

TEST_CASE("figures that are none are refused with their line") {
  for (const std::string cell : {"nan", "inf", "-inf", "1,5", "0x10", "1e", "12 MB/s", "+1", "--", "1e999"}) {
    INFO(cell);
    CHECK_THAT(refusal(header + ("p,x,a,1,1\np,x,b,\"" + cell + "\",1\n")),
               ContainsSubstring("p3.csv:3: fom '"));
  }
  CHECK_THAT(refusal(header + std::string("p,x,a,-1,1\n")),
             ContainsSubstring("p3.csv:2: the figure of merit -1"));
  CHECK_THAT(refusal(header + std::string("p,x,a,0,1\n")), ContainsSubstring("not above 0"));
  CHECK_THAT(refusal(header + std::string("p,x,a,1,-0.5\n")), ContainsSubstring("from 0 to 1"));
  CHECK_THAT(refusal(header + std::string("p,x,a,1,95.3\n")), ContainsSubstring("not a percentage"));
}

TEST_CASE("entries that contradict each other are refused") {
  CHECK_THAT(refusal(std::string("problem,platform,application,fom\np,x,a,1\np,y,a,1\np,x,a,2\n")),
             ContainsSubstring("p3.csv:4: a second entry for application a on platform x and problem p"));
  CHECK_THAT(refusal(header + std::string("p,x,a,1,1\np,x,b,1,\n")),
             ContainsSubstring("p3.csv:3: a figure of merit, but no app eff"));
}

TEST_CASE("names that could not be told or could steer a terminal are refused") {
  CHECK_THAT(refusal(header + std::string(",x,a,1,1\n")),
             ContainsSubstring("p3.csv:2: the problem is empty"));
  CHECK_THAT(refusal(header + std::string("p,\"x\x1b[2J\",a,1,1\n")),
             ContainsSubstring("control characters"));
  CHECK_THAT(refusal(header + std::string("p,\" x\",a,1,1\n")), ContainsSubstring("blank"));
  CHECK_THAT(refusal(header + std::string("p,x,") + std::string(501, 'a') + ",1,1\n"),
             ContainsSubstring("501 bytes"));
  const std::string error = refusal("problem,platform,\"appl\x1b[2J\",fom\np,x,a,1\n");
  CHECK(error.find('\x1b') == std::string::npos);
}

TEST_CASE("more than the limits is refused") {
  std::string text = header;
  for (int i = 0; i <= 100; ++i) text += "p,x,a" + std::to_string(i) + ",1,1\n";
  CHECK_THAT(refusal(text), ContainsSubstring("p3.csv:102: more than 100 applications"));
}

TEST_CASE("what is written reads back equal") {
  std::mt19937_64 random(20261122);
  for (int i = 0; i < 300; ++i) {
    const PerformanceTable table = that_ran(random_table(random));
    if (table.entries().empty()) continue;
    const std::string text = p3_csv(table);
    INFO(text);
    CHECK(parse_p3(text, "again") == table);
  }
}

TEST_CASE("what did not run is no row of what is written: the library takes an absent row for that") {
  const PerformanceTable table =
      parse_p3("problem,platform,application,fom\np,x,a,1\np,x,b,\np,y,a,2\np,y,b,0\np,z,b,3\n", "p3.csv");
  CHECK(p3_csv(table) ==
        "problem,platform,application,fom\r\n\"p\",\"x\",\"a\",1\r\n\"p\",\"y\",\"a\",2\r\n\"p\",\"z\",\"b\","
        "3\r\n");
  CHECK(parse_p3(p3_csv(table), "again") == that_ran(table));
  CHECK(table.entries().size() == 5);
}

TEST_CASE("a figure of 0 did not run, as an empty one") {
  const PerformanceTable table = parse_p3("problem,platform,application,fom\np,x,a,0\np,x,b,1\n", "p3.csv");
  CHECK_FALSE(table.entries()[0].fom.has_value());
  CHECK(table.entries()[1].fom == 1.0);
}

TEST_CASE("of several rows for one problem, platform and application the best counts") {
  const std::string text = "problem,platform,application,fom\np,x,a,2\np,x,a,0\np,x,a,3\np,x,a,1\np,y,a,5\n";
  const auto best = [&](Better better) {
    P3Reading reading;
    reading.better = better;
    const PerformanceTable table = parse_p3(text, "p3.csv", reading);
    REQUIRE(table.entries().size() == 2);
    return table.entries()[0].fom;
  };
  CHECK(best(Better::higher) == 3.0);
  CHECK(best(Better::lower) == 1.0);
  CHECK_THAT(refusal(text),
             ContainsSubstring("--higher-is-better") && ContainsSubstring("--lower-is-better"));
  const PerformanceTable same = parse_p3("problem,platform,application,fom\np,x,a,2\np,x,a,2\n", "p3.csv");
  CHECK(same.entries().size() == 1);
  // Where efficiencies are given, the higher one is the better one.
  const PerformanceTable efficient =
      parse_p3("problem,platform,application,app eff\np,x,a,0.5\np,x,a,0.75\np,x,a,\n", "p3.csv");
  CHECK(efficient.entries()[0].application_efficiency == 0.75);
}

TEST_CASE("problems, platforms and applications may be made of other columns, as the library projects them") {
  const std::string text =
      ",fom,coverage_key,name,language,arch\n0,205e9,99a7,BabelStream,Language 0,Platform A\n1,174e9,a03c,"
      "BabelStream,Language 1,Platform A\n2,,d50f,BabelStream,Language 2,Platform A\n";
  P3Reading reading;
  reading.columns["problem"] = {"name"};
  reading.columns["application"] = {"language"};
  reading.columns["platform"] = {"arch", "coverage_key"};
  const PerformanceTable table = parse_p3(text, "p3.csv", reading);
  REQUIRE(table.entries().size() == 3);
  CHECK(table.entries()[0] == Performance{"BabelStream", "Platform A-99a7", "Language 0", 205e9, {}, {}});
  CHECK_THAT(refusal(text), ContainsSubstring("there is no column 'problem'") &&
                                ContainsSubstring("--column problem=NAME,NAME"));
  reading.columns["platform"] = {"architecture"};
  CHECK_THAT(failure_of([&] { (void)parse_p3(text, "p3.csv", reading); }),
             ContainsSubstring("there is no column 'architecture'"));
}

TEST_CASE("hostile names are no formulas in what is written") {
  PerformanceTable table;
  REQUIRE_FALSE(table.add({"=HYPERLINK(\"x\")", "@x", "-1+cmd", 1, {}, {}}));
  CHECK(p3_csv(table) ==
        "problem,platform,application,fom\r\n\"'=HYPERLINK(\"\"x\"\")\",\"'@x\",\"'-1+cmd\",1\r\n");
}

TEST_CASE("peaks are of a platform, or of a platform and a problem") {
  const auto peaks = parse_peaks("platform,problem,peak\nV100,,900e3\nV100,small,1e6\n", "peaks.csv");
  REQUIRE(peaks.size() == 2);
  CHECK(peaks[0].problem.empty());
  CHECK(peaks[1].value == 1e6);
  const auto refused = [](const std::string& text) {
    return failure_of([&] { (void)parse_peaks(text, "peaks.csv"); });
  };
  CHECK_THAT(refused("platform,peek\nV100,1\n"), ContainsSubstring("no column 'peak'"));
  CHECK_THAT(refused("platform,peak\nV100,0\n"), ContainsSubstring("peaks.csv:2: the peak is not above 0"));
  CHECK_THAT(refused("platform,peak\nV100,1\nV100,2\n"), ContainsSubstring("peaks.csv:3: a second peak"));
  CHECK_THAT(refused("platform,peak\n,1\n"), ContainsSubstring("platform is empty"));
}

TEST_CASE("divergences are one per application, from 0 to 1") {
  CHECK(parse_divergences("application,divergence\nKokkos,0\nCUDA,0.25\n", "d.csv").at("CUDA") == 0.25);
  const auto refused = [](const std::string& text) {
    return failure_of([&] { (void)parse_divergences(text, "d.csv"); });
  };
  CHECK_THAT(refused("application,divergence\na,1.5\n"), ContainsSubstring("d.csv:2: a divergence"));
  CHECK_THAT(refused("application,divergence\na,\n"), ContainsSubstring("d.csv:2: a divergence"));
  CHECK_THAT(refused("application,divergence\na,1\na,1\n"), ContainsSubstring("d.csv:3: a second"));
  CHECK_THAT(refused("application,divergence\n,1\n"), ContainsSubstring("application is empty"));
}
