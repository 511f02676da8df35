// Two documents side by side: what they share, what differs, what moved.

const view = { mode: "shared", panes: null, passages: [], ribbons: null };

/** Show a pair; without a match, the two texts and why there is none. */
function makePair(shared, left, right) {
  const match = shared.byPair.get(pairKey(left, right));
  const turned = match ? turn(match, left) : null;
  view.ribbons?.stop();
  view.passages = turned?.passages ?? [];
  const texts = [loadText(left), loadText(right)];
  const panes = [
    makePane(left, shared, texts[0], texts[1], "left"),
    makePane(right, shared, texts[1], texts[0], "right"),
  ];
  const gutter = draw("svg", { class: "gutter", "aria-hidden": "true" });
  view.panes = panes.map((pane) => pane.querySelector(".scroll"));
  view.ribbons = connect(...view.panes, gutter, view.passages);
  gutter.addEventListener("click", (event) => {
    const ribbon = event.target.closest("[data-ribbon]");
    if (ribbon) goTo(Number(ribbon.dataset.ribbon));
  });
  const attributes = { class: "pair", id: "pair", "aria-label": "Comparison", "data-mode": view.mode };
  return make("section", attributes,
    turned ? describe(turned, shared, left, right) : excuse(shared, left, right),
    makeTools(),
    make("div", { class: "panes" }, panes[0], gutter, panes[1]),
    make("p", { class: "hidden", id: "said", role: "status" }));
}

function describe(match, shared, left, right) {
  const [own, other] = [match.coverage[1], match.coverage[0]];
  const told = [
    `${percent(own)} of ${say(right, shared)} and ${percent(other)} of ${say(left, shared)}`,
    `${count(match.words, "shared word")}, the longest passage ${figure(match.longest)}`,
    match.order < 1 ? `${percent(match.order)} in the same order` : null,
    `resemblance ${match.resemblance.toFixed(2)}`,
  ].filter(Boolean).join(" · ");
  return make("div", { class: "verdict" },
    make("p", { class: "told" }, badge(match.relation), ...flagsOf(match.flags), make("span", {}, told)),
    make("p", { class: "told" }, match.why,
      match.earlier ? ` · ${say(match.first, shared)} came first: ${when(match.earlier)}` : ""));
}

function say(number, shared) {
  if (shared.loose) return shared.rank.get(number) === 1 ? "the first" : "the second";
  return number === shared.lead ? "the lead" : `document ${shared.rank.get(number)}`;
}

/** Say why there is nothing to mark: of copies only one is aligned with the others. */
function excuse(shared, left, right) {
  const [first, second] = [left, right].map((number) => shared.firstOf.get(number) ?? number);
  const note = make("p", { class: "note" });
  if (first === second) {
    note.append(`The same words in the same order: both are copies of ${say(first, shared)}.`);
  } else if (shared.byPair.has(pairKey(first, second))) {
    const names = `${say(first, shared)} and ${say(second, shared)}`;
    note.append("The same words are compared in ", make("a", { href: shared.linkTo(first, second) }, names), ".");
  } else {
    note.append("No match: these two share too little, or were not compared one by one. "
      + "The cluster holds them together through others.");
  }
  return make("div", { class: "verdict" }, note);
}

function makePane(number, shared, text, other, side) {
  const { words, published } = documents[number];
  const facts = [
    `${shared.rank.get(number)}${number === shared.lead && !shared.loose ? " · lead" : ""}`,
    count(words, "word"), published ? when(published) : null,
  ].filter(Boolean).join(" · ");
  const story = text === null
    ? listPlaces(view.passages, side)
    : layOut(text, other, view.passages, side);
  const region = { class: "scroll", tabindex: 0, role: "region", "aria-label": titleOf(number) };
  const pane = make("div", region, story);
  pane.addEventListener("click", clickPassage);
  return make("article", { class: `pane ${side}` },
    make("header", {},
      make("p", { class: "facts" }, facts), ...nameOf(number, "h3"), tellKnown(number)),
    pane);
}

function makeTools() {
  const stepper = make("div", { class: "stepper" },
    button("previous", "‹", "Previous passage", () => step(-1)),
    make("output", { id: "place" }, tellPlace()),
    button("next", "›", "Next passage", () => step(1)));
  const modes = make("fieldset", { class: "modes" },
    make("legend", { class: "hidden" }, "Mark"),
    mode("shared", "What is shared"), mode("differs", "What differs"));
  const legend = make("p", { class: "legend" },
    make("span", { class: "key gone" }, "only on the left"),
    make("span", { class: "key come" }, "only on the right"));
  return make("div", { class: "bar" }, modes, view.passages.length ? stepper : null, legend);
}

function button(id, sign, label, run) {
  const made = make("button", { type: "button", id, "aria-label": label, title: label }, sign);
  made.addEventListener("click", run);
  return made;
}

function mode(value, label) {
  const radio = make("input", { type: "radio", name: "mode", value, checked: view.mode === value });
  radio.addEventListener("change", () => setMode(value));
  return make("label", {}, radio, make("span", {}, label));
}

function setMode(value) {
  view.mode = value;
  const pair = get("pair");
  if (!pair) return;
  pair.dataset.mode = value;
  pair.querySelector(`[name=mode][value=${value}]`).checked = true;
  view.ribbons.remeasure();
}

function tellPlace() {
  const all = count(view.passages.length, "passage");
  return current.passage ? `${current.passage} of ${all}` : all;
}

function step(by) {
  const last = view.passages.length;
  if (!last) return;
  const at = current.passage ? current.passage + by : by > 0 ? 1 : last;
  goTo(Math.min(last, Math.max(1, at)));
}

function clickPassage(event) {
  const mark = event.target.closest(".passage");
  if (mark && (getSelection().isCollapsed || event.target.closest(".handle"))) {
    select(Number(mark.dataset.passage), event.currentTarget);
  }
}

/** Select a passage that was clicked in one text; the other text scrolls to bring it alongside. */
function select(number, clicked) {
  markSelected(number);
  const other = view.panes.find((pane) => pane !== clicked);
  const top = findExtent(clicked, number).top - clicked.scrollTop;
  const room = Math.max(8, Math.min(top, other.clientHeight - 80));
  other.scrollTo({ top: findExtent(other, number).top - room, behavior: motion() });
  const passage = view.passages[number - 1];
  const side = other === view.panes[0] ? "left" : "right";
  get("said").textContent = `Passage ${number}: line ${passage[side].line} there`;
}

/** Bring a passage into view in both texts. */
function goTo(number, behavior = motion()) {
  markSelected(number);
  for (const pane of view.panes) {
    const top = findExtent(pane, number).top - pane.clientHeight * 0.25;
    pane.scrollTo({ top, behavior });
  }
  get("said").textContent = findMark(view.panes[0], number).querySelector(".handle").title;
}

function markSelected(number) {
  current.passage = number;
  for (const pane of view.panes) {
    for (const mark of pane.querySelectorAll(".passage.selected")) mark.classList.remove("selected");
    findMark(pane, number).classList.add("selected");
  }
  get("place").textContent = tellPlace();
  view.ribbons.remeasure();
  history.replaceState(null, "", addressOf(current));
}
