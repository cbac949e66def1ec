// The worker of speed_browser.js: pictures per second of each run.

import { startFurl } from '../player/decoder.js';
import { decodeAll, readStream } from './streams.js';

const fetchBytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

self.onmessage = async ({ data: { module, model, clip, threads, runs } }) => {
  const { default: create } = await import(module);
  const furl = await startFurl(create, { threads });
  const opened = furl.openModel(await fetchBytes(model));
  const stream = readStream(furl, await fetchBytes(clip));
  const rates = [];
  for (let run = 0; run < runs; ++run) {
    let pictures = 0;
    const start = performance.now();
    decodeAll(furl, opened, stream, threads, () => { ++pictures; });
    rates.push(1000 * pictures / (performance.now() - start));
  }
  self.postMessage(rates);
};
