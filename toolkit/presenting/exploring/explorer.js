// The explorer: views that filter each other, the tickets they leave, one of them beside, the list of those to be urged.

const READING = "正在读取工单……";

function render({ model, el }) {
  const root = element("div", "drill explorer");
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // a key pressed here is not the notebook's
  const explorer = { root, table: null, rows: [], past: [], future: [], ticket: null, ticks: {}, found: null, word: "" };
  explorer.kernel = createKernel(model, (isSilent) => saySilence(explorer, isSilent));
  explorer.message = element("p", "explorer-message");
  explorer.message.setAttribute("role", "status");
  explorer.main = element("div", "explorer-main");
  root.append(explorer.message, explorer.main);
  el.append(root);
  say(explorer, READING);
  ask(explorer.kernel, "first", {}).then(
    ({ content, buffers }) => begin(explorer, readTable(bufferOf(buffers[0])), content.state),
    (error) => say(explorer, error.message),
  );
  return () => leaveKernel(explorer.kernel);
}

function say(explorer, words) {
  explorer.message.textContent = words;
  explorer.message.hidden = !words;
}

function saySilence(explorer, isSilent) {
  if (isSilent) {
    say(explorer, "内核没有应答。若内核已停止，重新运行本单元即可；已保存的勾选和备注都在");
    if (explorer.kept === SAVING) sayKept(explorer, "尚未保存");
  }
  if (!isSilent && explorer.message.textContent.startsWith("内核没有应答")) say(explorer, "");
}

function begin(explorer, table, kept) {
  Object.assign(explorer, { table, ticks: kept.ticks || {}, usual: { ...table.views.usual } });
  say(explorer, "");
  build(explorer);
  show(explorer, startState(table, kept), true);
  if (kept.trouble) say(explorer, kept.trouble);
  const takeRest = ({ buffers }) => addRest(explorer, readTable(bufferOf(buffers[0])));
  ask(explorer.kernel, "rest", {}).then(takeRest, (error) => say(explorer, error.message));
}

// The columns that no view needed at first; a condition on one of them holds from now on.
function addRest(explorer, rest) {
  const { table } = explorer;
  Object.assign(table.columns, rest.columns);
  Object.assign(table.labels, rest.labels);
  for (const told of ["meanings", "compared", "periods"]) table[told] = rest[told];
  table.isWhole = explorer.root.isWhole = true;
  explorer.cross = null;
  for (const view of explorer.views) if (view.view && rest.columns[view.view.column]) view.shown = null;
  redraw(explorer);
  explorer.root.ready = true;
}

function build(explorer) {
  const { table } = explorer;
  const part = (name, tag = "div") => (explorer[name] = element(tag, `explorer-${name}`));
  const column = (side) => {
    const boxes = table.views.boxes[side].map((views, at) => createBox(explorer, views, `${side}${at}`));
    const place = element("div", `explorer-column explorer-${side}`);
    place.append(...boxes.map((box) => box.element));
    return { place, boxes };
  };
  const [left, right] = [column("left"), column("right")];
  const heat = createHeat(explorer);
  explorer.views = [...left.boxes, heat, ...right.boxes];
  const views = element("div", "explorer-views");
  views.append(left.place, heat.element, right.place);
  explorer.beside = createBeside(explorer);
  explorer.beside.draw();
  explorer.desk = createDesk(explorer);
  explorer.list = createList({
    open: (row) => openRow(explorer, row),
    move: (row) => openSoon(explorer, row),
    sort: (name) => sortTable(explorer, name),
    decorate: (line, row) => decorateRow(explorer, line, row),
    rowHeight: 30,
  });
  const under = element("div", "explorer-under");
  const tickets = element("div", "explorer-tickets");
  tickets.append(buildTicketsHead(explorer), explorer.list.element);
  under.append(tickets, explorer.beside.element);
  fill(explorer.main, part("top"), part("chips"), part("panel"), views, under, explorer.desk.element);
  explorer.panel.hidden = true;
  explorer.list.body.addEventListener("keydown", (event) => tickByKey(explorer, event));
  // What is shown, and a condition set from outside, for scripts beside it.
  explorer.root.choose = (where) => step(explorer, { where });
  Object.defineProperty(explorer.root, "shown", { get: () => Array.from(explorer.rows, (row) => valueAt(table, "ticket_id", row)) });
}

