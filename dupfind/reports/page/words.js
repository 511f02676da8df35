// What the page says about documents and numbers.

const LONG = new Set(["note", "url"]); // of what is known, what a table has no room for

const figure = (number) => number.toLocaleString("en");
const count = (number, noun) => `${figure(number)} ${noun}${number === 1 ? "" : "s"}`;
const titleOf = (number) => documents[number].title ?? documents[number].name;
/** Tell the times in a text to the minute. */
const when = (told) => told.replace(
  /T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(\+00:00)?/g, (_, time, utc) => ` ${time}${utc ? " UTC" : ""}`);

/** Round as the other reports do, halves to the even number. */
function hundredths(share) {
  const exact = 100 * share;
  const rounded = Math.round(exact);
  return exact % 1 === 0.5 && rounded % 2 ? rounded - 1 : rounded;
}

const percent = (share) => `${hundredths(share)}%`;

function badge(relation) {
  return make("span", { class: "badge", title: relations[relation] ?? null }, relation);
}

/** Give flags, the one that editors must not miss marked. */
function flagsOf(flags) {
  return flags.map((flag) =>
    make("span", { class: flag === "numbers-changed" ? "flag alert" : "flag" }, flag.replaceAll("-", " ")));
}

/** Tell what is known of a document beside its name and date; null where nothing is.
    `brief` leaves out what is long. */
function tellKnown(number, brief = false) {
  const known = load(`known-${number}`);
  const told = Object.entries(known?.facts ?? {}).filter(([field]) => !(brief && LONG.has(field)));
  if (told.length === 0) return null;
  return make("p", { class: "declared" }, ...told.flatMap(([field, words], at) => [
    at ? " · " : null,
    field === "url" && known.linked ? linkOut(words) : make("bdi", {}, words),
  ]));
}

/** Link to what is not in the report, which learns nothing of it. */
function linkOut(address) {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" },
    make("bdi", {}, address));
}

/** Name a document: its headline, and where it stands. */
function nameOf(number, tag = "span") {
  const { name, title } = documents[number];
  return [
    make(tag, { class: "title", dir: "auto" }, title ?? name),
    title ? make("span", { class: "path", dir: "auto" }, name) : null,
  ];
}
