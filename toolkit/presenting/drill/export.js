// What is shown, as a file: CSV that Excel opens in Chinese, or a workbook. Both hold every column people read.

const FORMULA = /^[=+\-@\t\r]/; // a cell that begins so is a formula in the reader's spreadsheet
const LONG_NUMBER = /^\d{10,}$/; // a number that a spreadsheet would round or write as 2.0E+13

function listCells(table, rows) {
  const labelled = [...new Set([...table.listed, ...Object.keys(table.labels)])]; // what people read first stands first
  const names = labelled.filter((name) => table.columns[name]);
  const head = names.map((name) => table.labels[name]);
  const found = table.columns.evidence ? ["问题线索"] : [];
  const lines = Array.from(rows, (row) => [
    ...names.map((name) => valueAt(table, name, row)),
    ...found.map(() => listAt(table.columns.evidence, row).join("；")),
  ]);
  return [[...head, ...found], ...lines];
}

function toCsv(cells) {
  return "\ufeff" + cells.map((line) => line.map(sayCsvCell).join(",") + "\r\n").join("");
}

function sayCsvCell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = String(value);
  const safe = FORMULA.test(text) ? `'${text}` : LONG_NUMBER.test(text) ? `${text}\t` : text;
  return /[",\r\n\t]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = "http://schemas.openxmlformats.org/";
const RELATION = `${OFFICE}officeDocument/2006/relationships`;

function toWorkbook(cells) {
  const main = `${OFFICE}spreadsheetml/2006/main`;
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  return zipStored({
    "[Content_Types].xml":
      `<Types xmlns="${OFFICE}package/2006/content-types"><Default Extension="rels" ` +
      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
    "_rels/.rels": sayRelation("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${RELATION}"><sheets><sheet name="工单" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": sayRelation("worksheet", "worksheets/sheet1.xml"),
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetData>${cells.map(saySheetRow).join("")}</sheetData></worksheet>`,
  });
}

function sayRelation(kind, target) {
  const one = `<Relationship Id="rId1" Type="${RELATION}/${kind}" Target="${target}"/>`;
  return `<Relationships xmlns="${OFFICE}package/2006/relationships">${one}</Relationships>`;
}

function saySheetRow(line, at) {
  return `<row r="${at + 1}">${line.map((value, place) => saySheetCell(value, nameCell(place, at))).join("")}</row>`;
}

function nameCell(place, row) {
  const letters = (place >= 26 ? String.fromCharCode(64 + Math.floor(place / 26)) : "") + String.fromCharCode(65 + (place % 26));
  return letters + (row + 1);
}

function saySheetCell(value, name) {
  if (value === null) return "";
  if (typeof value === "number") return `<c r="${name}"><v>${value}</v></c>`;
  return `<c r="${name}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(String(value).slice(0, 32767))}</t></is></c>`;
}

function escapeXml(text) {
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return clean.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

// A zip whose files are stored as they are: { name: text } → bytes.
function zipStored(files) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const [title, content] = [name, XML + text].map((one) => new TextEncoder().encode(one));
    const facts = [20, 0x800, 0, 0, 0x21, ...halves(checksum(content)), ...halves(content.length), ...halves(content.length), title.length, 0];
    parts.push(words16(0x4b50, 0x0403, ...facts), title, content);
    directory.push(words16(0x4b50, 0x0201, 20, ...facts, 0, 0, 0, 0, 0, ...halves(at)), title);
    at += 30 + title.length + content.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(files).length;
  return joinBytes([...parts, ...directory, words16(0x4b50, 0x0605, 0, 0, count, count, ...halves(size), ...halves(at), 0)]);
}

function halves(number) {
  return [number & 0xffff, number >>> 16];
}

function words16(...words) {
  return Uint8Array.from(words.reduce((bytes, word) => (bytes.push(word & 255, word >> 8), bytes), []));
}

function joinBytes(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function checksum(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = CRC[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
