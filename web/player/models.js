// Models by their id: fetched once, kept by the browser for all pages of the site.

import { fetchOk, FetchError } from './source.js';

const CACHE = 'furl-models';

// Null where the browser keeps nothing for this page (no secure context).
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

function addressesOf(id, folders) {
  return folders.map((folder) => `${folder.replace(/\/?$/, '/')}${id}.furlmodel`);
}

/** Forgets what was kept of a model, because it wasn't that model. */
export async function forgetModel(id, folders) {
  const cache = await openCache();
  for (const url of addressesOf(id, folders)) await cache?.delete(url);
}

/** The bytes of the model called `id`, from the cache or from one of the `folders`. The id is a
 * hash of what is in the file, and is compared when the file is opened. */
export async function loadModel(id, folders) {
  const cache = await openCache();
  const urls = addressesOf(id, folders);
  for (const url of urls) {
    const kept = await cache?.match(url);
    if (kept) return new Uint8Array(await kept.arrayBuffer());
  }
  for (const url of urls) {
    try {
      const response = await fetchOk(url);
      await cache?.put(url, response.clone()).catch(() => {});  // no room is no reason to stop
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
    }
  }
  throw new FetchError(`the model ${id} of this video is not at ${urls.join(' or ')}`);
}
