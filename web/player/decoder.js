// The decoder as objects: what web/src/furl_web.h declares, without addresses.
//
//   const furl = await startFurl(create);                // the WebAssembly module
//   const model = furl.openModel(bytes);                 // of a .furlmodel file
//   const decoder = furl.openDecoder(model, header);
//   for (const packet of packets) {
//     while (!decoder.send(packet)) show(decoder.receive());
//     for (let picture; (picture = decoder.receive());) show(picture);
//   }
//   decoder.flush();
//   for (let picture; (picture = decoder.receive());) show(picture);
//   decoder.close();
//
// Pictures own their samples. Everything opened here has to be closed by its opener: the module's
// memory is not collected. What fails throws a FurlError.

/** furl_status of include/furl/furl.h. */
export const Status = {
  OK: 0, TRY_AGAIN: 1, END_OF_STREAM: 2, NEED_MORE_DATA: 3,
  INVALID_STREAM: -2, UNSUPPORTED: -3, WRONG_MODEL: -4, LIMIT_EXCEEDED: -5, OUT_OF_MEMORY: -6,
};

/** An error of the decoder; `name` of its furl_status in `code`. */
export class FurlError extends Error {
  constructor(message, code) {
    super(message);
    this.name = 'FurlError';
    this.code = code;
  }
}

// Bytes of the structs in web/src/furl_web.h.
const PICTURE_BYTES = 32;
const PACKET_BYTES = 32;
const STREAM_NUMBERS = 20;
const STATISTICS_NUMBERS = 6;

/** Bytes of a picture's planes without gaps. */
export function pictureBytes(width, height, bytesPerSample) {
  const chroma = ((width + 1) >> 1) * ((height + 1) >> 1);
  return (width * height + 2 * chroma) * bytesPerSample;
}

class Furl {
  constructor(module, shared) {
    this.module = module;
    this.shared = shared;  // the memory of a module with threads
    this.version = module.UTF8ToString(module._furl_version());
  }

  /** A model from the bytes of its file. */
  openModel(bytes) {
    const pointer = this.withBytes(bytes, (data) => this.module._web_model_open(
      data, bytes.length));
    if (pointer === 0) throw this.lastError('model');
    const id = this.module.UTF8ToString(this.module._web_model_id(pointer));
    return { id, pointer, close: () => this.module._furl_model_free(pointer) };
  }

  /** What a sequence header (the private data of a Matroska track) says. */
  streamInfo(header) {
    const m = this.module;
    return this.withBytes(header, (data) => this.withMemory(STREAM_NUMBERS * 8, (out) => {
      this.check(m._web_stream_info(data, header.length, out), 'stream header');
      const n = this.doubles(out, STREAM_NUMBERS);
      return {
        modelId: m.UTF8ToString(m._web_stream_model_id(data, header.length)),
        width: n[0], height: n[1], bitDepth: n[2], lowDelay: n[3] !== 0, gopLength: n[4],
        macsPerPixel: n[5], frameRate: n[6] / n[7], timeBase: n[8] / n[9],
        sampleAspect: n[10] / n[11],
        color: { primaries: n[12], transfer: n[13], matrix: n[14], fullRange: n[15] !== 0,
                 chromaLocation: n[16] },
        base: n[17] > 0 ? { width: n[17], height: n[18], bitDepth: n[19] } : null,
      };
    }));
  }

  /** `conceal`: damage is covered by the nearest picture instead of thrown. */
  openDecoder(model, header, { threads = 1, conceal = false } = {}) {
    return new Decoder(this, model, header, threads, conceal);
  }

  openReader() {
    return new BareReader(this);
  }

  // The module's memory as it is now: another one when it has grown, whichever thread let it.
  get buffer() {
    return this.shared ? this.shared.buffer : this.module.HEAPU8.buffer;
  }

  bytes(address = 0, length = undefined) {
    return new Uint8Array(this.buffer, address, length);
  }

  ints(address, length) {
    return new Int32Array(this.buffer, address, length);
  }

  doubles(address, length) {
    return new Float64Array(this.buffer, address, length);
  }

  // Calls use(address) with `bytes` bytes of the module's memory.
  withMemory(bytes, use) {
    const address = this.allocate(bytes);
    try {
      return use(address);
    } finally {
      this.module._free(address);
    }
  }

  withBytes(bytes, use) {
    return this.withMemory(Math.max(bytes.length, 1), (address) => {
      this.bytes().set(bytes, address);
      return use(address);
    });
  }

  allocate(bytes) {
    const address = this.module._malloc(bytes);
    if (address === 0) throw new FurlError('out of memory', 'out_of_memory');
    return address;
  }

  check(status, what) {
    if (status < 0) throw this.lastError(what, status);
    return status;
  }

  lastError(what, status) {
    const m = this.module;
    const text = m.UTF8ToString(m._furl_last_error());
    const code = status === undefined ? '' : m.UTF8ToString(m._furl_status_name(status));
    return new FurlError(`${what}: ${text}`, code);
  }
}

class Decoder {
  constructor(furl, model, header, threads, conceal) {
    this.furl = furl;
    this.info = furl.streamInfo(header);
    const m = furl.module;
    this.pointer = furl.withBytes(header, (data) => m._web_decoder_open(
      model.pointer, data, header.length, threads, conceal ? 1 : 0));
    if (this.pointer === 0) throw furl.lastError('decoder');
    const { width, height, bitDepth } = this.info;
    this.capacity = pictureBytes(width, height, bitDepth > 8 ? 2 : 1);
    this.samples = furl.allocate(this.capacity + PICTURE_BYTES + 8);
    this.picture = (this.samples + this.capacity + 7) & ~7;
  }

