"""The HTML report in a real Chromium: what an editor sees and does."""

import re

import pytest
from conftest import ROOT
from pages import CHROMIUM, find_overlap, write_page, write_records

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
BIEGUN = "#c-bbb69bf8c633"
BRIEF = "#c-876dfbf67db6"
HOSTILE = (
    "<script>window.__pwned = 1; alert(1)</script></script></textarea>"
    "<img src=x onerror='window.__pwned = 2'><a href='javascript:window.__pwned = 3'>x</a> "
    "javascript:alert(4) <!-- ]]> {{ 7 * 7 }} ${7 * 7} \u202edexif\u202c \x1b[31mred\x1b[0m"
)
STORY = (
    "The port of Carrow reopened on Thursday after a storm that had kept ferries in harbor for "
    "three days, and the harbor master said that the first vessels left before dawn with food "
    "and mail for the outer islands, where shops had begun to run short of bread."
)


@pytest.fixture(scope="module")
def browser():
    """Start Chromium once."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Open pages, and hold them to making no noise: no error, no dialog, no request."""
    noise, contexts = [], []

    def open_page(address, *, width=1400, height=900, **options):
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("dialog", lambda dialog: noise.append(dialog.message))
        document = address.partition("#")[0]
        page.on("request", lambda sent: noise.extend({sent.url.partition("#")[0]} - {document}))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert noise == []


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Write the report of the example stories."""
    findings = find_overlap(ROOT / "seeds", passages=True)
    return write_page(findings, tmp_path_factory.mktemp("seeds") / "report.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Write the report of stories whose texts, titles and names attack the page."""
    folder = tmp_path_factory.mktemp("hostile")
    records = write_records(
        folder,
        {"id": HOSTILE, "title": HOSTILE, "date": "2024-05-01", "text": f"{HOSTILE} {STORY}"},
        {"id": "two", "title": "</title>", "date": "2024-05-02", "text": f"{STORY} {HOSTILE}"},
        {"id": "three", "title": "</script>", "date": "2024-05-03", "text": f"{STORY} End."},
    )
    short = folder / "<img src=x onerror=alert(5)>.txt"
    short.write_text("short")
    return write_page(find_overlap(records, short), folder / "report.html")


def visible(page, selector):
    """Tell which elements lie within the window and the texts they scroll in."""
    return page.eval_on_selector_all(
        selector,
        """(elements) => elements.map((element) => {
            const own = element.getBoundingClientRect();
            const frame = element.closest(".scroll").getBoundingClientRect();
            return own.top >= frame.top - 1 && own.top < frame.bottom;
        })""",
    )


def titles(page):
    """Give the titles in the list."""
    return page.locator("#rows .title").all_text_contents()


def test_opens_with_the_overview_and_the_list(open_page, seeds):
    """Clusters come before pairs, and the overview counts both."""
    page = open_page(seeds)
    assert page.locator("h1:visible").inner_text() == "4 clusters in 15 documents"
    assert titles(page)[0] == "Tolland Pump lifts half-year profit on irrigation orders"
    assert page.locator("#count").inner_text() == "4 clusters, 5 pairs"
    assert "template" in page.locator(".bars").first.inner_text()


def test_search_folds_case_and_accents(open_page, seeds):
    """All words must occur, in any order, in the titles and names of a cluster."""
    page = open_page(seeds)
    page.fill("#search", "BÉIJING biegun")
    assert titles(page) == ["Biegun leaves Beijing without NK meeting"]
    assert page.locator("#count").inner_text() == "1 cluster of 9"
    page.fill("#search", "envoy")
    assert titles(page) == []


def test_search_reads_the_texts_where_asked(open_page, seeds):
    """With the box checked, words of the stories are found too."""
    page = open_page(seeds)
    page.fill("#search", "envoy sanctions")
    page.check("#texts")
    page.wait_for_function("document.querySelectorAll('#rows li').length === 1")
    assert titles(page) == ["Biegun leaves Beijing without NK meeting"]


