// A headless Chromium driven over its debugging pipe (the DevTools protocol, messages of JSON that
// end with a zero byte), and the server of the pages it opens. No package is needed.
//
//   const server = await startServer({ isolated: true });
//   const browser = await openBrowser();
//   const page = await browser.openPage(`${server.origin}/web/tests/page.html`);
//   await page.evaluate('1 + 1');
//   await page.screenshot('shot.png');
//   await browser.close();
//   server.close();

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync,
         writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

import { root } from './node.js';

const types = {
  '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript',
  '.wasm': 'application/wasm', '.mp4': 'video/mp4',
  '.css': 'text/css', '.vtt': 'text/vtt', '.m3u8': 'application/vnd.apple.mpegurl',
};

// One range of a file, as players ask for it.
function rangeOf(header, size) {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? '');
  if (!match) return null;
  const last = match[2] ? Number(match[2]) : size - 1;
  return { start: Number(match[1]), end: Math.min(last, size - 1) };
}

function serveFile(path, request, response, headers) {
  const size = statSync(path).size;
  headers['Content-Type'] = types[extname(path)] ?? 'application/octet-stream';
  headers['Accept-Ranges'] = 'bytes';
  const range = rangeOf(request.headers.range, size);
  if (range) headers['Content-Range'] = `bytes ${range.start}-${range.end}/${size}`;
  headers['Content-Length'] = range ? range.end - range.start + 1 : size;
  response.writeHead(range ? 206 : 200, headers);
  createReadStream(path, range ?? {}).pipe(response);
}

function takePost(request, response, posted) {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    response.writeHead(204).end();
    posted(JSON.parse(Buffer.concat(parts).toString()));
  });
}

/** Serves the source tree on the loopback interface, and by the first part of their path `mounts`,
 * each a folder or several, of which the first that has the file counts. `isolated`: with the
 * headers that threads need. `posted` hears of what pages send. */
export async function startServer({ isolated = false, mounts = {}, posted = () => {} } = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.url);
    const headers = isolated
      ? { 'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp' }
      : {};
    if (request.method === 'POST') {
      takePost(request, response, posted);
      return;
    }
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    const [, first, ...rest] = path.split('/');
    const folders = [mounts[first] ?? []].flat();
    const file = mounts[first]
      ? folders.map((folder) => join(folder, ...rest)).find((name) => existsSync(name))
      : join(root, path);
    try {
      serveFile(file, request, response, headers);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    requests,
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

function findProgram(...names) {
  for (const name of names) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch { /* the next */ }
  }
  return null;
}

/** The Chromium in PATH, or null. */
export const findChromium = () => findProgram('chromium', 'chromium-browser', 'google-chrome');

export const findFirefox = () => findProgram('firefox-esr', 'firefox');

export const hasFfmpeg = () => findProgram('ffmpeg') !== null;

// Messages to and from the browser.
class Connection {
  constructor(write, read) {
    this.write = write;
    this.next = 1;
    this.waiting = new Map();
    this.listeners = new Set();
    let rest = '';
    read.setEncoding('utf8');
    read.on('data', (text) => {
      const parts = (rest + text).split('\0');
      rest = parts.pop();
      for (const part of parts) this.take(JSON.parse(part));
    });
  }

  take(message) {
    const waiting = this.waiting.get(message.id);
    if (!waiting) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    this.waiting.delete(message.id);
    if (message.error) waiting.reject(new Error(message.error.message));
    else waiting.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    this.write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }
}

class Page {
  constructor(connection, session) {
    this.connection = connection;
    this.session = session;
    /** Uncaught errors and what was printed as an error. */
    this.errors = [];
    connection.listeners.add(({ sessionId, method, params }) => {
      if (sessionId !== session) return;
      if (method === 'Runtime.exceptionThrown') {
        const { exception, text } = params.exceptionDetails;
        this.errors.push(exception?.description ?? text);
      } else if (method === 'Runtime.consoleAPICalled' && params.type === 'error') {
        this.errors.push(params.args.map((a) => a.value ?? a.description).join(' '));
      }
    });
  }

  send(method, params) {
    return this.connection.send(method, params, this.session);
  }

  /** The value of an expression, awaited in the page. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  setSize(width, height, mobile = false) {
    return this.send('Emulation.setDeviceMetricsOverride',
                     { width, height, deviceScaleFactor: 1, mobile });
  }

  async screenshot(path) {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(path, Buffer.from(data, 'base64'));
  }
}

/** Waits for a condition of the page, as an expression, to be true. */
export async function until(page, condition, seconds = 40) {
  const end = Date.now() + 1000 * seconds;
  while (!await page.evaluate(condition)) {
    assert.ok(Date.now() < end, `not within ${seconds} s: ${condition}; ${page.errors}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts a browser with a profile of its own. */
export async function openBrowser() {
  const profile = mkdtempSync(join(tmpdir(), 'furl-web-'));
  const child = spawn(findChromium(), [
    '--headless=new', '--no-sandbox', '--remote-debugging-pipe', '--no-first-run', '--mute-audio',
    '--disable-background-networking', '--disable-component-update',
    '--autoplay-policy=no-user-gesture-required', '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader', `--user-data-dir=${profile}`, 'about:blank',
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const connection = new Connection(child.stdio[3], child.stdio[4]);
  return {
    async openPage(url) {
      const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await connection.send('Target.attachToTarget',
                                                  { targetId, flatten: true });
      const page = new Page(connection, sessionId);
      await page.send('Runtime.enable');
      await page.send('Page.enable');
      const loaded = new Promise((resolve) => connection.listeners.add((message) => {
        if (message.sessionId === sessionId && message.method === 'Page.loadEventFired') resolve();
      }));
      await page.send('Page.navigate', { url });
      await loaded;
      return page;
    },
    async close() {
      await connection.send('Browser.close').catch(() => {});
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
