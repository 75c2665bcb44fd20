// A condition on the ticket table → its tickets, their counts, their order. `{column: [values]}`: every column
// named must hold one of its values; null stands for a missing one; a column the table has none of is missing throughout.

function codeAt(column, at) {
  const code = column.codes[at];
  return column.settled ? column.settled[code] : code;
}

function valueAt(table, name, row) {
  const column = table.columns[name];
  if (!column) return null;
  if (column.offsets) return listAt(column, row);
  const code = codeAt(column, row);
  return code ? column.word(code) : null;
}

function listAt(column, row) {
  const values = [];
  for (let at = column.offsets[row]; at < column.offsets[row + 1]; at++) values.push(column.word(codeAt(column, at)));
  return values;
}

function selectRows(table, where) {
  const kept = new Uint8Array(table.count).fill(1);
  for (const [name, wanted] of Object.entries(where)) keepOnly(kept, table.columns[name], wanted);
  return listKept(kept, table.count);
}

function keepOnly(kept, column, wanted) {
  if (!column) return wanted.includes(null) ? kept : kept.fill(0);
  const flags = flagCodes(column, wanted.map((value) => (value === null && !column.offsets ? 0 : column.code(value))));
  return column.offsets ? keepLists(kept, column, flags) : keepCodes(kept, column.codes, flags);
}

// For each number that `codes` can hold: whether it stands for one of these codes.
function flagCodes(column, codes) {
  const flags = new Uint8Array(column.size + 1);
  for (const code of codes) if (code >= 0) flags[code] = 1;
  if (!column.settled) return flags;
  const settled = new Uint8Array(column.settled.length);
  for (let at = 0; at < settled.length; at++) settled[at] = flags[column.settled[at]];
  return settled;
}

function keepCodes(kept, codes, flags) {
  for (let row = 0; row < kept.length; row++) kept[row] &= flags[codes[row]];
  return kept;
}

function keepLists(kept, column, flags) {
  const { offsets, codes } = column;
  for (let row = 0; row < kept.length; row++) {
    let met = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) met |= flags[codes[at]];
    kept[row] &= met;
  }
  return kept;
}

function listKept(kept, count) {
  const rows = new Uint32Array(count);
  let found = 0;
  for (let row = 0; row < kept.length; row++) if (kept[row]) rows[found++] = row;
  return rows.slice(0, found);
}

// [value, tickets] in the order of the values, the missing last; a ticket counts once for each value of its list.
function countBy(table, rows, name) {
  const column = table.columns[name];
  if (!column) return rows.length ? [[null, rows.length]] : [];
  const counts = column.offsets ? countLists(column, rows) : countCodes(column, rows);
  const said = Array.from(counts.subarray(1), (count, at) => [at + 1, count]).filter(([, count]) => count);
  const values = said.map(([code, count]) => [column.word(code), count]);
  return counts[0] ? [...values, [null, counts[0]]] : values;
}

// A column that another one settles is counted by what that one's codes are: a million rows read one array each.
function countCodes({ codes, settled, size }, rows) {
  const own = new Uint32Array(settled ? settled.length : size + 1);
  for (let at = 0; at < rows.length; at++) own[codes[rows[at]]]++;
  if (!settled) return own;
  const counts = new Uint32Array(size + 1);
  for (let code = 0; code < own.length; code++) counts[settled[code]] += own[code];
  return counts;
}

function countLists(column, rows) {
  const counts = new Uint32Array(column.size + 1);
  const last = new Int32Array(column.size + 1).fill(-1);
  for (const row of rows) {
    if (column.offsets[row] === column.offsets[row + 1]) counts[0]++;
    for (let at = column.offsets[row]; at < column.offsets[row + 1]; at++) {
      const code = codeAt(column, at);
      if (last[code] !== row) counts[code]++;
      last[code] = row;
    }
  }
  return counts;
}

const SEARCHED = ["ticket_id", "unit", "title", "category", "content", "reply", "address"];

function searchRows(table, rows, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return rows;
  const columns = SEARCHED.map((name) => table.columns[name]).filter(Boolean);
  const tests = columns.map((column) => [column.codes, flagWords(column, wanted)]);
  return rows.filter((row) => tests.some(([codes, flags]) => flags[codes[row]]));
}

function flagWords(column, wanted) {
  const codes = [];
  for (let code = 1; code <= column.size; code++) {
    if (String(column.word(code)).toLowerCase().includes(wanted)) codes.push(code);
  }
  return flagCodes(column, codes);
}

// By the order of a column's values, either way; equals stay as they stood, the missing stand last.
function sortRows(table, rows, name, down) {
  const column = table.columns[name];
  if (!column || column.offsets) return rows;
  const counts = countCodes(column, rows);
  const starts = startCodes(counts, down);
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) sorted[starts[codeAt(column, row)]++] = row;
  return sorted;
}

function startCodes(counts, down) {
  const starts = new Uint32Array(counts.length);
  let at = 0;
  for (let step = 1; step < counts.length; step++) {
    const code = down ? counts.length - step : step;
    starts[code] = at;
    at += counts[code];
  }
  starts[0] = at;
  return starts;
}
