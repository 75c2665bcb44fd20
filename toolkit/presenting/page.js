// The offline page: its figures open their tickets in the drawer, the marks of its charts too, its names lead to other reports.

const reports = JSON.parse((document.getElementById("report-links") || { textContent: "{}" }).textContent);
const packed = document.getElementById("tickets-data");
const drawer = packed ? createDrawer(document.body, { reports, remember, address: () => location.href }) : null;
let reading = null;

// The tickets are read when the page stands, or at the first click.
function readTickets() {
  reading = reading || unpackTable(packed.textContent).then((table) => drawer.setTable(table), sayUnreadable);
}

function sayUnreadable(error) {
  drawer.element.querySelector(".drill-heading").textContent = "工单数据读取失败，请用较新的浏览器打开本页";
  throw error;
}

function openFigure(link) {
  readTickets();
  const { where, what } = link.dataset;
  drawer.open({ where: JSON.parse(where), what }, link);
}

function openAll() {
  const all = document.querySelector(".all-tickets a.figure");
  readTickets();
  drawer.open({ where: all ? JSON.parse(all.dataset.where) : {}, what: all ? all.dataset.what : "全部工单" }, document.activeElement);
  drawer.element.querySelector(".drill-search").focus();
}

// --- the address ---------------------------------------------------------------------------------------

function remember(state, isNew) {
  const address = writeAddress(state) || location.pathname + location.search;
  if (address === location.hash || (!state && !location.hash)) return;
  history[isNew ? "pushState" : "replaceState"](null, "", address);
}

function openFromAddress() {
  const state = readAddress(location.hash);
  if (state) readTickets();
  drawer.restore(state ? addWords(state) : null);
}

// The words of a figure on this page, where the address tells its condition alone.
function addWords(state) {
  const condition = JSON.stringify(state.where);
  const link = [...document.querySelectorAll("a.figure")].find((one) => one.dataset.where === condition);
  return Object.assign(state, { what: state.what || (link ? link.dataset.what : "") });
}

// --- start ---------------------------------------------------------------------------------------------

function isPlain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

document.addEventListener("click", (event) => {
  if (!drawer || !isPlain(event)) return;
  if (event.target.closest('[data-drill="search"]')) return openAll();
  const link = event.target.closest("a.figure");
  if (!link || !link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  openFigure(link);
});

// A figure's address, so that it can be reached by keyboard and opened beside; without tickets here it is a word.
function prepareLinks(root) {
  root.querySelectorAll("a.figure").forEach((link) => {
    if (drawer && !link.getAttribute("href")) link.setAttribute("href", `#where=${encodeURIComponent(link.dataset.where)}`);
    link.setAttribute("aria-label", `${link.dataset.what}：${link.textContent}`);
  });
  root.querySelectorAll("a.report").forEach((link) => {
    if (reports[link.dataset.report]) link.href = reports[link.dataset.report];
  });
  root.querySelectorAll("input.find-row").forEach((field) => (field.oninput = () => findInTable(field)));
}

// What is folded and long is packed until it is opened, once. What it holds was escaped when it was written.
function unpackFold(fold) {
  return (fold.unpacked = fold.unpacked || writeOut(fold));
}

async function writeOut(fold) {
  const packed = fold.querySelector(":scope > script, :scope > .inside > script");
  if (!packed) return;
  const content = element("div");
  content.innerHTML = new TextDecoder().decode(await unpackBytes(packed.textContent));
  prepareLinks(content);
  packed.replaceWith(content);
}

document.addEventListener("toggle", (event) => event.target.matches("details") && unpackFold(event.target), true);
prepareLinks(document);

if (drawer) {
  openFromAddress();
  window.addEventListener("popstate", openFromAddress);
  (window.requestIdleCallback || ((later) => setTimeout(later, 200)))(readTickets);
}
