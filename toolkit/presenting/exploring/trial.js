// A limit of a rule as a slider (试算): the kernel asks the rule itself, and nothing is changed by it.

const SETTLES = 200; // milliseconds after which a slider that was moved is heeded

function openTrial(explorer) {
  if (explorer.trial) return showTrial(explorer.trial);
  ask(explorer.kernel, "trials", {}).then(
    ({ content }) => (content.rules.length ? createTrial(explorer, content) : say(explorer, "没有可以试算的线索")),
    (error) => say(explorer, error.message),
  );
}

// answer: what the rule finds at `value`, once the kernel has told; trouble: why it cannot tell.
function createTrial(explorer, told) {
  const trial = { explorer, told, result: element("div"), head: element("div", "explorer-trial") };
  trial.result.setAttribute("role", "status");
  explorer.trial = trial;
  chooseRule(trial, told.rules[0]);
}

function chooseRule(trial, rule) {
  trial.rule = rule;
  chooseLimit(trial, rule.limits[0]);
}

// At the policy's own value first: the kernel tells whether it finds what the run did, else nothing can be tried.
function chooseLimit(trial, limit) {
  Object.assign(trial, { limit, value: limit.value, answer: null, trouble: null });
  showTrial(trial);
  askTrial(trial);
}

function askTrial(trial) {
  const { rule, limit, value, explorer } = trial;
  if (trial.isAsking) return; // what is asked for then is asked when the answer is there
  trial.isAsking = true;
  const take = (told) => {
    trial.isAsking = false;
    if (rule !== trial.rule || limit !== trial.limit) return askTrial(trial);
    Object.assign(trial, told);
    if (value !== trial.value && !trial.trouble) askTrial(trial);
    drawTrial(trial);
  };
  ask(explorer.kernel, "trial", { rule: rule.rule, limit: limit.name, value }).then(
    ({ content }) => take({ answer: { ...content, value } }),
    (error) => take({ trouble: error.message }),
  );
}

function moveTrial(trial, value) {
  trial.value = value;
  trial.number.textContent = sayLimit(trial.limit, value);
  clearTimeout(trial.timer);
  trial.timer = setTimeout(() => askTrial(trial), SETTLES);
}

function sayLimit({ is_share: isShare }, value) {
  return isShare ? `${Number((100 * value).toFixed(1))}%` : String(value);
}

// --- as it is seen ---------------------------------------------------------------------------------------

function showTrial(trial) {
  const { explorer, told, rule, limit } = trial;
  fill(
    trial.head,
    labelled("线索", drawChoice("线索", told.rules, rule, (chosen) => chooseRule(trial, chosen), ({ name }) => name)),
    labelled("限值", drawChoice("限值", rule.limits, limit, (chosen) => chooseLimit(trial, chosen), ({ words, said }) => `${words}（${said}）`)),
    drawSlider(trial),
  );
  const hint = element("span", "explorer-hint", "只是试算：不改时限办法，也不改本次运行的结果");
  openPanel(explorer, "阈值试算", hint, trial.head, trial.result, drawLeft(told.left));
  drawTrial(trial);
  explorer.panel.querySelector("select").focus();
}

function labelled(text, control) {
  const label = element("label", "", text);
  label.append(control);
  return label;
}

function drawSlider(trial) {
  const { low, high, step: by } = trial.limit;
  trial.slider = element("input", "explorer-slider");
  Object.assign(trial.slider, { type: "range", min: low, max: high, step: by, value: trial.value });
  trial.slider.setAttribute("aria-label", "试算的数值");
  trial.slider.oninput = () => moveTrial(trial, Number(trial.slider.value));
  trial.number = element("output", "explorer-said", sayLimit(trial.limit, trial.value));
  const place = labelled("试算", trial.slider);
  place.append(trial.number);
  return place;
}

function drawTrial(trial) {
  const { answer, trouble, value, limit, told, rule } = trial;
  trial.slider.disabled = !answer || Boolean(trouble);
  trial.slider.setAttribute("aria-valuetext", sayLimit(limit, value));
  if (trouble) return fill(trial.result, element("p", "explorer-trouble", trouble));
  if (!answer) return fill(trial.result, element("p", "explorer-hint", "正在计算……"));
  const others = limit.shared.length ? `这一数值还用于“${limit.shared.join("”“")}”。` : "";
  fill(
    trial.result,
    drawCompared(trial),
    element("p", "", `试算口径：${rule.name}，${answer.sentence}`),
    element("p", "explorer-hint", `要改为这一数值：在${told.where}的rules下写 ${limit.name}: ${answer.value}，再重新运行。${others}`),
  );
}

// What the policy finds beside what the trial does; tickets are links, those within the conditions chosen too.
function drawCompared(trial) {
  const { explorer, answer, limit } = trial;
  const both = [answer.policy, answer.trial];
  const within = (own) => {
    const where = { ...explorer.state.where, ticket_id: own.tickets };
    return openSide(explorer, countMet(explorer, where), where);
  };
  const grid = element("table", "explorer-sides");
  const body = element("tbody");
  body.append(
    drawTrialLine("", [`办法：${limit.said}`, `试算：${sayLimit(limit, answer.value)}`], "th"),
    drawTrialLine("线索", both.map((own) => `${own.findings}条${sayColours(own.colours)}`)),
    drawTrialLine("工单", both.map((own) => openThese(explorer, own.tickets))),
    drawTrialLine("其中在当前所选之内", both.map(within)),
    drawTrialLine("比办法多出的工单", ["", openThese(explorer, answer.more)]),
    drawTrialLine("比办法少掉的工单", ["", openThese(explorer, answer.fewer)]),
  );
  grid.append(body);
  return grid;
}

function drawTrialLine(label, cells, tag = "td") {
  const line = element("tr");
  line.append(element("th", "", label));
  for (const said of cells) {
    const cell = element(tag);
    cell.append(said);
    line.append(cell);
  }
  return line;
}

function sayColours(colours) {
  const said = Object.entries(colours).map(([colour, count]) => `${colour}${count}`);
  return said.length ? `（${said.join("、")}）` : "";
}

function drawLeft(left) {
  const place = element("details", "explorer-hint");
  place.append(element("summary", "", `另有${left.length}条规则不能试算`));
  place.append(...left.map(({ name, why }) => element("div", "", `${name}：${why}`)));
  place.hidden = !left.length;
  return place;
}
