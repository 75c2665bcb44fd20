// The head of the explorer: how many tickets, under which conditions, and what can be done with them.

function drawTop(explorer) {
  const { table, rows, past, future } = explorer;
  const tool = (text, run, isOff) => {
    const made = button(text, "drill-tool", run);
    made.disabled = Boolean(isOff);
    return made;
  };
  const said = element("span", "explorer-said", `${rows.length}件`);
  const cut = element("span", "explorer-hint", `统计截止${table.as_of}`);
  const named = table.views.named.map((view) => chip(view.name, "drill-chip", () => openNamed(explorer, view), view.how || view.name));
  const tools = element("div", "drill-tools");
  tools.append(
    tool("← 退一步", () => stepBack(explorer), !past.length),
    tool("前进 →", () => stepForward(explorer), !future.length),
    tool("清除", () => clearAll(explorer)),
    tool("并排比较", () => compareSides(explorer), !table.isWhole),
    tool("阈值试算", () => openTrial(explorer), !table.isWhole),
    tool("假如今天都办结", () => openSuppose(explorer), !table.isWhole),
    tool("把这一步写成代码", () => showCode(explorer)),
    tool("导出CSV", () => saveCsv(exported(explorer))),
    tool("导出Excel", () => saveWorkbook(exported(explorer))),
  );
  const line = element("div", "explorer-named");
  line.append(said, cut, ...named);
  fill(explorer.top, line, tools);
  drawConditions(explorer);
}

// A chip a condition, which takes it away; and what they mean.
function drawConditions(explorer) {
  const { table, state } = explorer;
  const made = (said, run, told) => chip(`${said} ×`, "drill-chip drill-on", run, ["点击去掉这一条件", told].filter(Boolean).join("。"));
  const chips = Object.entries(state.where).map(([name, wanted]) => {
    const told = tellMeaning(table, plainRules({ [name]: wanted }));
    return made(`${sayColumn(table, name)}：${sayWanted(table, name, wanted)}`, () => drop(explorer, name), told);
  });
  if (state.view.search) chips.push(made(`查找：${state.view.search}`, () => step(explorer, { view: { search: "" } })));
  fill(explorer.chips, ...chips, element("span", "explorer-hint", tellChosen(table, state.where)));
}

// What the chosen conditions mean: the evidence of a unit's or a topic's finding, or the definitions.
function tellChosen(table, where) {
  const evidence = (where.rests_on || []).map((value) => table.views.said.evidence[value]).filter(Boolean);
  return evidence.length ? evidence.join("；") : tellMeaning(table, plainRules(where));
}

// Findings of a colour mean what the rule says.
function plainRules(where) {
  const { severities, ...others } = where;
  return severities ? { rules: severities.map((value) => value.replace(/:[红橙黄蓝]$/, "")), ...others } : others;
}

function sayWanted(table, name, wanted) {
  if (name === "ticket_id" && wanted.length > 2) return `${wanted.length}件`;
  const words = wanted.map((value) => sayWord(table, name, value));
  return words.length > 4 ? `${words.slice(0, 4).join("、")}等${words.length}项` : words.join("、");
}

function openNamed(explorer, view) {
  const where = { ...explorer.table.views.start, ...view.where };
  step(explorer, { where, view: { search: "", sort: view.sort || null, down: view.down || false } });
}

function exported(explorer) {
  const { table, rows, root, state } = explorer;
  const words = Object.entries(state.where).map(([name, wanted]) => sayWanted(table, name, wanted));
  return { table, rows, element: root, state: { what: words.join("_") || "工单" } };
}
