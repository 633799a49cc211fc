// The spectral norm of the infinite matrix 1, 1/2, 1/3 …, cut to n rows, by the power method.
'use strict';

function element(i, j) {
  return 1 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

function multiply(v, result) {
  for (let i = 0; i < v.length; i++) {
    let sum = 0;
    for (let j = 0; j < v.length; j++) sum += element(i, j) * v[j];
    result[i] = sum;
  }
}

function multiplyTransposed(v, result) {
  for (let i = 0; i < v.length; i++) {
    let sum = 0;
    for (let j = 0; j < v.length; j++) sum += element(j, i) * v[j];
    result[i] = sum;
  }
}

function norm(n) {
  const u = new Float64Array(n).fill(1);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let round = 0; round < 10; round++) {
    multiply(u, w);
    multiplyTransposed(w, v);
    multiply(v, w);
    multiplyTransposed(w, u);
  }
  let uv = 0, vv = 0;
  for (let i = 0; i < n; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return Math.sqrt(uv / vv);
}

const n = Number(process.argv[2]);
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const begin = process.hrtime.bigint();
  const result = norm(n);
  console.log(`${result.toFixed(9)} ${process.hrtime.bigint() - begin}`);
}
