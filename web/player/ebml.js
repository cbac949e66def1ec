// Elements of EBML (RFC 8794), the syntax of Matroska.

/** Size of an element that ends where its level does. */
export const UNKNOWN_SIZE = Infinity;

// A number of 1 to `longest` bytes whose first byte says how many; null where bytes are missing.
function readVint(bytes, at, longest, keepMarker) {
  if (at >= bytes.length) return null;
  const first = bytes[at];
  const length = Math.clz32(first) - 23;
  if (length > longest) throw new EbmlError('no EBML number');
  if (at + length > bytes.length) return null;
  let value = keepMarker ? first : first & ((1 << (8 - length)) - 1);
  let ones = (first & ((1 << (8 - length)) - 1)) === (1 << (8 - length)) - 1;
  for (let i = 1; i < length; ++i) {
    value = value * 256 + bytes[at + i];
    ones = ones && bytes[at + i] === 255;
  }
  return { value, length, ones };
}

export class EbmlError extends Error {}

/** The head of the element at `at`: its id with the length marker, the size of its content and of
 * the head. Null where bytes are missing; an EbmlError where there is no element. */
export function readHead(bytes, at) {
  const id = readVint(bytes, at, 4, true);
  if (id === null) return null;
  const size = readVint(bytes, at + id.length, 8, false);
  if (size === null) return null;
  return { id: id.value, size: size.ones ? UNKNOWN_SIZE : size.value,
           headSize: id.length + size.length };
}

/** A number as block heads have them: its value and length. */
export function readNumber(bytes, at) {
  const number = readVint(bytes, at, 8, false);
  if (number === null) throw new EbmlError('a number is cut off');
  return number;
}

/** The elements that fill the content of a master: [id, content] each. */
export function* elements(bytes) {
  for (let at = 0; at < bytes.length;) {
    const head = readHead(bytes, at);
    if (head === null) return;
    const begin = at + head.headSize;
    const end = Math.min(begin + head.size, bytes.length);
    yield [head.id, bytes.subarray(begin, end)];
    at = end;
  }
}

export function readUint(bytes) {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

export function readFloat(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) return view.getFloat32(0);
  return bytes.length === 8 ? view.getFloat64(0) : 0;
}

export function readText(bytes) {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Joins arrays of bytes. */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function idBytes(id) {
  const bytes = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

/** An element; `content` is bytes, text, a list of elements, or {uint} or {float}. */
export function element(id, content) {
  let body = content;
  if (typeof content === 'string') body = new TextEncoder().encode(content);
  else if (Array.isArray(content)) body = concat(...content);
  else if (content.uint !== undefined) body = uintBytes(content.uint);
  else if (content.float !== undefined) body = floatBytes(content.float);
  return concat(Uint8Array.from([...idBytes(id), ...sizeBytes(body.length)]), body);
}

/** The head of a master whose end isn't known. */
export function openElement(id) {
  return Uint8Array.from([...idBytes(id), 0x01, 255, 255, 255, 255, 255, 255, 255]);
}

function uintBytes(value) {
  const bytes = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return Uint8Array.from(bytes);
}

function floatBytes(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

// Four bytes hold every size that is written here.
function sizeBytes(size) {
  return [0x10 | (size >>> 24), (size >>> 16) & 255, (size >>> 8) & 255, size & 255];
}
