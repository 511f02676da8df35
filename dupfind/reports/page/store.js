// The data of the page: an index that is parsed at once, and elements parsed when asked for.

const { relations, documents, clusters } = JSON.parse(get("data-index").textContent);
const clusterOf = new Map(clusters.map((cluster) => [cluster.id, cluster]));

/** Parse an element; null where the report has none. */
function load(id) {
  const element = get(`data-${id}`);
  return element && JSON.parse(element.textContent);
}

const loadText = (number) => load(`text-${number}`);
const isLoose = (cluster) => cluster.id.startsWith("p-");

/** Load what a cluster's members share: matches by pair, and through whom the indirect hang on. */
function loadMatches(cluster) {
  const { matches, through, omitted, versions } = load(cluster.id);
  return {
    matches,
    omitted,
    versions: versions.map(([member, place, evidence, before, added, dropped]) =>
      ({ member, place, evidence, before, added, dropped })),
    through: new Map(through),
    byPair: new Map(matches.map((match) => [pairKey(match.a, match.b), match])),
    firstOf: foldCopies(matches),
  };
}

const pairKey = (one, other) => (one < other ? `${one}-${other}` : `${other}-${one}`);

/** Map each copy to the document that stands for all of the same words. */
function foldCopies(matches) {
  const firstOf = new Map();
  for (const { a, b, relation } of matches) {
    if (relation === "identical") firstOf.set(Math.max(a, b), Math.min(a, b));
  }
  return firstOf;
}

/** Give the share of one document that another covers; null where they were not compared.
    Copies have the same words: what holds for one holds for all. */
function coverageOf(shared, one, other) {
  const direct = shared.byPair.get(pairKey(one, other));
  if (direct) return direct.coverage[direct.a === one ? 0 : 1];
  const [first, second] = [one, other].map((number) => shared.firstOf.get(number) ?? number);
  if (first === second) return 1;
  const match = shared.byPair.get(pairKey(first, second));
  return match ? match.coverage[match.a === first ? 0 : 1] : null;
}

/** Give a match as seen from one of its two documents, passages numbered in its order. */
function turn(match, left) {
  const turned = match.b === left;
  const [mine, theirs] = turned ? [1, 0] : [0, 1];
  const passages = match.passages.map((packed) => unpack(packed, turned));
  passages.sort((one, other) => one.left.start - other.left.start);
  passages.forEach((passage, at) => { passage.number = at + 1; });
  return { ...match, coverage: [match.coverage[mine], match.coverage[theirs]], passages };
}

function unpack([aStart, aEnd, aLine, bStart, bEnd, bLine, words, moved, edits], turned) {
  const a = { start: aStart, end: aEnd, line: aLine, edits: edits.map((e) => [e[0], e[1]]) };
  const b = { start: bStart, end: bEnd, line: bLine, edits: edits.map((e) => [e[2], e[3]]) };
  return turned ? { left: b, right: a, words, moved } : { left: a, right: b, words, moved };
}
