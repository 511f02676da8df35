// The address decides what is shown: #cluster/left-right/passage, or #overview.

const ADDRESS = /^#(c-[0-9a-f]+|p-\d+-\d+)(?:\/(\d+)-(\d+))?(?:\/(\d+))?$/;

/** Read the address, which is ahead of the page while keys are pressed fast. */
const readAddress = () => location.hash.match(ADDRESS);

function route() {
  const found = readAddress();
  const cluster = found && clusterOf.get(found[1]);
  // The script comes before most of the data.
  if (cluster && document.readyState === "loading") addEventListener("DOMContentLoaded", route);
  else if (cluster) routeCluster(cluster, found);
  else routeOverview();
}

function routeCluster(cluster, [, , left, right, passage]) {
  const moved = cluster.id !== current.id;
  show("cluster");
  showCluster(cluster, number(left), number(right), number(passage));
  document.title = `${titleOf(cluster.lead)} · dupfind`;
  markCurrent();
  if (moved) get("cluster").querySelector("h1").focus({ preventScroll: true });
}

const number = (digits) => (digits === undefined ? null : Number(digits));

function routeOverview() {
  const asked = location.hash;
  Object.assign(current, { id: null, left: null, right: null, passage: null });
  show(asked === "#overview" ? "overview" : "list");
  if (!["", "#", "#overview"].includes(asked)) tellLost(asked.slice(1));
  else get("lost").hidden = true;
  document.title = title;
  markCurrent();
  if (asked === "#overview") get("overview-title").focus({ preventScroll: true });
}

function tellLost(address) {
  get("lost").hidden = false;
  get("lost").textContent = `This report has no cluster “${address.replace(HOSTILE, escapeOf)}”.`;
  show("overview");
}

/** Show one part; narrow windows have room for the list or for what it leads to. */
function show(part) {
  document.body.dataset.view = part;
  get("overview").hidden = part === "cluster";
  get("cluster").hidden = part !== "cluster";
}

const { title } = document;

if (clusters.length > 0) {
  get("side").hidden = false;
  startList();
} else {
  document.body.classList.add("bare");
}
get("tools").hidden = false;
startKeys();
get("skip").addEventListener("click", (event) => { event.preventDefault(); get("main").focus(); });
addEventListener("hashchange", route);
route();
