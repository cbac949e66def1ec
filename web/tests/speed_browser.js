// Decoding speed in Chromium, in a worker as the player decodes:
//   node web/tests/speed_browser.js MODEL CLIP [threads = 1] [runs = 3]

import { basename, dirname, resolve } from 'node:path';

import { openBrowser, startServer } from './browser.js';
import { buildFolder, threadsFolder } from './node.js';

const [model, clip, threads = '1', runs = '3'] = process.argv.slice(2);
const threaded = Number(threads) > 1;
const server = await startServer({
  isolated: threaded,
  mounts: { module: threaded ? threadsFolder : buildFolder, model: dirname(resolve(model)),
            clip: dirname(resolve(clip)) },
});
const browser = await openBrowser();
const page = await browser.openPage(`${server.origin}/web/tests/page.html`);
const message = {
  module: `/module/furl-decoder${threaded ? '-threads' : ''}.js`, threads: Number(threads),
  model: `/model/${basename(model)}`, clip: `/clip/${basename(clip)}`, runs: Number(runs),
};
const rates = await page.evaluate(
  `ask('/web/tests/speed_worker.js', ${JSON.stringify(message)})`);
console.log(rates.map((rate) => rate.toFixed(1)).join(' '), 'pictures per second');
await browser.close();
server.close();
