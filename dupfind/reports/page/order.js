// How the place of each version is known, and what it changed.

/** List the versions, those of one place together; those without a place have nothing to tell. */
function makeOrder(shared) {
  const placed = shared.versions.filter((version) => version.place !== null);
  const body = make("tbody", {}, ...placed.slice(0, FEW).map((version) => makeVersion(version, shared)));
  const heads = ["Place", "Document", "Known by", "Words"];
  const table = make("table", { class: "order" },
    make("thead", {}, make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)))), body);
  const wide = make("div", { class: "wide" }, table);
  if (placed.length <= FEW) return wide;
  const more = make("button", { type: "button", class: "more" }, `Show all ${figure(placed.length)}`);
  more.addEventListener("click", () => {
    body.append(...placed.slice(FEW).map((version) => makeVersion(version, shared)));
    more.remove();
    markMember(shared);
  });
  wide.append(more);
  return wide;
}

function makeVersion(version, shared) {
  const { member, place, evidence } = version;
  return make("tr", { "data-member": member },
    make("td", { class: "rank" }, `${place}.`),
    make("td", {}, make("a", { href: shared.linkTo(member), title: titleOf(member) },
      String(shared.rank.get(member)))),
    make("td", {}, when(evidence)),
    make("td", { class: "change" }, ...tellChange(version, shared)));
}

/** Tell what a version added to the one before it, and what it dropped. */
function tellChange({ before, added, dropped }, shared) {
  if (before === null) return [];
  const since = shared.rank.get(before);
  return [
    make("ins", { title: `${count(added, "word")} that ${since} does not have` }, `+${figure(added)}`), " ",
    make("del", { title: `${count(dropped, "word")} of ${since} that it does not have` }, `−${figure(dropped)}`),
    ` since ${since}`];
}
