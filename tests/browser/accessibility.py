"""What axe-core would check of a page like ours (Debian does not package it): names, headings, tables, references,
contrast by the formulas of WCAG 2.1. Returns offences as text; runs in the page."""

CHECKS = r"""
const offences = [];
const say = (what, element) => offences.push(`${what}: ${element.outerHTML.slice(0, 140)}`);
const visible = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";

// Language, title, landmarks, skip link
if (!document.documentElement.lang) say("no language", document.documentElement);
if (!document.title.trim()) offences.push("no title");
for (const name of ["header", "nav", "main", "footer", "h1"])
  if (document.querySelectorAll(name).length !== 1) offences.push(`not exactly one ${name}`);
const first = document.querySelector("a, button, input, select, [tabindex]");
if (!first.matches("a[href^='#']")) say("the first that takes focus is no skip link", first);
if (document.querySelector("[tabindex]:not([tabindex='0']):not([tabindex='-1'])")) offences.push("a positive tabindex");

// Identifiers and references
const ids = new Map();
for (const element of document.querySelectorAll("[id]")) ids.set(element.id, (ids.get(element.id) || 0) + 1);
for (const [id, count] of ids) if (count > 1) offences.push(`${count} elements of id ${id}`);
for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
  for (const element of document.querySelectorAll(`[${name}]`))
    for (const id of element.getAttribute(name).split(/\s+/)) if (!ids.has(id)) say(`${name} of nothing`, element);
for (const link of document.querySelectorAll("a[href^='#']"))
  if (!ids.has(decodeURIComponent(link.getAttribute("href").slice(1).split("&")[0]))) say("link to nothing", link);

// Names
for (const field of document.querySelectorAll("input, select, textarea"))
  if (!field.labels.length && !field.getAttribute("aria-label")) say("field without a label", field);
for (const button of document.querySelectorAll("button, a[href], summary"))
  if (!(button.getAttribute("aria-label") || button.textContent).trim()) say("nameless control", button);
for (const image of document.querySelectorAll("img:not([alt]), canvas:not([aria-label]), svg:not([aria-labelledby]), [role=img]:not([aria-label]):not([aria-labelledby])"))
  say("picture without a name", image);
for (const image of document.querySelectorAll("svg")) {
  if (image.getAttribute("role") !== "img") say("chart without a role", image);
  for (const name of ["aria-labelledby", "aria-describedby"])
    if (!document.getElementById(image.getAttribute(name))?.textContent.trim()) say(`chart without ${name}`, image);
}
for (const region of document.querySelectorAll("[role=region], section, form, nav"))
  if (!region.getAttribute("aria-label") && !region.getAttribute("aria-labelledby")) say("region without a name", region);
const names = new Map();
for (const region of document.querySelectorAll("[role=region], section, form, nav")) {
  const name = region.getAttribute("aria-label") || document.getElementById(region.getAttribute("aria-labelledby"))?.textContent;
  if (names.has(name)) say(`two regions named ${name}`, region);
  names.set(name, region);
}
for (const scroller of document.querySelectorAll(".scroll"))
  if (scroller.tabIndex !== 0) say("scrolls, but takes no focus", scroller);

// Headings in order
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
  const next = Number(heading.tagName[1]);
  if (next > level + 1) say(`heading jumps from ${level} to ${next}`, heading);
  level = next;
}

// Tables
for (const table of document.querySelectorAll("table")) {
  if (!table.caption || !table.caption.textContent.trim()) say("table without a caption", table);
  for (const head of table.querySelectorAll("th"))
    if (!["col", "row"].includes(head.getAttribute("scope"))) say("th without a scope", head);
  const columns = table.tHead.rows[0].cells.length;
  for (const row of table.tBodies[0].rows) {
    if (row.cells.length !== columns) say("row of another length", row);
    if (row.cells[0].tagName !== "TH") say("row without a heading", row);
  }
  for (const head of table.tHead.rows[0].cells) if (!head.textContent.trim()) say("empty column heading", head);
}
for (const chart of document.querySelectorAll("[data-chart], svg"))
  if (!chart.closest("section").querySelector("table, a[href^='#t-']")) say("chart without a table", chart);

// Contrast: 4.5 to 1 for text (3 to 1 for large)
const parse = (text) => { const parts = text.match(/[\d.]+/g).map(Number); return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 }; };
const luminance = (rgb) => { const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const { rgb, alpha } = parse(getComputedStyle(at).backgroundColor);
    if (alpha === 1) return rgb;
    if (alpha > 0) say("half transparent background", at);
  }
  return [255, 255, 255];
};
const seen = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.textContent.trim() || ["SCRIPT", "STYLE", "NOSCRIPT", "TITLE", "DESC", "OPTION", "title", "desc"].includes(element.tagName) || !visible(element)) continue;
  const style = getComputedStyle(element);
  const ink = element instanceof SVGElement ? style.fill : style.color;
  const back = behind(element);
  const key = `${ink}|${back}|${style.fontSize}`;
  if (seen.has(key)) continue;
  seen.add(key);
  const [light, dark] = [luminance(parse(ink).rgb), luminance(back)].sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5) && !element.disabled) say(`contrast ${ratio.toFixed(2)} of ${ink} on ${back}`, element);
}
// Marks of charts: 3 to 1
for (const name of ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "focus"]) {
  const probe = document.createElement("div");
  document.body.append(probe);
  probe.style.color = `var(--${name})`;
  const [light, dark] = [luminance(parse(getComputedStyle(probe).color).rgb), luminance(behind(document.body))].sort((a, b) => b - a);
  if ((light + 0.05) / (dark + 0.05) < 3) offences.push(`contrast of --${name}`);
  probe.remove();
}
return offences;
"""


def offences(browser):
    return browser.js(CHECKS)
