// Drawing of tables: rows, order, pages, downloads. Every text is set as text, never as markup. Knows nothing of what the
// filters ask (filters.js).
"use strict";
Object.assign(moat, (() => {
  const { tables, numeric, page_rows, element, text_of, index_of } = moat;
  const largest_shown = 500; // of a table on paper

  function say(text) { document.getElementById("said").textContent = text; }

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

  // ---- order and pages

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

  function refresh(table) {
    table.shown = moat.matching(table);
    if (table.sort) table.shown.sort(compare(table, index_of(table, table.sort.key)));
    const pages = table.paged ? Math.max(1, Math.ceil(table.shown.length / page_rows)) : 1;
    table.page = Math.min(table.page || 0, pages - 1);
    show(table, pages);
    if (table.id === "coverage") show_types(table, moat.filter().type);
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
  function show_types(table, type) {
    const known = table.columns.some((column) => column.key === type);
    table.columns.forEach((column, place) => {
      if (place < 3 || !column.element) return;
      const away = Boolean(type) && known && column.key !== type;
      column.element.hidden = away;
      for (const tr of table.element.tBodies[0].rows) tr.cells[place].hidden = away;
    });
  }

  function sort_by(table, key) {
    const down = table.sort && table.sort.key === key ? !table.sort.down : false;
    table.sort = { key, down };
    refresh(table);
    say(`${table.caption}: sorted by ${table.columns[index_of(table, key)].title}, ${down ? "descending" : "ascending"}`);
    moat.write_address();
    moat.changed();
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
    button("CSV", "Download as CSV", () => save(`${table.id}.csv`, "text/csv", moat.csv_of(table)));
    button("JSON", "Download as JSON", () =>
      save(`${table.id}.json`, "application/json", JSON.stringify(moat.objects_of(table, table.shown), null, 1)));
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

  function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    const link = element("a", { href: address, download: `moat-${name}` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // Paper has every row (at most 500 of a table), and what is folded is open.
  const closed = [];
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) { closed.push(details); details.open = true; }
    for (const table of tables.values()) { table.all = true; refresh(table); }
  });
  addEventListener("afterprint", () => {
    for (const details of closed.splice(0)) details.open = false;
    for (const table of tables.values()) { table.all = false; refresh(table); }
  });

  return { say, collator, make_table, add_tools, refresh, save };
})());
