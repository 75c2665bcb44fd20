// Views that filter each other: each ticket bears a bit for every condition it fails, and a view counts the tickets that
// fail none but the conditions on its own columns.

const FOUND = 1 << 15; // the bit of the search
const ALL = 0xffff;

// found: which rows the search found, as flags; or null. Masks are kept from one crossing to the next.
function crossConditions(table, where, found, kept) {
  const names = Object.keys(where);
  const [bits, masks] = [{}, {}];
  names.forEach((name, at) => (bits[name] = 1 << at));
  for (const name of names) masks[name] = maskOf(table, name, where[name], kept && kept.masks[name]);
  const fails = new Uint16Array(table.count);
  for (const name of names) markFailed(fails, masks[name].flags, bits[name]);
  if (found) markFailed(fails, found, FOUND);
  return { bits, masks, fails };
}

function maskOf(table, name, wanted, known) {
  const key = JSON.stringify(wanted);
  if (known && known.key === key) return known;
  return { key, flags: keepOnly(new Uint8Array(table.count).fill(1), table.columns[name], wanted) };
}

function markFailed(fails, flags, bit) {
  for (let row = 0; row < fails.length; row++) if (!flags[row]) fails[row] |= bit;
}

function rowsMet(cross) {
  const rows = new Uint32Array(cross.fails.length);
  let found = 0;
  for (let row = 0; row < rows.length; row++) if (!cross.fails[row]) rows[found++] = row;
  return rows.slice(0, found);
}

// What a view of these columns heeds: all but its own conditions.
function heedOf(cross, own) {
  return own.reduce((heed, name) => heed & ~(cross.bits[name] || 0), ALL);
}

// Tickets by the code of a column, 0 the missing ones.
function countCross(table, cross, name, own) {
  const [column, heed, { fails }] = [table.columns[name], heedOf(cross, own), cross];
  if (!column) return new Uint32Array(1);
  if (column.offsets) return countListed(column, fails, heed);
  const counts = new Uint32Array(codesOf(column));
  const { codes } = column;
  for (let row = 0; row < fails.length; row++) if (!(fails[row] & heed)) counts[codes[row]]++;
  return settleCounts(column, counts);
}

// How many numbers `codes` can hold.
function codesOf(column) {
  return column.settled ? column.settled.length : column.size + 1;
}

function settleCounts(column, counts) {
  if (!column.settled) return counts;
  const settled = new Uint32Array(column.size + 1);
  counts.forEach((count, code) => (settled[column.settled[code]] += count));
  return settled;
}

function countListed(column, fails, heed) {
  const counts = new Uint32Array(column.size + 1);
  const last = new Int32Array(column.size + 1).fill(-1); // a ticket counts once for each value of its list
  const { offsets } = column;
  for (let row = 0; row < fails.length; row++) {
    if (fails[row] & heed) continue;
    if (offsets[row] === offsets[row + 1]) counts[0]++;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const code = codeAt(column, at);
      if (last[code] !== row) counts[code]++;
      last[code] = row;
    }
  }
  return counts;
}

// Tickets by the codes of two columns: { counts, width }, the count of codes a and b at a * width + b. The second may
// hold lists.
function countPairs(table, cross, first, second) {
  const [rows, columns] = [table.columns[first], table.columns[second]];
  const heed = heedOf(cross, [first, second]);
  const width = columns.size + 1;
  const counts = new Uint32Array((rows.size + 1) * width);
  const rowCode = plainCodes(rows);
  if (columns.offsets) countListPairs(counts, width, rowCode, columns, cross.fails, heed);
  else countPlainPairs(counts, width, rowCode, plainCodes(columns), cross.fails, heed);
  return { counts, width };
}

// A column's codes without another's that settles it; made once.
function plainCodes(column) {
  if (!column.settled) return column.codes;
  column.plain = column.plain || Uint16Array.from(column.codes, (code) => column.settled[code]);
  return column.plain;
}

function countPlainPairs(counts, width, rowCode, columnCode, fails, heed) {
  for (let row = 0; row < fails.length; row++) {
    if (!(fails[row] & heed)) counts[rowCode[row] * width + columnCode[row]]++;
  }
}

function countListPairs(counts, width, rowCode, column, fails, heed) {
  const last = new Int32Array(width).fill(-1);
  for (let row = 0; row < fails.length; row++) {
    if (fails[row] & heed) continue;
    for (let at = column.offsets[row]; at < column.offsets[row + 1]; at++) {
      const code = codeAt(column, at);
      if (last[code] !== row) counts[rowCode[row] * width + code]++;
      last[code] = row;
    }
  }
}
