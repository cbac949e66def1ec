// The hashes of the pictures of many streams, decoded as the player decodes: {name: [hash]}.

import { startFurl } from '../player/decoder.js';
import { basesOf, hashesOf, readStream } from './streams.js';

const fetchBytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

self.onmessage = async ({ data: { module, models, streams, names, based, threads } }) => {
  const { default: create } = await import(module);
  const furl = await startFurl(create, { threads });
  const opened = new Map();
  const hashes = {};
  for (const name of names) {
    const bases = based.includes(name) ? await fetchBytes(`${streams}/${basesOf(name)}`) : null;
    const stream = readStream(furl, await fetchBytes(`${streams}/${name}`), bases);
    const { modelId } = furl.streamInfo(stream.header);
    if (!opened.has(modelId)) {
      opened.set(modelId, furl.openModel(await fetchBytes(`${models}/${modelId}.furlmodel`)));
    }
    hashes[name] = hashesOf(furl, opened.get(modelId), stream, threads);
    await new Promise((resolve) => { setTimeout(resolve); });  // threads go back to their pool
  }
  self.postMessage(hashes);
};
