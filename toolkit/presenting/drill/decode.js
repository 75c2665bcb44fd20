// The packed text of coding.py → a table: { count, columns: { name: column }, and what else the header says }.
// A column has `codes`, one a ticket (0 is missing), `size` distinct values and `words`, which gives them by code;
// where another column settles it, `codes` are that one's and `settled` says what each of them means here.
// A column of lists has `offsets` too: ticket r holds the codes from offsets[r] to offsets[r + 1].

function unpackTable(text) {
  return unpackBytes(decodeBase64(text.trim()));
}

async function unpackBytes(bytes) {
  if (typeof DecompressionStream === "undefined") return readTable(inflate(bytes).buffer);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return readTable(await new Response(stream).arrayBuffer());
}

function decodeBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function readTable(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const bytes = new Uint8Array(buffer, 4 + size);
  const columns = {};
  for (const described of header.columns) columns[described.name] = readColumn(described, bytes);
  for (const column of Object.values(columns)) if (column.follows) takeFrom(column, columns[column.follows]);
  return Object.assign(header, { columns });
}

function readColumn(described, bytes) {
  const column = Object.assign({}, described);
  for (const [part, place] of Object.entries(described.arrays)) column[part] = readArray(bytes, ...place);
  if (column.lengths) column.offsets = addUp(column.lengths);
  return Object.assign(column, WORDS[column.kind](column));
}

function takeFrom(column, leader) {
  column.codes = leader.codes;
  column.offsets = leader.offsets;
}

// Wide numbers stand as differences, all their lowest bytes first.
function readArray(bytes, at, count, width) {
  if (width === 1) return bytes.subarray(at, at + count);
  const array = width === 2 ? new Uint16Array(count) : new Uint32Array(count);
  let last = 0;
  for (let place = 0; place < count; place++) {
    for (let byte = 0; byte < width; byte++) last += bytes[at + byte * count + place] * 2 ** (8 * byte);
    last = array[place] = last % 2 ** (8 * width);
  }
  return array;
}

function addUp(lengths) {
  const offsets = new Uint32Array(lengths.length + 1);
  for (let at = 0; at < lengths.length; at++) offsets[at + 1] = offsets[at] + lengths[at];
  return offsets;
}

// By kind: how many distinct values, the value of a code, and the code of a value (-1 where no ticket has it).
const WORDS = {
  words: ({ words }) => ({ size: words.length, word: (code) => words[code - 1], code: findAmong(words) }),
  times: ({ first, minutes }) => sortedWords(minutes.length, (code) => sayMinute(first + minutes[code - 1])),
  numbered: ({ stems, tail, tails, ...rest }) =>
    sortedWords(tails.length, (code) => stems[rest.stemsOf[code - 1]] + String(tails[code - 1]).padStart(tail, "0")),
};

function findAmong(words) {
  let places = null;
  return (value) => {
    places = places || new Map(words.map((word, at) => [word, at + 1]));
    return places.has(value) ? places.get(value) : -1;
  };
}

function sortedWords(size, word) {
  return { size, word, code: (value) => findSorted(size, word, value) };
}

function findSorted(size, word, value) {
  let [low, high] = [1, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (word(middle) < value) low = middle + 1;
    else high = middle;
  }
  return size && word(low) === value ? low : -1;
}

function sayMinute(minute) {
  return new Date(minute * 60000).toISOString().slice(0, 16).replace("T", " ");
}
