// moat import: figures that others published, and runs of other machines, into the store.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/output.h"
#include "base/text.h"
#include "commands/commands.h"
#include "commands/terminal.h"
#include "reports/tables/show.h"
#include "results/published/published.h"
#include "results/store/store.h"

namespace moat {
namespace {

constexpr const char* import_footer =
    R"(Imports published figures, so that a chip that you do not have can take part in a comparison, and runs of
other machines, as folders copied from their stores (STORE/runs/ID). Everything is checked before anything is
written: if there is a mistake, the store does not change, and the error names file and line. Published
figures keep their citation, are marked wherever they appear, and are never aggregated with measured ones.

A file for a chip from a paper (docs/published.md explains every field):

  schema = 1
  name = "my-paper"                  # the run's suite becomes published/my-paper
  title = "GEMM on the X100"
  [citation]
  title = "Fast GEMM on X100"
  authors = "A. Author and others"
  year = 2025
  reference = "arXiv 0000.00000, table 3"
  confidence = "read in the paper"
  [conditions]                       # whatever is not stated is named as unstated
  data = "normal"
  unstated = ["cache", "clock"]
  [[device]]
  id = "x100"                        # the device becomes x100:published
  name = "X100"
  vendor = "X"
  arithmetic = [{ type = "f16", operations_per_second = [300e12, 320e12], source = "datasheet" }]
  memory = { bytes_per_second = 1.6e12, source = "datasheet" }
  [[rows]]
  device = "x100"
  implementation = "library/xblas"   # or portable/<language>, naive
  workload = "square"
  seconds = [["gemm:m=8192,n=8192,k=8192,type=f16", 4.2e-3]]   # or operations_per_second, bytes_per_second

Examples:
  moat import --list                         the figures that come with moat
  moat import deepbench flagperf             add two of them to the store
  moat import --check paper.toml             only check a file
  moat import paper.toml
  moat import /mnt/usb/moat-store/runs/20261121T221530Z-3fa1)";

struct ImportOptions {
  std::vector<std::string> sources;
  std::string store = default_store();
  bool list = false;
  bool check = false;
};

/// What one argument stands for, wholly read and checked.
struct Source {
  std::string argument;
  std::optional<Published> published;
  std::optional<RunFolder> folder;
  std::optional<CompleteRun> run;  // of the folder
};

std::size_t shares(const RunInfo& info) {
  std::size_t count = 0;
  for (const RunDevice& device : info.devices) count += device.efficiencies.size();
  return count;
}

std::string device_list(const RunInfo& info) {
  std::string made;
  for (const RunDevice& device : info.devices) made += (made.empty() ? "" : ", ") + device.id;
  return made;
}

int list() {
  Grid grid{.id = "published",
            .caption = "Published figures that come with moat",
            .columns = {{.key = "name", .title = "name", .importance = 100},
                        {.key = "rows", .title = "rows", .kind = GridKind::count, .importance = 80},
                        {.key = "shares", .title = "shares", .kind = GridKind::count, .importance = 70},
                        {.key = "devices", .title = "devices", .importance = 90, .shortens = true},
                        {.key = "from", .title = "from", .importance = 60, .shortens = true}}};
  for (const std::string& name : published_names()) {
    const Published published = load_published(name);
    grid.rows.push_back({cell(name), count_cell(published.records.size()), count_cell(shares(published.info)),
                         cell(device_list(published.info)), cell(citation_text(*published.info.citation))});
  }
  print("{}rows: figures of known problems. shares: shares of a roof without a known problem.\n",
        terminal_table(grid, table_options()));
  return exit_fine;
}

Source read_source(const std::string& argument) {
  Source source{argument, std::nullopt, std::nullopt, std::nullopt};
  std::error_code error;
  if (!std::filesystem::is_directory(argument, error)) {
    const std::filesystem::path path(argument);
    for (const char* part : {"run.json", "records.jsonl"}) {
      if (path.filename() == part) {
        throw UsageError(fmt::format("{} is a part of a run; name the folder that holds it: moat import {}",
                                     argument, shell_quoted(absolute_path(path).parent_path().string())));
      }
    }
    source.published = load_published(argument, "moat import " + shell_quoted(argument));
    return source;
  }
  source.folder = RunFolder(argument);
  if (!std::filesystem::exists(source.folder->info_path(), error)) {
    const bool is_store = std::filesystem::exists(std::filesystem::path(argument) / "store.json", error);
    throw UsageError(
        fmt::format("{} is not the folder of a run (it has no run.json){}", argument,
                    is_store ? "; it is a store: name its runs, such as " + argument + "/runs/*" : ""));
  }
  source.run = read_complete_run(*source.folder);
  return source;
}

/// Id of the run that holds the very same figures already.
std::optional<std::string> find_same(const Store& store, const std::vector<std::string>& ids,
                                     const Published& published) {
  for (const std::string& id : ids) {
    try {
      const RunFolder folder = store.run_folder(id);
      const RunInfo info = folder.read_info();
      if (info.suite != published.info.suite || info.citation != published.info.citation ||
          info.devices != published.info.devices)
        continue;
      std::vector<Record> records = folder.read_records().records;
      for (Record& record : records) {
        record.started_utc.clear();
        record.command = published.info.command;
      }
      if (records == published.records) return id;
    } catch (const UsageError&) {  // a damaged run is not the same
    }
  }
  return std::nullopt;
}

void print_published(const Published& published, std::string_view what) {
  print("{} {}: {}\n", what, published.name, printable(published.title));
  print("  {}\n", citation_text(*published.info.citation));
  print("  confidence: {}\n", printable(published.info.citation->confidence));
  print("  {} rows, {} shares of roofs; devices {}\n", published.records.size(), shares(published.info),
        device_list(published.info));
}

void print_run(const Source& source, std::string_view what) {
  print("{} run {}: {} on {}, {} cases\n", what, source.run->info.id, printable(source.run->info.suite),
        printable(source.run->info.host), source.run->records.size());
}

/// Refuses what could not all be written.
void check_distinct(const std::vector<Source>& sources, const std::vector<std::string>& present) {
  std::set<std::string> ids(present.begin(), present.end());
  std::set<std::string> names;
  for (const Source& source : sources) {
    if (source.run && !ids.insert(source.run->info.id).second) {
      throw UsageError(
          fmt::format("{} is run {}, which is in the store already or was named twice; nothing was imported",
                      source.argument, source.run->info.id));
    }
    if (source.published && !names.insert(source.published->name).second) {
      throw UsageError(
          fmt::format("two of the files have the name '{}'; nothing was imported", source.published->name));
    }
  }
}

void import_source(const Store& store, const std::vector<std::string>& present, const Source& source) {
  if (source.run) {
    const std::string id = store.add_run(*source.folder);
    print_run(source, "imported");
    print("  moat show {}{}\n", id, store_option(store.path().string()));
    return;
  }
  const Published& published = *source.published;
  if (const std::optional<std::string> same = find_same(store, present, published)) {
    print("{} is in the store already, as run {}\n", published.name, *same);
    return;
  }
  const std::string id = store.add_run(published.info, published.records);
  print_published(published, "imported");
  print("  moat show {}{}\n", id, store_option(store.path().string()));
}

int import(const ImportOptions& options) {
  if (options.list) return list();
  if (options.sources.empty())
    throw UsageError("nothing to import; name a file, the folder of a run, or one of `moat import --list`");
  std::vector<Source> sources;
  for (const std::string& argument : options.sources) sources.push_back(read_source(argument));
  if (options.check) {
    for (const Source& source : sources) {
      if (source.run) {
        print_run(source, "fine:");
      } else {
        print_published(*source.published, "fine:");
      }
    }
    return exit_fine;
  }
  check_distinct(sources, {});
  const Store store(options.store);
  store.check_writable();
  const std::vector<std::string> present = store.run_ids();
  check_distinct(sources, present);
  for (const Source& source : sources) import_source(store, present, source);
  return exit_fine;
}

}  // namespace

void add_import_command(const Command& app, int& exit_code) {
  const auto options = std::make_shared<ImportOptions>();
  const Command command =
      app.add_subcommand("import", "Import published figures, or runs of another machine");
  command.footer(import_footer);
  command.add_option(
      "source", options->sources,
      "A built-in name, a .toml file of published figures, or the folder of a run (repeatable)");
  command.add_flag("--list", options->list, "List the built-in published figures");
  command.add_flag("--check", options->check, "Only check; write nothing");
  command.add_option("--store", options->store, "Folder of all runs").capture_default_str();
  command.callback([options, &exit_code] { exit_code = import(*options); });
}

}  // namespace moat