def test_list_is_filtered_and_sorted(open_page, seeds):
    """By relation, by flag, by size; and in the order of titles."""
    page = open_page(seeds)
    page.select_option("#label", "identical")
    assert titles(page) == ["Gale batters towns along the Sound, drags US freighter from mooring"]
    page.select_option("#label", "")
    page.select_option("#least", "3")
    assert len(titles(page)) == 1
    page.select_option("#least", "2")
    page.select_option("#order", "title")
    assert titles(page) == sorted(titles(page))


def test_a_cluster_opens_from_the_list(open_page, seeds):
    """Its two documents stand side by side, and the heading has the focus."""
    page = open_page(seeds)
    page.click("text=Biegun leaves Beijing")
    assert page.url.endswith(BIEGUN)
    expect(page.locator("#cluster h1")).to_be_focused()
    assert page.locator(".pane h3").all_inner_texts() == [
        "Biegun leaves Beijing without NK meeting",
        "Biegun asks Beijing to help revive N.K. nuclear dialogue",
    ]
    assert "revision" in page.locator(".verdict").inner_text()
    assert page.locator("#rows [aria-current]").count() == 1


def test_back_leads_back(open_page, seeds):
    """The browser's history holds what was open."""
    page = open_page(seeds + BIEGUN)
    page.click("text=Carrow port strike >> nth=0")
    expect(page.locator("#cluster h1")).to_contain_text("Carrow port strike")
    page.go_back()
    expect(page.locator("#cluster h1")).to_have_text("Biegun leaves Beijing without NK meeting")


def test_a_permalink_opens_its_pair_and_passage(open_page, seeds):
    """The address names the cluster, the two documents and the passage."""
    page = open_page(f"{seeds}{BIEGUN}/0-1/4")
    expect(page.locator("#place")).to_have_text("4 of 4 passages")
    assert page.locator(".passage.selected").count() == 2
    assert visible(page, ".passage.selected") == [True, True]


def test_only_the_content_scrolls(open_page, hostile):
    """What the address leads to comes into view below the bar at the top, which stays."""
    page = open_page(hostile, height=600)
    page.click(".rows a")
    page.click(".members a >> nth=1")
    page.wait_for_function("document.getElementById('main').scrollTop > 100")
    assert page.evaluate("[scrollY, document.documentElement.scrollHeight]") == [0, 600]


def test_an_address_that_leads_nowhere_says_so(open_page, seeds):
    """What the report does not have leads to the overview and a line about it."""
    page = open_page(f"{seeds}#c-000000000000")
    assert "has no cluster “c-000000000000”" in page.locator("#lost").inner_text()


def test_a_click_brings_the_counterpart_into_view(open_page, seeds):
    """The other text scrolls until the same passage stands beside the clicked one."""
    page = open_page(seeds + BIEGUN, height=700)
    page.click(".pane.left .passage[data-passage='1'] .handle")
    assert visible(page, ".passage.selected") == [True, True]
    tops = page.eval_on_selector_all(
        ".passage.selected", "(marks) => marks.map((mark) => mark.getBoundingClientRect().top)"
    )
    assert abs(tops[0] - tops[1]) < 60
    assert page.url.endswith(f"{BIEGUN}/0-1/1")
    assert "line 19 there" in page.locator("#said").inner_text()


def test_moved_passages_are_marked_and_connected(open_page, seeds):
    """Two of the four moved; a ribbon leads from each passage to its counterpart."""
    page = open_page(seeds + BIEGUN)
    assert page.locator(".passage.moved").count() == 4
    page.wait_for_selector(".ribbon.moved", state="attached")


def test_changed_words_stand_in_both_texts(open_page, seeds):
    """Inside a passage each changed word names what stands in its place."""
    page = open_page(seeds + BIEGUN)
    old = page.locator("del.edit", has_text="chief")
    assert old.get_attribute("title") == "there: main"
    assert page.locator("ins.edit", has_text="main").get_attribute("title") == "there: chief"
    assert page.locator(".right .gap").first.get_attribute("title") == "there: also"


