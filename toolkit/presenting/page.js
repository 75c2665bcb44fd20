"use strict";
// The drill-down of an offline report: a figure or a bar carries a condition on the ticket table;
// a click shows exactly the tickets that meet it. Ticket text is only ever set as text, never as HTML.

const PAGE_SIZE = 50;
const data = JSON.parse(document.getElementById("tickets-data")?.textContent ?? "null");
const columns = data ? Object.fromEntries(data.columns.map(prepareColumn)) : {};
const count = data ? (data.columns[0].codes ?? data.columns[0].lists).length : 0;
const view = { rows: [], what: "", page: 0, sort: null, down: false, search: "" };

function prepareColumn(column) {
  if (column.lists) return [column.name, { ...column, get: (row) => column.lists[row] }];
  const codes = typeof column.codes === "string" ? Array.from(column.codes, codeOfSymbol) : column.codes;
  return [column.name, { ...column, codes, get: (row) => (codes[row] < 0 ? null : column.distinct[codes[row]]) }];
}

function codeOfSymbol(symbol) {
  return data.symbols.indexOf(symbol) - 1; // the first symbol stands for a missing value
}

// --- which tickets ---------------------------------------------------------------------------------

function meets(name, wanted) {
  const column = columns[name];
  if (!column) return () => wanted.includes(null); // a column this report has none of: missing throughout
  if (column.lists) return (row) => column.lists[row].some((value) => wanted.includes(value));
  const ABSENT = -2; // a value no ticket has; -1 is the code of a missing value
  const codeOf = (value) => (column.distinct.includes(value) ? column.distinct.indexOf(value) : ABSENT);
  const codes = new Set(wanted.map((value) => (value === null ? -1 : codeOf(value))));
  return (row) => codes.has(column.codes[row]);
}

function select(where) {
  const tests = Object.entries(where).map(([name, wanted]) => meets(name, wanted));
  const rows = [];
  for (let row = 0; row < count; row++) if (tests.every((test) => test(row))) rows.push(row);
  return rows;
}

function show(where, what) {
  view.rows = select(where);
  view.what = what;
  view.page = 0;
  draw();
}

function searched() {
  const word = view.search.trim().toLowerCase();
  if (!word) return view.rows;
  const names = ["ticket_id", "unit", "title", "category", "content", "reply", "address"].filter((n) => columns[n]);
  return view.rows.filter((row) => names.some((n) => String(columns[n].get(row) ?? "").toLowerCase().includes(word)));
}

function sorted(rows) {
  if (!view.sort) return rows;
  const get = columns[view.sort].get;
  const sign = view.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [get(a), get(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return x < y ? -sign : x > y ? sign : 0;
  });
}

// --- drawing ---------------------------------------------------------------------------------------

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function draw() {
  const rows = sorted(searched());
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_SIZE));
  view.page = Math.min(view.page, pages - 1);
  const place = document.getElementById("tickets-table");
  place.replaceChildren(drawHead(), drawBody(rows.slice(view.page * PAGE_SIZE, (view.page + 1) * PAGE_SIZE)));
  document.getElementById("tickets-what").textContent = `${view.what}：${rows.length}件`;
  document.getElementById("tickets-pages").textContent = `第${view.page + 1}/${pages}页`;
  document.getElementById("tickets-back").disabled = view.page === 0;
  document.getElementById("tickets-next").disabled = view.page >= pages - 1;
  const section = document.getElementById("tickets");
  section.dataset.count = rows.length;
  section.shown = rows.map((row) => columns.ticket_id.get(row));
}

function drawHead() {
  const line = element("tr");
  for (const name of data.listed) {
    const cell = element("th", data.labels[name]);
    if (view.sort === name) cell.className = view.down ? "sorted down" : "sorted";
    cell.onclick = () => {
      view.down = view.sort === name && !view.down;
      view.sort = name;
      draw();
    };
    line.append(cell);
  }
  const head = element("thead");
  head.append(line);
  return head;
}

function drawBody(rows) {
  const body = element("tbody");
  for (const row of rows) {
    const line = element("tr", null, "row");
    for (const name of data.listed) line.append(drawCell(name, columns[name].get(row)));
    line.onclick = (event) => { if (event.target.tagName !== "A") toggleDetail(line, row); };
    body.append(line);
  }
  if (!rows.length) body.append(drawEmpty());
  return body;
}

function drawEmpty() {
  const cell = element("td", "没有符合条件的工单");
  cell.colSpan = data.listed.length;
  const line = element("tr");
  line.append(cell);
  return line;
}

function drawCell(name, value) {
  if (name === "due_state") {
    const cell = element("td");
    cell.append(element("span", value, `state ${value}`));
    return cell;
  }
  const kind = name === "ticket_id" ? "id" : name.endsWith("_at") ? "time" : "";
  return element("td", value, kind);
}

