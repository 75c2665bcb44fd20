// The list of tickets to be urged: ticked in the table, each with its level, days to answer and note; kept as it is made.
const SAVING = "正在保存……";

function createDesk(explorer) {
  const desk = { element: element("section", "explorer-desk") };
  desk.element.setAttribute("aria-label", "督办清单");
  desk.draw = () => drawDesk(explorer, desk);
  return desk;
}

function drawTick(explorer, id) {
  const made = element("input", "explorer-tick");
  made.type = "checkbox";
  made.checked = id in explorer.ticks;
  made.tabIndex = -1;
  made.setAttribute("aria-label", `${id}列入督办清单`);
  made.onclick = (event) => event.stopPropagation();
  made.onchange = () => tick(explorer, id, made.checked);
  return made;
}

function tick(explorer, id, isTicked) {
  changeTicks(explorer, { [id]: isTicked ? { ...explorer.usual, note: "" } : null });
  drawTicks(explorer);
}

// changes: ticket → what is noted on it, null for one taken off.
function changeTicks(explorer, changes) {
  const ticks = Object.entries({ ...explorer.ticks, ...changes }).filter(([, own]) => own);
  explorer.ticks = Object.fromEntries(ticks);
  keep(explorer, changes);
}

function changeTick(explorer, id, changes) {
  changeTicks(explorer, { [id]: { ...explorer.ticks[id], ...changes } });
}

function drawTicks(explorer) {
  drawRows(explorer.list);
  explorer.desk.draw();
  const place = explorer.beside.element.querySelector(".explorer-order");
  if (place) place.replaceWith(drawOrder(explorer, explorer.ticket));
}

// What the office would lose with the browser, told to the kernel, which writes it down and tells what stands there:
// another window's ticks too.
function keep(explorer, ticks) {
  const { where, view } = explorer.state;
  const keeping = (explorer.keeping = (explorer.keeping || 0) + 1);
  sayKept(explorer, SAVING);
  ask(explorer.kernel, "keep", { ticks, where, view }).then(
    ({ content }) => keeping === explorer.keeping && takeKept(explorer, content.ticks),
    (error) => sayKept(explorer, `未能保存：${error.message}`),
  );
}

function takeKept(explorer, ticks) {
  sayKept(explorer, "已保存");
  const sort = (given) => JSON.stringify(Object.entries(given).sort().map(([id, { level, days, note }]) => [id, level, days, note]));
  if (sort(ticks) === sort(explorer.ticks)) return;
  explorer.ticks = ticks;
  drawTicks(explorer);
}

function sayKept(explorer, words) {
  explorer.kept = words;
  const place = explorer.desk.element.querySelector(".explorer-kept");
  if (place) place.textContent = words;
}

// --- the ticket's own: in the list or not, level, days, note ---------------------------------------------

function drawOrder(explorer, id) {
  const place = element("div", "explorer-order");
  const label = element("label", "");
  const box = drawTick(explorer, id);
  box.tabIndex = 0;
  label.append(box, "列入督办清单");
  place.append(label);
  const own = explorer.ticks[id];
  if (!own) return place;
  const { levels, answer_days: days } = explorer.table.views;
  const note = element("input", "explorer-note");
  note.value = own.note;
  note.placeholder = "备注";
  note.setAttribute("aria-label", "备注");
  note.oninput = () => changeTick(explorer, id, { note: note.value });
  place.append(
    drawChoice("等级", levels, own.level, (level) => changeTick(explorer, id, { level })),
    drawChoice("时限", days, own.days, (chosen) => changeTick(explorer, id, { days: chosen }), sayDays),
    note,
  );
  return place;
}

function sayDays(days) {
  return `限${days}个工作日`;
}

function drawChoice(label, options, chosen, take, tell = String) {
  const made = element("select", "explorer-choice");
  made.setAttribute("aria-label", label);
  options.forEach((option) => {
    const one = element("option", "", tell(option));
    one.selected = option === chosen;
    made.append(one);
  });
  made.onchange = () => take(options[made.selectedIndex]);
  return made;
}

// --- the bar at the foot --------------------------------------------------------------------------------

function drawDesk(explorer, desk) {
  const ids = Object.keys(explorer.ticks);
  const { levels, answer_days: days } = explorer.table.views;
  const words = element("div", "explorer-units");
  words.append(element("b", "", "督办清单"), linkIds(explorer, `${ids.length}件`, ids), ...tellUnits(explorer, ids), ...tellNotLate(explorer, ids));
  const choices = element("div", "explorer-choices");
  choices.append(
    element("span", "explorer-hint", "全部设为"),
    drawChoice("等级", levels, explorer.usual.level, (level) => setAll(explorer, { level })),
    drawChoice("时限", days, explorer.usual.days, (chosen) => setAll(explorer, { days: chosen }), sayDays),
    order(explorer, "生成督办单（Word）", "word"),
    order(explorer, "写入台账（Excel）", "register"),
    element("span", "explorer-kept", explorer.kept || ""),
  );
  fill(desk.element, words, choices);
}

function tellUnits(explorer, ids) {
  const { table } = explorer;
  const byUnit = new Map();
  for (const id of ids) {
    const row = rowOf(table, id);
    const unit = row === null ? "本次数据中没有" : sayWord(table, "unit", valueAt(table, "unit", row));
    byUnit.set(unit, [...(byUnit.get(unit) || []), id]);
  }
  return [...byUnit].map(([unit, own]) => linkIds(explorer, `${unit}${own.length}`, own));
}

// What is not overdue may be ticked, and is said to be so: nobody is to be urged for it by mistake.
function tellNotLate(explorer, ids) {
  const { table } = explorer;
  const isLate = (row) => row !== null && table.views.late.includes(valueAt(table, "due_day", row));
  const others = ids.filter((id) => !isLate(rowOf(table, id)));
  return others.length ? [linkIds(explorer, `其中${others.length}件未见超期`, others)] : [];
}

function linkIds(explorer, text, ids) {
  const made = button(text, "drill-link", () => step(explorer, { where: { ticket_id: ids } }));
  made.disabled = !ids.length;
  return made;
}

// Level and days of every ticket in the list, and of those that come next.
function setAll(explorer, changes) {
  Object.assign(explorer.usual, changes);
  changeTicks(explorer, Object.fromEntries(Object.entries(explorer.ticks).map(([id, own]) => [id, { ...own, ...changes }])));
  drawTicks(explorer);
}

function order(explorer, text, kind) {
  const made = button(text, "explorer-button", () =>
    ask(explorer.kernel, "orders", { form: kind, ticks: explorer.ticks }).then(
      ({ content }) => say(explorer, content.said),
      (error) => say(explorer, error.message),
    ),
  );
  made.disabled = !Object.keys(explorer.ticks).length;
  return made;
}