def test_what_differs_is_marked_instead(open_page, seeds):
    """The switch takes the color from what is shared and gives it to what is not."""
    page = open_page(seeds + BIEGUN)
    color = "(element) => getComputedStyle(element).backgroundColor"
    marks = [".left .passage", ".left .alone", ".right .alone"]
    before = [page.locator(mark).first.evaluate(color) for mark in marks]
    page.click("text=What differs")
    after = [page.locator(mark).first.evaluate(color) for mark in marks]
    assert [one == "rgba(0, 0, 0, 0)" for one in before] == [False, True, True]
    assert [one == "rgba(0, 0, 0, 0)" for one in after] == [True, False, False]
    assert after[1] != after[2]


def test_a_cluster_of_three_has_a_matrix(open_page, seeds):
    """Each cell tells how much of its row its column covers, and leads to the pair."""
    page = open_page(seeds + BRIEF)
    assert page.locator(".heat a").count() == 6
    page.locator(".heat a").first.focus()
    page.keyboard.press("ArrowRight")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.fullmatch(r"1 by 3: \d+%", label)
    page.keyboard.press("Enter")
    expect(page.locator(".members .shown .rank")).to_have_text("3")


def test_versions_stand_on_a_line_of_time(open_page, hostile):
    """Where dates are known there is a dot for each document, the lead's first."""
    page = open_page(hostile)
    page.click("#rows a")
    assert page.locator(".timeline h2").inner_text() == "Over 2 days"
    assert page.locator(".dot").all_inner_texts() == ["1", "2", "3"]
    assert page.locator(".known .ends").inner_text().split("\n") == ["2024-05-01", "2024-05-03"]
    page.click(".dot >> text=3")
    expect(page.locator(".pane.right h3")).to_have_text("</script>")


def test_versions_stand_in_the_order_of_their_markers(open_page, tmp_path):
    """With what each is known by and what it changed; what has no place stands apart."""
    records = write_records(
        tmp_path,
        {"id": "1", "title": "UPDATE 2-Port of Carrow reopens", "text": f"{STORY} One two three."},
        {"id": "2", "title": "Something else", "text": f"{STORY} Four five."},
        {"id": "3", "title": "UPDATE 1-Port of Carrow reopens", "text": f"{STORY} Six."},
    )
    page = open_page(write_page(find_overlap(records), tmp_path / "report.html"))
    page.click("#rows a")
    assert page.locator(".timeline h2").inner_text() == "In this order"
    ranks = {name: page.locator(f".{name} .dot").all_inner_texts() for name in ("known", "unknown")}
    assert ranks == {"known": ["2", "1"], "unknown": ["3"]}
    assert page.locator(".order tbody tr").all_inner_texts() == [
        "1.\t2\tmarked UPDATE 1\t",
        "2.\t1\tmarked UPDATE 2\t+3 −1 since 2",
    ]
    assert "is unknown" in page.locator(".unknown .dot").get_attribute("aria-label")


def test_keys_walk_through_the_report(open_page, seeds):
    """Clusters, passages, modes and the search can be reached without a mouse."""
    page = open_page(seeds)
    for key in "jj":
        page.keyboard.press(key)
    page.wait_for_selector("#cluster h1:has-text('Biegun')")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.locator("#place").inner_text() == "2 of 4 passages"
    page.keyboard.press("d")
    assert page.locator(".pair").get_attribute("data-mode") == "differs"
    page.keyboard.press("/")
    page.keyboard.type("storm d")
    assert page.input_value("#search") == "storm d"
    assert page.locator(".pair").get_attribute("data-mode") == "differs"


def test_keys_can_be_switched_off(open_page, seeds):
    """Single keys do nothing once they are unwanted."""
    page = open_page(seeds)
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.click("#keys-close")
    page.keyboard.press("j")
    assert page.locator("#overview").is_visible()


