// HLS packages in the player: furl's segments with sound in them or beside them, switching, and the
// variant that browsers decode themselves.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { isFurl, parseMaster, parseMedia } from '../player/playlist.js';
import { findChromium, hasFfmpeg } from './browser.js';
import { makeSegments, parseMatroska } from './make_matroska.js';
import { root, startInNode, streams } from './node.js';
import { startPlayers } from './player_page.js';
import { readStream } from './streams.js';

const MASTER = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English, US",DEFAULT=YES,URI="sound.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=9,CODECS="furl,opus",RESOLUTION=80x64
furl.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=7,CODECS="furl,opus",RESOLUTION=80x64,AUDIO="a"
video.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=8,CODECS="avc1.64001f,opus",RESOLUTION=832x480,AUDIO="a"
avc.m3u8
`;

test('a master playlist', () => {
  const { variants, renditions } = parseMaster(MASTER, 'http://x/a/master.m3u8');
  assert.deepEqual(variants.map((v) => [v.url, v.width, v.audio, isFurl(v.codecs)]), [
    ['http://x/a/furl.m3u8', 80, null, true], ['http://x/a/video.m3u8', 80, 'a', true],
    ['http://x/a/avc.m3u8', 832, 'a', false]]);
  assert.deepEqual(renditions.map((r) => [r.name, r.isDefault, r.url]),
                   [['English, US', true, 'http://x/a/sound.m3u8']]);
});

test('a media playlist with ranges', () => {
  const list = parseMedia(`#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="all.mkv",BYTERANGE="100@0"
#EXTINF:2.0,
#EXT-X-BYTERANGE:50@100
all.mkv
#EXTINF:1.5,title
#EXT-X-BYTERANGE:60
all.mkv
#EXT-X-ENDLIST`, 'http://x/');
  assert.deepEqual(list.segments.map((s) => s.init.range), Array(2).fill({ first: 0, last: 99 }));
  assert.deepEqual(list.segments.map((s) => [s.sequence, s.start, s.range.first, s.range.last]),
                   [[7, 0, 100, 149], [8, 2, 150, 209]]);
  assert.ok(list.ended);
  assert.throws(() => parseMedia('<html>', 'http://x/'), /no HLS playlist/);
});

