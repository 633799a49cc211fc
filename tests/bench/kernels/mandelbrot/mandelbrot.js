// The Mandelbrot set as an image of n by n bits, n a multiple of 8. Prints a checksum of its bytes.
'use strict';

const ROUNDS = 50;

function stays(cr, ci) {
  let zr = 0, zi = 0, rr = 0, ii = 0;
  for (let i = 0; i < ROUNDS && rr + ii <= 4; i++) {
    zi = 2 * zr * zi + ci;
    zr = rr - ii + cr;
    rr = zr * zr;
    ii = zi * zi;
  }
  return rr + ii <= 4;
}

function image(n) {
  const bits = new Uint8Array(n * n / 8);
  let at = 0;
  for (let y = 0; y < n; y++) {
    const ci = 2 * y / n - 1;
    for (let x = 0; x < n; x += 8) {
      let eight = 0;
      for (let bit = 0; bit < 8; bit++) {
        eight <<= 1;
        if (stays(2 * (x + bit) / n - 1.5, ci)) eight |= 1;
      }
      bits[at++] = eight;
    }
  }
  return bits;
}

function checksum(bits) {
  let hash = 0;
  for (const b of bits) hash = (hash * 31 + b) % 1000003;
  return hash;
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const hash = checksum(image(n));
  console.log(`${hash} ${process.hrtime.bigint() - begin}`);
}
