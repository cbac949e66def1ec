/** The decoder without the player. Everything opened has to be closed. */

/** `create` is the default export of furl-decoder.js or furl-decoder-threads.js. */
export function startFurl(create: (options: object) => Promise<object>,
                          options?: { threads?: number; wasmBinary?: BufferSource }): Promise<Furl>;

export interface Furl {
  readonly version: string;
  openModel(bytes: Uint8Array): Model;
  streamInfo(header: Uint8Array): StreamInfo;
  openDecoder(model: Model, header: Uint8Array,
              options?: { threads?: number; conceal?: boolean }): Decoder;
  openReader(): BareReader;
}

export interface Model {
  /** How streams name it. */
  readonly id: string;
  close(): void;
}

export interface StreamInfo {
  modelId: string;
  width: number;
  height: number;
  bitDepth: number;
  lowDelay: boolean;
  gopLength: number;
  macsPerPixel: number;
  frameRate: number;
  /** Seconds per tick of `pts`. */
  timeBase: number;
  sampleAspect: number;
  /** Code points of ITU-T H.273. */
  /** What the stream adds to, if it does: sendBase() takes its pictures. */
  base: { width: number; height: number; bitDepth: number } | null;
  color: { primaries: number; transfer: number; matrix: number; fullRange: boolean;
           chromaLocation: number };
}

export interface Packet {
  data: Uint8Array;
  /** Ticks. */
  pts: number;
  duration: number;
}

export interface Picture {
  pts: number;
  duration: number;
  width: number;
  height: number;
  /** 1, or 2 (little-endian) where the stream has 10 bits. */
  bytesPerSample: 1 | 2;
  concealed: boolean;
  /** Y, U and V without gaps, chroma rounded up. */
  samples: Uint8Array;
}

export interface Decoder {
  readonly info: StreamInfo;
  /** False: receive a picture first, then send the packet again. */
  send(packet: Packet): boolean;
  /** The next picture of the base in display order, all of them, with the time of its packet; `key`:
   * the base can be decoded from here on. False: as above. */
  sendBase(picture: { samples: Uint8Array; pts: number; duration: number; key: boolean }): boolean;
  /** The next picture in display order; null: there is none yet, or none any more. */
  receive(): Picture | null;
  flush(): void;
  statistics(): { frames: number; damaged: number; concealed: number; hashesChecked: number;
                  hashesFailed: number; missing: number };
  close(): void;
}

export interface BareReader {
  append(bytes: Uint8Array): void;
  end(): void;
  next(): (Packet & { key: boolean }) | null;
  header(): Uint8Array | null;
  close(): void;
}

export function pictureBytes(width: number, height: number, bytesPerSample: number): number;

export class FurlError extends Error {
  /** The name of a furl_status. */
  readonly code: string;
}
