// A list of tickets of which only the rows that are seen are drawn, at a million too.

const ROW_HEIGHT = 54;
const TALLEST = 8000000; // pixels: browsers draw nothing taller than some 16 million
let tablesMade = 0;

// on: { open(row), sort(name) }; and where the list stands among other things move(row), when the keyboard comes to
// another row, decorate(line, row), which adds to a drawn row, and rowHeight.
function createList(on) {
  const list = { on, table: null, rows: [], at: 0, rowHeight: on.rowHeight || ROW_HEIGHT, name: `drill-row-${tablesMade++}` };
  list.head = element("div", "drill-head");
  list.body = element("div", "drill-body");
  list.space = element("div", "drill-space");
  list.body.append(list.space);
  list.body.tabIndex = 0;
  list.body.setAttribute("role", "listbox");
  list.body.setAttribute("aria-label", "工单");
  list.body.onscroll = () => drawRows(list);
  list.body.onkeydown = (event) => moveByKey(list, event);
  list.element = element("div", "drill-list-view");
  list.element.append(list.head, list.body);
  if (typeof ResizeObserver !== "undefined") new ResizeObserver(() => drawRows(list)).observe(list.body);
  return list;
}

function showRows(list, table, rows, state) {
  Object.assign(list, { table, rows, at: 0 });
  fill(list.head, ...listHeadings(list, state));
  list.space.style.height = `${spaceHeight(list)}px`;
  list.body.scrollTop = 0;
  drawRows(list);
}

function listHeadings(list, state) {
  const names = list.table.listed.filter((name) => list.table.columns[name] && name !== "title" && !isAlike(list, name));
  return names.map((name) => {
    const mark = state.sort === name ? (state.down ? " ▼" : " ▲") : "";
    const made = button(list.table.labels[name] + mark, "drill-sort", () => list.on.sort(name));
    made.setAttribute("aria-pressed", String(state.sort === name));
    made.title = `按${list.table.labels[name]}排序`;
    return made;
  });
}

// Of one unit alone nothing is said beside each ticket.
function isAlike(list, name) {
  return name === "unit" && list.table.columns.unit.size < 2;
}

// --- where rows stand: past TALLEST a pixel scrolled is more than a pixel of the list -------------------

function spaceHeight(list) {
  return Math.min(list.rows.length * list.rowHeight, TALLEST);
}

function viewHeight(list) {
  return list.body.clientHeight || 480;
}

function stretch(list) {
  const view = viewHeight(list);
  return Math.max(0, list.rows.length * list.rowHeight - view) / Math.max(1, spaceHeight(list) - view);
}

function drawRows(list) {
  if (!list.table) return;
  const scrolled = list.body.scrollTop;
  const top = scrolled * Math.max(1, stretch(list));
  const first = Math.max(0, Math.floor(top / list.rowHeight));
  const end = Math.min(list.rows.length, Math.ceil((top + viewHeight(list)) / list.rowHeight) + 1);
  const drawn = [];
  for (let at = first; at < end; at++) drawn.push(drawRow(list, at, scrolled + at * list.rowHeight - top));
  fill(list.space, ...(drawn.length ? drawn : [element("p", "drill-none", "没有符合条件的工单")]));
  list.body.setAttribute("aria-activedescendant", `${list.name}-${list.at}`);
}

function drawRow(list, at, y) {
  const row = list.rows[at];
  const read = (name) => valueAt(list.table, name, row);
  const line = element("div", at === list.at ? "drill-row drill-on" : "drill-row");
  line.id = `${list.name}-${at}`;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", String(at === list.at));
  line.setAttribute("aria-posinset", at + 1);
  line.setAttribute("aria-setsize", list.rows.length);
  line.style.top = `${y}px`;
  line.append(drawDot(worstSeverity(list.table, row)), element("span", "drill-id", read("ticket_id")));
  const state = read("due_state");
  line.append(element("span", state === list.table.overdue ? "drill-state drill-bad" : "drill-state", state));
  line.append(element("span", "drill-said", read("title") || read("category")), element("span", "drill-due", sayDue(read)));
  line.append(element("span", "drill-unit", isAlike(list, "unit") ? "" : read("unit")));
  line.onclick = () => openAt(list, at);
  if (list.on.decorate) list.on.decorate(line, row);
  return line;
}

function sayDue(read) {
  const due = read("due_at");
  return due ? `截止 ${due.slice(2, 16)}` : "无截止时间";
}

// --- moving ------------------------------------------------------------------------------------------

function openAt(list, at) {
  list.at = at;
  drawRows(list);
  list.on.open(list.rows[at]);
}

function moveByKey(list, event) {
  const page = Math.max(1, Math.floor(viewHeight(list) / list.rowHeight));
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -list.rows.length, End: list.rows.length };
  if (event.key === "Enter" && list.rows.length) openAt(list, list.at);
  else if (event.key in steps) moveByStep(list, steps[event.key]);
  else return;
  event.preventDefault();
}

function moveByStep(list, step) {
  moveTo(list, list.at + step);
  if (list.on.move && list.rows.length) list.on.move(list.rows[list.at]);
}

function moveTo(list, at) {
  list.at = Math.max(0, Math.min(list.rows.length - 1, at));
  const times = Math.max(1, stretch(list));
  const [top, y] = [list.body.scrollTop * times, list.at * list.rowHeight];
  const over = y + list.rowHeight - viewHeight(list);
  if (y < top) list.body.scrollTop = y / times;
  else if (over > top) list.body.scrollTop = Math.ceil(over / times);
  drawRows(list);
}
