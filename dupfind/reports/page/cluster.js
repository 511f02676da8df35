// A cluster: its documents, when they came, how alike they are, and two of them side by side.

/** What the page shows: the address in parts. */
const current = { id: null, left: null, right: null, passage: null };
let open = null; // the matches of the cluster that is shown

function addressOf({ id, left, right, passage }) {
  const pair = left === null || isLoose({ id }) ? "" : `/${left}-${right}`;
  return `#${id}${pair}${passage ? `/${passage}` : ""}`;
}

/** Show a cluster, or another pair of the one that is shown. */
function showCluster(cluster, left, right, passage) {
  const anew = open?.id !== cluster.id;
  if (anew) open = prepareCluster(cluster);
  const asked = left !== null && open.rank.has(left) && open.rank.has(right) && left !== right;
  const member = open.members[1];
  const pair = asked ? [left, right] : [open.against(member), member];
  Object.assign(current, { id: cluster.id, left: pair[0], right: pair[1], passage: null });
  if (anew) get("cluster").replaceChildren(...makeCluster(open));
  get("cluster").classList.toggle("two", open.members.length === 2);
  open.right = pair[1];
  showPair(pair, passage);
  markMember(open);
  if (anew) get("main").scrollTop = 0;
  if (asked) get("pair").scrollIntoView({ block: "start", behavior: anew ? "instant" : motion() });
}

function prepareCluster(cluster) {
  const shared = { ...cluster, ...loadMatches(cluster), loose: isLoose(cluster) };
  shared.members = orderMembers(cluster, shared);
  shared.rank = new Map(shared.members.map((number, at) => [number, at + 1]));
  shared.against = (member) =>
    (member === shared.lead ? shared.members[1] : shared.through.get(member) ?? shared.lead);
  shared.linkTo = (member, other = shared.against(member)) => {
    const pair = shared.rank.get(member) < shared.rank.get(other) ? [member, other] : [other, member];
    return addressOf({ id: shared.id, left: pair[0], right: pair[1] });
  };
  return shared;
}

function makeCluster(shared) {
  const many = shared.members.length > 2;
  return [
    makeHead(shared),
    many ? makeMembers(shared.members, shared) : null,
    many ? make("div", { class: "charts" },
      makeMatrix(shared.members, shared), makeTimeline(shared)) : null,
    make("div", { id: "comparison" }),
  ].filter(Boolean);
}

function makeHead(shared) {
  const told = [
    shared.loose ? "A pair outside the clusters" : count(shared.members.length, "document"),
    shared.members.length > 2 ? `weakest link ${percent(shared.weakest)}` : tellApart(shared),
    shared.loose ? null : `lead: ${when(shared.reason)}`,
  ].filter(Boolean);
  return make("header", { class: "head" },
    make("a", { class: "back", href: "#" }, "‹ All clusters"),
    make("h1", { tabindex: -1, dir: "auto" }, titleOf(shared.lead)),
    make("p", { class: "told" }, told.join(" · "),
      shared.loose ? null : make("span", { class: "id" }, ` · ${shared.id}`)));
}

/** Two documents need no timeline. */
function tellApart({ members, versions }) {
  const [first, second] = members.map((number) => documents[number].time);
  const known = first !== null && second !== null && first !== second;
  const later = versions.find(({ before }) => before !== null);
  return [
    known ? `${tellSpan(Math.abs(first - second))} apart` : null,
    later ? `${count(later.added, "word")} added, ${figure(later.dropped)} dropped` : null,
  ].filter(Boolean).join(", ");
}

function showPair([left, right], passage) {
  get("comparison").replaceChildren(makePair(open, left, right));
  if (!view.passages.length) return;
  view.ribbons.remeasure();
  if (passage && passage <= view.passages.length) goTo(passage, "instant");
  else view.panes.forEach(beginAtPassage);
}

/** Begin at the top of a text, or where its first passage is if that is out of sight. */
function beginAtPassage(pane) {
  const { top } = pane.querySelector(".passage").getBoundingClientRect();
  const depth = top - pane.getBoundingClientRect().top;
  if (depth > pane.clientHeight - 48) pane.scrollTop = depth - 48;
}

/** Go to the next or previous document of the cluster. */
function stepMember(by) {
  if (!open || current.id === null) return;
  const shown = number(readAddress()?.[3]) ?? current.right;
  const at = open.members.indexOf(shown) + by;
  const member = open.members[Math.max(1, Math.min(open.members.length - 1, at))];
  location.hash = open.linkTo(member);
}
