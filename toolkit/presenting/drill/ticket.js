// One opened ticket: its time line, how its due time came about, what was found, what was said, where it was read.

const TEXTS = ["content", "reply"];
const APART = ["ticket_id", "title", "due_explained", ...TEXTS, "source_file", "source_sheet", "source_row"];

// links: { toTicket(id) → whether the page holds it, openTicket(id), toReport(report, id) → an element, and where texts
// can be laid side by side compare(id) }
function drawTicket(table, row, links) {
  const read = (name) => valueAt(table, name, row);
  const parts = [drawTitle(table, row), element("p", "drill-facts", sayFacts(table, row))];
  return [
    ...parts,
    drawTimeline(table, row),
    drawText("截止时间怎样数", read("due_explained")),
    drawFindings(read("evidence") || nameFindings(table, row)),
    ...TEXTS.filter((name) => table.columns[name]).map((name) => drawText(table.labels[name], read(name) || "（无）")),
    drawList("经手", read("held") || read("held_by"), (said) => [said]),
    drawList("关联和相似的工单", read("related"), (said) => drawRelated(said, links)),
    table.detail.length ? drawOthers(table, row) : null,
    table.columns.source_row ? element("p", "drill-origin", sayOrigin(read)) : null,
    ...(table.elsewhere ? [drawElsewhere(table), links.toReport(read("report"), read("ticket_id"))] : []),
  ];
}

// What this page leaves to the unit's: the link that follows opens it there.
function drawElsewhere(table) {
  return table.elsewhere.length ? element("p", "drill-origin", `${table.elsewhere.join("、")}不在本页，在所属单位的报告中。`) : null;
}

// "红 超期未回复：…" of each finding, where no evidence is told: what the rule says in general.
function nameFindings(table, row) {
  const sentences = ((table.meanings || {}).values || {}).rules || {};
  return (valueAt(table, "severities", row) || []).map((pair) => {
    const [rule, severity] = pair.split(":");
    return `${severity} ${(table.rule_names || {})[rule] || rule}：${sentences[rule] || ""}`;
  });
}

function drawTitle(table, row) {
  const title = element("h3", "drill-title");
  title.append(drawDot(worstSeverity(table, row)), element("span", "drill-id", valueAt(table, "ticket_id", row)));
  const said = valueAt(table, "title", row);
  if (said) title.append(element("span", "drill-said", said));
  return title;
}

function sayFacts(table, row) {
  const names = ["unit", "category", "type", "handler", "due_state"];
  const days = valueAt(table, "overdue_days", row);
  const facts = names.map((name) => valueAt(table, name, row)).filter(Boolean);
  return [...facts, ...(days ? [`超期${days}个工作日`] : [])].join("　");
}

function drawText(label, text) {
  if (!text) return null;
  const part = element("div", "drill-part");
  part.append(element("b", "", label), element("div", "drill-text", text));
  return part;
}

function drawFindings(sentences) {
  const worst = [...sentences].sort((a, b) => "红橙黄蓝".indexOf(a[0]) - "红橙黄蓝".indexOf(b[0]));
  return drawList("线索", worst.length ? worst : null, (said) => [drawDot(said[0]), said.slice(2)]);
}

function drawList(label, sentences, draw) {
  if (!sentences || !sentences.length) return null;
  const part = element("div", "drill-part");
  const list = element("ul", "drill-list");
  for (const said of sentences) {
    const item = element("li");
    item.append(...draw(said));
    list.append(item);
  }
  part.append(element("b", "", label), list);
  return part;
}

// "20251219000152 相似前件 86%": the number first; it opens where this page holds that ticket.
function drawRelated(said, links) {
  const [other, ...words] = said.split(" ");
  const number = links.toTicket(other) ? button(other, "drill-link", () => links.openTicket(other)) : element("span", "drill-id", other);
  const both = links.compare && links.toTicket(other) ? button("对照", "drill-tool", () => links.compare(other)) : null;
  return [number, ` ${words.join(" ")}`, ...(both ? [both] : [])];
}

function drawOthers(table, row) {
  const fold = element("details", "drill-others");
  const facts = element("dl");
  for (const name of [...table.listed, ...table.detail]) {
    const value = APART.includes(name) ? null : valueAt(table, name, row);
    if (value !== null) facts.append(element("dt", "", table.labels[name]), element("dd", "", value));
  }
  fold.append(element("summary", "", "其他字段"), facts);
  return fold;
}

function sayOrigin(read) {
  const [file, sheet, line] = ["source_file", "source_sheet", "source_row"].map(read);
  return `来自 ${[file, sheet].filter(Boolean).join(" ") || "（未记来源）"}${line === null ? "" : ` 第${line}行`}`;
}

// --- severities --------------------------------------------------------------------------------------

function worstSeverity(table, row) {
  const found = valueAt(table, "colour", row) || [];
  return table.severities.find((severity) => found.includes(severity)) || null;
}

function drawDot(severity) {
  const dot = element("span", `drill-dot ${severity ? `drill-${severity}` : ""}`);
  if (severity) dot.setAttribute("aria-label", `${severity}色线索`);
  if (severity) dot.setAttribute("role", "img");
  return dot;
}
