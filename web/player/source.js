// Where bytes come from: an address or a file, read in order from any offset.
//
//   await source.open(offset);
//   for (let bytes; (bytes = await source.read());) ...
//   source.close();

const FILE_PIECE = 256 * 1024;

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

/** A file of the network; servers without byte ranges are read from the start. */
export class UrlSource {
  constructor(url) {
    this.url = url;
    this.abort = null;
  }

  async open(offset) {
    this.close();
    this.abort = new AbortController();
    const headers = offset > 0 ? { Range: `bytes=${offset}-` } : {};
    const response = await fetchOk(this.url, { headers, signal: this.abort.signal });
    this.reader = response.body.getReader();
    this.skip = response.status === 206 ? 0 : offset;
  }

  /** Some bytes, or null behind the last. */
  async read() {
    for (;;) {
      const { done, value } = await this.reader.read();
      if (done) return null;
      if (this.skip >= value.length) {
        this.skip -= value.length;
        continue;
      }
      const bytes = this.skip > 0 ? value.subarray(this.skip) : value;
      this.skip = 0;
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
