// Sound of a Matroska file as WebM fragments for Media Source Extensions, without coding it anew.

import { element, openElement } from './ebml.js';

const NAMES = { A_OPUS: 'opus', A_VORBIS: 'vorbis' };

/** The MIME type of a track's fragments, or null where WebM has no place for it. */
export function webmType(track) {
  const name = NAMES[track.codec];
  return name ? `audio/webm; codecs="${name}"` : null;
}

/** Makes fragments of packets of one track. */
export class WebmAudio {
  constructor(track) {
    this.track = track;
  }

  /** What comes before all fragments. */
  init() {
    const { codec, codecPrivate, sampleRate, channels, codecDelay, seekPreRoll } = this.track;
    const entry = [
      element(0xd7, { uint: 1 }), element(0x73c5, { uint: 1 }), element(0x83, { uint: 2 }),
      element(0x86, codec), element(0x63a2, codecPrivate),
      element(0xe1, [element(0xb5, { float: sampleRate }), element(0x9f, { uint: channels })]),
    ];
    if (codecDelay) entry.push(element(0x56aa, { uint: Math.round(codecDelay * 1e9) }));
    if (seekPreRoll) entry.push(element(0x56bb, { uint: seekPreRoll }));
    return [
      element(0x1a45dfa3, [
        element(0x4286, { uint: 1 }), element(0x42f7, { uint: 1 }), element(0x42f2, { uint: 4 }),
        element(0x42f3, { uint: 8 }), element(0x4282, 'webm'), element(0x4287, { uint: 4 }),
        element(0x4285, { uint: 2 }),
      ]),
      openElement(0x18538067),
      element(0x1549a966, [element(0x2ad7b1, { uint: 1000000 }), element(0x4d80, 'furl'),
                           element(0x5741, 'furl')]),
      element(0x1654ae6b, [element(0xae, entry)]),
    ];
  }

  /** One cluster: packets of less than half a minute, in order of time. */
  fragment(packets) {
    const ms = (packet) => Math.max(0, Math.round((packet.time + this.track.codecDelay) * 1000));
    const start = ms(packets[0]);
    const blocks = packets.map((packet) => {
      const relative = ms(packet) - start;
      const head = Uint8Array.from([0x81, relative >> 8, relative & 255, 0x80]);
      return element(0xa3, [head, packet.data]);
    });
    return [element(0x1f43b675, [element(0xe7, { uint: start }), ...blocks])];
  }
}
