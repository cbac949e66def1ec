// Decoding whole bare streams, the same in node and in a page.

import { pictureBytes } from '../player/decoder.js';
import { frameHash } from './crc32c.js';

/** The file beside a stream's that holds the pictures of its base. */
export const basesOf = (name) => name.replace('.furl', '.yuv');

/** All packets of a bare stream, with its header, and the pictures of its base, whose samples are
 * `bases`, if it has one: at times 0, 1, ... */
export function readStream(furl, bytes, bases = null) {
  const reader = furl.openReader();
  try {
    reader.append(bytes);
    reader.end();
    const packets = [];
    for (let packet; (packet = reader.next());) packets.push(packet);
    const header = reader.header();
    const { base } = furl.streamInfo(header);
    return { header, packets, bases: base ? splitBases(base, bases, packets) : [] };
  } finally {
    reader.close();
  }
}

function splitBases({ width, height, bitDepth }, samples, packets) {
  const size = pictureBytes(width, height, bitDepth > 8 ? 2 : 1);
  return Array.from({ length: samples.length / size }, (_, pts) => ({
    samples: samples.subarray(pts * size, (pts + 1) * size), pts, duration: 1,
    key: packets.some((packet) => packet.key && packet.pts === pts) }));
}

/** Decodes packets and gives every picture to show(). The statistics at the end. */
export function decodeAll(furl, model, { header, packets, bases = [] }, threads, show) {
  const decoder = furl.openDecoder(model, header, { threads });
  const receiveAll = () => {
    for (let picture; (picture = decoder.receive());) show(picture);
  };
  try {
    for (let i = 0; i < Math.max(packets.length, bases.length); ++i) {
      if (bases[i]) while (!decoder.sendBase(bases[i])) show(decoder.receive());
      if (packets[i]) while (!decoder.send(packets[i])) show(decoder.receive());
      receiveAll();
    }
    decoder.flush();
    receiveAll();
    return decoder.statistics();
  } finally {
    decoder.close();
  }
}

/** The hashes of all pictures of a stream. */
export function hashesOf(furl, model, stream, threads = 1) {
  const hashes = [];
  decodeAll(furl, model, stream, threads, (picture) => hashes.push(frameHash(picture)));
  return hashes;
}
