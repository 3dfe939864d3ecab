// Tables of the report as data: read from the page, their numbers as text, their rows as CSV and JSON. Draws nothing
// and asks nobody. What the scripts share is in `moat`.
"use strict";
const moat = (() => {
  const numeric = new Set(["count", "rate", "seconds", "percent", "factor", "number"]);
  const page_rows = 25; // of a table on the screen

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  // ---- numbers as the program prints them (base/units.cpp, reports/format/grid.cpp; tests/browser holds them equal)

  /** What is exactly between two numbers of so many digits becomes the even one, as in C++; scripts would take the larger. */
  function even(value, digits) {
    if (digits < 1) return value;
    const [mantissa, power] = Math.abs(value).toExponential(40).split("e");
    const all = mantissa.replace(".", "");
    if (!/^50*$/.test(all.slice(digits)) || all[digits - 1] % 2 === 1) return value;
    return Math.sign(value) * Number(`${all[0]}.${all.slice(1, digits)}e${power}`);
  }
  const fixed = (value, decimals) =>
    even(value, value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1 + decimals).toFixed(decimals);

  function four_digits(value) {
    if (value === 0) return "0";
    const near = even(value, 4);
    const text = near.toPrecision(4);
    const power = Math.floor(Math.log10(Math.abs(Number(text))));
    if (power >= 4 || power < -4) return near.toExponential(3).replace(/e([+-])(\d)$/, "e$10$2");
    return text.includes(".") ? text : `${text}.0`;
  }
  function quantity(value, base) {
    const prefixes = ["", "k", "M", "G", "T", "P", "E"];
    let factor = 1, step = 0;
    while (step + 1 < prefixes.length && Math.abs(value) / factor >= 999.95) {
      factor *= 1000;
      ++step;
    }
    return `${four_digits(value / factor)} ${prefixes[step]}${base}`;
  }
  function seconds(value) {
    for (const [factor, unit] of [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]]) {
      if (Math.abs(value) >= factor * 0.99995) return `${four_digits(value / factor)} ${unit}`;
    }
    return `${four_digits(value / 1e-9)} ns`;
  }
  function three_digits(value) {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size < 0.001) return even(value, 3).toExponential(2).replace(/e([+-])(\d)$/, "e$10$2");
    return fixed(value, Math.max(0, 2 - Math.floor(Math.log10(size))));
  }
  function text_of(column, cell) {
    if (cell.text !== null) return cell.text;
    if (cell.value === null) return numeric.has(column.kind) ? "–" : "";
    switch (column.kind) {
      case "count": return cell.value.toFixed(0);
      case "rate": return quantity(cell.value, cell.base || column.base);
      case "seconds": return seconds(cell.value);
      case "percent": {
        const percent = cell.value * 100;
        return `${fixed(percent, Math.abs(percent) < 10 ? 2 : 1)} %`;
      }
      case "factor":
        return cell.low === null || three_digits(cell.low) === three_digits(cell.high)
          ? three_digits(cell.value)
          : `${three_digits(cell.value)} (${three_digits(cell.low)} to ${three_digits(cell.high)})`;
      default: return three_digits(cell.value);
    }
  }

  // ---- tables as data, from the page's data or from its elements

  const none = { value: null, low: null, high: null, base: "", text: null, note: "" };

  function from_data(id, data) {
    const places = new Map(data.columns.map((column, i) => [column.key, i]));
    const text_at = (row, place) => data.columns[place].values[row[place]];
    const fill = (pattern, row) => pattern.replace(/\{(\w+)\}/g, (_, key) => text_at(row, places.get(key)));
    const cell = (column, json, row) => {
      if (column.pattern && json === null) return { ...none, text: fill(column.pattern, row) };
      if (column.values) return { ...none, text: column.values[json] };
      if (json === null) return none;
      if (!Array.isArray(json)) return { ...none, value: json };
      const [value = null, low = null, high = null, base = null, text = null, note = null] = json;
      if (low === true) return { value, low: value, high: value, base: base || "", text, note: note || "" };
      return { value, low, high, base: base || "", text, note: note || "" };
    };
    const rows = data.rows.map((row) => ({ packed: row }));
    return { id, caption: data.caption, columns: data.columns, rows, element: null, paged: true,
      cells: (row) => row.cells || (row.cells = row.packed.map((json, i) => cell(data.columns[i], json, row.packed))) };
  }

  function from_element(table) {
    const heads = [...table.tHead.rows[0].cells];
    const columns = heads.map((head) => ({ key: head.dataset.key, title: head.textContent.trim(),
      kind: head.dataset.kind, base: head.dataset.base || "", interval: "interval" in head.dataset, element: head }));
    const bodies = [...table.tBodies[0].rows];
    const extra = bodies.length ? Object.keys(bodies[0].dataset) : [];
    for (const key of extra) columns.push({ key, title: key, kind: "text", hidden: true });
    const rows = bodies.map((tr) => {
      const cells = [...tr.cells].map((td) => {
        const value = td.dataset.v === undefined ? null : Number(td.dataset.v);
        const ends = (td.dataset.ends || " ").split(" ").map((end) => (end === "" ? null : Number(end)));
        return { value, low: ends[0], high: ends[1], base: "", text: td.textContent.trim(), note: td.title };
      });
      for (const key of extra) cells.push({ ...none, text: tr.dataset[key] });
      return { cells, tr };
    });
    return { id: table.dataset.grid, caption: table.caption.textContent, columns, rows, element: table, paged: rows.length > page_rows,
      cells: (row) => row.cells };
  }

  const index_of = (table, key) => table.columns.findIndex((column) => column.key === key);
  // ---- rows as values

  function fields(table, row) {
    const made = [];
    table.columns.forEach((column, i) => {
      const cell = table.cells(row)[i];
      made.push([column.key, cell.value !== null && (numeric.has(column.kind) || cell.text === null) ? cell.value
        : cell.text === null || (numeric.has(column.kind) && cell.value === null) ? null : cell.text]);
      if (column.interval) made.push([`${column.key}_low`, cell.low], [`${column.key}_high`, cell.high]);
    });
    return made;
  }
  const objects_of = (table, rows) => rows.map((row) => Object.fromEntries(fields(table, row)));
  /** As reports/format/csv.cpp does it: what a spreadsheet would take for a formula gets an apostrophe in front. */
  function csv_field(value) {
    if (value === null || value === "") return "";
    if (typeof value === "number") return String(value);
    return `"${/^['\s]*[=+\-@＝＋－＠]/.test(value) ? "'" : ""}${value.replaceAll('"', '""')}"`;
  }
  function csv_of(table) {
    const keys = table.columns.flatMap(({ key, interval }) => (interval ? [key, `${key}_low`, `${key}_high`] : [key]));
    const lines = table.shown.map((row) => fields(table, row).map(([, value]) => csv_field(value)).join(","));
    return [keys.join(","), ...lines, ""].join("\r\n");
  }
  const tables = new Map(); // by id: {columns, rows, cells, shown, sort, page, ...}
  return { tables, numeric, page_rows, element, text_of, from_data, from_element, index_of, objects_of, csv_of };
})();
