// HLS packages as lists of qualities to choose from.

import { isFurl, parseMaster } from './playlist.js';
import { fetchOk } from './source.js';

/** Whether an address is that of a playlist. */
export function isPlaylist(what) {
  return !(what instanceof Blob) && /\.m3u8$/i.test(new URL(what, document.baseURI).pathname);
}

// The sound that a variant names, if it is a rendition of its own.
function soundOf(variant, renditions) {
  const group = renditions.filter((r) => r.type === 'AUDIO' && r.group === variant.audio && r.url);
  const rendition = group.find((r) => r.isDefault) ?? group[0];
  const codec = /mp4a\.[0-9a-f.]+|opus|flac/i.exec(variant.codecs)?.[0] ?? 'mp4a.40.2';
  return rendition ? { url: rendition.url, type: `audio/mp4; codecs="${codec}"` } : null;
}

/** {qualities, texts}: furl's first, each from large to small. A quality is {label, furl, ...}: of
 * furl's `what` for Playback, of others {url, codecs, sound} for FallbackPlayback. */
export async function openPackage(url) {
  const response = await fetchOk(url);
  const { variants, renditions } = parseMaster(await response.text(), response.url || url);
  const large = (v) => v.width * v.height * 1e9 + v.bandwidth;
  const qualities = [...variants].sort((a, b) => large(b) - large(a)).map((variant) => {
    const furl = isFurl(variant.codecs);
    const sound = soundOf(variant, renditions);
    const size = variant.height > 0 ? `${variant.height}p` : 'as it is';
    const what = { hls: variant.url, sound };
    return furl ? { label: size, furl, what }
                : { label: `${size} H.264`, furl, url: variant.url, codecs: variant.codecs, sound };
  });
  const texts = renditions.filter((r) => r.type === 'SUBTITLES' && r.url);
  return { qualities: [...qualities.filter((q) => q.furl), ...qualities.filter((q) => !q.furl)],
           texts };
}
