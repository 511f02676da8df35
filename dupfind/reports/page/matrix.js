// How much of each member every other one covers, drawn as a heat map.

const WIDEST = 40; // members that a screen has room for
const TOLD = 16; // members up to which the cells have numbers

/** Give the matrix of a cluster: rows are covered by columns. Arrow keys move in it. */
function makeMatrix(members, shared) {
  const shown = members.slice(0, WIDEST);
  const rows = shown.map((row) => make("tr", {},
    head(row, shared, "row"), ...shown.map((column) => makeCell(row, column, shown, shared))));
  const table = make("table", { class: shown.length > TOLD ? "heat dense" : "heat" },
    make("caption", {}, "Each row: how much of it the others cover"),
    make("thead", {}, make("tr", {}, make("td"), ...shown.map((column) => head(column, shared, "col")))),
    make("tbody", {}, ...rows));
  table.addEventListener("keydown", moveInMatrix);
  const first = table.querySelector("a");
  if (first) first.tabIndex = 0;
  const left = members.length - shown.length;
  const notes = [
    left ? `The first ${WIDEST} of ${figure(members.length)} documents.` : null,
    table.querySelector(".none") ? "Hatched: no match." : null,
    shared.omitted ? `${count(shared.omitted, "pair")} of the cluster not compared one by one.` : null,
  ].filter(Boolean).join(" ");
  return make("section", { class: "matrix" }, make("div", { class: "wide" }, table),
    notes ? make("p", { class: "small" }, notes) : null);
}

function head(number, shared, scope) {
  return make("th", { scope, title: titleOf(number) }, String(shared.rank.get(number)));
}

function makeCell(row, column, shown, shared) {
  if (row === column) return make("td", { class: "self" });
  const share = coverageOf(shared, row, column);
  const ranks = `${shared.rank.get(row)} by ${shared.rank.get(column)}`;
  if (share === null) return make("td", { class: "none", title: `${ranks}: no match` });
  const label = `${ranks}: ${percent(share)}`;
  const cell = make("td", { class: share > 0.78 ? "strong" : share > 0.64 ? "middle" : null }, make("a", {
    href: shared.linkTo(row, column), title: label, "aria-label": label, tabindex: -1,
  }, shown.length > TOLD ? "" : String(hundredths(share))));
  cell.style.setProperty("--heat", percent(share));
  return cell;
}

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Move the focus to the next cell with a number in the direction of the arrow. */
function moveInMatrix(event) {
  const step = ARROWS[event.key];
  const cell = event.target.closest("td");
  if (!step || !cell) return;
  event.preventDefault();
  const rows = cell.closest("tbody").rows;
  let [row, column] = [cell.parentNode.sectionRowIndex + step[0], cell.cellIndex + step[1]];
  while (rows[row]?.cells[column] && !rows[row].cells[column].querySelector("a")) {
    [row, column] = [row + step[0], column + step[1]];
  }
  const link = rows[row]?.cells[column]?.querySelector("a");
  if (!link) return;
  event.target.tabIndex = -1;
  link.tabIndex = 0;
  link.focus();
}
