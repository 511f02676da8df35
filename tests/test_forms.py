from conftest import ROOT

from dupfind.assembly import Findings
from dupfind.pipeline import Inline, find, ignore
from dupfind.reports import Style, render
from dupfind.settings import Settings
from dupfind.sources import read


def test_a_text_that_is_gone():
    """Its matches are told by measures and places; texts that are at hand are still compared."""
    findings = find(read([ROOT / "seeds"]), Settings(), Inline(), ignore)
    paths = [entry.path for entry in findings.report.documents]
    texts = [
        None if path.endswith("ends-beijing-trip.txt") else text
        for path, text in zip(paths, findings.texts, strict=True)
    ]
    shown = b"".join(render("terminal", Findings(findings.report, texts), Style())).decode()
    assert "\n    (119 shared words, line 13, line 15 there)\n" in shown
    assert "\n  > moved here from line 21 (43 shared words, line 7, line 21 there)\n" in shown
    assert "Pyongyang" not in shown
    assert "{+" in shown
