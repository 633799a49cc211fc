// Parses a JSON text of n records to values, and walks over them: how many, the sum of all numbers,
// and the length of all texts.
'use strict';

function document(n) {
  const records = [];
  for (let i = 0; i < n; i++) {
    records.push(`{"id": ${i}, "name": "item \\"${i}\\"", "price": ${i % 100}.25, ` +
      `"tags": ["red", "green", "blue"], "active": ${i % 2 === 0}, "parent": null}`);
  }
  return '[' + records.join(',\n') + ']';
}

function walk(value, total) {
  total.values++;
  if (typeof value === 'number') total.sum += value;
  else if (typeof value === 'string') total.bytes += value.length;
  else if (Array.isArray(value)) for (const item of value) walk(item, total);
  else if (value instanceof Object) for (const name in value) walk(value[name], total);
}

const text = document(Number(process.argv[2]));
const repeats = Number(process.argv[3]);
for (let i = 0; i < repeats; i++) {
  const total = { values: 0, sum: 0, bytes: 0 };
  const begin = process.hrtime.bigint();
  walk(JSON.parse(text), total);
  const ns = process.hrtime.bigint() - begin;
  console.log(`${total.values}/${total.sum.toFixed(2)}/${total.bytes} ${ns}`);
}
