// Single keys, which can be switched off, and the theme; both are remembered where that is allowed.

const KEYS = {
  "/": () => get("search").focus(),
  "j": () => stepCluster(1),
  "k": () => stepCluster(-1),
  "]": () => stepMember(1),
  "[": () => stepMember(-1),
  "n": () => current.id && step(1),
  "p": () => current.id && step(-1),
  "d": () => setMode(view.mode === "shared" ? "differs" : "shared"),
  "o": () => { location.hash = "#overview"; },
  "?": () => get("keys").showModal(),
};
const THEMES = ["auto", "light", "dark"];

function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target === get("search")) get("search").blur();
  const run = KEYS[event.key];
  if (!run || !get("keys-on").checked || get("keys").open) return;
  if (event.target.matches("input:not([type=radio]), select, textarea")) return;
  event.preventDefault();
  run();
}

function stepCluster(by) {
  const at = listed.findIndex((cluster) => cluster.id === readAddress()?.[1]);
  const next = listed[at < 0 ? 0 : at + by];
  if (next) location.hash = `#${next.id}`;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  get("theme").textContent = `Theme: ${theme}`;
}

/** Files may be denied a memory. */
function remember(name, value) {
  try { localStorage.setItem(`dupfind-${name}`, value); } catch { /* then it is forgotten */ }
}

function recall(name) {
  try { return localStorage.getItem(`dupfind-${name}`); } catch { return null; }
}

function startKeys() {
  addEventListener("keydown", pressKey);
  get("help").addEventListener("click", KEYS["?"]);
  get("keys-close").addEventListener("click", (event) => { event.preventDefault(); get("keys").close(); });
  get("keys-on").checked = recall("keys") !== "off";
  get("keys-on").addEventListener("change", (event) => remember("keys", event.target.checked ? "on" : "off"));
  const kept = recall("theme");
  setTheme(THEMES.includes(kept) ? kept : "auto");
  get("theme").addEventListener("click", () => {
    const at = THEMES.indexOf(document.documentElement.dataset.theme);
    const theme = THEMES[(at + 1) % THEMES.length];
    setTheme(theme);
    remember("theme", theme);
  });
}
