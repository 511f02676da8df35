// What a search looks in: titles and names, and the texts where that is asked for.

const SLICE = 12; // milliseconds of work between which the page answers
const bodies = [];

const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
const termsOf = (typed) => fold(typed).split(/\s+/).filter(Boolean);

function isFound(term, cluster) {
  return headOf(cluster).includes(term)
    || (get("texts").checked && cluster.members.some((number) => bodies[number]?.includes(term)));
}

/** Give titles and names of a cluster as a search sees them, made once. */
function headOf(cluster) {
  cluster.head ??= fold([cluster.id, ...cluster.members.flatMap((number) =>
    [documents[number].title ?? "", documents[number].name])].join("\n"));
  return cluster.head;
}

/** Do something for each number below the last, in slices, so that nobody waits for it. */
function work(last, run, tell, at = 0) {
  const until = performance.now() + SLICE;
  let next = at;
  while (next < last && performance.now() < until) run(next++);
  tell(next);
  if (next < last) setTimeout(work, 0, last, run, tell, next);
}

function readTexts() {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", readTexts);
  else if (bodies.length === documents.length) listClusters();
  else work(documents.length, readText, tellReading, bodies.length);
}

function readText(number) {
  bodies[number] = fold(loadText(number) ?? "");
}

function tellReading(read) {
  if (read === documents.length) listClusters();
  else get("count").textContent = `Reading the texts: ${percent(read / documents.length)}`;
}

function startSearch() {
  work(clusters.length, (number) => headOf(clusters[number]), () => {});
  get("texts").addEventListener("change", readTexts);
  if (get("texts").checked) readTexts();
}
