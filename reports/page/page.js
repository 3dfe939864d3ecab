// Charts and theme of the report. Draws the rows that tables.js shows with Chart.js; each chart has its table in the
// page. Series differ by pattern and form, too, not by colour alone.
"use strict";
(() => {
  const { element, tables, index_of } = moat;
  const root = document.documentElement;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const most_series = 16;
  const drawn = new Set(); // redrawn when the theme or the filters change
  let paper = false;       // drawn for paper

  // ---- theme: automatic, light, dark; remembered where there is storage

  const themes = ["automatic", "light", "dark"];
  let theme = "automatic";
  const dark_system = matchMedia("(prefers-color-scheme: dark)");
  function set_theme(name) {
    theme = themes.includes(name) ? name : "automatic";
    if (theme === "automatic") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.getElementById("theme").textContent = `Theme: ${theme}`;
    redraw();
  }
  document.getElementById("theme").addEventListener("click", () => {
    set_theme(themes[(themes.indexOf(theme) + 1) % themes.length]);
    try { localStorage.setItem("moat-theme", theme); } catch { /* not here */ }
  });
  dark_system.addEventListener("change", () => redraw());

  const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();

  /** Solid, striped, crossed, dotted: series of one colour can still be told apart. */
  function fill(context, series) {
    const hue = colour(`c${series % 8}`);
    const form = Math.floor(series / 8) % 2 === 0 ? series % 4 : (series + 1) % 4;
    if (form === 0) return hue;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = hue;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = colour("paper");
    pen.lineWidth = 1.5;
    if (form === 1 || form === 3) { pen.moveTo(-2, 10); pen.lineTo(10, -2); }
    if (form === 3) { pen.moveTo(-2, -2); pen.lineTo(10, 10); }
    pen.stroke();
    if (form === 2) pen.fillRect(3, 0, 2, 8);
    return context.createPattern(tile, "repeat");
  }

  /** Whiskers over bars: data points with `ends`. */
  const whiskers = {
    id: "whiskers",
    afterDatasetsDraw(chart) {
      const pen = chart.ctx;
      pen.save();
      pen.strokeStyle = colour("ink");
      pen.lineWidth = 1.5;
      chart.data.datasets.forEach((dataset, i) => {
        const meta = chart.getDatasetMeta(i);
        if (!dataset.ends || meta.hidden) return;
        meta.data.forEach((bar, j) => {
          const ends = dataset.ends[j];
          if (!ends || ends.some((end) => end === null)) return;
          const [low, high] = ends.map((end) => chart.scales.x.getPixelForValue(end));
          pen.beginPath();
          pen.moveTo(low, bar.y); pen.lineTo(high, bar.y);
          for (const x of [low, high]) { pen.moveTo(x, bar.y - 3); pen.lineTo(x, bar.y + 3); }
          pen.stroke();
        });
      });
      pen.restore();
    },
  };

  /** Names beside points. */
  const names = {
    id: "names",
    afterDatasetsDraw(chart) {
      if (!chart.options.plugins.names) return;
      const pen = chart.ctx;
      pen.save();
      pen.fillStyle = colour("ink");
      pen.font = "12px system-ui, sans-serif";
      chart.data.datasets.forEach((dataset, i) => chart.getDatasetMeta(i).data.forEach((point) => {
        const right = point.x > chart.chartArea.right - 120;
        pen.textAlign = right ? "right" : "left";
        pen.fillText(dataset.label, point.x + (right ? -8 : 8), point.y - 6);
      }));
      pen.restore();
    },
  };

  /** "200 G". */
  function tick(value) {
    const [, number, unit] = /^([\d.e+-]+) (.*)$/.exec(value === 0 ? "0 " : moat.quantity(value, ""));
    return `${Number(number)} ${unit}`;
  }

  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  function scale(title, more = {}) {
    return { title: { display: Boolean(title), text: title, color: colour("soft") }, ticks: { color: colour("soft") },
      grid: { color: colour("grid") }, ...more };
  }

  /** A figure with a canvas; `make` returns a Chart.js configuration or nothing, and the canvas's height. */
  function add_chart(place, title, description, make) {
    const canvas = element("canvas", { role: "img", "aria-label": `${title}. ${description}` });
    const plot = element("div", { class: "plot" }, canvas);
    plot.style.height = "360px"; // until it is drawn
    const heading = element("h3", {}, title);
    const bar = element("div", { class: "bar" });
    place.append(element("div", {}, heading, bar, plot));
    const chart = { bar, page: 0, seen: false, chart: null };
    chart.draw = () => {
      if (!chart.seen) return;
      if (chart.chart) chart.chart.destroy();
      chart.chart = null;
      const made = make(chart, canvas.getContext("2d"));
      plot.hidden = !made;
      if (!made) return;
      plot.style.height = `${made.height}px`;
      made.options = { responsive: true, maintainAspectRatio: false, animation: false, color: colour("ink"), ...made.options };
      chart.chart = new Chart(canvas, made);
    };
    drawn.add(chart);
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      chart.seen = true;
      chart.draw();
    }, { rootMargin: "300px" }).observe(place);
    return chart;
  }
  function redraw() {
    for (const chart of drawn) chart.draw();
  }

  /** "1 to 10 of 40" with buttons, where there is more than one page. */
  function show_pages(chart, count, size, what) {
    const pages = Math.max(1, Math.ceil(count / size));
    chart.page = Math.min(chart.page, pages - 1);
    const begin = chart.page * size;
    const turn = (text, by, off) => {
      const button = element("button", { type: "button", "aria-label": by < 0 ? `Previous ${what}` : `Next ${what}` }, text);
      button.disabled = off;
      button.addEventListener("click", () => {
        chart.page += by;
        chart.draw();
        const again = chart.bar.querySelectorAll("button")[by < 0 ? 0 : 1];
        if (again && !again.disabled) again.focus();
      });
      return button;
    };
    chart.bar.replaceChildren(element("span", {}, count === 0 ? `no ${what} match the filters`
      : `${what} ${begin + 1} to ${Math.min(count, begin + size)} of ${count}`));
    if (pages > 1) chart.bar.append(turn("←", -1, chart.page === 0), turn("→", 1, chart.page + 1 >= pages));
    return begin;
  }

  // ---- rates: one chart for each operator, a group of bars for each problem

  function rates(place) {
    const table = tables.get("cases");
    if (!table) return;
    const at = Object.fromEntries(["device", "implementation", "operator", "problem", "conditions", "rate", "type"]
      .map((key) => [key, index_of(table, key)]));
    const base_of = (cell) => cell.base || "FLOP/s";
    // A series looks the same in every chart.
    const series_of = (cells) => `${cells[at.device].text} ${cells[at.implementation].text}`;
    const looks = new Map();
    for (const row of table.rows) {
      const name = series_of(table.cells(row));
      if (!looks.has(name)) looks.set(name, looks.size);
    }
    const operators = [...new Set(table.rows.map((row) => table.cells(row)[at.operator].text))];
    for (const operator of operators.slice(0, 12)) {
      add_chart(place, operator, "Rates with 95 % intervals, implementations side by side; the table below has the figures",
        (chart, context) => {
          const problems = new Map(); // label -> series -> cell
          for (const row of table.shown) {
            const cells = table.cells(row);
            if (cells[at.operator].text !== operator || cells[at.rate].value === null) continue;
            const conditions = cells[at.conditions].text;
            const label = cells[at.problem].text + (conditions === "normal, hot" ? "" : ` (${conditions})`);
            if (!problems.has(label)) problems.set(label, new Map());
            problems.get(label).set(series_of(cells), cells[at.rate]);
          }
          const begin = show_pages(chart, problems.size, 8, "problems");
          const shown = [...problems].slice(begin, begin + 8);
          if (!shown.length) return null;
          const series = [...looks.keys()].filter((name) => shown.some(([, cells]) => cells.has(name)));
          const most = Math.max(...shown.flatMap(([, cells]) => [...cells.values()].map((cell) => cell.high ?? cell.value)));
          if (series.length > most_series)
            chart.bar.append(element("span", {}, `the first ${most_series} of ${series.length} series are drawn; filter to see others`));
          const base = base_of([...shown[0][1].values()][0]);
          const datasets = series.slice(0, most_series).map((name) => ({
            label: short(name, 60),
            data: shown.map(([, cells]) => cells.get(name)?.value ?? null),
            ends: shown.map(([, cells]) => (cells.has(name) ? [cells.get(name).low, cells.get(name).high] : null)),
            backgroundColor: fill(context, looks.get(name)), borderColor: colour(`c${looks.get(name) % 8}`), borderWidth: 1,
            skipNull: true,
            barPercentage: 0.9, categoryPercentage: 0.85,
          }));
          return {
            type: "bar", plugins: [whiskers], height: 90 + shown.length * (14 + datasets.length * 13),
            data: { labels: shown.map(([label]) => short(label.slice(label.indexOf(":") + 1), 44)), datasets },
            options: {
              indexAxis: "y",
              scales: {
                x: scale(base, { beginAtZero: true, suggestedMax: most, ticks: { color: colour("soft"), callback: (v) => tick(v) } }),
                y: scale("", { ticks: { color: colour("ink"), autoSkip: false } }),
              },
              plugins: {
                legend: { labels: { color: colour("ink") } },
                tooltip: { callbacks: {
                  title: ([item]) => shown[item.dataIndex][0],
                  label: (item) => {
                    const cell = shown[item.dataIndex][1].get(series[item.datasetIndex]);
                    const ends = cell.low === null ? "" : ` [${moat.quantity(cell.low, "")}, ${moat.quantity(cell.high, "")}]`;
                    return `${item.dataset.label}: ${moat.quantity(cell.value, base)}${ends}`;
                  },
                } },
              },
            },
          };
        });
    }
  }

  // ---- samples: boxes relative to each case's median

  function samples(place) {
    const table = tables.get("samples");
    if (!table) return;
    const at = (key) => index_of(table, key);
    const places = ["quantile_05", "quantile_25", "median", "quantile_75", "quantile_95"].map(at);
    add_chart(place, "Samples relative to the median", "Boxes from the 25 to the 75 % quantile, whiskers from 5 to 95 %; the table below has the figures",
      (chart) => {
        const begin = show_pages(chart, table.shown.length, 25, "cases");
        const rows = table.shown.slice(begin, begin + 25).map((row) => table.cells(row));
        if (!rows.length) return null;
        const share = (cells, i) => cells[places[i]].value / cells[places[2]].value;
        const least = Math.min(...rows.map((cells) => share(cells, 0))), most = Math.max(...rows.map((cells) => share(cells, 4)));
        const labels = rows.map((cells) =>
          short(`${cells[at("device")].text} ${cells[at("implementation")].text} ${cells[at("problem")].text}`, 70));
        return {
          type: "bar", plugins: [whiskers], height: 70 + rows.length * 18,
          data: { labels, datasets: [{ label: "25 to 75 %", data: rows.map((cells) => [share(cells, 1), share(cells, 3)]),
            ends: rows.map((cells) => [share(cells, 0), share(cells, 4)]),
            backgroundColor: colour("c0"), barPercentage: 0.7, minBarLength: 2 }] },
          options: { indexAxis: "y",
            scales: { x: scale("of the median, logarithmic", { type: "logarithmic", min: least / 1.05, max: most * 1.05,
              ticks: { color: colour("soft"), callback: (v) => `${Number(v.toPrecision(2))}×` } }), y: scale("", { ticks: { color: colour("ink"), autoSkip: false, font: { size: 11 } } }) },
            plugins: { legend: { display: false }, tooltip: { callbacks: {
              label: (item) => places.map((p) => moat.seconds(rows[item.dataIndex][p].value)).join(" · ") } } } },
        };
      });
  }

  // ---- performance portability

  function cascade(place) {
    const table = tables.get("cascade");
    if (!table) return;
    const at = (key) => index_of(table, key);
    add_chart(place, "Cascade", "Efficiency from the best platform to the worst, dashed the performance portability so far; the table below has the figures", () => {
      const series = new Map();
      for (const row of table.rows) {
        const cells = table.cells(row);
        const name = cells[at("application")].text;
        if (!series.has(name)) series.set(name, []);
        series.get(name).push(cells);
      }
      const forms = ["circle", "rect", "triangle", "rectRot", "star", "crossRot"];
      const datasets = [...series].slice(0, most_series).flatMap(([name, rows], i) => {
        const line = (key, label, dash) => ({ label, data: rows.map((cells) => cells[at(key)].value * 100),
          borderColor: colour(`c${i % 8}`), backgroundColor: colour(`c${i % 8}`), borderDash: dash,
          pointStyle: forms[i % forms.length], pointRadius: 4, borderWidth: 1.75 });
        return [line("efficiency", name, []), line("portability", `${name}, PP`, [6, 4])];
      });
      const longest = Math.max(...[...series.values()].map((rows) => rows.length));
      return { type: "line", height: 360, data: { labels: Array.from({ length: longest }, (_, i) => i + 1), datasets },
        options: { scales: { x: scale("platforms, the best first"), y: scale("%", { min: 0 }) },
          plugins: { legend: { labels: { color: colour("ink"), usePointStyle: true } } } } };
    });
  }

  function navigation(place) {
    const table = tables.get("navigation");
    if (!table) return;
    const at = (key) => index_of(table, key);
    add_chart(place, "Navigation", "Performance portability against code convergence; up and to the right is better; the table below has the figures", () => ({
      type: "scatter", height: 380, plugins: [names],
      data: { datasets: table.rows.map((row, i) => {
        const cells = table.cells(row);
        return { label: cells[at("application")].text, pointRadius: 6, backgroundColor: colour(`c${i % 8}`),
          pointStyle: ["circle", "rect", "triangle", "rectRot", "star", "crossRot"][i % 6], borderColor: colour(`c${i % 8}`),
          data: [{ x: cells[at("convergence")].value, y: cells[at("portability")].value }] };
      }) },
      options: { scales: { x: scale("code convergence", { min: 0, max: 1 }), y: scale("PP", { min: 0, max: 1 }) },
        plugins: { names: true, legend: { display: false } } },
    }));
  }

  const charts = { rates, samples, cascade, navigation };
  for (const place of document.querySelectorAll("[data-chart]")) charts[place.dataset.chart]?.(place);
  moat.watch(() => { for (const chart of drawn) { chart.page = 0; chart.draw(); } });

  // Paper is light, whatever the screen is.
  addEventListener("beforeprint", () => {
    paper = true;
    root.dataset.theme = "light";
    for (const chart of drawn) chart.seen = true;
    redraw();
  });
  addEventListener("afterprint", () => { if (paper) { paper = false; set_theme(theme); } });

  let remembered = null;
  try { remembered = localStorage.getItem("moat-theme"); } catch { /* not here */ }
  set_theme(remembered);
  moat.go_to(); // again: the charts took their places
  root.dataset.ready = String(Math.round(performance.now()));
})();
