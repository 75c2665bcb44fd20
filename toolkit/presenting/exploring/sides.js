// Two or three units side by side, each in this period and in those before; every figure opens its tickets.

const MOST_SIDES = 3;

function compareSides(explorer) {
  const { table, state } = explorer;
  const units = state.where.unit || [];
  const groups = units.length ? units.slice(0, MOST_SIDES).map((unit) => [sayWord(table, "unit", unit), { unit: [unit] }]) : [["全部单位", {}]];
  const periods = table.periods.filter((period) => selectRows(table, { against: [period] }).length);
  const sides = groups.flatMap(([name, where]) => periods.map((period) => ({ name, period, where: { ...where, against: [period] } })));
  const hint = units.length > MOST_SIDES ? `只比较前${MOST_SIDES}个单位` : "按住Ctrl点选两三个单位，再点“并排比较”；其他条件和查找照样有效";
  openPanel(explorer, "并排比较", element("span", "explorer-hint", hint), drawSides(explorer, sides));
}

function drawSides(explorer, sides) {
  const { scope, unit, against, is_excluded: excluded, ...others } = explorer.state.where; // a side says whose, and when
  const grid = element("table", "explorer-sides");
  const [head, body] = [element("thead"), element("tbody")];
  const top = element("tr");
  top.append(element("th"), ...sides.map(({ name, period }) => element("th", "", `${name}　${period}`)));
  head.append(top);
  for (const figure of explorer.table.compared) {
    const line = element("tr");
    const label = element("th", "", figure.name);
    label.title = figure.what;
    line.append(label, ...sides.map((side) => drawFigure(explorer, figure, { ...others, ...side.where })));
    body.append(line);
  }
  grid.append(head, body);
  return grid;
}

// 91.6%（456/498）: what a metric's column holds says which tickets count, and among which; or a count alone.
function drawFigure(explorer, figure, where) {
  const cell = element("td");
  const counted = { ...where, ...figure.counted };
  const count = countMet(explorer, counted);
  if (!figure.among) return fill(cell, openSide(explorer, count, counted));
  const among = { ...where, ...figure.among };
  const all = countMet(explorer, among);
  if (!all) return fill(cell, element("span", "", "—（无相应工单）"));
  cell.append(`${sayShare(count, all)}（`, openSide(explorer, count, counted), "/", openSide(explorer, all, among), "）");
  return cell;
}

// As the table would show: what is searched for holds here too.
function countMet(explorer, where) {
  const rows = selectRows(explorer.table, where);
  return explorer.found ? rows.filter((row) => explorer.found[row]).length : rows.length;
}

function openSide(explorer, count, where) {
  const made = button(String(count), "drill-link", () => {
    explorer.panel.hidden = true;
    step(explorer, { where });
  });
  made.disabled = !count;
  return made;
}

// Percent to one decimal, a half away from nought, counted in whole numbers.
function sayShare(count, all) {
  return `${(Math.floor((2000 * count + all) / (2 * all)) / 10).toFixed(1)}%`;
}
