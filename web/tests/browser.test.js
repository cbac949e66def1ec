// The conformance streams in Chromium, with one thread and with several.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { findChromium, openBrowser, startServer } from './browser.js';
import { basedNames, buildFolder, models, streamNames, streams, threadsFolder,
         wantedHashes } from './node.js';

describe('conformance in Chromium', { skip: !findChromium() && 'there is no chromium' }, () => {
  let browser;
  let server;
  before(async () => {
    server = await startServer({ isolated: true, mounts: { one: buildFolder, many: threadsFolder,
                                                           models, streams } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  for (const [threads, module] of [[1, '/one/furl-decoder.js'],
                                   [3, '/many/furl-decoder-threads.js']]) {
    test(`${threads} threads`, async () => {
      const page = await browser.openPage(`${server.origin}/web/tests/page.html`);
      const message = { module, models: '/models', streams: '/streams',
                        names: streamNames, based: basedNames, threads };
      const hashes = await page.evaluate(
        `ask('/web/tests/hash_worker.js', ${JSON.stringify(message)})`);
      for (const name of streamNames) assert.deepEqual(hashes[name], wantedHashes(name), name);
    });
  }
});
