// A document's text with its passages marked.

const COLUMNS = 100; // characters in a line of a text that was wrapped by its sender
const WRAPPED = 40;
const HUES = 6;
// What ends the sentence before is not shown as a difference.
const LEFT_OVER = /^(?:[\s.,;:!?)\]}»”’…。，、！？；：）」]|[-\u2013\u2014]+\s|["'](?=\s|$))+/;
const WORD = /[\p{L}\p{N}]/u;

/** Show line ends of a text that was wrapped to a width as spaces. Every place stays. */
function unwrap(text) {
  const lines = text.split("\n");
  const width = lines.reduce((most, line) => Math.max(most, line.length), 0);
  if (width > COLUMNS || width < WRAPPED) return text;
  const ends = lines.map((line, at) => (isWrapped(line, lines[at + 1], width) ? " " : "\n"));
  return lines.map((line, at) => (at < lines.length - 1 ? line + ends[at] : line)).join("");
}

/** Tell whether a line ends because the next word had no room on it. */
function isWrapped(line, next, width) {
  const word = next?.match(/^\S+/);
  return Boolean(word) && line.trim() !== "" && line.length + 1 + word[0].length > width;
}

/** Lay a text out: passages as marks, what lies between them as what only this document has.

    `side` is "left" or "right"; `other` is the other document's text, for what was changed. */
function layOut(text, other, passages, side) {
  const story = make("div", { class: "story" });
  const shown = unwrap(text);
  let at = 0;
  for (const passage of [...passages].sort((one, two) => one[side].start - two[side].start)) {
    story.append(...alone(shown.slice(at, passage[side].start), at > 0));
    story.append(makePassage(shown, other, passage, side));
    at = passage[side].end;
  }
  story.append(...alone(shown.slice(at), at > 0));
  return story;
}

/** Give text that only one document has; its marks and spaces at the ends say nothing. */
function alone(text, follows) {
  const head = follows ? (text.match(LEFT_OVER)?.[0].length ?? 0) : text.length - text.trimStart().length;
  const tail = Math.max(head, text.trimEnd().length);
  const core = text.slice(head, tail);
  if (!WORD.test(core)) return spell(text);
  return [
    ...spell(text.slice(0, head)),
    make("span", { class: "alone" }, ...spell(core)),
    ...spell(text.slice(tail)),
  ];
}

function makePassage(text, other, passage, side) {
  const place = passage[side];
  const mark = make("mark", {
    class: passage.moved ? "passage moved" : "passage",
    "data-passage": passage.number, "data-hue": passage.number % HUES,
  }, makeHandle(passage, side));
  let at = place.start;
  place.edits.forEach(([start, end], number) => {
    mark.append(...spell(text.slice(at, start)));
    const there = passage[side === "left" ? "right" : "left"].edits[number];
    mark.append(makeEdit(text.slice(start, end), other?.slice(...there) ?? "", side));
    at = end;
  });
  mark.append(...spell(text.slice(at, place.end)));
  return mark;
}

/** The number of a passage is the button that leads to its counterpart. */
function makeHandle(passage, side) {
  const there = passage[side === "left" ? "right" : "left"].line;
  const label = `Passage ${passage.number}, ${count(passage.words, "shared word")}`
    + `${passage.moved ? ", moved" : ""}; line ${passage[side].line}, line ${there} there`;
  return make("button", { type: "button", class: "handle", "aria-label": label, title: label },
    passage.moved ? `${passage.number}↕` : String(passage.number));
}

/** Words that differ inside a passage; where this side has none, a mark says that something is missing. */
function makeEdit(text, there, side) {
  const tag = side === "left" ? "del" : "ins";
  const told = there.replace(/\s+/g, " ").replace(HOSTILE, escapeOf);
  if (!text) return make("span", { class: "gap", title: `there: ${told}` });
  return make(tag, { class: "edit", title: there ? `there: ${told}` : "not there" }, ...spell(text));
}

/** Tell where the passages stand in a document whose text the report does not have. */
function listPlaces(passages, side) {
  const items = [...passages]
    .sort((one, two) => one[side].start - two[side].start)
    .map((passage) => make("li", {}, make("mark", {
      class: "passage", "data-passage": passage.number, "data-hue": passage.number % HUES,
    }, makeHandle(passage, side), `${count(passage.words, "word")}, line ${passage[side].line}`)));
  return make("div", { class: "story gone" },
    make("p", { class: "note" }, "The text of this document is no longer where the report found it; "
      + "these are the places of its passages."),
    make("ul", {}, ...items));
}
