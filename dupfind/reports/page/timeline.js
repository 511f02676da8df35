// When the versions of a cluster came: a dot for each, on a line of time.

const LANES = 6;
const NEAR = 0.034; // share of the line that a dot takes
const MANY = 60; // versions above which they are strokes without a number

/** Give the timeline of the members whose time is known; null where that is fewer than two. */
function makeTimeline(members, shared) {
  const dated = members
    .filter((number) => documents[number].time !== null)
    .sort((one, other) => documents[one].time - documents[other].time);
  if (dated.length < 2) return null;
  const begin = documents[dated[0]].time;
  const span = documents[dated.at(-1)].time - begin;
  const line = makeLine(dated, begin, span || 1, shared);
  const unknown = members.length - dated.length;
  return make("section", { class: "timeline", "aria-labelledby": "timeline-title" },
    make("h2", { id: "timeline-title" }, `Over ${tellSpan(span)}`),
    line,
    make("p", { class: "ends" },
      make("span", {}, when(documents[dated[0]].published)),
      make("span", {}, when(documents[dated.at(-1)].published))),
    unknown ? make("p", { class: "small" }, `Of ${count(unknown, "document")} no date is known.`) : null);
}

/** Place a dot for each; those too near to each other stand in lanes. */
function makeLine(dated, begin, span, shared) {
  const ends = [];
  const many = dated.length > MANY;
  const dots = dated.map((number) => {
    const at = (documents[number].time - begin) / span;
    const lane = many ? 0 : findLane(ends, at);
    ends[lane] = at + NEAR;
    const dot = make("li", {}, makeDot(number, shared));
    dot.style.setProperty("--at", at);
    dot.style.setProperty("--lane", lane);
    return dot;
  });
  const line = make("ol", { class: many ? "line dense" : "line" }, ...dots);
  line.style.setProperty("--lanes", ends.length);
  return line;
}

function findLane(ends, at) {
  const free = ends.findIndex((end) => end <= at);
  return free >= 0 ? free : Math.min(ends.length, LANES - 1);
}

function makeDot(number, shared) {
  const { published } = documents[number];
  const label = `${shared.rank.get(number)}: ${when(published)}, ${titleOf(number)}`;
  return make("a", {
    class: number === shared.lead ? "dot lead" : "dot",
    href: shared.linkTo(number), title: label, "aria-label": label, "data-member": number,
  }, String(shared.rank.get(number)));
}

function tellSpan(seconds) {
  const units = [[86400 * 365, "year"], [86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, noun] = units.find(([least]) => seconds >= least) ?? units.at(-1);
  return count(Math.round(seconds / size), noun);
}
