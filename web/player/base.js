// The base of a hybrid file (docs/hybrid.md), decoded by the browser: WebCodecs' VideoDecoder, whose
// pictures are, sample by sample, what the standard of its codec says.
//
//   const base = await openBase(track, format);      // null: this browser can't
//   await base.decode(packet);                       // {data, pts, duration, key}, in coding order
//   for (const picture of await base.take()) ...     // {samples, pts, duration, key}
//   await base.flush(); base.close();

const BUSY = 8;  // packets that wait for the browser's decoder, at most

const hex = (byte) => byte.toString(16).padStart(2, '0');

// ISO/IEC 14496-15, annex E: without the trailing zero bytes of the constraints.
function hevcString(record) {
  const view = new DataView(record.buffer, record.byteOffset);
  const space = ['', 'A', 'B', 'C'][record[1] >> 6];
  let flags = 0;
  for (let i = 0; i < 32; ++i) flags = (flags << 1) | ((view.getUint32(2) >>> i) & 1);
  const constraints = [...record.subarray(6, 12)];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  return [`hvc1.${space}${record[1] & 31}`, (flags >>> 0).toString(16),
          `${record[1] & 32 ? 'H' : 'L'}${record[12]}`, ...constraints.map(hex)].join('.');
}

function av1String(record) {
  const depth = !(record[2] & 0x40) ? '08' : record[2] & 0x20 ? '12' : '10';
  const level = String(record[1] & 31).padStart(2, '0');
  return `av01.${record[1] >> 5}.${level}${record[2] & 0x80 ? 'H' : 'M'}.${depth}`;
}

/** What browsers call the codec of a Matroska track. */
export function codecString({ codec, codecPrivate }) {
  if (codec === 'V_MPEG4/ISO/AVC') return `avc1.${[...codecPrivate.subarray(1, 4)].map(hex).join('')}`;
  return codec === 'V_AV1' ? av1String(codecPrivate) : hevcString(codecPrivate);
}

// The planes of a picture, cropped to `width` and `height`, one after the other.
async function samplesOf(frame, { width, height, bitDepth }) {
  const wide = bitDepth > 8 ? 2 : 1;
  const formats = bitDepth > 8 ? ['I420P10'] : ['I420', 'NV12'];
  const { x, y } = frame.visibleRect;
  const rect = { x, y, width: width + (width & 1), height: height + (height & 1) };
  if (!formats.includes(frame.format)) throw new Error(`pictures of the base are ${frame.format}`);
  const bytes = new Uint8Array(frame.allocationSize({ rect }));
  const layout = await frame.copyTo(bytes, { rect });
  const [w, h] = [(width + 1) >> 1, (height + 1) >> 1];
  const samples = new Uint8Array((width * height + 2 * w * h) * wide);
  let at = 0;
  const put = (row) => {
    samples.set(row, at);
    at += row.length;
  };
  const rowOf = ({ offset, stride }, row, count) => {
    const start = offset + row * stride;
    return bytes.subarray(start, start + count);
  };
  for (let row = 0; row < height; ++row) put(rowOf(layout[0], row, width * wide));
  for (const p of [0, 1]) {
    for (let row = 0; row < h; ++row) {
      if (frame.format !== 'NV12') put(rowOf(layout[1 + p], row, w * wide));
      else put(rowOf(layout[1], row, 2 * w).filter((_, i) => i % 2 === p));
    }
  }
  return samples;
}

class BaseDecoder {
  constructor(config, format) {
    this.format = format;
    this.frames = [];
    this.sent = new Map();  // packets by time in microseconds
    this.error = null;
    this.wake = () => {};
    this.decoder = new VideoDecoder({
      output: (frame) => {
        this.frames.push(frame);
        this.wake();
      },
      error: (error) => {
        this.error = error;
        this.wake();
      },
    });
    this.decoder.configure(config);
  }

  /** Waits while the browser has enough to do. */
  async decode({ data, time, pts, duration, key }) {
    const timestamp = Math.round(time * 1e6);
    this.sent.set(timestamp, { pts, duration, key });
    this.check();
    this.decoder.decode(new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp, data }));
    while (this.decoder.decodeQueueSize > BUSY && !this.error) {
      await new Promise((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** The pictures that are ready, in display order. */
  async take() {
    this.check();
    const pictures = [];
    for (const frame of this.frames.splice(0)) {
      const packet = this.sent.get(frame.timestamp);
      this.sent.delete(frame.timestamp);
      try {
        if (packet) pictures.push({ ...packet, samples: await samplesOf(frame, this.format) });
      } finally {
        frame.close();
      }
    }
    return pictures;
  }

  /** Afterwards all pictures are ready. */
  flush() {
    return this.decoder.flush();
  }

  check() {
    if (this.error) throw this.error;
  }

  close() {
    if (this.decoder.state !== 'closed') this.decoder.close();
    this.frames.splice(0).forEach((frame) => frame.close());
  }
}

/** Opens a decoder for a track, whose pictures have this format: {width, height, bitDepth}. */
export async function openBase(track, format) {
  if (typeof VideoDecoder === 'undefined') return null;
  const config = { codec: codecString(track), codedWidth: format.width,
                   codedHeight: format.height };
  if (track.codec !== 'V_AV1') config.description = track.codecPrivate;
  const { supported } = await VideoDecoder.isConfigSupported(config);
  return supported ? new BaseDecoder(config, format) : null;
}
