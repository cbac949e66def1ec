// The conformance streams in Firefox, which is not driven: it opens a page that sends its answer.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { findFirefox, startServer } from './browser.js';
import { basedNames, buildFolder, models, streamNames, streams, threadsFolder,
         wantedHashes } from './node.js';

const PATIENCE_MS = 180000;

// What the page at `address` of the server sends, from a Firefox with a profile of its own.
async function askFirefox(server, address, answer) {
  const profile = mkdtempSync(join(tmpdir(), 'furl-firefox-'));
  const child = spawn(findFirefox(), ['--headless', '--no-remote', '--profile', profile,
                                      `${server.origin}${address}`], { stdio: 'ignore' });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, { error: 'no answer' });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    child.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const skip = !findFirefox() && 'there is no firefox';
for (const [threads, module] of [[1, '/one/furl-decoder.js'],
                                 [3, '/many/furl-decoder-threads.js']]) {
  test(`conformance in Firefox, ${threads} threads`, { skip }, async () => {
    let posted;
    const answer = new Promise((resolve) => { posted = resolve; });
    const server = await startServer({ isolated: true, posted, mounts: {
      one: buildFolder, many: threadsFolder, models, streams } });
    const message = { module, models: '/models', streams: '/streams',
                      names: streamNames, based: basedNames, threads };
    const asked = { script: '/web/tests/hash_worker.js', message };
    const address = `/web/tests/report.html#${encodeURIComponent(JSON.stringify(asked))}`;
    try {
      const { data, error } = await askFirefox(server, address, answer);
      assert.equal(error, undefined);
      for (const name of streamNames) assert.deepEqual(data[name], wantedHashes(name), name);
    } finally {
      server.close();
    }
  });
}
