// Two matrices of n by n multiplied; the second is turned first, so that both are read by rows.
'use strict';

function empty(n) {
  return Array.from({ length: n }, () => new Float64Array(n));
}

function matrix(n, seed) {
  const scale = seed / n / n;
  const rows = empty(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) rows[i][j] = scale * (i - j) * (i + j);
  }
  return rows;
}

function transposed(rows) {
  const n = rows.length;
  const result = empty(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result[i][j] = rows[j][i];
  }
  return result;
}

function multiply(a, b) {
  const n = a.length;
  const columns = transposed(b);
  const result = empty(n);
  for (let i = 0; i < n; i++) {
    const left = a[i];
    for (let j = 0; j < n; j++) {
      const right = columns[j];
      let sum = 0;
      for (let k = 0; k < n; k++) sum += left[k] * right[k];
      result[i][j] = sum;
    }
  }
  return result;
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const product = multiply(matrix(n, 1), matrix(n, 2));
  const middle = product[n >> 1][n >> 1];
  console.log(`${middle.toFixed(9)} ${process.hrtime.bigint() - begin}`);
}
