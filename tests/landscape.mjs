// mmlbook/landscape.py once more: the same ground in a browser. Reads tasks as JSON, writes answers as JSON.
import { readFileSync } from "node:fs";

const SIDE = 10, RISE = 0.04, MARGIN = 1.5, APART = 1.8, SHAPE_NUMBERS = 65536;

function mixed(h) {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function uniform(seed, n) {
  return mixed(mixed(seed) + Math.imul(n, 0x9e3779b9)) / 4294967296;
}

function dig(seed, count, valley) {
  let n = 0;
  const next = () => uniform(seed, n++);
  const place = () => MARGIN + (SIDE - 2 * MARGIN) * next();
  const places = [];
  while (places.length < count) {
    const x = place(), y = place();
    if (places.every(([a, b]) => (x - a) * (x - a) + (y - b) * (y - b) >= APART * APART)) places.push([x, y]);
  }
  const stretch = Math.sqrt(valley);
  let deepest;
  return places.map(([x, y], i) => {
    let depth = 2 + next();
    if (i === 0) deepest = depth;
    else depth = deepest * (0.4 + 0.35 * next());
    const size = ((0.75 + 0.5 * next()) * 2) / Math.sqrt(count);
    const t = 2 * next() - 1;
    const cos = (1 - t * t) / (1 + t * t), sin = (2 * t) / (1 + t * t);
    return { x, y, depth, length: size * stretch, width: size / stretch, cos, sin };
  });
}

function height(pits, [x, y]) {
  const middle = SIDE / 2;
  let sum = RISE * ((x - middle) * (x - middle) + (y - middle) * (y - middle));
  for (const pit of pits) {
    const u = ((x - pit.x) * pit.cos + (y - pit.y) * pit.sin) / pit.length;
    const v = ((y - pit.y) * pit.cos - (x - pit.x) * pit.sin) / pit.width;
    sum -= pit.depth * Math.exp(-0.5 * (u * u + v * v));
  }
  return sum;
}

function sounding(seed, noise, pits, point, n) {
  let total = 0;
  for (let i = 0; i < 12; i++) total += uniform(seed, SHAPE_NUMBERS + 12 * n + i);
  return height(pits, point) + noise * (total - 6);
}

const tasks = JSON.parse(readFileSync(0, "utf8"));
const answers = tasks.map(({ seed, pits, valley, noise, points }) => {
  const dug = dig(seed, pits, valley);
  return {
    pits: dug,
    heights: points.map((point) => height(dug, point)),
    soundings: points.map((point, n) => sounding(seed, noise, dug, point, n)),
  };
});
console.log(JSON.stringify(answers));
