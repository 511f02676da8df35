// Building the page: elements and text nodes, never markup. What documents say cannot become
// anything but text.

// Tabs and line ends stay what they are.
const HOSTILE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

const get = (id) => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Set attributes (true: empty, false or null: none) and append children but for null. */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Give the nodes of a document's text; control and direction characters show as escapes. */
function spell(text) {
  const nodes = [];
  let last = 0;
  for (const found of text.matchAll(HOSTILE)) {
    if (found.index > last) nodes.push(text.slice(last, found.index));
    nodes.push(make("span", { class: "escape" }, escapeOf(found[0])));
    last = found.index + 1;
  }
  if (last < text.length) nodes.push(text.slice(last));
  return nodes;
}

function escapeOf(character) {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const motion = () => (calm.matches ? "instant" : "smooth");
