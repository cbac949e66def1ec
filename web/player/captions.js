// Captions: cues from subtitle tracks of the file or from WebVTT files beside it.

import { fetchOk } from './source.js';

/** Tags of SubRip and WebVTT are left out, and of the positions, too; text alone is shown. */
export function plainText(text) {
  return text.replace(/<[^>]*>/g, '').replace(/\{\\[^}]*\}/g, '')
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&nbsp;/g, '\u00a0')
    .replace(/&lrm;|&rlm;/g, '').replace(/&amp;/g, '&').trim();
}

function seconds(text) {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part.replace(',', '.')), 0);
}

/** The cues of a WebVTT or SubRip file. */
export function parseCues(text) {
  const cues = [];
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n\n+/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => line.includes('-->'));
    if (at < 0) continue;
    const [start, end] = lines[at].split('-->').map((part) => part.trim().split(/\s/)[0]);
    const words = plainText(lines.slice(at + 1).join('\n'));
    cues.push({ time: seconds(start), end: seconds(end), text: words });
  }
  return cues;
}

/** All caption tracks of a video and the one that is shown. */
export class Captions {
  constructor() {
    this.tracks = [];
    this.chosen = -1;
  }

  addTrack(label, cues = []) {
    this.tracks.push({ label, cues });
    return this.tracks.length - 1;
  }

  async addFile(label, url) {
    const track = this.addTrack(label);
    this.tracks[track].cues = parseCues(await (await fetchOk(url)).text());
  }

  /** A cue of the file; after a seek one may come again. */
  add(track, { time, duration, text }) {
    const { cues } = this.tracks[track];
    if (cues.some((cue) => Math.abs(cue.time - time) < 1e-3)) return;
    cues.push({ time, end: time + (duration || 4), text: plainText(text) });
  }

  /** What is to be shown at `time`, lines by line. */
  textAt(time) {
    const cues = this.tracks[this.chosen]?.cues ?? [];
    return cues.filter((cue) => cue.time <= time && time < cue.end)
      .map((cue) => cue.text).join('\n');
  }
}
