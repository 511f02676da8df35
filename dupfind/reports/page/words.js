// What the page says about documents and numbers.

const figure = (number) => number.toLocaleString("en");
const count = (number, noun) => `${figure(number)} ${noun}${number === 1 ? "" : "s"}`;
const titleOf = (number) => documents[number].title ?? documents[number].name;
/** Tell the times in a text to the minute. */
const when = (told) => told.replace(/T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(\+00:00)?/g, (_, time, utc) => ` ${time}${utc ? " UTC" : ""}`);

/** Never rounds up to 100%: that is said of all words only. */
const hundredths = (share) => (share < 1 ? Math.min(99, Math.round(100 * share)) : 100);
const percent = (share) => `${hundredths(share)}%`;

function badge(relation) {
  return make("span", { class: "badge", title: relations[relation] ?? null }, relation);
}

/** Give flags, the one that editors must not miss marked. */
function flagsOf(flags) {
  return flags.map((flag) =>
    make("span", { class: flag === "numbers-changed" ? "flag alert" : "flag" }, flag.replaceAll("-", " ")));
}

/** Name a document: its headline, and where it stands. */
function nameOf(number, tag = "span") {
  const { name, title } = documents[number];
  return [
    make(tag, { class: "title", dir: "auto" }, title ?? name),
    title ? make("span", { class: "path", dir: "auto" }, name) : null,
  ];
}
