// HLS playlists (RFC 8216), as far as furl's packages use them.

// NAME=value,NAME="value, with commas"
function attributes(text) {
  const all = {};
  for (const [, name, value] of text.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g)) {
    all[name] = value.replace(/^"|"$/g, '');
  }
  return all;
}

const resolve = (url, base) => new URL(url, base).href;

function lines(text) {
  if (!text.startsWith('#EXTM3U')) throw new Error('this is no HLS playlist');
  return text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
}

const isMaster = (text) => /^#EXT-X-STREAM-INF:/m.test(text);

/** Whether `codecs` names furl. */
export const isFurl = (codecs) => /(^|,)\s*furl\b/i.test(codecs);

/** {variants, renditions} of a master playlist; a media playlist counts as one with one variant. */
export function parseMaster(text, base) {
  const variants = [];
  const renditions = [];
  if (!isMaster(text)) {
    lines(text);
    return { variants: [{ url: base, codecs: 'furl', bandwidth: 0, width: 0, height: 0 }],
             renditions };
  }
  let next = null;
  for (const line of lines(text)) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) next = attributes(line);
    else if (line.startsWith('#EXT-X-MEDIA:')) {
      const a = attributes(line);
      renditions.push({ type: a.TYPE, group: a['GROUP-ID'], name: a.NAME ?? '',
                        language: a.LANGUAGE ?? '', isDefault: a.DEFAULT === 'YES',
                        url: a.URI ? resolve(a.URI, base) : null });
    } else if (!line.startsWith('#') && next) {
      const [width = 0, height = 0] = (next.RESOLUTION ?? '').split('x').map(Number);
      variants.push({ url: resolve(line, base), codecs: next.CODECS ?? '', width, height,
                      bandwidth: Number(next.BANDWIDTH ?? 0), audio: next.AUDIO ?? null });
      next = null;
    }
  }
  return { variants, renditions };
}

function rangeOf(text, after) {
  if (!text) return null;
  const [length, offset] = text.split('@').map(Number);
  const first = offset ?? after;
  return { first, last: first + length - 1 };
}

/** {segments, ended, target} of a media playlist: segments have url, range, init (what comes before
 * them, or null), sequence, duration, and start, seconds from the first one's. */
export function parseMedia(text, base) {
  const list = { segments: [], ended: false, target: 6 };
  let init = null;
  let sequence = 0;
  let start = 0;
  let duration = 0;
  let range = null;
  for (const line of lines(text)) {
    const value = line.slice(line.indexOf(':') + 1);
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:')) sequence = Number(value);
    else if (line.startsWith('#EXT-X-TARGETDURATION:')) list.target = Number(value);
    else if (line.startsWith('#EXT-X-ENDLIST')) list.ended = true;
    else if (line.startsWith('#EXT-X-MAP:')) {
      const a = attributes(value);
      init = { url: resolve(a.URI, base), range: rangeOf(a.BYTERANGE, 0) };
    } else if (line.startsWith('#EXTINF:')) duration = parseFloat(value);
    else if (line.startsWith('#EXT-X-BYTERANGE:')) {
      range = rangeOf(value, (list.segments.at(-1)?.range?.last ?? -1) + 1);
    } else if (!line.startsWith('#')) {
      list.segments.push({ url: resolve(line, base), range, init, sequence, duration, start });
      sequence += 1;
      start += duration;
      range = null;
    }
  }
  return list;
}
