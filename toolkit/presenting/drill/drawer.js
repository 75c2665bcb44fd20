// The drawer at the side: a figure's tickets, what narrows them, a ticket opened in their place, and files of them.

// root: where the drawer stands and Esc is heard. options: reports ({ name: address }), remember(state, isNew) when what
// is shown changes, address() for the link that is copied. Gives { element, setTable, open, close }.
function createDrawer(root, options) {
  const drawer = { root, options, table: null, state: null, rows: [], opener: null };
  buildDrawer(drawer);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.state) closeDrawer(drawer);
  });
  return {
    element: drawer.element,
    setTable: (table) => {
      drawer.table = table;
      drawer.element.ready = true;
      if (drawer.state) draw(drawer);
    },
    open: (given, opener) => openDrawer(drawer, makeState(given), opener),
    restore: (state) => restore(drawer, state),
    close: () => closeDrawer(drawer),
  };
}

function buildDrawer(drawer) {
  const part = (name, tag = "div") => (drawer[name] = element(tag, `drill-${name}`));
  drawer.element = element("section", "drill drill-drawer");
  drawer.element.setAttribute("role", "dialog");
  drawer.element.tabIndex = -1;
  drawer.element.hidden = true;
  drawer.list = createList({ open: (row) => openTicket(drawer, row), sort: (name) => sortBy(drawer, name) });
  const tools = part("tools");
  tools.append(
    button("导出CSV", "drill-tool", () => saveCsv(drawer)),
    button("导出Excel", "drill-tool", () => saveWorkbook(drawer)),
    button("复制链接", "drill-tool", (event) => copyLink(drawer, event.target)),
    button("关闭", "drill-tool drill-close", () => closeDrawer(drawer)),
  );
  drawer.search = buildSearch(drawer);
  const view = part("view");
  view.append(drawer.search, part("chips"), drawer.list.element);
  const bar = element("div", "drill-bar");
  bar.append(part("heading", "h2"), tools);
  drawer.element.append(bar, part("how", "p"), view, part("ticket"));
  Object.defineProperty(drawer.element, "shown", { get: () => listShown(drawer) });
  drawer.ticket.onkeydown = (event) => stepByKey(drawer, event);
  drawer.root.append(drawer.element);
}

function buildSearch(drawer) {
  const search = element("input", "drill-search");
  search.type = "search";
  search.placeholder = "在这些工单中查找：编号、标题、内容、单位";
  search.setAttribute("aria-label", "在这些工单中查找");
  search.oninput = () => change(drawer, { search: search.value }, false);
  return search;
}

// --- what is shown -------------------------------------------------------------------------------------

function openDrawer(drawer, state, opener) {
  drawer.opener = opener || null;
  drawer.state = state;
  drawer.last = undefined;
  drawer.options.remember(state, true);
  draw(drawer);
  drawer.element.focus({ preventScroll: true });
}

// As the address asks: nothing is remembered anew.
function restore(drawer, state) {
  drawer.state = state;
  if (state) draw(drawer);
  else hide(drawer);
}

function change(drawer, changes, isNew) {
  Object.assign(drawer.state, changes);
  drawer.options.remember(drawer.state, isNew);
  draw(drawer);
}

function closeDrawer(drawer) {
  drawer.state = null;
  drawer.options.remember(null, true);
  hide(drawer);
}

function hide(drawer) {
  drawer.element.hidden = true;
  if (drawer.opener) drawer.opener.focus();
  drawer.opener = null;
}

function draw(drawer) {
  const { state, table } = drawer;
  drawer.element.hidden = false;
  drawer.how.textContent = table ? tellMeaning(table, state.where) : "";
  if (drawer.search.value !== state.search) drawer.search.value = state.search;
  if (!table) return say(drawer, "正在读取工单……");
  const met = selectRows(table, state.where);
  const narrowed = searchRows(table, selectAmong(table, met, state.narrow), state.search);
  drawer.rows = state.sort ? sortRows(table, narrowed, state.sort, state.down) : narrowed;
  const of = narrowed.length === met.length ? "" : `（共${met.length}件）`;
  say(drawer, `${narrowed.length}件：${state.what || "所选工单"}${of}`);
  drawChips(drawer, narrowed);
  showPart(drawer, state.ticket === null ? null : findTicket(drawer, state.ticket));
}