function buildTicketsHead(explorer) {
  const head = element("div", "explorer-head");
  explorer.heading = element("h3");
  explorer.search = element("input", "drill-search");
  explorer.search.type = "search";
  explorer.search.placeholder = "在全部工单中查找：编号、标题、内容、回复、单位、地址";
  explorer.search.setAttribute("aria-label", "查找");
  explorer.search.onchange = () => step(explorer, { view: { search: explorer.search.value.trim() } });
  head.append(explorer.heading, explorer.search);
  return head;
}

// --- what is shown ---------------------------------------------------------------------------------------

function show(explorer, state, isFirst) {
  explorer.state = state;
  if (state.view.search !== explorer.word) return searchFirst(explorer, isFirst);
  redraw(explorer);
  if (!isFirst) keep(explorer, {});
}

// The kernel has the texts: the numbers it finds become flags; a search left meanwhile is not shown.
function searchFirst(explorer, isFirst) {
  const word = explorer.state.view.search;
  const take = (found) => {
    if (word !== explorer.state.view.search) return;
    Object.assign(explorer, { word, found });
    show(explorer, explorer.state, isFirst);
  };
  if (!word) return take(null);
  ask(explorer.kernel, "search", { text: word }).then(
    ({ buffers }) => take(flagFound(explorer.table, readTable(bufferOf(buffers[0])))),
    (error) => say(explorer, error.message),
  );
}

function flagFound(table, found) {
  const flags = new Uint8Array(table.count);
  const ids = Array.from({ length: found.count }, (_, row) => valueAt(found, "ticket_id", row));
  for (const row of selectRows(table, { ticket_id: ids })) flags[row] = 1;
  return flags;
}

function redraw(explorer) {
  const { table, state } = explorer;
  const isLacking = Object.keys(state.where).some((name) => !table.columns[name]);
  if (isLacking && !table.isWhole) return say(explorer, READING); // drawn when the other columns are there
  if (explorer.message.textContent === READING) say(explorer, "");
  explorer.cross = crossConditions(table, state.where, explorer.found, explorer.cross);
  const met = rowsMet(explorer.cross);
  explorer.rows = state.view.sort ? sortRows(table, met, state.view.sort, state.view.down) : met;
  explorer.views.forEach((view) => view.draw());
  drawTop(explorer);
  explorer.heading.textContent = `工单 ${met.length}件${state.view.sort ? "" : "，最急的在前"}`;
  if (explorer.search.value !== state.view.search) explorer.search.value = state.view.search;
  const opened = rowOf(table, explorer.ticket);
  showRows(explorer.list, table, explorer.rows, state.view);
  if (opened !== null && explorer.rows.includes(opened)) moveTo(explorer.list, explorer.rows.indexOf(opened));
  placeTicket(explorer);
  explorer.desk.draw();
}

function sortTable(explorer, name) {
  const { sort, down } = explorer.state.view;
  step(explorer, { view: { sort: name, down: sort === name && !down } });
}

// --- rows ------------------------------------------------------------------------------------------------

function decorateRow(explorer, line, row) {
  const { table } = explorer;
  const id = valueAt(table, "ticket_id", row);
  line.prepend(drawTick(explorer, id));
  const rules = (valueAt(table, "rules", row) || []).map((rule) => sayWord(table, "rules", rule));
  line.append(element("span", "explorer-rules", [...new Set(rules)].join("、")));
  const days = valueAt(table, "overdue_days", row);
  if (days) line.querySelector(".drill-due").textContent = `超期${days}个工作日`;
}

// A key held down runs through the list; the ticket where it stops is asked for.
function openSoon(explorer, row) {
  clearTimeout(explorer.soon);
  explorer.soon = setTimeout(() => openRow(explorer, row), 80);
}

function openRow(explorer, row) {
  clearTimeout(explorer.soon);
  openBeside(explorer, valueAt(explorer.table, "ticket_id", row));
  const at = explorer.rows.indexOf(row);
  if (at >= 0 && at !== explorer.list.at) moveTo(explorer.list, at);
}

function tickByKey(explorer, event) {
  if (event.key !== " " || event.target !== explorer.list.body || !explorer.rows.length) return;
  event.preventDefault();
  const id = valueAt(explorer.table, "ticket_id", explorer.rows[explorer.list.at]);
  tick(explorer, id, !(id in explorer.ticks));
}
