// Pages with a player, for the tests of the player: web/tests/player.html, the player beside what
// was built, the models and conformance streams, and a folder of the test's own at /clips.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openBrowser, startServer } from './browser.js';
import { buildFolder, models, root, streams, threadsFolder } from './node.js';

export async function startPlayers() {
  const clips = mkdtempSync(join(tmpdir(), 'furl-clips-'));
  const player = [join(root, 'web', 'player'), buildFolder, threadsFolder];
  const server = await startServer({ isolated: true, mounts: { player, models, streams, clips } });
  const browser = await openBrowser();
  return {
    clips,
    /** The addresses that were asked for. */
    requests: server.requests,
    /** A page whose `player` has these attributes, on one thread unless they say otherwise. */
    async openPlayer(attributes = {}) {
      const page = await browser.openPage(`${server.origin}/web/tests/player.html`);
      await page.evaluate(`new Promise((go) => {
        const wait = () => (window.ready ? go() : setTimeout(wait, 20)); wait(); })`);
      const all = { models: '/models/', threads: '1', ...attributes };
      for (const [name, value] of Object.entries(all)) {
        await page.evaluate(`player.setAttribute('${name}', '${value}')`);
      }
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      rmSync(clips, { recursive: true });
    },
  };
}