def test_focus_reaches_everything_by_tab(open_page, seeds):
    """The first stop is a link past the list; passages are buttons."""
    page = open_page(seeds)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.click("text=Biegun leaves Beijing")
    page.locator(".left .handle").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".passage.selected").count() == 2


def test_theme_follows_the_system_until_it_is_chosen(open_page, seeds):
    """The switch goes from auto to light to dark."""
    page = open_page(seeds, color_scheme="dark")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    page.click("#theme")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.click("#theme")
    assert page.evaluate(paper) == dark != "rgb(255, 255, 255)"
    page.reload()
    assert page.locator("#theme").inner_text() == "Theme: dark"


def test_a_narrow_window_shows_one_thing_at_a_time(open_page, seeds):
    """Four hundred pixels: the list, then the cluster; nothing is wider than the window."""
    page = open_page(seeds, width=400, height=800)
    expect(page.locator("#main")).to_be_hidden()
    page.click("text=Biegun leaves Beijing")
    expect(page.locator("#side")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    assert page.evaluate("document.getElementById('main').scrollWidth") == 400
    page.click(".pane.left .handle >> nth=2")
    assert visible(page, ".passage.selected") == [True, True]
    assert page.evaluate("document.getElementById('pair').offsetHeight") < 800
    page.click("text=‹ All clusters >> visible=true")
    page.click("text=Overview of the run")
    page.click("text=‹ All clusters >> visible=true")
    expect(page.locator("#side")).to_be_visible()


def test_paper_gets_both_texts_in_full(open_page, seeds):
    """In print there are no controls, and nothing scrolls."""
    page = open_page(seeds + BIEGUN, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#side, #tools, .bar").first.is_visible()
    assert page.locator(".scroll").first.evaluate("(pane) => getComputedStyle(pane).overflow") == (
        "visible"
    )
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert page.pdf().startswith(b"%PDF")


def test_hostile_text_runs_nothing_and_is_shown(open_page, hostile):
    """Markup, addresses and escape codes in texts, titles and names are words like any others."""
    page = open_page(hostile)
    page.click("#overview summary")
    assert "<img src=x onerror=alert(5)>" in page.locator(".skipped").inner_text()
    page.click("#rows a")
    shown = page.locator(".pane.left .story").inner_text()
    assert "script>window.__pwned = 1; alert(1)</script></script></textarea><img src=x" in shown
    assert "{{ 7 * 7 }} ${7 * 7} \\u202edexif\\u202c \\x1b[31mred\\x1b[0m" in shown
    assert page.locator("h1:visible").inner_text().startswith("<script>window.__pwned = 1")
    assert page.locator("img, #cluster script, #cluster a[href^='javascript']").count() == 0
    assert page.evaluate("window.__pwned") is None


def test_what_is_known_stands_with_its_document(open_page, tmp_path):
    """Below a member's row without what is long, over a text in full; the web is one click away."""
    known = {"byline": "Ines Marlow", "status": "canceled", "ednote": "Not to be used."}
    hostile = {"byline": HOSTILE, "slug": "x" * 9999, "url": "javascript:window.__pwned = 4"}
    records = write_records(
        tmp_path,
        {"id": "1", "date": "2024-05-01", "url": "http://a.example/?b", "text": STORY, **known},
        {"id": "2", "date": "2024-05-02", "text": f"{STORY} More follows.", **hostile},
        {"id": "3", "date": "2024-05-03", "text": f"{STORY} The end."},
    )
    address = write_page(find_overlap(records), tmp_path / "report.html")
    page = open_page(address, width=400, height=800)
    page.click("#rows a")
    told = page.locator(".about").all_inner_texts()
    assert [line.strip()[:40] for line in told] == [
        "by Ines Marlow · status canceled",
        f"by {HOSTILE[:37]}",
    ]
    assert page.locator(".pane.left .declared").inner_text() == (
        "by Ines Marlow · status canceled · note: Not to be used. · http://a.example/?b"
    )
    assert page.locator(".pane.right .declared").inner_text().endswith("… · " + hostile["url"])
    (link,) = page.locator(".declared a").all()
    assert link.get_attribute("href") == "http://a.example/?b"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert page.evaluate("document.getElementById('main').scrollWidth") == 400
    assert page.evaluate("window.__pwned") is None


def test_policy_blocks_what_is_not_the_page(browser, seeds):
    """Injected scripts, markup, styles and requests are refused by the browser itself."""
    page = browser.new_page()
    page.goto(seeds)
    page.evaluate("""() => {
        const script = document.createElement("script");
        try { script.textContent = "window.__pwned = 1"; } catch (error) { window.refused = 1; }
        document.body.append(script);
        try { document.body.innerHTML = "<b>x</b>"; } catch (error) { window.refused += 1; }
    }""")
    assert page.evaluate("[window.__pwned, window.refused]") == [None, 2]
    assert page.evaluate("fetch('https://example.com').catch(() => 'refused')") == "refused"
    page.close()


def test_marks_stay_right_after_astral_characters(open_page, tmp_path):
    """Emoji and letters beyond the basic plane do not shift a passage."""
    records = write_records(
        tmp_path,
        {"id": "1", "text": f"\U0001f600\U0001d518 \U0001f600 {STORY}"},
        {"id": "2", "text": f"{STORY} \U0001f600"},
    )
    page = open_page(write_page(find_overlap(records), tmp_path / "report.html"))
    page.click("#rows a")
    for side in ("left", "right"):
        shown = page.locator(f".{side} .passage").inner_text()
        assert re.sub(r"^1\s*|\s+", " ", shown).strip() == STORY[:-1]


def test_text_that_runs_right_to_left_is_set_so(open_page, tmp_path):
    """Each paragraph takes its direction from its own letters."""
    words = "أعلنت وزارة النقل أن الجسر الجديد فوق النهر سيفتح أمام المرور في مطلع الأسبوع المقبل"
    story = (
        f"{words} وقال الوزير إن الأعمال انتهت وإن التجارب أظهرت أن الجسر يتحمل أثقل الشاحنات كلها"
    )
    records = write_records(tmp_path, {"id": "1", "text": story}, {"id": "2", "text": story + "."})
    page = open_page(write_page(find_overlap(records, min_words=20), tmp_path / "report.html"))
    page.click("#rows a")
    gaps = page.locator(".left .story").first.evaluate(
        """(story) => {
            const own = story.getBoundingClientRect();
            const range = document.createRange();
            range.selectNodeContents(story);
            const last = [...range.getClientRects()].at(-1);
            return [last.left - own.left, own.right - last.right];
        }""",
    )
    assert gaps[0] > gaps[1]


def test_a_text_that_is_gone_leaves_its_places(open_page, tmp_path):
    """Where a source is gone the page lists where its passages stood, and says so."""
    findings = find_overlap(ROOT / "seeds")
    texts = ["" if number == 1 else text for number, text in enumerate(findings.texts)]
    page = open_page(write_page(findings._replace(texts=texts), tmp_path / "report.html") + BIEGUN)
    assert "no longer" in page.locator(".right .story").inner_text()
    assert page.locator(".right .passage").count() == 4
    page.click(".right .handle >> nth=1")
    assert page.locator(".passage.selected").count() == 2


def test_a_run_without_overlap_says_what_came_closest(open_page, tmp_path):
    """Without clusters there is no list, and the overview says so."""
    records = write_records(tmp_path, {"id": "1", "text": STORY})
    page = open_page(write_page(find_overlap(records), tmp_path / "report.html"))
    assert page.locator("h1").inner_text() == "No overlap found in 1 document"
    assert not page.locator("#side").is_visible()


def test_two_documents_tell_how_far_apart_they_are(open_page, tmp_path):
    """Instead of a line of time there are a few words in the heading."""
    records = write_records(
        tmp_path,
        {"id": "1", "date": "2024-05-01T10:00:00", "text": STORY},
        {"id": "2", "date": "2024-05-01T10:09:00", "text": f"{STORY} More follows."},
    )
    page = open_page(write_page(find_overlap(records), tmp_path / "report.html"))
    page.click("#rows a")
    assert "9 minutes apart" in page.locator(".head .told").inner_text()
    assert page.locator(".timeline").count() == 0


def make_stories(count, *, words=60):
    """Make texts that share nothing."""
    return [" ".join(f"w{story}x{word}" for word in range(words)) for story in range(count)]


def test_a_long_list_comes_in_pages(open_page, tmp_path):
    """Rows are added as the list is scrolled, or when a cluster far down is opened."""
    stories = make_stories(150)
    records = [{"id": f"{n}", "text": text} for n, text in enumerate(stories * 2)]
    address = write_page(find_overlap(write_records(tmp_path, *records)), tmp_path / "report.html")
    page = open_page(address)
    rows = page.locator("#rows li")
    expect(page.locator("#count")).to_have_text("150 clusters")
    assert rows.count() == 60
    index = page.evaluate("JSON.parse(document.getElementById('data-index').textContent)")
    page.evaluate("document.getElementById('more').scrollIntoView()")
    expect(rows).to_have_count(120)
    page.goto(f"{address}#{index['clusters'][-1]['id']}")
    expect(rows).to_have_count(150)
    expect(page.locator("#rows [aria-current]")).to_be_in_viewport()


def test_a_document_that_hangs_on_is_shown_with_its_link(open_page, tmp_path):
    """Who shares nothing with the lead is compared with the one that joins it to the cluster."""
    first, second, third, fourth = make_stories(4)
    records = write_records(
        tmp_path,
        {"id": "lead", "text": f"{first} {second} and the end"},
        {"id": "link", "text": f"{second} {third}"},
        {"id": "last", "text": f"{third} {fourth}"},
    )
    address = write_page(find_overlap(records), tmp_path / "report.html")
    page = open_page(address)
    page.click("#rows a")
    member = page.locator(".members tr", has_text="#last")
    assert "with 2" in member.inner_text()
    member.locator("a").click()
    expect(page.locator(".pane.left .title")).to_contain_text("#link")
    cluster = page.url.partition("#")[2].partition("/")[0]
    numbers = page.locator(".members [data-member]").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.member)"
    )
    page.goto(f"{address}#{cluster}/{numbers[0]}-{numbers[2]}")
    expect(page.locator(".verdict")).to_contain_text("No match")