function toggleDetail(line, row) {
  if (line.nextSibling?.classList?.contains("detail")) return line.nextSibling.remove();
  const cell = element("td");
  cell.colSpan = data.listed.length;
  if (data.stages.length) cell.append(...describe(row));
  else cell.append(linkToReport(columns.report.get(row), columns.ticket_id.get(row)));
  const detail = element("tr", null, "detail");
  detail.append(cell);
  line.after(detail);
}

function describe(row) {
  const timeline = element("ol", null, "timeline");
  const stages = [...data.stages, "due_at"].map((name) => [columns[name].get(row), name]).filter(([time]) => time);
  stages.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [time, name] of stages) {
    const item = element("li", null, name === "due_at" ? "due" : "");
    item.append(element("strong", data.labels[name]), element("br"), time);
    timeline.append(item);
  }
  const evidence = element("ul", null, "evidence");
  for (const sentence of columns.evidence.get(row)) evidence.append(element("li", sentence));
  const facts = element("dl");
  for (const name of data.detail) {
    const value = columns[name].get(row);
    if (value === null) continue;
    const wide = ["content", "reply", "address", "due_explained"].includes(name) ? "wide" : "";
    facts.append(element("dt", data.labels[name], wide), element("dd", value, wide));
  }
  return [timeline, evidence, facts];
}

// --- links between pages ---------------------------------------------------------------------------

const reports = JSON.parse(document.getElementById("report-links")?.textContent ?? "{}");

function linkToReport(report, ticket) {
  const link = element("a", `打开${report}的报告查看本件`);
  if (!reports[report]) return element("span", `见${report}的报告`);
  link.href = `${reports[report]}#ticket=${encodeURIComponent(ticket)}`;
  return link;
}

function openFromAddress() {
  const asked = Object.fromEntries(location.hash.slice(1).split("&").map((part) => part.split("=").map(decodeURIComponent)));
  if (asked.where) openWhere(JSON.parse(asked.where), linkTo(asked.where)?.dataset.what ?? "所选数字", linkTo(asked.where));
  if (!asked.ticket) return;
  openWhere({ ticket_id: [asked.ticket] }, `工单${asked.ticket}`, null);
  document.querySelector("#tickets-table tr.row")?.click();
}

function linkTo(condition) {
  return [...document.querySelectorAll("a.figure")].find((link) => link.dataset.where === condition) ?? null;
}

// --- start -----------------------------------------------------------------------------------------

function everything() {
  return columns.scope && columns.scope.distinct.includes(data.now) ? { scope: [data.now] } : {};
}

function start() {
  const section = document.getElementById("tickets");
  const bar = element("div", null, "bar");
  const what = element("span", null, "what");
  what.id = "tickets-what";
  const search = element("input");
  search.placeholder = "在这些工单中查找";
  search.oninput = () => { view.search = search.value; view.page = 0; draw(); };
  const all = element("button", "显示本期全部");
  all.onclick = () => { mark(null); show(everything(), "本期全部工单"); };
  const back = element("button", "上一页");
  const next = element("button", "下一页");
  back.id = "tickets-back";
  next.id = "tickets-next";
  back.onclick = () => { view.page--; draw(); };
  next.onclick = () => { view.page++; draw(); };
  const pages = element("span");
  pages.id = "tickets-pages";
  bar.append(what, search, all, back, pages, next);
  const table = element("table");
  table.id = "tickets-table";
  section.append(bar, table);
  show(everything(), "本期全部工单");
}

function mark(link) {
  document.querySelectorAll("a.figure.on").forEach((other) => other.classList.remove("on"));
  if (link) link.classList.add("on");
}

function openWhere(where, what, link) {
  mark(link);
  show(where, what);
  document.getElementById("tickets").scrollIntoView({ block: "start" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.figure");
  if (!link || !data || !link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  openWhere(JSON.parse(link.dataset.where), link.dataset.what, link);
});

// Its address, so that a figure can be reached by keyboard and opened beside; without a list here it is a word.
document.querySelectorAll("a.figure").forEach((link) => {
  if (data && !link.href) link.href = `#where=${encodeURIComponent(link.dataset.where)}`;
});

document.querySelectorAll("a.report").forEach((link) => {
  if (reports[link.dataset.report]) link.href = reports[link.dataset.report];
});

document.querySelectorAll("script.chart-spec").forEach(async (holder) => {
  const place = document.getElementById(holder.dataset.for);
  const options = { mode: "vega-lite", actions: false, renderer: "svg" };
  const made = await vegaEmbed(place, JSON.parse(holder.textContent), options);
  made.view.addEventListener("click", (event, item) => {
    const where = item?.datum?.where;
    if (where) openWhere(JSON.parse(where), item.datum.what, null);
  });
  place.dataset.ready = "yes";
});

if (data) {
  start();
  openFromAddress();
  window.addEventListener("hashchange", openFromAddress);
}
