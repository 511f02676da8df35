// Between the two texts: a ribbon from each passage to its counterpart.

/** Draw ribbons in a gutter, anew whenever a text scrolls or its layout changes. */
function connect(left, right, gutter, passages) {
  let places = [];
  let asked = false;
  const redraw = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; drawRibbons(left, right, gutter, places); });
  };
  const remeasure = () => { places = measure(left, right, passages); redraw(); };
  left.addEventListener("scroll", redraw, { passive: true });
  right.addEventListener("scroll", redraw, { passive: true });
  const watch = new ResizeObserver(remeasure);
  watch.observe(left);
  watch.observe(right);
  return { remeasure, stop: () => watch.disconnect() };
}

/** Find where passages stand in their scrolled texts, in pixels from the texts' tops. */
function measure(left, right, passages) {
  const [here, there] = [left, right].map((pane) => findExtents(pane));
  return passages.map((passage) => ({
    passage, left: here.get(passage.number), right: there.get(passage.number),
  }));
}

function findExtents(pane) {
  const marks = [...pane.querySelectorAll(".passage")];
  return new Map(marks.map((mark) => [Number(mark.dataset.passage), extentOf(mark, pane)]));
}

function extentOf(mark, pane) {
  const own = pane.getBoundingClientRect();
  const { top, bottom } = mark.getBoundingClientRect();
  return { top: top - own.top + pane.scrollTop, bottom: bottom - own.top + pane.scrollTop };
}

const findMark = (pane, number) => pane.querySelector(`[data-passage="${number}"]`);
const findExtent = (pane, number) => extentOf(findMark(pane, number), pane);

function drawRibbons(left, right, gutter, places) {
  const width = gutter.clientWidth;
  gutter.replaceChildren(...places.flatMap(({ passage, left: here, right: there }) => {
    const begin = shift(here, left);
    const end = shift(there, right);
    if (!isSeen(begin, left) && !isSeen(end, right)) return [];
    const moved = passage.moved ? " moved" : "";
    const selected = passage.number === current.passage ? " selected" : "";
    return [draw("path", {
      d: curve(begin, end, width), class: `ribbon${moved}${selected}`,
      "data-hue": passage.number % HUES, "data-ribbon": passage.number,
    })];
  }));
}

const shift = ({ top, bottom }, pane) => ({ top: top - pane.scrollTop, bottom: bottom - pane.scrollTop });
const isSeen = ({ top, bottom }, pane) => bottom > 0 && top < pane.clientHeight;

function curve(begin, end, width) {
  const middle = width / 2;
  const bend = (from, to, target) => `C${middle} ${from} ${middle} ${to} ${target} ${to}`;
  const upper = `M0 ${begin.top}${bend(begin.top, end.top, width)}`;
  return `${upper}L${width} ${end.bottom}${bend(end.bottom, begin.bottom, 0)}Z`;
}
