// A ticket beside the table: what a unit's page shows of it, asked of the kernel by its number; and its text beside another's.

function createBeside(explorer) {
  const beside = { element: element("section", "explorer-beside"), at: null };
  beside.element.setAttribute("aria-label", "工单");
  beside.draw = () => drawBeside(explorer, beside);
  return beside;
}

// Opens a ticket by its number; what comes for another one in the meantime is not shown.
function openBeside(explorer, id) {
  explorer.ticket = id;
  const { beside } = explorer;
  fill(beside.element, drawSteps(explorer), element("p", "explorer-hint", "正在读取……"));
  ask(explorer.kernel, "ticket", { ticket: id }).then(
    ({ content, buffers }) => {
      if (content.ticket !== explorer.ticket) return;
      beside.at = { id, table: readTable(bufferOf(buffers[0])) };
      drawBeside(explorer, beside);
    },
    (error) => id === explorer.ticket && fill(beside.element, drawSteps(explorer), element("p", "explorer-trouble", error.message)),
  );
}

function drawBeside(explorer, beside) {
  const { ticket } = explorer;
  if (ticket === null) return fill(beside.element, element("p", "explorer-hint", "点选一件工单，在此查看办理经过、线索、诉求与回复；↑ ↓ 换一件"));
  if (!beside.at || beside.at.id !== ticket) return;
  const links = {
    toTicket: (id) => rowOf(explorer.table, id) !== null,
    openTicket: (id) => openBeside(explorer, id),
    compare: (id) => openTexts(explorer, ticket, id),
    toReport: () => element("p"),
  };
  const parts = drawTicket(beside.at.table, 0, links);
  fill(beside.element, drawSteps(explorer), drawOrder(explorer, ticket), ...parts);
  beside.element.scrollTop = 0;
}

function drawSteps(explorer) {
  const { rows, table, ticket } = explorer;
  const bar = element("div", "drill-steps");
  const row = rowOf(table, ticket);
  const at = row === null ? -1 : rows.indexOf(row);
  const to = (text, place) => {
    const made = button(text, "drill-tool drill-step", () => openRow(explorer, rows[place]));
    made.disabled = at < 0 || place < 0 || place >= rows.length;
    return made;
  };
  bar.append(to("‹ 上一件", at - 1), element("span", "drill-place", at < 0 ? "不在所选之内" : `${at + 1}/${rows.length}`), to("下一件 ›", at + 1));
  return bar;
}

// Where the opened ticket stands among those that are shown now; what is read of it stays as it is.
function placeTicket(explorer) {
  const steps = explorer.beside.element.querySelector(".drill-steps");
  if (steps) steps.replaceWith(drawSteps(explorer));
}

// Where a ticket stands in the table, by its number; null where it is not there.
function rowOf(table, id) {
  const column = table.columns.ticket_id;
  const code = id === null ? -1 : column.code(id);
  table.places = table.places || placeCodes(column);
  return code < 1 ? null : table.places[code];
}

function placeCodes({ codes, size }) {
  const places = new Uint32Array(size + 1);
  codes.forEach((code, row) => (places[code] = row));
  return places;
}

// --- two texts side by side --------------------------------------------------------------------------

function openTexts(explorer, id, other) {
  ask(explorer.kernel, "compare", { ticket: id, other }).then(
    ({ content }) => id === explorer.ticket && drawTexts(explorer, id, other, content.texts),
    (error) => say(explorer, error.message),
  );
}

function drawTexts(explorer, id, other, texts) {
  const place = element("div", "explorer-texts");
  const heads = element("div", "explorer-pair");
  heads.append(element("b", "drill-id", id), element("b", "drill-id", other));
  const back = button("← 返回工单", "drill-tool", () => drawBeside(explorer, explorer.beside));
  place.append(back, element("p", "explorer-hint", "只见于左件的文字划去，只见于右件的加下划线"), heads);
  for (const [name, parts] of Object.entries(texts)) {
    const pair = element("div", "explorer-pair");
    pair.append(drawSide(parts, "del"), drawSide(parts, "ins"));
    place.append(element("b", "", explorer.table.views.texts[name]), pair);
  }
  fill(explorer.beside.element, drawSteps(explorer), place);
  back.focus();
}

function drawSide(parts, mark) {
  const side = element("div", "drill-text");
  for (const [kind, text] of parts) {
    if (kind === "same") side.append(text);
    else if (kind === mark) side.append(element(mark, "", text));
  }
  return side;
}
