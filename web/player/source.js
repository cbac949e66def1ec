// Where bytes come from: an address or a file, read in order from any offset.
//
//   await source.open(offset);
//   for (let bytes; (bytes = await source.read());) ...
//   source.close();

const FILE_PIECE = 256 * 1024;
// In a row, without a byte between them.
const MOST_FAILURES = 3;

/** Something that can't be fetched, with words for people. */
export class FetchError extends Error {
  constructor(message) {
    super(message);
    this.name = 'FetchError';
  }
}

/** Fetches `url`; answers other than success are a FetchError. */
export async function fetchOk(url, options = {}) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new FetchError(`cannot fetch ${url}`);
  }
  if (!response.ok) throw new FetchError(`cannot fetch ${url}: ${response.status}`);
  return response;
}

/** A file of the network; servers without byte ranges are read from the start. Where the connection
 * breaks it is asked for the rest: servers hang up on who takes nothing for a while, as a player
 * does that is paused. */
export class UrlSource {
  constructor(url) {
    this.url = url;
    this.abort = null;
  }

  async open(offset) {
    this.close();
    this.position = offset;
    this.etag = null;
    this.failures = 0;
    await this.request();
  }

  async request() {
    this.abort = new AbortController();
    const headers = this.position > 0 ? { Range: `bytes=${this.position}-` } : {};
    const response = await fetchOk(this.url, { headers, signal: this.abort.signal });
    const etag = response.headers.get('ETag');
    if (this.etag && etag && etag !== this.etag) throw new FetchError(`${this.url} has changed`);
    this.etag = etag;
    this.reader = response.body.getReader();
    this.skip = response.status === 206 ? 0 : this.position;
  }

  /** Some bytes, or null behind the last. */
  async read() {
    for (;;) {
      let part;
      try {
        part = await this.reader.read();
      } catch (error) {
        if (error.name === 'AbortError' || ++this.failures > MOST_FAILURES) throw error;
        await this.request();
        continue;
      }
      if (part.done) return null;
      const bytes = part.value.subarray(Math.min(this.skip, part.value.length));
      this.skip -= part.value.length - bytes.length;
      if (bytes.length === 0) continue;
      this.position += bytes.length;
      this.failures = 0;
      return bytes;
    }
  }

  close() {
    this.abort?.abort();
    this.abort = null;
  }
}

/** A File or Blob of this page. */
export class FileSource {
  constructor(file) {
    this.file = file;
  }

  async open(offset) {
    this.offset = offset;
  }

  async read() {
    const end = Math.min(this.offset + FILE_PIECE, this.file.size);
    if (this.offset >= end) return null;
    const piece = this.file.slice(this.offset, end);
    this.offset = end;
    return new Uint8Array(await piece.arrayBuffer());
  }

  close() {}
}

/** `what` is an address, a File or a Blob. */
export function openSource(what) {
  return what instanceof Blob ? new FileSource(what) : new UrlSource(String(what));
}
