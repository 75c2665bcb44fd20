// What is shown: conditions, search, order, the opened ticket; steps back and forward through them.

// where: the conditions; view: search, sort, down, heat (which pair of columns), tabs (which view stands in each box).
function startState(table, kept) {
  const fresh = { search: "", sort: null, down: false, heat: 0, tabs: {} };
  const { where, view } = kept;
  const isSound = where && Object.values(where).every(Array.isArray);
  return { where: isSound ? where : table.views.start, view: { ...fresh, ...(view || {}) } };
}

// A step that can be taken back. changes: { where, view }, of which the view's are laid over those that hold.
function step(explorer, changes) {
  const { state } = explorer;
  const next = { where: changes.where || state.where, view: { ...state.view, ...(changes.view || {}) } };
  if (JSON.stringify(next) === JSON.stringify(state)) return;
  explorer.past.push(state);
  explorer.future = [];
  show(explorer, next);
}

function stepBack(explorer) {
  if (!explorer.past.length) return;
  explorer.future.push(explorer.state);
  show(explorer, explorer.past.pop());
}

function stepForward(explorer) {
  if (!explorer.future.length) return;
  explorer.past.push(explorer.state);
  show(explorer, explorer.future.pop());
}

function clearAll(explorer) {
  step(explorer, { where: explorer.table.views.start, view: { search: "", sort: null, down: false } });
}

// A click chooses these values alone, or nothing where they were chosen alone before; with Ctrl it adds them, or takes one away.
function choose(explorer, chosen, isAdding) {
  const where = { ...explorer.state.where };
  const isOn = Object.entries(chosen).every(([name, value]) => includes(where[name], value));
  const isAlone = isOn && Object.keys(chosen).every((name) => where[name].length === 1);
  for (const [name, value] of Object.entries(chosen)) {
    const others = (where[name] || []).filter((one) => one !== value);
    where[name] = isAdding ? (isOn ? others : [...others, value]) : isAlone ? [] : [value];
    if (!where[name].length) delete where[name];
  }
  step(explorer, { where });
}

function includes(values, value) {
  return Boolean(values) && values.includes(value);
}

function drop(explorer, name) {
  const where = { ...explorer.state.where };
  delete where[name];
  step(explorer, { where });
}

// A column's and a value's words: the schema's, or the view's.
function sayColumn(table, name) {
  return table.views.conditions[name] || table.labels[name] || name;
}

function sayWord(table, name, value) {
  if (value === null) return table.views.blank;
  const words = table.views.said[name] || {};
  return words[String(value)] || String(value);
}
