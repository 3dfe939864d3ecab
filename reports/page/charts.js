// Charts and theme of the report. Charts are SVG that the program drew (reports/svg): here marks and blocks of them are
// hidden, ordered and turned by pages as the filters and the table of cases ask, and tooltips are shown. Draws nothing.
"use strict";
(() => {
  const { element, tables } = moat;
  const root = document.documentElement;
  const facets = { device: "device", op: "operator", type: "type" };
  let paper = false;

  // ---- theme: automatic, light, dark; remembered where there is storage

  const themes = ["automatic", "light", "dark"];
  let theme = "automatic";
  function set_theme(name) {
    theme = themes.includes(name) ? name : "automatic";
    if (theme === "automatic") delete root.dataset.theme;
    else root.dataset.theme = theme;
    document.getElementById("theme").textContent = `Theme: ${theme}`;
  }
  document.getElementById("theme").addEventListener("click", () => {
    set_theme(themes[(themes.indexOf(theme) + 1) % themes.length]);
    try { localStorage.setItem("moat-theme", theme); } catch { /* not here */ }
  });

  // ---- what a chart shows

  /** Place of each row of the table of cases that is shown, by the row's number. */
  function places_of_rows() {
    const cases = tables.get("cases");
    if (!cases) return null;
    const place = new Map(cases.shown.map((row, i) => [row, i]));
    return (number) => place.get(cases.rows[number]);
  }

  /** Whether the filters leave an element that names a device, operator or type. */
  function is_asked(dataset) {
    const filter = moat.filter();
    return Object.entries(facets).every(([facet, key]) =>
      !filter[facet] || dataset[key] === undefined || dataset[key] === filter[facet]);
  }

  const shown = (child) => !child.hasAttribute("hidden");
  const own_blocks = (parent) => [...parent.children].filter((child) => child.dataset.height && !child.dataset.fixed);

  /** Puts the blocks of `parent` below each other in the given order, from where the first one was drawn. Returns how high they are. */
  function stack(parent, blocks) {
    if (parent.first === undefined) parent.first = y_of(own_blocks(parent)[0]);
    let y = parent.first;
    for (const block of blocks) {
      const inner = own_blocks(block);
      block.setAttribute("transform", `translate(0 ${y})`);
      y += Number(block.dataset.height) + (inner.length ? stack(block, inner.filter(shown)) : 0);
    }
    return y - parent.first;
  }
  const y_of = (block) => Number(/[\d.]+(?=\))/.exec(block.getAttribute("transform"))[0]);

  /** Marks first, then the blocks that hold them: one without any that is shown goes. */
  function hide_what_is_not_asked(svg, place) {
    for (const mark of svg.querySelectorAll("[data-row]"))
      mark.toggleAttribute("hidden", place !== null && place(Number(mark.dataset.row)) === undefined);
    for (const part of svg.querySelectorAll("[data-device]")) part.toggleAttribute("hidden", !is_asked(part.dataset));
    for (const block of svg.querySelectorAll("[data-height]:not([data-row]):not([data-fixed])"))
      block.toggleAttribute("hidden", !block.querySelector("[data-row]:not([hidden])"));
  }

  /** Of the shown blocks those of this page, below each other, and the picture as high as they need it. */
  function arrange(chart, figure, place) {
    const { svg, bar } = figure;
    if (!own_blocks(svg).length) return;
    let blocks = own_blocks(svg).filter(shown);
    if (chart.dataset.follows && place) {
      const first = (block) => Math.min(...[...block.querySelectorAll("[data-row]:not([hidden])")].map((mark) => place(Number(mark.dataset.row))));
      const order = new Map(blocks.map((block) => [block, first(block)]));
      blocks.sort((a, b) => order.get(a) - order.get(b));
    }
    const size = paper ? blocks.length || 1 : Number(chart.dataset.blocks);
    show_pages(figure, blocks.length, size, () => arrange(chart, figure, place));
    const begin = paper ? 0 : figure.page * size;
    own_blocks(svg).forEach((block) => block.setAttribute("display", "none"));
    const now = blocks.slice(begin, begin + size);
    now.forEach((block) => block.removeAttribute("display"));
    const high = stack(svg, now);
    const last = svg.querySelector(":scope > [data-fixed]");
    const total = svg.first + high + Number(last.dataset.height);
    last.setAttribute("transform", `translate(0 ${svg.first + high})`);
    svg.setAttribute("viewBox", `0 0 ${svg.viewBox.baseVal.width} ${total}`);
    svg.setAttribute("height", total);
    bar.hidden = blocks.length === 0;
  }

  /** "1 to 10 of 40" with buttons, where there is more than one page. */
  function show_pages(figure, count, size, again) {
    const pages = Math.max(1, Math.ceil(count / size));
    figure.page = Math.min(figure.page, pages - 1);
    const begin = figure.page * size;
    const name = figure.svg.querySelector("title").textContent;
    const turn = (text, by, off) => {
      const button = element("button", { type: "button", "aria-label": `${by < 0 ? "Previous" : "Next"} part: ${name}` }, text);
      button.disabled = off;
      button.addEventListener("click", () => {
        figure.page += by;
        again();
        const same = figure.bar.querySelectorAll("button")[by < 0 ? 0 : 1];
        if (!same.disabled) same.focus();
      });
      return button;
    };
    figure.bar.replaceChildren();
    if (pages > 1)
      figure.bar.append(element("span", {}, `${begin + 1} to ${Math.min(count, begin + size)} of ${count}`),
        turn("← Previous", -1, figure.page === 0), turn("Next →", 1, figure.page + 1 >= pages));
  }

  const charts = [...document.querySelectorAll("[data-chart]")].map((chart) => {
    const figures = [...chart.querySelectorAll("figure")].map((place) => {
      const bar = element("div", { class: "bar" });
      if (chart.dataset.blocks) place.before(bar);
      return { place, bar, svg: place.querySelector("svg"), page: 0 };
    });
    const nothing = element("p", { class: "note", hidden: "" }, "No drawn case matches the filters.");
    chart.append(nothing);
    return { chart, figures, nothing };
  });

  function update() {
    const place = places_of_rows();
    for (const { chart, figures, nothing } of charts) {
      let any = false;
      for (const figure of figures) {
        const { place: box, svg } = figure;
        hide_what_is_not_asked(svg, place);
        const marks = svg.querySelector("[data-row]");
        box.hidden = !is_asked(box.dataset) || (marks !== null && !svg.querySelector("[data-row]:not([hidden])"));
        figure.bar.hidden = box.hidden;
        if (!box.hidden) arrange(chart, figure, place);
        any = any || (!box.hidden && (marks !== null || Object.keys(box.dataset).length > 0));
      }
      nothing.hidden = any || !figures.some(({ place: box, svg }) => svg.querySelector("[data-row]") || Object.keys(box.dataset).length);
    }
  }

  // ---- tooltips: of what the pointer is on, and of each mark in turn by the arrow keys

  const tip = element("p", { id: "tip", hidden: "", "aria-hidden": "true" });
  document.body.append(tip);
  const words = new WeakMap(); // of elements whose title was taken: browsers would show it, too
  let at = null;

  function words_of(mark) {
    const title = mark.querySelector(":scope > title");
    if (title) { // what stands beside the mark belongs to it: the problem, the device
      const beside = [];
      for (let block = mark.closest("[data-height]"); block; block = block.parentElement.closest("[data-height]"))
        beside.unshift(block.querySelector(":scope > text")?.textContent);
      words.set(mark, [...beside.filter(Boolean), title.textContent].join("\n"));
      title.remove();
    }
    return words.get(mark);
  }
  const with_words = (target) => {
    for (let place = target; place && place.tagName !== "svg"; place = place.parentElement)
      if (words.has(place) || place.querySelector(":scope > title")) return place;
    return null;
  };

  function hide_tip() {
    if (at) at.querySelectorAll(".at").forEach((part) => part.classList.remove("at"));
    at = null;
    tip.hidden = true;
  }
  function show_tip(mark, x, y) {
    if (mark !== at) {
      hide_tip();
      at = mark;
      tip.textContent = words_of(mark);
      mark.querySelectorAll("path[class^=f], path[class^='o ']").forEach((part) => part.classList.add("at"));
    }
    tip.hidden = false;
    tip.style.left = `${Math.max(4, Math.min(x + 12, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 16 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 14}px`;
  }

  const main = document.querySelector("main");
  main.addEventListener("pointermove", (event) => {
    const mark = event.target.closest("svg") ? with_words(event.target) : null;
    if (mark) show_tip(mark, event.clientX, event.clientY);
    else hide_tip();
  });
  main.addEventListener("pointerleave", hide_tip);
  addEventListener("scroll", hide_tip, { passive: true });

  function step(svg, event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hide_tip();
    if (!by) return;
    const marks = [...svg.querySelectorAll("g, rect")].filter((mark) =>
      (words.has(mark) || mark.querySelector(":scope > title")) && mark.getClientRects().length);
    if (!marks.length) return;
    event.preventDefault();
    const next = marks[(marks.indexOf(at) + by + marks.length) % marks.length];
    hide_tip();
    const box = next.getBoundingClientRect();
    show_tip(next, box.left + box.width / 2, box.top + box.height / 2);
    moat.say(tip.textContent);
  }
  for (const { figures } of charts) {
    for (const { svg } of figures) {
      if (!svg.querySelector("g > title, rect > title")) continue;
      svg.setAttribute("tabindex", "0");
      svg.addEventListener("keydown", (event) => step(svg, event));
      svg.addEventListener("blur", hide_tip);
    }
  }

  // ---- beginning, and paper: light, whatever the screen is, with every block

  moat.watch(() => {
    for (const { figures } of charts) for (const figure of figures) figure.page = 0;
    update();
  });
  addEventListener("beforeprint", () => {
    paper = true;
    root.dataset.theme = "light";
    update();
  });
  addEventListener("afterprint", () => {
    if (!paper) return;
    paper = false;
    set_theme(theme);
    update();
  });

  let remembered = null;
  try { remembered = localStorage.getItem("moat-theme"); } catch { /* not here */ }
  set_theme(remembered);
  update();
  moat.go_to(); // again: the charts took their places
  root.dataset.ready = String(Math.round(performance.now()));
})();
