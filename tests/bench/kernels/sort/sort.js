// Sorts n numbers with the library's sort. Prints a checksum of the order.
'use strict';

function numbers(n) {
  const values = [];
  let last = 42;
  for (let i = 0; i < n; i++) {
    last = (last * 3877 + 29573) % 139968;
    values.push(last);
  }
  return values;
}

function checksum(values) {
  let hash = 0;
  for (const value of values) hash = (hash * 31 + value) % 1000003;
  return hash;
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const hash = checksum(numbers(n).sort((a, b) => a - b));
  console.log(`${hash} ${process.hrtime.bigint() - begin}`);
}