function say(drawer, heading) {
  drawer.heading.textContent = heading;
  drawer.element.setAttribute("aria-label", heading);
}

function selectAmong(table, rows, narrow) {
  if (!Object.keys(narrow).length) return rows;
  const kept = new Uint8Array(table.count);
  for (const row of rows) kept[row] = 1;
  for (const [name, wanted] of Object.entries(narrow)) keepOnly(kept, table.columns[name], wanted);
  return listKept(kept, table.count);
}

function showPart(drawer, row) {
  const { state } = drawer;
  drawer.view.hidden = row !== null;
  drawer.ticket.hidden = row === null;
  if (row !== null) return showTicket(drawer, row);
  fill(drawer.ticket);
  showRows(drawer.list, drawer.table, drawer.rows, state);
  if (drawer.last !== undefined) moveTo(drawer.list, Math.max(0, drawer.rows.indexOf(drawer.last)));
}

function listShown(drawer) {
  if (!drawer.table || !drawer.state) return null;
  return Array.from(drawer.rows, (row) => valueAt(drawer.table, "ticket_id", row));
}

// --- a ticket in the list's place ----------------------------------------------------------------------

function openTicket(drawer, row) {
  change(drawer, { ticket: valueAt(drawer.table, "ticket_id", row) }, true);
  drawer.ticket.querySelector("button").focus();
}

function findTicket(drawer, id) {
  const [row] = selectRows(drawer.table, { ticket_id: [id] });
  return row === undefined ? null : row;
}

function showTicket(drawer, row) {
  drawer.last = row;
  const at = drawer.rows.indexOf(row);
  const bar = element("div", "drill-steps");
  bar.append(button("← 返回列表", "drill-tool drill-back", () => backToList(drawer)));
  bar.append(stepButton(drawer, "‹ 上一件", at - 1), element("span", "drill-place", at < 0 ? "" : `${at + 1}/${drawer.rows.length}`));
  bar.append(stepButton(drawer, "下一件 ›", at < 0 ? -1 : at + 1));
  const focused = drawer.ticket.contains(document.activeElement) ? document.activeElement.textContent : null;
  fill(drawer.ticket, bar, ...drawTicket(drawer.table, row, linksOf(drawer)));
  drawer.ticket.scrollTop = 0;
  if (focused !== null) focusAgain(bar, focused);
}

function backToList(drawer) {
  change(drawer, { ticket: null }, true);
  drawer.list.body.focus();
}

function focusAgain(bar, text) {
  const same = [...bar.querySelectorAll("button")].find((one) => one.textContent === text && !one.disabled);
  (same || bar.querySelector("button")).focus();
}

function stepButton(drawer, text, at) {
  const made = button(text, "drill-tool drill-step", () => stepTo(drawer, at));
  made.disabled = at < 0 || at >= drawer.rows.length;
  return made;
}

function stepTo(drawer, at) {
  if (at >= 0 && at < drawer.rows.length) change(drawer, { ticket: valueAt(drawer.table, "ticket_id", drawer.rows[at]) }, false);
}

function stepByKey(drawer, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) stepTo(drawer, drawer.rows.indexOf(drawer.last) + step);
}

function linksOf(drawer) {
  return {
    toTicket: (id) => findTicket(drawer, id) !== null,
    openTicket: (id) => change(drawer, { ticket: id }, true),
    toReport: (report, id) => linkToReport(drawer.options.reports[report], report, id),
  };
}

function linkToReport(address, report, id) {
  if (!address) return element("p", "drill-origin", report ? `全文见${report}的报告` : "全文见所属单位的报告");
  const link = element("a", "drill-report", `打开${report}的报告查看本件`);
  link.href = `${address}#ticket=${encodeURIComponent(id)}`;
  return link;
}