const skip = (!findChromium() && 'there is no chromium') || (!hasFfmpeg() && 'there is no ffmpeg');
describe('packages in Chromium', { skip }, () => {
  let players;
  before(async () => {
    const furl = await startInNode();
    players = await startPlayers();
    const write = (name, content) => writeFileSync(join(players.clips, name), content);
    const video = readStream(furl, readFileSync(join(streams, 'short_gops_80x64.furl')));
    const info = furl.streamInfo(video.header);
    const bunny = parseMatroska(readFileSync(join(root, 'assets', 'bunny.mkv')));
    const variant = (name, others) => {
      const { init, segments } = makeSegments(video, info, others);
      write(`${name}-init.mkv`, init);
      segments.forEach((segment, i) => write(`${name}-${i}.mkv`, segment));
      const list = segments.map((_, i) => `#EXTINF:${i < 3 ? 0.16 : 0.04},\n${name}-${i}.mkv\n`);
      write(`${name}.m3u8`, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI="${name}-init.mkv"\n`
                            + `${list.join('')}#EXT-X-ENDLIST\n`);
    };
    variant('furl', bunny);
    variant('video');
    // From some moment on pictures are larger, as of a live stream that takes more effort again.
    const larger = readStream(furl, readFileSync(join(streams, 'hierarchical_128x96.furl')));
    const largerInfo = furl.streamInfo(larger.header);
    for (const packet of larger.packets) packet.pts += Math.round(0.52 / largerInfo.timeBase);
    const { init, segments } = makeSegments(larger, largerInfo);
    write('larger-init.mkv', init);
    segments.forEach((segment, i) => write(`larger-${i}.mkv`, segment));
    write('sizes.m3u8', readFileSync(join(players.clips, 'video.m3u8'), 'utf8').replace(
      '#EXT-X-ENDLIST', `#EXT-X-MAP:URI="larger-init.mkv"\n${segments.map(
        (_, i) => `#EXTINF:0.2,\nlarger-${i}.mkv\n`).join('')}#EXT-X-ENDLIST`));
    const ffmpeg = (map, name) => execFileSync('ffmpeg', [
      '-v', 'error', '-y', '-i', join(root, 'assets', 'bunny.mkv'), '-map', map, '-c', 'copy',
      '-strict', '-2', '-f', 'hls', '-hls_time', '1', '-hls_playlist_type', 'vod',
      '-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', `${name}-init.mp4`,
      '-hls_segment_filename', `${name}-%d.m4s`, `${name}.m3u8`], { cwd: players.clips });
    ffmpeg('0:v', 'avc');
    ffmpeg('0:a', 'sound');
    write('master.m3u8', MASTER);
  });
  after(() => players.close());

  test('furl with its sound, seeks, and sound of its own', async () => {
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/master.m3u8'; })");
    assert.deepEqual(await page.evaluate('player.qualities'), ['64p', '64p', '480p H.264']);
    assert.equal(await page.evaluate('player.hasSound'), true);
    assert.ok(Math.abs(await page.evaluate('player.duration') - 0.52) < 1e-6);
    await page.evaluate("until('seeked', () => { player.currentTime = 0.4; })");
    assert.ok(Math.abs(await page.evaluate('player.currentTime') - 0.4) < 0.05);
    await page.evaluate("until('ended', () => player.play())");
    await page.evaluate("until('seeked', () => { player.quality = 1; })");
    assert.equal(await page.evaluate('player.hasSound'), true);
    await page.evaluate("until('seeked', () => { player.currentTime = 0; })");
    await page.evaluate("until('ended', () => player.play())");
    assert.ok(await page.evaluate('player.clocks.heard') > 0.2);
    assert.deepEqual(page.errors, []);
  });

  test('the variant that browsers play', async () => {
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/master.m3u8'; })");
    await page.evaluate("until('loadedmetadata', () => { player.quality = 2; })");
    assert.equal(await page.evaluate('player.videoWidth'), 832);
    await page.evaluate("until('ended', () => { player.currentTime = 1; player.play(); })");
    assert.ok(await page.evaluate('player.currentTime') > 2.4);
    assert.deepEqual(page.errors, []);
  });

  test('a live playlist that grows and ends', async () => {
    const list = readFileSync(join(players.clips, 'furl.m3u8'), 'utf8');
    const entries = list.split(/(?=#EXTINF)/);
    const write = (count, end = '') => writeFileSync(
      join(players.clips, 'live.m3u8'), entries.slice(0, count + 1).join('') + end);
    write(3);
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/live.m3u8'; })");
    assert.ok(await page.evaluate('Number.isNaN(player.duration)'));
    const ended = page.evaluate("until('ended', () => player.play())");
    await page.evaluate("until('waiting', () => {})");
    write(entries.length - 1);
    await ended;
    assert.ok(await page.evaluate('player.currentTime') > 0.5);
    assert.deepEqual(page.errors, []);
  });

  test('pictures of another size, and back', async () => {
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/sizes.m3u8'; })");
    const width = "player.shadowRoot.querySelector('canvas').width";
    assert.equal(await page.evaluate(width), 80);
    await page.evaluate("until('ended', () => player.play())");
    assert.equal(await page.evaluate(width), 128);
    assert.ok(await page.evaluate('player.currentTime') > 0.6);
    await page.evaluate("until('seeked', () => { player.currentTime = 0.2; })");
    assert.equal(await page.evaluate(width), 80);
    assert.deepEqual(page.errors, []);
  });

  test('too slow: the next one', async () => {
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/master.m3u8'; })");
    await page.evaluate("until('loadedmetadata', () => player.tooSlow())");
    assert.equal(await page.evaluate('player.quality'), 1);
  });
});
