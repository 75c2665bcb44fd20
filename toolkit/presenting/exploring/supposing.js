// 假如今天都办结: how units would stand if tickets had been answered at the cut-off. The kernel counts; each count is a link.

function openSuppose(explorer) {
  const ticked = Object.keys(explorer.ticks).filter((id) => rowOf(explorer.table, id) !== null);
  askSuppose(explorer, ticked.length ? ticked : shownIds(explorer), ticked);
}

function shownIds({ table, rows }) {
  return Array.from(rows, (row) => valueAt(table, "ticket_id", row));
}

// chosen: the tickets supposed to be answered; ticked: those of the list, which may be chosen instead.
function askSuppose(explorer, chosen, ticked) {
  const asked = (explorer.supposing = {}); // an answer to an earlier question is not shown
  openPanel(explorer, "假如今天都办结", element("p", "explorer-hint", "正在计算……"));
  ask(explorer.kernel, "suppose", { tickets: chosen }).then(
    ({ content }) => asked === explorer.supposing && !explorer.panel.hidden && drawSuppose(explorer, chosen, ticked, content),
    (error) => asked === explorer.supposing && openPanel(explorer, "假如今天都办结", element("p", "explorer-trouble", error.message)),
  );
}

function drawSuppose(explorer, chosen, ticked, told) {
  const { as_of: asOf } = explorer.table;
  const hint = element("span", "explorer-hint", `假设，不是事实：这些工单都在统计截止（${asOf}）当时答复；已超期的答复后仍是超期，其他工单不变`);
  const parts = [hint, drawSupposed(explorer, chosen, ticked, told)];
  const others = told.metrics.length ? "其他指标" : "各项指标都";
  if (told.units.length) parts.push(drawUnits(explorer, chosen, told), element("p", "explorer-hint", `得分、等次、名次按考核办法重新计算；考核办法的${others}不变`));
  openPanel(explorer, "假如今天都办结", ...parts);
  explorer.panel.querySelector("button:enabled").focus();
}

function drawSupposed(explorer, chosen, ticked, told) {
  const place = element("p", "");
  const isTicked = chosen === ticked;
  place.append(`${isTicked ? "督办清单" : "当前所选"}${chosen.length}件，其中尚未答复、计入本期的`, openThese(explorer, told.tickets), "件");
  told.left.forEach(({ why, tickets }) => place.append("；", openThese(explorer, tickets), `件${why}`));
  const other = isTicked ? shownIds(explorer) : ticked;
  const turn = button(isTicked ? `改看当前所选${other.length}件` : `改看督办清单${other.length}件`, "explorer-button", () => askSuppose(explorer, other, ticked));
  if (ticked.length) place.append(turn);
  return place;
}

function drawUnits(explorer, chosen, told) {
  const grid = element("table", "explorer-sides");
  const [head, top] = [element("thead"), element("tr")];
  const heads = told.metrics.map(({ name, what }) => Object.assign(element("th", "", name), { title: what }));
  top.append(element("th", "", "单位"), element("th", "", "假如答复"), element("th", "", "得分（等次）"), ...heads);
  head.append(top);
  const body = element("tbody");
  body.append(...told.units.map((unit) => drawUnit(explorer, chosen, unit)));
  grid.append(head, body);
  return grid;
}

function drawUnit(explorer, chosen, { unit, tickets, standings, figures }) {
  const line = element("tr");
  const count = element("td");
  count.append(openThese(explorer, tickets), "件");
  const standing = element("td", "", standings[0] === standings[1] ? standings[0] : standings.join(" → "));
  line.append(element("th", "", unit), count, standing, ...figures.map((figure) => drawChange(explorer, chosen, unit, figure)));
  return line;
}

// 37.1%（13/35） → 40.0%（14/35）: what is counts by conditions, what would be by the numbers the kernel gives.
function drawChange(explorer, chosen, unit, figure) {
  const cell = element("td");
  const now = (side, where) => linkCount(figure[side], () => leaveFor(explorer, where));
  const then = (side) => linkCount(figure[`${side}_if`], () => openThen(explorer, chosen, unit, figure.metric, side));
  cell.append(`${figure.rate}（`, now("numerator", figure.counted), "/", now("denominator", figure.among), "）");
  if (figure.numerator === figure.numerator_if && figure.denominator === figure.denominator_if) return cell;
  cell.append(` → ${figure.rate_if}（`, then("numerator"), "/", then("denominator"), "）");
  return cell;
}

function openThen(explorer, chosen, unit, metric, side) {
  ask(explorer.kernel, "supposed", { tickets: chosen, unit, metric, side }).then(
    ({ content }) => leaveFor(explorer, { ticket_id: content.tickets }),
    (error) => say(explorer, error.message),
  );
}
