"""Times the HTML report in a real Chromium: opening it, searching it, and opening a cluster.

    python benchmarks/page.py

Makes a report of some 5,000 clusters from made stories, as dupfind finds them.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

_STORIES = 25_000
_TERMS = ("wo", "wor", "re", "rep", "1", "12", "123", "a b", "c-", "xyzzy")
# When the first row of the list is there, and painted.
_WATCH = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("#rows li")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.listed = performance.now(); }));
}).observe(document, {childList: true, subtree: true});
"""
_SEARCH = """(term) => new Promise((done) => {
  const search = document.getElementById("search");
  const began = performance.now();
  search.value = term;
  search.dispatchEvent(new Event("input"));
  const handled = performance.now() - began;
  requestAnimationFrame(() => setTimeout(() => done([handled, performance.now() - began])));
})"""
_READ = """() => new Promise((done) => {
  const count = document.getElementById("count");
  new MutationObserver((_, watch) => {
    if (count.textContent.startsWith("Reading")) return;
    watch.disconnect();
    done();
  }).observe(count, {childList: true});
  document.getElementById("texts").click();
})"""
_OPEN = """(at) => new Promise((done) => {
  const began = performance.now();
  addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(
    () => done(performance.now() - began))), {once: true});
  document.querySelectorAll("#rows a")[at].click();
})"""


def main() -> None:
    """Make the report, open it, and print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--stories", type=int, default=_STORIES, metavar="N")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="[default: 5]")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the report here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        target = (options.keep or Path(folder) / "report.html").resolve()
        print(_make(options.stories, Path(folder) / "stories.jsonl", target))
        for name, milliseconds in _measure(target, options.repeat).items():
            print(f"{name:44} {milliseconds:8.0f} ms")


def _make(stories: int, corpus: Path, target: Path) -> str:
    from corpus import generate

    from dupfind.engines.local import Workers
    from dupfind.pipeline import find
    from dupfind.reports import Style
    from dupfind.reports.html import render
    from dupfind.running import ignore
    from dupfind.settings import Settings
    from dupfind.sources import read

    generate(stories, corpus)
    with Workers(1) as workers:
        findings = find(read([corpus]), Settings(), workers, ignore)
    began = time.perf_counter()
    with target.open("wb") as page:
        page.writelines(render(findings, Style()))
    seconds = time.perf_counter() - began
    report = findings.report
    return (
        f"{len(report.clusters):,} clusters of {len(report.documents):,} documents: "
        f"{target.stat().st_size / 1e6:.1f} MB, rendered in {seconds:.2f} s"
    )


def _measure(page: Path, rounds: int) -> dict[str, float]:
    """Give the medians over fresh windows, in milliseconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_find_chromium(), args=["--no-sandbox"]
        )
        runs = [_open(browser, page.as_uri()) for _ in range(rounds)]
        browser.close()
    return {name: median(run[name] for run in runs) for name in runs[0]}


def _find_chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("no Chromium here; install it, say with apt-get install chromium")


def _open(browser: Any, address: str) -> dict[str, float]:  # noqa: ANN401
    window = browser.new_page(viewport={"width": 1400, "height": 900})
    window.add_init_script(_WATCH)
    window.goto(address)
    listed = window.wait_for_function("window.listed").json_value()
    loaded = window.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    searches = [window.evaluate(_SEARCH, term) for term in _TERMS]
    window.evaluate(_READ)
    deep = [window.evaluate(_SEARCH, term) for term in _TERMS]
    window.evaluate(_SEARCH, "")
    opened = [window.evaluate(_OPEN, at) for at in range(10)]
    window.close()
    return {
        "first clusters listed and painted": listed,
        "all data loaded": loaded,
        "first keystroke, handled": searches[0][0],
        "keystroke, handled, the slowest": max(handled for handled, _ in searches),
        "keystroke, painted, the slowest": max(painted for _, painted in searches),
        "keystroke in all texts, painted, the slowest": max(painted for _, painted in deep),
        "cluster opened and painted, the slowest": max(opened),
    }


if __name__ == "__main__":
    main()
