// Inflates a zlib stream where the browser cannot (no DecompressionStream before Firefox 113 and Safari 16.4).

const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_EXTRA = Array.from({ length: 30 }, (_, at) => Math.max(0, (at >> 1) - 1));
const LENGTH_BASE = LENGTH_EXTRA.map((_, at) => (at === 28 ? 258 : sumSpans(LENGTH_EXTRA, at, 3)));
const DISTANCE_BASE = DISTANCE_EXTRA.map((_, at) => sumSpans(DISTANCE_EXTRA, at, 1));
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function sumSpans(extra, end, first) {
  return extra.slice(0, end).reduce((sum, bits) => sum + (1 << bits), first);
}

function inflate(bytes) {
  const stream = { bytes, at: 2, bits: 0, held: 0, out: new Uint8Array(bytes.length * 6 + 1024), size: 0 };
  let isLast = false;
  while (!isLast) {
    isLast = takeBits(stream, 1) === 1;
    const kind = takeBits(stream, 2);
    if (kind === 0) copyStored(stream);
    else inflateBlock(stream, ...(kind === 1 ? fixedCodes() : readCodes(stream)));
  }
  return stream.out.slice(0, stream.size);
}

function takeBits(stream, count) {
  while (stream.held < count) {
    stream.bits |= stream.bytes[stream.at++] << stream.held;
    stream.held += 8;
  }
  const taken = stream.bits & ((1 << count) - 1);
  stream.bits >>>= count;
  stream.held -= count;
  return taken;
}

// A Huffman code as how many codes have each length, and the symbols in the order of their codes.
function makeCode(lengths) {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  const symbols = lengths.map((_, symbol) => symbol).filter((symbol) => lengths[symbol]);
  return { counts, symbols: symbols.sort((a, b) => lengths[a] - lengths[b] || a - b) };
}

function takeSymbol(stream, code) {
  let word = 0, first = 0, before = 0;
  for (let length = 1; length < 16; length++) {
    word |= takeBits(stream, 1);
    const count = code.counts[length];
    if (word - first < count) return code.symbols[before + word - first];
    before += count;
    first = (first + count) << 1;
    word <<= 1;
  }
  throw new Error("not a zlib stream");
}

function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8));
  return [makeCode(lengths), makeCode(new Array(30).fill(5))];
}

function readCodes(stream) {
  const [literals, distances, given] = [257 + takeBits(stream, 5), 1 + takeBits(stream, 5), 4 + takeBits(stream, 4)];
  const short = new Array(19).fill(0);
  for (let at = 0; at < given; at++) short[CODE_LENGTH_ORDER[at]] = takeBits(stream, 3);
  const code = makeCode(short);
  const lengths = [];
  while (lengths.length < literals + distances) addLengths(stream, lengths, takeSymbol(stream, code));
  return [makeCode(lengths.slice(0, literals)), makeCode(lengths.slice(literals))];
}

function addLengths(stream, lengths, symbol) {
  if (symbol < 16) return lengths.push(symbol);
  const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
  const times = symbol === 16 ? 3 + takeBits(stream, 2) : symbol === 17 ? 3 + takeBits(stream, 3) : 11 + takeBits(stream, 7);
  return lengths.push(...new Array(times).fill(value));
}

function inflateBlock(stream, literals, distances) {
  for (;;) {
    const symbol = takeSymbol(stream, literals);
    if (symbol === 256) return;
    makeRoom(stream, 258);
    if (symbol < 256) stream.out[stream.size++] = symbol;
    else copyEarlier(stream, symbol - 257, distances);
  }
}

function copyEarlier(stream, place, distances) {
  const length = LENGTH_BASE[place] + takeBits(stream, LENGTH_EXTRA[place]);
  const far = takeSymbol(stream, distances);
  const distance = DISTANCE_BASE[far] + takeBits(stream, DISTANCE_EXTRA[far]);
  for (let step = 0; step < length; step++, stream.size++) stream.out[stream.size] = stream.out[stream.size - distance];
}

function copyStored(stream) {
  stream.at -= stream.held >> 3; // whole bytes that were taken too early
  stream.bits = stream.held = 0;
  const length = stream.bytes[stream.at] | (stream.bytes[stream.at + 1] << 8);
  makeRoom(stream, length);
  stream.out.set(stream.bytes.subarray(stream.at + 4, stream.at + 4 + length), stream.size);
  stream.at += 4 + length;
  stream.size += length;
}

function makeRoom(stream, more) {
  if (stream.size + more <= stream.out.length) return;
  const wider = new Uint8Array(2 * (stream.size + more));
  wider.set(stream.out);
  stream.out = wider;
}
