// In what order the versions of a cluster came: a dot for each on a line, by time where that is
// known of all who have a place, else evenly by place. Those without one stand apart.

const LANES = 6;
const NEAR = 0.034; // share of the line that a dot takes
const MANY = 60; // versions above which they are strokes without a number

/** Give the order of the members, with what it is known by; null where nothing tells it. */
function makeTimeline(shared) {
  const placed = shared.versions.filter((version) => version.place !== null);
  const unknown = shared.versions.filter((version) => version.place === null)
    .sort((one, other) => shared.rank.get(one.member) - shared.rank.get(other.member));
  if (!placed.length) return null;
  const times = timesOf(placed);
  const span = times ? times.at(-1) - times[0] : 0;
  const last = placed.at(-1).place;
  const spots = span ? times.map((time) => (time - times[0]) / span)
    : placed.map(({ place }) => (place - 1) / (last - 1 || 1));
  return make("section", { class: "timeline", "aria-labelledby": "timeline-title" },
    make("h2", { id: "timeline-title" }, span ? `Over ${tellSpan(span)}` : "In this order"),
    make("div", { class: "course" },
      make("div", { class: "known" }, makeLine(placed, spots, shared), makeEnds(placed, span)),
      unknown.length ? makeUnknown(unknown, shared) : null),
    makeOrder(shared));
}

/** Give the times of versions, if all have one and none is earlier than the one before. */
function timesOf(placed) {
  const times = placed.map(({ member }) => documents[member].time);
  const known = times.every((time, at) => time !== null && (at === 0 || time >= times[at - 1]));
  return known ? times : null;
}

/** Place a dot for each; those too near to each other stand in lanes. */
function makeLine(placed, spots, shared) {
  const ends = [];
  const many = placed.length > MANY;
  const dots = placed.map((version, number) => {
    const lane = many ? 0 : findLane(ends, spots[number]);
    ends[lane] = spots[number] + NEAR;
    const dot = make("li", {}, makeDot(version, shared));
    dot.style.setProperty("--at", spots[number]);
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

function makeEnds(placed, span) {
  const tell = (version) => when(documents[version.member].published);
  const [first, last] = span ? [tell(placed[0]), tell(placed.at(-1))] : ["first", "last"];
  return make("p", { class: "ends" }, make("span", {}, first), make("span", {}, last));
}

function makeUnknown(unknown, shared) {
  const dots = unknown.slice(0, FEW).map((version) => make("li", {}, makeDot(version, shared)));
  const left = unknown.length - FEW;
  return make("div", { class: "unknown" },
    make("ul", {}, ...dots, left > 0 ? make("li", { class: "small" }, `+${figure(left)}`) : null),
    make("p", { class: "ends" }, "unknown"));
}

function makeDot(version, shared) {
  const number = version.member;
  const rank = shared.rank.get(number);
  const evidence = version.place === null ? "when it came is unknown" : when(version.evidence);
  const label = `${rank}: ${evidence}, ${titleOf(number)}`;
  return make("a", {
    class: number === shared.lead ? "dot lead" : "dot",
    href: shared.linkTo(number), title: label, "aria-label": label, "data-member": number,
  }, String(rank));
}

function tellSpan(seconds) {
  const units = [[86400 * 365, "year"], [86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, noun] = units.find(([least]) => seconds >= least) ?? units.at(-1);
  return count(Math.round(seconds / size), noun);
}
