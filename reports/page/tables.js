// Tables of the report: sort, filter, pages, deep links, downloads. Works on what the page holds and asks nobody.
// Every text is set as text, never as markup. What page.js needs of it is in `moat`.
"use strict";
const moat = (() => {
  const page_rows = 25;
  const largest_shown = 500; // of a table on paper
  const facets = { op: "operator", type: "type", device: "device", impl: "implementation", status: "status" };
  const titles = { op: "Operator", type: "Type", device: "Device", impl: "Implementation", status: "Status" };
  const numeric = new Set(["count", "rate", "seconds", "percent", "factor", "number"]);
  const tables = new Map(); // by id: {columns, rows, shown, sort, page, ...}
  const watchers = [];
  let filter = { q: "" };

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  // ---- numbers as the program prints them (base/units.cpp, reports/format/grid.cpp)

  function four_digits(value) {
    if (value === 0) return "0";
    let text = value.toPrecision(4);
    const power = Math.floor(Math.log10(Math.abs(Number(text))));
    if (power >= 4 || power < -4) {
      text = value.toExponential(3).replace(/e([+-])(\d)$/, "e$10$2");
    } else if (!text.includes(".")) {
      text += ".";
    }
    return text;
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
    if (size < 0.001) return value.toExponential(2).replace(/e([+-])(\d)$/, "e$10$2");
    return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size))));
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
        return `${percent.toFixed(Math.abs(percent) < 10 ? 2 : 1)} %`;
      }
      case "factor":
        return cell.low === null || cell.low === cell.high
          ? three_digits(cell.value)
          : `${three_digits(cell.value)} [${three_digits(cell.low)}, ${three_digits(cell.high)}]`;
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
  const status_class = (text) =>
    ({ "✓": "full", "◐": "part", "–": "none", "✗": "bad", ok: "full", unsupported: "none", skipped: "none" })[
      text.split(" ")[0]] || "bad";

  function make_row(table, row) {
    const tr = element("tr");
    table.columns.forEach((column, i) => {
      if (column.hidden) return;
      const cell = table.cells(row)[i];
      const text = text_of(column, cell);
      const made = tr.cells.length === 0 ? element("th", { scope: "row" }) : element("td");
      if (column.kind === "command" && text) made.append(element("code", {}, text));
      else made.textContent = text;
      if (column.kind === "status" && text) made.className = status_class(text);
      if (cell.note) made.title = cell.note;
      tr.append(made);
    });
    return tr;
  }

  function make_table(table, place) {
    const head = element("tr");
    const classes = ["grid"];
    for (const column of table.columns) {
      if (column.hidden) continue;
      const th = element("th", { scope: "col" }, column.title);
      if (column.note) th.title = column.note;
      column.element = th;
      head.append(th);
      if (numeric.has(column.kind)) classes.push(`r${head.cells.length}`);
      if (column.kind === "prose") classes.push(`w${head.cells.length}`);
    }
    table.element = element("table", { id: `t-${table.id}`, "data-grid": table.id, class: classes.join(" ") },
      element("caption", {}, table.caption), element("thead", {}, head), element("tbody"));
    place.replaceWith(element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": table.caption },
      table.element));
  }

  // ---- sorting, filtering, pages

  const collator = new Intl.Collator("en", { numeric: true });
  function compare(table, place) {
    const column = table.columns[place];
    const by_number = numeric.has(column.kind);
    return (left, right) => {
      const a = table.cells(left)[place], b = table.cells(right)[place];
      if (by_number && (a.value === null || b.value === null)) return (a.value === null) - (b.value === null);
      const order = by_number || (a.value !== null && b.value !== null)
        ? a.value - b.value : collator.compare(a.text || "", b.text || "");
      return table.sort.down ? -order : order;
    };
  }

  /** What the filters ask of a table's rows: pairs of a column's place and a value. */
  function demands(table) {
    const made = [];
    for (const [facet, key] of Object.entries(facets)) {
      if (!filter[facet]) continue;
      let place = index_of(table, key);
      if (place < 0 && facet === "device") place = index_of(table, "target");
      if (place >= 0) made.push([place, filter[facet]]);
    }
    return made;
  }

  function refresh(table) {
    const asked = demands(table);
    const wanted = filter.q.toLowerCase();
    const searched = ["problem", "workload", "worst_problem"].map((key) => index_of(table, key)).filter((i) => i >= 0);
    const text_at = (row, place) => {
      const column = table.columns[place];
      if (row.packed && column.values) return column.values[row.packed[place]];
      return table.cells(row)[place].text || "";
    };
    table.shown = table.rows.filter((row) =>
      asked.every(([place, value]) => text_at(row, place) === value) &&
      (wanted === "" || !searched.length || searched.some((place) => text_at(row, place).toLowerCase().includes(wanted))));
    if (table.sort) table.shown.sort(compare(table, index_of(table, table.sort.key)));
    const pages = table.paged ? Math.max(1, Math.ceil(table.shown.length / page_rows)) : 1;
    table.page = Math.min(table.page || 0, pages - 1);
    show(table, pages);
    if (table.id === "coverage") show_types(table);
  }

  function show(table, pages) {
    const begin = table.all ? 0 : table.page * page_rows;
    const rows = !table.paged ? table.shown
      : table.shown.slice(begin, begin + (table.all ? largest_shown : page_rows));
    table.element.tBodies[0].replaceChildren(...rows.map((row) => row.tr || (row.tr = make_row(table, row))));
    const count = table.shown.length;
    const of_all = count === table.rows.length ? `${count}` : `${count} of ${table.rows.length}`;
    table.count.textContent = table.paged && rows.length < count
      ? `rows ${begin + 1} to ${begin + rows.length} of ${of_all}` : `${of_all} row${count === 1 ? "" : "s"}`;
    if (table.paged) {
      table.back.disabled = table.page === 0;
      table.on.disabled = table.page + 1 >= pages;
    }
    for (const column of table.columns) {
      if (!column.element) continue;
      const sorted = table.sort && table.sort.key === column.key;
      if (sorted) column.element.setAttribute("aria-sort", table.sort.down ? "descending" : "ascending");
      else column.element.removeAttribute("aria-sort");
    }
  }

  /** Types are columns of the coverage matrix: all others go. */
  function show_types(table) {
    const known = table.columns.some((column) => column.key === filter.type);
    table.columns.forEach((column, place) => {
      if (place < 3 || !column.element) return;
      const away = Boolean(filter.type) && known && column.key !== filter.type;
      column.element.hidden = away;
      for (const tr of table.element.tBodies[0].rows) tr.cells[place].hidden = away;
    });
  }

  function sort_by(table, key) {
    const down = table.sort && table.sort.key === key ? !table.sort.down : false;
    table.sort = { key, down };
    refresh(table);
    say(`${table.caption}: sorted by ${table.columns[index_of(table, key)].title}, ${down ? "descending" : "ascending"}`);
    write_hash();
  }

  function add_tools(table) {
    const bar = element("div", { class: "bar" });
    table.count = element("span");
    bar.append(table.count);
    const button = (text, label, action) => {
      const made = element("button", { type: "button", "aria-label": `${label}: ${table.caption}` }, text);
      made.addEventListener("click", action);
      bar.append(made);
      return made;
    };
    const turn = (by) => () => { table.page += by; refresh(table); };
    if (table.paged) {
      table.back = button("← Previous", "Previous rows", turn(-1));
      table.on = button("Next →", "Next rows", turn(1));
    }
    button("CSV", "Download as CSV", () => save(`${table.id}.csv`, "text/csv", csv_of(table)));
    button("JSON", "Download as JSON", () =>
      save(`${table.id}.json`, "application/json", JSON.stringify(objects_of(table, table.shown), null, 1)));
    table.element.parentElement.before(bar);
    for (const column of table.columns) {
      if (!column.element) continue;
      const sorter = element("button", { type: "button" });
      sorter.append(...column.element.childNodes);
      sorter.addEventListener("click", () => sort_by(table, column.key));
      column.element.append(sorter);
    }
  }

  // ---- downloads

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
  function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    const link = element("a", { href: address, download: `moat-${name}` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // ---- filters and the address: #section&op=gemm&type=f32&sort=cases.rate.down

  function say(text) { document.getElementById("said").textContent = text; }

  function values_of(key) {
    const found = new Set();
    for (const table of tables.values()) {
      const place = index_of(table, key);
      if (place < 0) continue;
      const { values } = table.columns[place];
      if (values) values.forEach((value) => found.add(value));
      else for (const row of table.rows) found.add(table.cells(row)[place].text || "");
    }
    found.delete("");
    return [...found].sort(collator.compare);
  }

  function make_filters() {
    const form = document.getElementById("filters");
    for (const [facet, key] of Object.entries(facets)) {
      const values = values_of(key);
      if (values.length < 2) continue;
      const select = element("select", { name: facet }, element("option", { value: "" }, "all"));
      for (const value of values.slice(0, 2000)) select.append(element("option", { value }, value));
      form.append(element("label", {}, titles[facet], select));
    }
    form.append(element("label", {}, "Problem", element("input", { name: "q", type: "search", placeholder: "part of a key" })));
    form.append(element("button", { type: "reset" }, "Clear"));
    form.addEventListener("input", () => {
      filter = { q: "", ...Object.fromEntries(new FormData(form)) };
      apply();
      write_hash();
    });
    form.addEventListener("reset", () => { filter = { q: "" }; apply(); write_hash(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = tables.size === 0;
  }

  function apply() {
    const form = document.getElementById("filters");
    for (const field of form.querySelectorAll("[name]")) field.value = filter[field.name] || "";
    for (const table of tables.values()) { table.page = 0; refresh(table); }
    const cases = tables.get("cases");
    if (cases) say(`${cases.shown.length} of ${cases.rows.length} cases`);
    watchers.forEach((watcher) => watcher());
  }

  function write_hash() {
    const parts = Object.entries(filter).filter(([, value]) => value)
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    for (const table of tables.values()) {
      if (table.sort) parts.push(`sort=${table.id}.${table.sort.key}.${table.sort.down ? "down" : "up"}`);
    }
    const section = section_of(location.hash);
    if (section) parts.unshift(section);
    try { history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname); } catch { /* no history here */ }
  }

  function read_hash() {
    filter = { q: "" };
    let section = "";
    for (const part of location.hash.slice(1).split("&")) {
      const [key, ...rest] = part.split("=");
      let value = rest.join("=");
      try { value = decodeURIComponent(value); } catch { /* as it stands */ }
      if (!part.includes("=")) section = key;
      else if (key === "q" || Object.hasOwn(facets, key)) filter[key] = value;
      else if (key === "sort") {
        const [id, column, way] = value.split(".");
        const table = tables.get(id);
        if (table && index_of(table, column) >= 0) table.sort = { key: column, down: way === "down" };
      }
    }
    apply();
    go_to(section);
  }

  function go_to(section) {
    const place = section && (document.getElementById(section) || document.getElementById(`t-${section}`));
    if (!place) return;
    const folded = place.closest("details") || document.getElementById(`d-${section}`);
    if (folded) folded.open = true;
    place.scrollIntoView();
  }

  const section_of = (hash) => hash.slice(1).split("&").find((part) => part && !part.includes("=")) || "";

  // ---- beginning

  function begin() {
    const data = JSON.parse(document.getElementById("data").textContent);
    const places = [...document.querySelectorAll("[data-big], table[data-grid]")];
    for (const place of places) {
      const id = place.dataset.big || place.dataset.grid;
      const table = place.dataset.big ? from_data(id, data.grids[id]) : from_element(place);
      if (place.dataset.big) make_table(table, place);
      tables.set(id, table);
      add_tools(table);
    }
    const cases = document.getElementById("d-cases");
    if (cases) cases.open = true; // it has pages now
    make_filters();
    read_hash();
    addEventListener("hashchange", read_hash);
    document.getElementById("download").addEventListener("click", () => {
      const all = {};
      for (const [id, table] of tables) all[id] = objects_of(table, table.rows);
      save("report.json", "application/json", JSON.stringify(all, null, 1));
    });
    document.querySelector(".tools").hidden = false;
    const closed = [];
    addEventListener("beforeprint", () => {
      for (const details of document.querySelectorAll("details:not([open])")) { closed.push(details); details.open = true; }
      for (const table of tables.values()) { table.all = true; refresh(table); }
    });
    addEventListener("afterprint", () => {
      for (const details of closed.splice(0)) details.open = false;
      for (const table of tables.values()) { table.all = false; refresh(table); }
    });
  }

  begin();
  return { tables, go_to: () => go_to(section_of(location.hash)), index_of, element, quantity, seconds, four_digits, watch: (watcher) => watchers.push(watcher) };
})();
