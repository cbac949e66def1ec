// Files of a network whose connections break.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';

import { UrlSource } from '../player/source.js';

const file = Uint8Array.from({ length: 300000 }, (_, i) => (i * 7919) >> 5);

// Sends at most `most` bytes per connection and then hangs up; knows ranges if `ranges`.
async function startBreaking({ most, ranges = true, etags = ['"1"'] }) {
  let count = 0;
  const server = createServer((request, response) => {
    const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const first = ranges && asked ? Number(asked[1]) : 0;
    response.writeHead(ranges && asked ? 206 : 200, {
      'Content-Length': file.length - first, ETag: etags[Math.min(count++, etags.length - 1)] });
    const part = file.subarray(first, first + most);
    response.write(part, () => {
      if (first + part.length === file.length) response.end();
      else setTimeout(() => response.destroy(), 20);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`,
           requests: () => count, close: () => { server.closeAllConnections(); server.close(); } };
}

async function readAll(url, offset = 0) {
  const source = new UrlSource(url);
  await source.open(offset);
  const parts = [];
  for (let bytes; (bytes = await source.read());) parts.push(bytes);
  return Buffer.concat(parts);
}

describe('connections that break', () => {
  test('are made again for the rest', async () => {
    const server = await startBreaking({ most: 100000 });
    assert.ok((await readAll(server.url)).equals(Buffer.from(file)));
    assert.equal(server.requests(), 3);
    assert.ok((await readAll(server.url, 5)).equals(Buffer.from(file.subarray(5))));
    server.close();
  });

  test('are given up when nothing comes any more', async () => {
    const server = await startBreaking({ most: 100000, ranges: false });
    await assert.rejects(readAll(server.url));
    assert.equal(server.requests(), 4);
    server.close();
  });

  test('are not glued to another version', async () => {
    const server = await startBreaking({ most: 100000, etags: ['"1"', '"2"'] });
    await assert.rejects(readAll(server.url), /has changed/);
    server.close();
  });
});
