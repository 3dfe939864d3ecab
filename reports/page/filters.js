// Filters and the address (#section&op=gemm&type=f32&sort=cases.rate.down): what tables and charts show. Makes the page's
// tables live; knows nothing of how they or charts are drawn.
"use strict";
Object.assign(moat, (() => {
  const { tables, element, index_of, collator, say, refresh } = moat;
  const facets = { op: "operator", type: "type", device: "device", impl: "implementation", status: "status" };
  const titles = { op: "Operator", type: "Type", device: "Device", impl: "Implementation", status: "Status" };
  const watchers = []; // called when the filters or an order change
  let filter = { q: "" };

  const changed = () => watchers.forEach((watcher) => watcher());

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

  /** Those of a table that the filters leave. */
  function matching(table) {
    const asked = demands(table);
    const wanted = filter.q.toLowerCase();
    const searched = ["problem", "workload", "worst_problem"].map((key) => index_of(table, key)).filter((i) => i >= 0);
    const text_at = (row, place) => {
      const column = table.columns[place];
      if (row.packed && column.values) return column.values[row.packed[place]];
      return table.cells(row)[place].text || "";
    };
    return table.rows.filter((row) =>
      asked.every(([place, value]) => text_at(row, place) === value) &&
      (wanted === "" || !searched.length || searched.some((place) => text_at(row, place).toLowerCase().includes(wanted))));
  }

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
      write_address();
    });
    form.addEventListener("reset", () => { filter = { q: "" }; apply(); write_address(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = tables.size === 0;
  }

  function apply() {
    const form = document.getElementById("filters");
    for (const field of form.querySelectorAll("[name]")) field.value = filter[field.name] || "";
    for (const table of tables.values()) { table.page = 0; refresh(table); }
    const cases = tables.get("cases");
    if (cases) say(`${cases.shown.length} of ${cases.rows.length} cases`);
    changed();
  }

  function write_address() {
    const parts = Object.entries(filter).filter(([, value]) => value)
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    for (const table of tables.values()) {
      if (table.sort) parts.push(`sort=${table.id}.${table.sort.key}.${table.sort.down ? "down" : "up"}`);
    }
    const section = section_of(location.hash);
    if (section) parts.unshift(section);
    try { history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname); } catch { /* no history here */ }
  }

  function read_address() {
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

  function begin() {
    const data = JSON.parse(document.getElementById("data").textContent);
    const places = [...document.querySelectorAll("[data-big], table[data-grid]")];
    for (const place of places) {
      const id = place.dataset.big || place.dataset.grid;
      const table = place.dataset.big ? moat.from_data(id, data.grids[id]) : moat.from_element(place);
      if (place.dataset.big) moat.make_table(table, place);
      tables.set(id, table);
      moat.add_tools(table);
    }
    const cases = document.getElementById("d-cases");
    if (cases) cases.open = true; // it has pages now
    make_filters();
    read_address();
    addEventListener("hashchange", read_address);
    document.getElementById("download").addEventListener("click", () => {
      const all = {};
      for (const [id, table] of tables) all[id] = moat.objects_of(table, table.rows);
      moat.save("report.json", "application/json", JSON.stringify(all, null, 1));
    });
    document.querySelector(".tools").hidden = false;
  }

  return { begin, matching, changed, write_address, filter: () => filter, go_to: () => go_to(section_of(location.hash)),
    watch: (watcher) => watchers.push(watcher) };
})());
moat.begin();
