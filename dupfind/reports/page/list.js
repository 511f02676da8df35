// The list of clusters: searched, filtered, sorted, and shown a page at a time.

const PAGE = 60;
const chosen = { terms: [], label: "", least: 2, order: "size" };
let listed = clusters;
let rowCount = 0;

const collator = new Intl.Collator("en");
const latest = ({ members }) =>
  members.reduce((most, number) => Math.max(most, documents[number].time ?? -Infinity), -Infinity);
const ORDERS = {
  size: () => () => 0, // as the report has them
  newest: () => descending(latest),
  closest: () => descending((cluster) => cluster.weakest),
  loosest: () => descending((cluster) => -cluster.weakest),
  longest: () => descending((cluster) => documents[cluster.lead].words),
  title: () => (one, other) => collator.compare(titleOf(one.lead), titleOf(other.lead)),
};
const sorted = new Map();

function descending(measure) {
  const measures = new Map(clusters.map((cluster) => [cluster, measure(cluster)]));
  return (one, other) => {
    const [first, second] = [measures.get(one), measures.get(other)];
    return first === second ? 0 : second > first ? 1 : -1;
  };
}

function inOrder(order) {
  if (!sorted.has(order)) sorted.set(order, [...clusters].sort(ORDERS[order]()));
  return sorted.get(order);
}

function fits(cluster) {
  return cluster.members.length >= chosen.least
    && (!chosen.label || cluster.labels.includes(chosen.label))
    && chosen.terms.every((term) => isFound(term, cluster));
}

function listClusters() {
  listed = inOrder(chosen.order).filter(fits);
  rowCount = 0;
  get("rows").replaceChildren();
  showMore();
  const pairs = listed.filter(isLoose).length;
  const told = count(listed.length - pairs, "cluster") + (pairs ? `, ${count(pairs, "pair")}` : "");
  const all = listed.length === clusters.length;
  get("count").textContent = all ? told : `${told} of ${figure(clusters.length)}`;
}

function showMore() {
  const page = listed.slice(rowCount, rowCount + PAGE);
  get("rows").append(...page.map(makeRow));
  rowCount += page.length;
  const left = listed.length - rowCount;
  get("more").hidden = left === 0;
  get("more").textContent = `Show ${Math.min(PAGE, left)} more of ${figure(left)}`;
}

function makeRow(cluster) {
  const { id, lead, members, labels, weakest } = cluster;
  const time = latest(cluster);
  const newest = Number.isFinite(time) && members.find((number) => documents[number].time === time);
  const size = isLoose(cluster) ? "pair" : count(members.length, "document");
  return make("li", {}, make("a", { href: `#${id}`, "aria-current": id === current.id ? "true" : null },
    make("span", { class: "title", dir: "auto" }, titleOf(lead)),
    make("span", { class: "told" },
      make("span", {}, `${size} · ${percent(weakest)}`),
      newest === false ? null : make("span", {}, when(documents[newest].published))),
    make("span", { class: "told" },
      make("span", {}, labels.filter((label) => label in relations).join(", ")),
      ...flagsOf(labels.filter((label) => label === "numbers-changed")))));
}

/** Mark the cluster that is open, and make sure that the list shows it where it is listed. */
function markCurrent() {
  const at = listed.findIndex((cluster) => cluster.id === current.id);
  while (rowCount <= at) showMore();
  get("rows").querySelector("[aria-current]")?.removeAttribute("aria-current");
  const link = at < 0 ? null : get("rows").children[at].firstChild;
  link?.setAttribute("aria-current", "true");
  link?.scrollIntoView({ block: "nearest" });
}

/** Offer what occurs, with its number of clusters. */
function offerLabels() {
  const counts = new Map();
  for (const { labels } of clusters) {
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const names = [...counts.keys()].sort();
  for (const [title, own] of [
    ["Relation", Object.keys(relations).filter((name) => counts.has(name))],
    ["Flag", names.filter((name) => !(name in relations))],
  ]) {
    if (own.length === 0) continue;
    get("label").append(make("optgroup", { label: title }, ...own.map((name) =>
      make("option", { value: name }, `${name.replaceAll("-", " ")} (${figure(counts.get(name))})`))));
  }
}

function startList() {
  offerLabels();
  for (const name of ["label", "order"]) {
    get(name).addEventListener("change", (event) => choose({ [name]: event.target.value }));
  }
  get("least").addEventListener("change", (event) => choose({ least: Number(event.target.value) }));
  get("search").addEventListener("input", (event) => choose({ terms: termsOf(event.target.value) }));
  get("more").addEventListener("click", showMore);
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) showMore(); },
    { root: get("side"), rootMargin: "400px" }).observe(get("more"));
  readChoice();
  listClusters();
  startSearch();
}

/** Browsers keep what was typed when a page is loaded again. */
function readChoice() {
  chosen.terms = termsOf(get("search").value);
  chosen.least = Number(get("least").value);
  chosen.label = get("label").value;
  chosen.order = get("order").value;
}

function choose(change) {
  Object.assign(chosen, change);
  listClusters();
  get("side").scrollTop = 0;
}
