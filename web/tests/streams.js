// Decoding whole bare streams, the same in node and in a page.

import { frameHash } from './crc32c.js';

/** All packets of a bare stream, with its header. */
export function readStream(furl, bytes) {
  const reader = furl.openReader();
  try {
    reader.append(bytes);
    reader.end();
    const packets = [];
    for (let packet; (packet = reader.next());) packets.push(packet);
    return { header: reader.header(), packets };
  } finally {
    reader.close();
  }
}

/** Decodes packets and gives every picture to show(). The statistics at the end. */
export function decodeAll(furl, model, { header, packets }, threads, show) {
  const decoder = furl.openDecoder(model, header, { threads });
  const receiveAll = () => {
    for (let picture; (picture = decoder.receive());) show(picture);
  };
  try {
    for (const packet of packets) {
      while (!decoder.send(packet)) show(decoder.receive());
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
