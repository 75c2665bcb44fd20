// What narrows the drawer's tickets: chips that each name a value and how many tickets have it; and their order.

const NARROWED_BY = ["due_state", "category_top", "unit"];
const OFFERED = 4; // chips of a column, the most frequent

function drawChips(drawer, rows) {
  const { narrow } = drawer.state;
  const chosen = Object.keys(narrow).map((name) =>
    chip(`${narrow[name].map(sayValue).join("、")} ×`, "drill-chip drill-on", () => removeChip(drawer, name), "去掉这一条件"),
  );
  const offered = NARROWED_BY.filter((name) => !(name in narrow)).map((name) => offerChips(drawer, rows, name));
  fill(drawer.chips, ...[chosen, ...offered].filter((chips) => chips.length).map(groupChips));
}

function groupChips(chips) {
  return fill(element("div", "drill-group"), ...chips);
}

function offerChips(drawer, rows, name) {
  const counts = drawer.table.columns[name] ? countBy(drawer.table, rows, name) : [];
  if (counts.length < 2) return [];
  const frequent = counts.sort((a, b) => b[1] - a[1]).slice(0, OFFERED);
  return frequent.map(([value, count]) => chip(`${sayValue(value)} ${count}`, "drill-chip", () => addChip(drawer, name, value), "只看这些"));
}

function addChip(drawer, name, value) {
  change(drawer, { narrow: Object.assign({}, drawer.state.narrow, { [name]: [value] }) }, false);
}

function chip(text, className, onClick, title) {
  const made = button(text, className, onClick);
  made.title = title;
  return made;
}

function removeChip(drawer, name) {
  const narrow = Object.assign({}, drawer.state.narrow);
  delete narrow[name];
  change(drawer, { narrow }, false);
}

function sayValue(value) {
  return value === null ? "（未填）" : String(value);
}

function sortBy(drawer, name) {
  const { sort, down } = drawer.state;
  change(drawer, { sort: name, down: sort === name && !down }, false);
}

// What a condition means: the definition of each metric it names, of each finding, of each state.
function tellMeaning(table, where) {
  const { columns = {}, values = {} } = table.meanings || {};
  const told = Object.entries(where).flatMap(([name, wanted]) =>
    columns[name] ? [columns[name]] : wanted.map((value) => (values[name] || {})[value]));
  return told.filter(Boolean).slice(0, 2).map((sentence) => sentence.replace(/。$/, "")).join("；");
}
