// How often the front of a permutation can be reversed, by its first number, until that is 1: the
// most for any permutation of n numbers, and a checksum over all of them.
'use strict';

function flips(order, work) {
  work.set(order);
  let count = 0;
  for (let first = work[0]; first !== 0; first = work[0]) {
    for (let low = 0, high = first; low < high; low++, high--) {
      const kept = work[low];
      work[low] = work[high];
      work[high] = kept;
    }
    count++;
  }
  return count;
}

// Rotates the first numbers left, more of them each time that a shorter front has come round.
function next(order, counts) {
  for (let front = 1; front < order.length; front++) {
    const first = order[0];
    for (let i = 0; i < front; i++) order[i] = order[i + 1];
    order[front] = first;
    if (--counts[front] > 0) return true;
    counts[front] = front + 1;
  }
  return false;
}

function fannkuch(n) {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const counts = Int32Array.from({ length: n }, (_, i) => i + 1);
  const work = new Int32Array(n);
  let sum = 0, most = 0, sign = 1;
  do {
    const count = order[0] === 0 ? 0 : flips(order, work);
    if (count > most) most = count;
    sum += sign * count;
    sign = -sign;
  } while (next(order, counts));
  return `${sum}/${most}`;
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const result = fannkuch(n);
  console.log(`${result} ${process.hrtime.bigint() - begin}`);
}
