// CSV by libcsv in its strict mode, fed line by line so that every row and error knows its line.
#include "reports/format/csv.h"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "base/error.h"

namespace moat {
namespace {

/// What libcsv calls back into. Nothing may be thrown through C, so what goes wrong is kept.
class Reader {
 public:
  explicit Reader(std::string_view where) : where_(where) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    // By 128 bytes, its default, a long field takes quadratic time.
    csv_set_blk_size(&parser_, std::size_t{1} << 20);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { csv_free(&parser_); }

  /// The next part of the file, with its end.
  void line(std::string_view text) {
    ++line_;
    if (is_between_rows_ && text.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      row_.line = line_;
      is_between_rows_ = false;
    }
    const std::size_t read = csv_parse(&parser_, text.data(), text.size(), on_field, on_row, this);
    rethrow();
    if (read != text.size()) fail_parse();
  }

  std::vector<CsvRow> finish() {
    const int code = csv_fini(&parser_, on_field, on_row, this);
    rethrow();
    if (code != 0) fail_parse();
    return std::move(rows_);
  }

  [[noreturn]] void fail(std::size_t line, std::string_view reason) const {
    throw UsageError(fmt::format("{}:{}: {}", where_, line, reason));
  }

 private:
  static void on_field(void* bytes, std::size_t size, void* self) {
    static_cast<Reader*>(self)->guarded([&](Reader& reader) {
      reader.add_field({static_cast<const char*>(bytes), size});
    });
  }
  static void on_row(int, void* self) {
    static_cast<Reader*>(self)->guarded([](Reader& reader) { reader.end_row(); });
  }
  template <class Action>
  void guarded(const Action& action) noexcept {
    if (failure_) return;
    try {
      action(*this);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  void add_field(std::string_view text) {
    if (text.size() > CsvLimits::field_bytes) {
      fail(line_, fmt::format("a field has {} bytes; at most {}", text.size(), CsvLimits::field_bytes));
    }
    if (row_.fields.size() == CsvLimits::fields) {
      fail(line_, fmt::format("more than {} fields", CsvLimits::fields));
    }
    row_.fields.emplace_back(text);
  }

  void end_row() {
    if (rows_.size() == CsvLimits::rows) fail(line_, fmt::format("more than {} rows", CsvLimits::rows));
    if (!rows_.empty() && row_.fields.size() != rows_.front().fields.size()) {
      fail(row_.line,
           fmt::format("{} fields where the header has {}", row_.fields.size(), rows_.front().fields.size()));
    }
    rows_.push_back(std::exchange(row_, {line_, {}}));
    is_between_rows_ = true;
  }

  [[noreturn]] void fail_parse() const {
    if (csv_error(&parser_) == CSV_ENOMEM) throw std::bad_alloc();
    fail(line_,
         "quotes are not as RFC 4180 has them: a field is quoted as a whole or not at all, and a quote "
         "within is written twice");
  }

  std::string where_;
  mutable csv_parser parser_{};  // csv_error asks for it, and changes nothing
  std::size_t line_ = 0;
  bool is_between_rows_ = true;
  CsvRow row_;
  std::vector<CsvRow> rows_;
  std::exception_ptr failure_;
};

/// Whether a spreadsheet might take `text` for a formula, apostrophes and blanks before it aside.
bool is_formula(std::string_view text) {
  static constexpr std::array<std::string_view, 8> beginnings{"=",      "+",      "-",      "@",
                                                              "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::size_t at = text.find_first_not_of("' \t\r\n");
  if (at == std::string_view::npos) return false;
  text.remove_prefix(at);
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

/// Why a file that begins so is no CSV as it is read here, though it is some other table; empty if it may be.
std::string foreign_form(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
      text.substr(0, 64).find('\0') != std::string_view::npos) {
    return "the text is UTF-16; save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")";
  }
  const std::string_view header = text.substr(0, text.find('\n'));
  if (header.find(',') != std::string_view::npos) return "";
  for (const auto& [separator, name] : {std::pair{';', "semicolons"}, {'\t', "tabs"}}) {
    if (header.find(separator) == std::string_view::npos) continue;
    return fmt::format(
        "columns are separated by {}; write commas between them, and points in numbers (1.5, not "
        "1,5)",
        name);
  }
  return "";
}

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, std::string_view where) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.size() > CsvLimits::bytes) {
    throw UsageError(fmt::format("{}: {} bytes; at most {}", where, text.size(), CsvLimits::bytes));
  }
  if (const std::string reason = foreign_form(text); !reason.empty())
    throw UsageError(fmt::format("{}:1: {}", where, reason));
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Reader reader(where);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    reader.line(text.substr(0, end));
    text.remove_prefix(end);
  }
  std::vector<CsvRow> rows = reader.finish();
  for (CsvRow& row : rows) {
    for (std::string& field : row.fields) {
      if (field.starts_with('\'') && is_formula(field)) field.erase(0, 1);
    }
  }
  return rows;
}

std::string csv_text(std::string_view text) {
  std::string quoted = is_formula(text) ? "\"'" : "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv_number(double value) {
  return fmt::format("{}", value);
}

}  // namespace moat
