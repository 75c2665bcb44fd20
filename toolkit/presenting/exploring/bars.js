// A view of one column: a row a value, a bar as long as its tickets; a click chooses. Rows keep their places.

const MOST_BARS = 200; // rows of a view, the most frequent; further values are found by the search or the heat map

// Boxes of a fixed height; where one holds several views, tabs say which is shown.
function createBox(explorer, views, place) {
  const box = { element: element("section", "explorer-box"), views, place, shown: null };
  box.head = element("div", "explorer-head");
  box.body = element("div", "explorer-bars");
  box.body.onkeydown = (event) => moveFocus(box.body, event, 1);
  box.element.append(box.head, box.body);
  box.draw = () => drawBox(explorer, box);
  return box;
}

function drawBox(explorer, box) {
  const asked = explorer.state.view.tabs[box.place];
  const at = box.views[asked] ? asked : 0;
  if (box.shown !== at) openTab(explorer, box, at);
  updateBars(explorer, box);
}

function openTab(explorer, box, at) {
  box.shown = at;
  box.view = box.views[at];
  const tabs = box.views.map((view, tab) => {
    const made = button(view.title, "explorer-tab", () => chooseTab(explorer, box, tab));
    made.setAttribute("aria-pressed", String(tab === at));
    return made;
  });
  fill(box.head, ...(tabs.length > 1 ? tabs : [element("h3", "", box.view.title)]));
  box.element.setAttribute("aria-label", box.view.title);
  box.element.dataset.column = box.view.column;
  box.rows = listBars(explorer, box.view.column).map((value) => createBar(explorer, box.view.column, value));
  fill(box.body, ...box.rows.map((row) => row.element));
  rove(box.body);
}

function chooseTab(explorer, box, tab) {
  step(explorer, { view: { tabs: { ...explorer.state.view.tabs, [box.place]: tab } } });
}

// The values that are given, or all that tickets have, the most frequent first.
function listBars(explorer, name) {
  const { table } = explorer;
  const given = table.views.shown[name];
  if (given) return given;
  return orderValues(table, name).slice(0, MOST_BARS);
}

// All values of a column, the most frequent in the whole table first; counted once.
function orderValues(table, name) {
  const column = table.columns[name];
  if (!column) return [];
  column.ordered = column.ordered || countAll(table, name, column);
  return column.ordered;
}

function countAll(table, name, column) {
  const nothing = { bits: {}, fails: new Uint16Array(table.count) };
  const counts = Array.from(countCross(table, nothing, name, []), (count, code) => [code, count]);
  const known = counts.filter(([code, count]) => count && (code || !column.offsets));
  known.sort((a, b) => rankOf(column, a[0]) - rankOf(column, b[0]) || b[1] - a[1]);
  return known.map(([code]) => (code ? column.word(code) : null));
}

// Findings stand by their colour, red first; what is missing stands last.
function rankOf(column, code) {
  if (!code) return 9;
  return ["severities", "colour"].includes(column.name) ? "红橙黄蓝".indexOf(column.word(code).slice(-1)) : 0;
}

function createBar(explorer, name, value) {
  const made = element("button", "explorer-bar");
  made.type = "button";
  const said = sayWord(explorer.table, name, value);
  const [bar, count] = [element("span", "explorer-length"), element("span", "explorer-count")];
  const label = element("span", "explorer-label");
  const colour = colourOf(explorer.table, name, value);
  if (colour) label.append(drawDot(colour));
  label.append(said);
  const track = element("span", "explorer-track");
  track.append(bar);
  made.append(label, track, count);
  made.title = (explorer.table.views.said.evidence || {})[value] || said;
  if (explorer.table.views.late.includes(value)) made.classList.add("explorer-late");
  made.onclick = (event) => choose(explorer, { [name]: value }, isAdding(event));
  return { element: made, bar, count, value, said };
}

function colourOf(table, name, value) {
  if (["severities", "colour"].includes(name)) return value.slice(-1);
  return name === "rests_on" ? table.views.said.colours[value] : null;
}

function isAdding(event) {
  return event.ctrlKey || event.metaKey;
}

function updateBars(explorer, { view, rows }) {
  const { table, cross, state } = explorer;
  const column = table.columns[view.column];
  const counts = countCross(table, cross, view.column, [view.column]);
  const numbers = rows.map(({ value }) => (value === null ? counts[0] : counts[column ? column.code(value) : -1] || 0));
  const most = Math.max(1, ...numbers);
  const chosen = state.where[view.column];
  rows.forEach((row, at) => {
    const number = String(numbers[at]);
    if (row.count.textContent !== number) row.count.textContent = number;
    row.bar.style.width = `${(100 * numbers[at]) / most}%`;
    row.element.setAttribute("aria-pressed", String(includes(chosen, row.value)));
    row.element.classList.toggle("explorer-none", !numbers[at]);
  });
}

// --- one stop of the Tab key a view; arrows go on within it ---------------------------------------------

function rove(place) {
  const buttons = place.querySelectorAll("button");
  buttons.forEach((one, at) => (one.tabIndex = at ? -1 : 0));
}

// across: how many buttons stand in a row.
function moveFocus(place, event, across) {
  const buttons = [...place.querySelectorAll("button")];
  const steps = { ArrowDown: across, ArrowUp: -across, ArrowRight: 1, ArrowLeft: -1, Home: -buttons.length, End: buttons.length };
  if (!(event.key in steps)) return;
  const at = buttons.indexOf(event.target) + steps[event.key];
  const to = buttons[Math.max(0, Math.min(buttons.length - 1, at))];
  buttons.forEach((one) => (one.tabIndex = one === to ? 0 : -1));
  to.focus();
  event.preventDefault();
}