  /** False: receive a picture first, then send the packet again. */
  send({ data, pts, duration }) {
    const m = this.furl.module;
    const status = this.furl.withBytes(data, (address) => m._web_decoder_send(
      this.pointer, address, data.length, pts, duration));
    return this.furl.check(status, 'packet') !== Status.TRY_AGAIN;
  }

  /** The next picture of the stream's base (info.base) in display order, laid out as those that
   * receive() gives, with the time of its packet, before it or behind; `key`: the base can be decoded
   * from here on. False: receive a picture first, then send this one again. */
  sendBase({ samples, pts, duration, key }) {
    const m = this.furl.module;
    const { width, height, bitDepth } = this.info.base;
    const status = this.furl.withBytes(samples, (address) => m._web_decoder_send_base(
      this.pointer, address, width, height, bitDepth > 8 ? 2 : 1, pts, duration, key ? 1 : 0));
    return this.furl.check(status, 'base') !== Status.TRY_AGAIN;
  }

  /** No more packets: receive gives what is left. */
  flush() {
    this.furl.check(this.furl.module._furl_decoder_flush(this.pointer), 'flush');
  }

  /** The next picture in display order, or null where there is none yet or none any more. */
  receive() {
    const m = this.furl.module;
    const status = m._web_decoder_receive(this.pointer, this.samples, this.capacity, this.picture);
    if (this.furl.check(status, 'picture') !== Status.OK) return null;
    const [pts, duration] = this.furl.doubles(this.picture, 2);
    const [width, height, bytesPerSample, concealed] = this.furl.ints(this.picture + 16, 4);
    const bytes = pictureBytes(width, height, bytesPerSample);
    // slice() of memory that threads share would share it, too.
    const samples = new Uint8Array(bytes);
    samples.set(this.furl.bytes(this.samples, bytes));
    return { pts, duration, width, height, bytesPerSample, concealed: concealed !== 0, samples };
  }

  statistics() {
    const m = this.furl.module;
    return this.furl.withMemory(STATISTICS_NUMBERS * 4, (out) => {
      this.furl.check(m._web_decoder_statistics(this.pointer, out), 'statistics');
      const [frames, damaged, concealed, hashesChecked, hashesFailed, missing] =
        this.furl.ints(out, STATISTICS_NUMBERS);
      return { frames, damaged, concealed, hashesChecked, hashesFailed, missing };
    });
  }

  close() {
    this.furl.module._furl_decoder_close(this.pointer);
    this.furl.module._free(this.samples);
    this.pointer = 0;
  }
}

/** The packets of a bare `.furl` stream that comes in pieces of any size. */
class BareReader {
  constructor(furl) {
    this.furl = furl;
    this.pointer = furl.module._web_reader_open();
    if (this.pointer === 0) throw new FurlError('out of memory', 'out_of_memory');
  }

  append(bytes) {
    const status = this.furl.withBytes(bytes, (data) => this.furl.module._furl_reader_append(
      this.pointer, data, bytes.length));
    this.furl.check(status, 'stream');
  }

  /** There are no more bytes. */
  end() {
    this.furl.module._furl_reader_finish(this.pointer);
  }

  /** The next packet, or null where more bytes are needed or, after end(), there is none. Damage
   * throws, and the next call goes on behind it. */
  next() {
    const m = this.furl.module;
    return this.furl.withMemory(PACKET_BYTES, (out) => {
      const status = this.furl.check(m._web_reader_next(this.pointer, out), 'stream');
      if (status !== Status.OK) return null;
      const [pts, duration] = this.furl.doubles(out, 2);
      const [address, size, key] = this.furl.ints(out + 16, 3);
      return { data: this.furl.bytes(address, size).slice(), pts, duration, key: key !== 0 };
    });
  }

  /** The sequence header, or null as long as it has not been read. */
  header() {
    const m = this.furl.module;
    const size = m._web_reader_header_size(this.pointer);
    if (size === 0) return null;
    const address = m._web_reader_header(this.pointer);
    return this.furl.bytes(address, size).slice();
  }

  close() {
    this.furl.module._furl_reader_close(this.pointer);
  }
}

// As web/CMakeLists.txt links them.
const PAGE = 65536;
const INITIAL_MEMORY = 32 << 20;
const MAXIMUM_MEMORY = 2 ** 31;

/**
 * Starts the WebAssembly module `create`, the default export of furl-decoder.js or, where memory
 * can be shared, of furl-decoder-threads.js, which decodes with up to `threads` threads. Its
 * decoders must be opened one at a time, in a worker: pages may not wait.
 */
export async function startFurl(create, { threads = 1, ...options } = {}) {
  if (threads === 1) return new Furl(await create(options));
  const wasmMemory = new WebAssembly.Memory({
    initial: INITIAL_MEMORY / PAGE, maximum: MAXIMUM_MEMORY / PAGE, shared: true });
  // Threads can't be started while a call waits for them, so they are before. Twice as many as a
  // decoder has: the next one begins before the last one's have come back.
  return new Furl(await create({ wasmMemory, poolSize: 2 * threads, ...options }), wasmMemory);
}
