#!/usr/bin/python3
"""The report's page in Chromium, from disk: page_test.py PATH_OF_FIXTURES_PROGRAM [NAME...]. Times are printed and
never a reason to fail. Exit codes: 0 passed, 1 failed, 77 skipped since there is no Chromium."""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest

from accessibility import offences
from browser import Browser, require_chromium

pages = ""  # folder


def page(name):
    return os.path.join(pages, name)


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.driver.quit()

    def load(self, name, fragment=""):
        self.browser.load(page(name), fragment)
        self.assertIsNotNone(self.browser.js("return document.documentElement.dataset.ready"), "the scripts did not end")

    def choose(self, name, value):
        self.browser.js("""const field = document.querySelector(`#filters [name=${arguments[0]}]`);
            field.value = arguments[1]; field.dispatchEvent(new Event("input", { bubbles: true }));""", name, value)

    def column(self, grid, key):
        return self.browser.js("""const table = document.querySelector(`table[data-grid=${arguments[0]}]`);
            const head = moat.tables.get(arguments[0]).columns.find((column) => column.key === arguments[1]).element;
            return [...table.tBodies[0].rows].map((row) => row.cells[head.cellIndex].textContent);""", grid, key)

    def see_all(self):
        """Scrolls through, so that every chart is drawn."""
        for _ in range(2):
            height = self.browser.js("return document.documentElement.scrollHeight")
            for place in range(0, height, 700):
                self.browser.js("scrollTo(0, arguments[0])", place)
                time.sleep(0.05)

    def test_every_page_loads_quietly_and_asks_nobody(self):
        for name in ("report.html", "hostile.html", "empty.html", "devices.html"):
            with self.subTest(name):
                self.load(name)
                self.see_all()
                self.assertEqual(self.browser.complaints(), [])
                self.assertEqual(self.browser.requests(), [])

    def marks(self, chart):
        """Rows of the cases whose marks a chart shows, on whichever of its pages."""
        return self.browser.js("""return [...document.querySelectorAll(`[data-chart=${arguments[0]}] [data-row]`)]
            .filter((mark) => !mark.closest("[hidden]")).map((mark) => Number(mark.dataset.row))""", chart)

    def test_charts_are_drawn_with_and_without_scripts(self):
        count = "[...document.querySelectorAll('figure svg')].filter((svg) => svg.getBoundingClientRect().height > 40).length"
        self.load("report.html")
        drawn = self.browser.js(f"return {count}")
        self.assertGreaterEqual(drawn, 11)  # 3 rooflines, 3 operators, samples, cascade, navigation, waterfalls
        self.assertEqual(len(self.marks("rates")), 444)
        with Browser(scripts=False) as plain:
            plain.load(page("report.html"))
            self.assertEqual(plain.cdp("Runtime.evaluate", returnByValue=True, expression=count)["result"]["value"], drawn)

    def test_no_text_of_a_chart_leaves_it_or_covers_another(self):
        self.load("report.html")
        self.assertEqual(self.browser.js("""const offences = [];
            for (const svg of document.querySelectorAll("figure svg")) {
              const frame = svg.getBoundingClientRect();
              const texts = [...svg.querySelectorAll("text")].filter((text) => text.getClientRects().length);
              const boxes = texts.map((text) => text.getBoundingClientRect());
              boxes.forEach((box, i) => {
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
                  offences.push(`leaves the chart: ${texts[i].textContent}`);
                boxes.slice(0, i).forEach((other, j) => {
                  if (Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
                      Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 4)
                    offences.push(`${texts[i].textContent} covers ${texts[j].textContent}`);
                });
              });
            }
            return offences.slice(0, 20);"""), [])

    def test_filters_leave_the_same_cases_in_charts_as_in_the_table(self):
        self.load("report.html")
        rated = """const table = moat.tables.get("cases"), rate = moat.index_of(table, "rate");
            return table.shown.filter((row) => table.cells(row)[rate].value !== null).map((row) => table.rows.indexOf(row))"""
        self.assertEqual(sorted(self.marks("rates")), sorted(self.browser.js(rated)))
        for name, value in (("op", "gemm"), ("device", "alpha:1"), ("type", "f16"), ("q", "m=2")):
            self.choose(name, value)
            expected = sorted(self.browser.js(rated))
            self.assertGreater(len(expected), 0)
            self.assertEqual(sorted(self.marks("rates")), expected, name)
            self.assertLessEqual(set(self.marks("roofline")), set(expected))
            self.assertLessEqual(set(self.marks("samples")), set(expected))
        shown = "return [...document.querySelectorAll('[data-chart=waterfall] figure:not([hidden])')].map((figure) => figure.dataset.device)"
        self.assertEqual(set(self.browser.js(shown)), {"alpha:1"})
        self.choose("q", "nothing has this in its key")
        self.assertEqual(self.marks("rates"), [])
        self.assertIn("No drawn case", self.browser.js("return document.querySelector('[data-chart=rates] .note:not([hidden])').textContent"))
        self.browser.js("document.querySelector('#filters [type=reset]').click()")
        self.assertEqual(len(self.marks("rates")), 444)

    def blocks(self):
        """Headings of the problems that the first chart of rates shows, from top to bottom."""
        return self.browser.js("""const svg = document.querySelector("[data-chart=rates] figure:not([hidden]) svg");
            return [...svg.querySelectorAll(":scope > g[data-height]:not([data-fixed])")].filter((block) => block.getClientRects().length)
            .map((block) => [block.getBoundingClientRect().top, block.querySelector(".h").textContent])
            .sort((a, b) => a[0] - b[0]).map((pair) => pair[1])""")

    def test_charts_have_pages_and_follow_the_order_of_the_table(self):
        self.load("report.html")
        first = self.blocks()
        self.assertEqual(len(first), 10)
        self.browser.js("document.querySelector('[data-chart=rates] button[aria-label^=Next]').click()")
        second = self.blocks()
        self.assertEqual(len(second), 10)
        self.assertEqual(set(first) & set(second), set())
        self.load("report.html", "#op=gemm&sort=cases.rate.down")
        best = self.browser.js("""const table = moat.tables.get("cases"), place = moat.index_of(table, "problem");
            return [...new Set(table.shown.map((row) => moat.text_of(table.columns[place], table.cells(row)[place])))]""")
        self.assertEqual(self.blocks(), best[:10])

    def test_marks_tell_their_figures_to_the_pointer_and_to_the_keyboard(self):
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys
        self.load("report.html")
        mark = self.browser.driver.find_element("css selector", "[data-chart=roofline] [data-row] path")
        self.browser.js("arguments[0].scrollIntoView({ block: 'center' })", mark)
        time.sleep(0.2)
        ActionChains(self.browser.driver).move_to_element(mark).perform()
        tip = "const tip = document.getElementById('tip'); return tip.hidden ? null : tip.textContent"
        self.assertIn("FLOP/s at", self.browser.js(tip))
        chart = self.browser.driver.find_element("css selector", "[data-chart=rates] svg")
        self.browser.js("arguments[0].focus()", chart)
        said = []
        for _ in range(3):
            self.browser.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
            said.append(self.browser.js("return document.getElementById('said').textContent"))
            self.assertEqual(self.browser.js(tip), said[-1])
        self.assertEqual(len(set(said)), 3)
        self.assertIn("gemm:m=16", said[0])
        self.browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
        self.assertIsNone(self.browser.js(tip))

    def test_numbers_read_in_scripts_as_in_the_program(self):
        self.load("report.html")
        with open(page("numbers.json"), encoding="utf-8") as file:
            numbers = json.load(file)
        self.assertGreater(len(numbers), 1000)
        texts = self.browser.js("""return arguments[0].map(({ kind, base, value, low, high }) =>
            moat.text_of({ kind, base }, { value, low, high, base: "", text: null, note: "" }))""", numbers)
        self.assertEqual([text for text in texts], [number["text"] for number in numbers])

    def test_filters_act_on_every_table_and_stand_in_the_address(self):
        self.load("report.html")
        self.choose("op", "gemm")
        self.choose("device", "alpha:1")
        self.assertEqual(set(self.column("cases", "device")), {"alpha:1"})
        self.assertTrue(all(text.startswith("gemm:") for text in self.column("cases", "problem")))
        self.assertTrue(all(text.startswith("gemm:") for text in self.column("samples", "problem")))
        self.assertEqual(set(self.column("gaps", "target")), {"alpha:1"})
        self.assertEqual(set(self.column("coverage", "operator")), {"gemm"})
        self.assertEqual(self.browser.js("return location.hash"), "#op=gemm&device=alpha%3A1")
        self.choose("status", "crashed")
        self.assertEqual(set(self.column("cases", "status")), {"crashed"})
        self.choose("q", "nothing has this in its key")
        self.assertEqual(self.column("cases", "status"), [])
        self.assertIn("0 of 500 cases", self.browser.js("return document.getElementById('said').textContent"))
        self.browser.js("document.querySelector('#filters [type=reset]').click()")
        self.assertEqual(len(self.column("cases", "status")), 25)

    def test_a_type_leaves_one_column_of_the_coverage_matrix(self):
        self.load("report.html")
        self.choose("type", "bf16")
        shown = self.browser.js("""return [...document.querySelectorAll("table[data-grid=coverage] thead th")]
            .filter((head) => !head.hidden).map((head) => head.textContent)""")
        self.assertEqual(shown, ["Device", "Implementation", "Operator", "bf16"])

    def test_deep_links_restore_section_filters_and_order(self):
        self.load("report.html", "#coverage&op=attention&type=f16&sort=cases.rate.down")
        self.assertLess(abs(self.browser.js("return document.getElementById('coverage').getBoundingClientRect().top")), 200)
        self.assertEqual(self.browser.js("return document.querySelector('#filters [name=op]').value"), "attention")
        rates = self.browser.js("""const table = moat.tables.get("cases"), place = moat.index_of(table, "rate");
            return table.shown.map((row) => table.cells(row)[place].value).filter((value) => value !== null)""")
        self.assertGreater(len(rates), 3)
        self.assertEqual(rates, sorted(rates, reverse=True))
        self.load("report.html", "#environment")
        self.assertTrue(self.browser.js("return document.querySelector('#environment').getBoundingClientRect().top < 400"))
        self.load("report.html", "#op=%3Cscript%3E&sort=x.y.z&%E0%A4%A&type=none")  # of others' making
        self.assertEqual(self.browser.complaints(), [])

    def test_tables_sort_by_keyboard_and_say_so(self):
        from selenium.webdriver.common.keys import Keys
        self.load("report.html")
        button = self.browser.driver.find_element("css selector", "table[data-grid=cases] th[data-x], table[data-grid=cases] th:nth-child(6) button")
        button.send_keys(Keys.ENTER)
        state = "return document.querySelector('table[data-grid=cases] th[aria-sort]').getAttribute('aria-sort')"
        self.assertEqual(self.browser.js(state), "ascending")
        self.assertIs(self.browser.js("return document.activeElement.matches('thead button')"), True)
        self.browser.driver.switch_to.active_element.send_keys(Keys.SPACE)
        self.assertEqual(self.browser.js(state), "descending")
        self.assertIn("descending", self.browser.js("return document.getElementById('said').textContent"))

    def test_tab_reaches_the_skip_link_first_and_then_all_tools(self):
        from selenium.webdriver.common.keys import Keys
        self.load("report.html")
        reached = []
        for _ in range(40):
            self.browser.driver.switch_to.active_element.send_keys(Keys.TAB)
            reached.append(self.browser.js("const at = document.activeElement; return at.className || at.id || at.name || at.tagName"))
            shown = self.browser.js("const style = getComputedStyle(document.activeElement); return style.outlineStyle !== 'none' || document.activeElement.tagName === 'BODY'")
            self.assertTrue(shown, f"focus is not seen on {reached[-1]}")
        self.assertEqual(reached[0], "skip")
        for name in ("theme", "download", "op", "type", "device", "q"):
            self.assertIn(name, reached)

    def test_a_ratio_of_the_opening_leads_to_its_cases(self):
        self.load("report.html")
        self.browser.js("""const link = [...document.querySelectorAll(".heat td a")].find((a) => /op=gemm&type=f16&device=beta/.test(a.hash)); link.click();""")
        time.sleep(0.3)
        self.assertEqual(set(self.column("cases", "device")), {"beta:2"})
        self.assertTrue(all(key.startswith("gemm:") and "type=f16" in key for key in self.column("cases", "problem")))
        self.assertLess(abs(self.browser.js("return document.getElementById('t-cases').getBoundingClientRect().top")), 300)

    def test_the_page_is_no_wider_than_a_narrow_window(self):
        self.browser.cdp("Emulation.setDeviceMetricsOverride", width=400, height=900, deviceScaleFactor=1, mobile=False)
        try:
            for name in ("report.html", "empty.html"):
                self.load(name)
                self.assertLessEqual(self.browser.js("return document.documentElement.scrollWidth"), 400, name)
                self.assertEqual(offences(self.browser), [])
        finally:
            self.browser.cdp("Emulation.clearDeviceMetricsOverride")

    def test_downloads_hold_what_is_shown(self):
        self.load("report.html", "#device=alpha:1&op=gemm")
        text = self.browser.js("""let text; const make = URL.createObjectURL; let blob;
            URL.createObjectURL = (made) => { blob = made; return make(made); };
            document.querySelector("button[aria-label^='Download as CSV: Every case']").click();
            URL.createObjectURL = make; return blob.text();""")
        lines = text.strip().split("\r\n")
        self.assertTrue(lines[0].startswith("device,implementation,operator,type,problem"))
        self.assertEqual(len(lines) - 1, self.browser.js("return moat.tables.get('cases').shown.length"))
        self.assertTrue(all(line.startswith('"alpha:1",') for line in lines[1:]))

    def test_hostile_text_stays_text(self):
        self.load("hostile.html")
        self.see_all()
        for value in self.browser.js("return [...document.querySelectorAll('#filters select')].map((s) => [s.name, s.options[1].value])"):
            self.choose(*value)
        self.assertIsNone(self.browser.js("return window.pwned === undefined ? null : window.pwned"))
        self.assertEqual(self.browser.js("return document.querySelectorAll('iframe, img, [onload], [onerror], [onmouseover]').length"), 0)
        self.assertIn("<script>", self.browser.js("return document.querySelector('main').textContent"))
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.requests(), [])
        with self.assertRaises(Exception):
            self.browser.driver.switch_to.alert.accept()

    def test_the_policy_refuses_scripts_that_are_not_the_projects(self):
        self.load("report.html")
        self.browser.js("""const script = document.createElement("script"); script.textContent = "window.foreign = 1";
            document.body.append(script);""")
        self.assertIsNone(self.browser.js("return window.foreign === undefined ? null : window.foreign"))
        self.assertTrue(any("Content Security Policy" in text for text in self.browser.complaints()))

    def test_print_has_pages_in_light_colours_with_all_open(self):
        self.load("report.html")
        self.browser.js("document.getElementById('theme').click(); document.getElementById('theme').click();")  # dark
        self.assertEqual(self.browser.js("return document.documentElement.dataset.theme"), "dark")
        pdf = base64.b64decode(self.browser.cdp("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])
        self.assertTrue(pdf.startswith(b"%PDF"))
        count = len(re.findall(rb"/Type\s*/Page\b", pdf))
        print(f"  printed: {count} pages, {len(pdf)} bytes")
        self.assertGreater(count, 4)
        self.assertEqual(self.browser.js("return document.documentElement.dataset.theme"), "dark")  # as it was
        self.browser.js("localStorage.clear()")

    def test_theme_follows_the_system_and_the_button(self):
        self.load("report.html")
        back = "return getComputedStyle(document.body).backgroundColor"
        self.assertEqual(self.browser.js(back), "rgb(255, 255, 255)")
        self.browser.js("document.getElementById('theme').click(); document.getElementById('theme').click()")
        self.assertEqual(self.browser.js(back), "rgb(15, 20, 25)")
        self.load("report.html")  # remembered
        self.assertEqual(self.browser.js(back), "rgb(15, 20, 25)")
        self.browser.js("document.getElementById('theme').click(); localStorage.clear()")
        with Browser(dark=True) as dark:
            dark.load(page("report.html"))
            self.assertEqual(dark.js(back), "rgb(15, 20, 25)")

    def test_accessible_in_both_themes(self):
        for name in ("report.html", "empty.html", "hostile.html"):
            for theme in ("light", "dark"):
                with self.subTest(name=name, theme=theme):
                    self.load(name)
                    self.browser.js("document.documentElement.dataset.theme = arguments[0];"
                                    "document.querySelectorAll('details').forEach((details) => { details.open = true; })", theme)
                    self.assertEqual(offences(self.browser), [])

    def test_without_scripts_every_table_and_row_is_there_and_reads_the_same(self):
        self.load("report.html")
        self.browser.js("for (const table of moat.tables.values()) table.all = true; document.querySelector('#filters [type=reset]').click()")
        live = self.browser.tables()
        self.assertEqual(len(live["cases"]), 500)
        with Browser(scripts=False) as plain:
            plain.load(page("report.html"))
            static = plain.tables()
            hidden = plain.cdp("Runtime.evaluate", returnByValue=True, expression="document.getElementById('filters').hidden")
            self.assertTrue(hidden["result"]["value"])
        self.assertEqual(set(static), set(live))
        for name, rows in live.items():
            self.assertEqual(static[name], rows, name)

    def test_ten_thousand_cases_are_ready(self):
        begin = time.monotonic()
        self.load("large.html")
        wall = time.monotonic() - begin
        ready = int(self.browser.js("return document.documentElement.dataset.ready"))
        self.assertEqual(self.browser.js("return moat.tables.get('cases').rows.length"), 10000)
        self.assertEqual(len(self.column("cases", "status")), 25)
        begin = time.monotonic()
        self.choose("op", "gemm")
        filtered = time.monotonic() - begin
        print(f"  10,000 cases: ready {ready / 1000:.2f} s after navigation began (loaded in {wall:.2f} s), filtered in {filtered:.2f} s")


if __name__ == "__main__":
    require_chromium()
    program = sys.argv.pop(1)
    with tempfile.TemporaryDirectory() as folder:
        pages = folder
        subprocess.run([program, folder], check=True)
        unittest.main(verbosity=2)