def test_a_pair_outside_the_clusters_has_an_address(open_page, seeds):
    """Quotes, shared passages and forms are listed and shown like clusters of two."""
    page = open_page(seeds)
    page.select_option("#label", "quote")
    page.click("#rows a")
    expect(page.locator(".head .told")).to_contain_text("A pair outside the clusters")
    page.keyboard.press("n")
    expect(page.locator(".passage.selected")).to_have_count(2)
    assert re.search(r"#p-\d+-\d+/1$", page.url)
    page.reload()
    expect(page.locator("#place")).to_have_text("1 of 1 passage")


def test_copies_lead_to_the_one_that_was_aligned(open_page, tmp_path):
    """Of texts of the same words one is compared with the others; its copies say which."""
    other = f"{STORY} And some more words that the first two do not have at all."
    records = write_records(
        tmp_path,
        {"id": "1", "text": STORY},
        {"id": "2", "text": STORY.upper()},
        {"id": "3", "text": STORY.lower()},
        {"id": "4", "text": other},
    )
    address = write_page(find_overlap(records), tmp_path / "report.html")
    page = open_page(address)
    page.click("#rows a")
    cluster = page.url.partition("#")[2]
    assert page.locator(".heat .none").count() == 0
    page.goto(f"{address}#{cluster}/1-2")
    expect(page.locator(".verdict")).to_contain_text("both are copies of document 2")
    page.goto(f"{address}#{cluster}/3-2")
    page.click(".verdict a")
    expect(page.locator(".verdict")).to_contain_text("abridgement")
