"""Chromium without a window, driven through ChromeDriver, that loads files from disk and notes what it does."""
import json
import os
import shutil
import sys


def require_chromium():
    """Ends with 77 (skipped), saying why, only where there is no Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    print("skipped: no Chromium is installed (scripts/setup.sh --dev installs it where it is packaged)")
    sys.exit(77)


class Browser:
    """One window. `requests` are the addresses that were asked for since the last load."""

    def __init__(self, scripts=True, dark=False):
        from selenium import webdriver
        from selenium.webdriver.chrome.options import Options
        from selenium.webdriver.chrome.service import Service

        options = Options()
        options.binary_location = require_chromium()
        for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1300,1000"):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # Chromium refuses to sandbox root
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = shutil.which("chromedriver") or "/usr/bin/chromedriver"
        self.driver = webdriver.Chrome(service=Service(driver), options=options)
        self.scripts = scripts
        if dark:
            self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        if not scripts:
            self.cdp("Emulation.setScriptExecutionDisabled", value=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def load(self, path, fragment=""):
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get("file://" + path + fragment)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def tables(self):
        """Texts of all tables' rows, read without the page's scripts, so that it works where they are off."""
        return self.cdp("Runtime.evaluate", returnByValue=True, expression="""
            Object.fromEntries([...document.querySelectorAll("table[data-grid]")].map((table) =>
              [table.dataset.grid, [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))]))
            """)["result"]["value"]

    def complaints(self):
        """What the console holds: errors and warnings, refusals of the content security policy among them."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """Addresses that were asked for, the page itself left out."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                address = message["params"]["request"]["url"]
                if message["params"].get("type") != "Document" and not address.startswith(("data:", "blob:")):
                    asked.append(address)
        return asked
