// Frame hashes as docs/bitstream.md, section 3, has them: CRC-32C (Castagnoli, reflected) over the
// samples of all planes, which is how pictures come from the decoder.

const table = new Uint32Array(256);
for (let i = 0; i < 256; ++i) {
  let c = i;
  for (let bit = 0; bit < 8; ++bit) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  table[i] = c;
}

export function crc32c(bytes) {
  let crc = ~0;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Eight hexadecimal digits, as in tests/conformance/streams. */
export function frameHash(picture) {
  return crc32c(picture.samples).toString(16).padStart(8, '0');
}
