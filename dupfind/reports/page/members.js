// The documents of a cluster, each with what it shares with the one it is shown against.

const FEW = 12; // members listed at once

/** Order members: the lead, then those that have a place among the versions, then the closest. */
function orderMembers(cluster, shared) {
  const rest = cluster.members.filter((number) => number !== cluster.lead);
  const known = shared.versions.filter(({ place }) => place !== null);
  const place = new Map(known.map(({ member }, at) => [member, at]));
  const measure = (number) =>
    place.get(number) ?? known.length + 1 - (coverageOf(shared, number, cluster.lead) ?? -1);
  return [cluster.lead, ...rest.sort((one, other) => measure(one) - measure(other))];
}

function makeMembers(members, shared) {
  const dated = members.some((number) => documents[number].published);
  const body = make("tbody", {}, ...members.slice(0, FEW).flatMap((m) => makeMember(m, shared, dated)));
  const heads = ["", "Document", "Relation", "Of it", "Of the lead", "Shared", "Words"];
  const table = make("table", { class: "members" },
    make("thead", {}, make("tr", {}, ...[...heads, ...(dated ? ["Published"] : [])].map((name) =>
      make("th", { scope: "col" }, name)))),
    body);
  const section = make("section", { class: "versions" }, make("div", { class: "wide" }, table));
  const left = members.length - FEW;
  if (left > 0) {
    const more = make("button", { type: "button", class: "more" }, `Show all ${figure(members.length)}`);
    more.addEventListener("click", () => {
      for (const member of members.slice(FEW)) body.append(...makeMember(member, shared, dated));
      more.remove();
      markMember(shared);
    });
    section.append(more);
  }
  return section;
}

/** Make the row of a member, and one for what else is known of it. */
function makeMember(number, shared, dated) {
  const { words, published } = documents[number];
  const row = make("tr", { "data-member": number },
    make("td", { class: "rank" }, String(shared.rank.get(number))),
    make("th", { scope: "row" }, ...linkMember(number, shared)),
    ...tellMatch(number, shared),
    make("td", { class: "figure", "data-of": "words" }, figure(words)),
    dated ? make("td", { class: "date" }, published ? when(published) : "–") : null);
  const known = tellKnown(number, true);
  if (!known) return [row];
  const rest = make("td", { colspan: dated ? 7 : 6 }, known);
  return [row, make("tr", { class: "about" }, make("td"), rest)];
}

function linkMember(number, shared) {
  const names = nameOf(number);
  if (number === shared.lead) return names;
  return [make("a", { href: shared.linkTo(number) }, ...names)];
}

function tellMatch(number, shared) {
  if (number === shared.lead) {
    return [make("td", { colspan: 4 }, badge("lead"))];
  }
  const against = shared.against(number);
  const match = shared.byPair.get(pairKey(number, against));
  const own = match.coverage[match.a === number ? 0 : 1];
  const other = match.coverage[match.a === number ? 1 : 0];
  return [
    make("td", {}, badge(match.relation),
      against === shared.lead ? null : make("span", { class: "flag" }, `with ${shared.rank.get(against)}`),
      ...flagsOf(match.flags)),
    makeGauge(own, "of it"), makeGauge(other, "of the lead"),
    make("td", { class: "figure", "data-of": "shared" }, figure(match.words)),
  ];
}

function makeGauge(share, whose) {
  return make("td", { class: "gauge", "data-of": whose },
    draw("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
      draw("rect", { class: "rail", width: 100, height: 4 }),
      draw("rect", { width: 100 * share, height: 4 })),
    percent(share));
}

/** Mark the member that is compared below. */
function markMember(shared) {
  for (const element of get("cluster").querySelectorAll("[data-member]")) {
    const own = Number(element.dataset.member) === shared.right;
    element.classList.toggle("shown", own);
  }
}
