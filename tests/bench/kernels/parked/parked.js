// n asynchronous functions that wait for a promise. Says so when all do, and keeps them.
'use strict';

const n = Number(process.argv[2]);
let waiting = 0;
const never = new Promise(() => {});
const all = Array.from({ length: n }, async () => {
  waiting++;
  await never;
});
if (waiting === n) console.log('parked');
setTimeout(() => console.log(all.length), 600000);
