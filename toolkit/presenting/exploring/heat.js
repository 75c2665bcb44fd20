// A view of two columns: a cell a pair of values, the deeper the more tickets. Rows and columns keep their places.

const GROUND = "207, 152, 86"; // the deepest of the page's heat maps
const [HEAD_WIDTH, CELL_WIDTH] = [168, 58];
const [MORE_ROWS, MORE_COLUMNS] = [20, 24]; // drawn at a time

function createHeat(explorer) {
  const heat = { element: element("section", "explorer-box explorer-heat"), shown: null };
  heat.head = element("div", "explorer-head");
  heat.body = element("div", "explorer-grid");
  heat.element.append(heat.head, heat.body);
  heat.draw = () => drawHeat(explorer, heat);
  return heat;
}

function drawHeat(explorer, heat) {
  const asked = explorer.state.view.heat;
  const at = explorer.table.views.heats[asked] ? asked : 0;
  if (heat.shown !== at) openHeat(explorer, heat, at);
  updateHeat(explorer, heat);
}

function openHeat(explorer, heat, at) {
  const { table } = explorer;
  heat.shown = at;
  heat.pair = table.views.heats[at];
  const tabs = table.views.heats.map((pair, tab) => {
    const made = button(pair.name, "explorer-tab", () => step(explorer, { view: { heat: tab } }));
    made.setAttribute("aria-pressed", String(tab === at));
    return made;
  });
  fill(heat.head, ...tabs);
  heat.element.setAttribute("aria-label", heat.pair.name);
  heat.rowValues = orderValues(table, heat.pair.rows);
  heat.columnValues = listAcross(table, heat.pair.columns);
  buildGrid(explorer, heat);
}

// Stages in their order, months the latest first, others the most frequent first.
function listAcross(table, name) {
  const column = table.columns[name];
  const values = orderValues(table, name);
  const rank = { stage: 1, received_month: -1 }[name];
  if (!rank) return values.filter((value) => value !== null || !column.offsets);
  return [...values].sort((a, b) => (a === null) - (b === null) || rank * (column.code(a) - column.code(b)));
}

function buildGrid(explorer, heat) {
  const [grid, head] = [element("table"), element("thead")];
  Object.assign(heat, { grid, top: element("tr"), lines: element("tbody"), cells: [], heads: [], tops: [] });
  heat.top.append(element("td"));
  head.append(heat.top);
  grid.append(head, heat.lines);
  grid.onkeydown = (event) => moveFocus(grid, event, heat.tops.length + 1);
  growAcross(explorer, heat);
  growGrid(explorer, heat);
  rove(grid);
  const body = fill(element("div", "explorer-grid"), grid); // a new place stands at its top, without a layout to scroll it there
  body.onscroll = () => growOnScroll(explorer, heat);
  heat.body.replaceWith(body);
  heat.body = body;
}

// A county may have hundreds of units, and a pair dozens of columns: they are drawn as they are scrolled to.
function growGrid(explorer, heat) {
  const { rows } = heat.pair;
  for (const row of heat.rowValues.slice(heat.cells.length, heat.cells.length + MORE_ROWS)) {
    const [line, name] = [element("tr"), headCell(explorer, rows, row)];
    line.append(name);
    heat.lines.append(line);
    heat.cells.push([]);
    heat.heads.push(name);
    growLine(explorer, heat, heat.cells.length - 1);
  }
}

function growAcross(explorer, heat) {
  const { columns } = heat.pair;
  const more = heat.columnValues.slice(heat.tops.length, heat.tops.length + MORE_COLUMNS);
  const tops = more.map((value) => headCell(explorer, columns, value));
  heat.top.append(...tops);
  heat.tops.push(...tops);
  heat.grid.style.minWidth = `${HEAD_WIDTH + CELL_WIDTH * heat.tops.length}px`;
  heat.cells.forEach((_, at) => growLine(explorer, heat, at));
}

// A line's cells up to the last column that is drawn.
function growLine(explorer, heat, at) {
  const { rows, columns } = heat.pair;
  const own = heat.cells[at];
  const more = heat.columnValues.slice(own.length, heat.tops.length);
  const cells = more.map((column) => bodyCell(explorer, { [rows]: heat.rowValues[at], [columns]: column }));
  heat.lines.children[at].append(...cells.map((cell) => cell.parentElement));
  own.push(...cells);
}

function growOnScroll(explorer, heat) {
  const { scrollTop, clientHeight, scrollHeight, scrollLeft, clientWidth, scrollWidth } = heat.body;
  const isLow = heat.cells.length < heat.rowValues.length && scrollTop + 2 * clientHeight >= scrollHeight;
  const isFar = heat.tops.length < heat.columnValues.length && scrollLeft + 1.5 * clientWidth >= scrollWidth;
  if (isFar) growAcross(explorer, heat);
  if (isLow) growGrid(explorer, heat);
  if (isFar || isLow) updateHeat(explorer, heat);
}

function headCell(explorer, name, value) {
  const cell = element("th");
  const said = sayWord(explorer.table, name, value);
  const made = button(said, "explorer-name", (event) => choose(explorer, { [name]: value }, isAdding(event)));
  made.title = said;
  made.tabIndex = -1;
  cell.append(made);
  return cell;
}

function bodyCell(explorer, chosen) {
  const cell = element("td");
  const said = Object.entries(chosen).map(([name, value]) => sayWord(explorer.table, name, value));
  const made = button("·", "explorer-cell", (event) => choose(explorer, chosen, isAdding(event)));
  made.title = said.join(" × ");
  made.tabIndex = -1;
  cell.append(made);
  return made;
}

function updateHeat(explorer, heat) {
  const { table, cross, state } = explorer;
  const { rows, columns } = heat.pair;
  if (!table.columns[rows] || !table.columns[columns]) return;
  const { counts, width } = countPairs(table, cross, rows, columns);
  const [rowCodes, columnCodes] = [codesFor(table, rows, heat.rowValues), codesFor(table, columns, heat.columnValues)];
  let most = 1;
  for (const row of rowCodes) for (const column of columnCodes) most = Math.max(most, counts[row * width + column]);
  heat.cells.forEach((cells, at) => cells.forEach((cell, place) => fillCell(cell, counts[rowCodes[at] * width + columnCodes[place]], most)));
  markHeads(heat.heads, heat.rowValues, state.where[rows]);
  markHeads(heat.tops, heat.columnValues, state.where[columns]);
}

function codesFor(table, name, values) {
  return values.map((value) => (value === null ? 0 : table.columns[name].code(value)));
}

function fillCell(made, count, most) {
  const depth = count ? (0.08 + 0.72 * Math.sqrt(count / most)).toFixed(2) : "";
  if (made.count === count && made.depth === depth) return;
  Object.assign(made, { count, depth, textContent: count ? String(count) : "·" });
  made.style.backgroundColor = count ? `rgba(${GROUND}, ${depth})` : "";
}

function markHeads(heads, values, chosen) {
  heads.forEach((head, at) => {
    head.firstChild.setAttribute("aria-pressed", String(includes(chosen, values[at])));
  });
}
