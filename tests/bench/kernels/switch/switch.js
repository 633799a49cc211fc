// Two asynchronous functions that give way to each other, n times together.
'use strict';

async function measure(n) {
  let turns = 0;
  const giveWay = async (n) => {
    for (let i = 0; i < n; i++) {
      turns++;
      await null;
    }
  };
  const begin = process.hrtime.bigint();
  await Promise.all([giveWay(n / 2), giveWay(n / 2)]);
  console.log(`${turns} ${process.hrtime.bigint() - begin}`);
}

(async () => {
  const n = Number(process.argv[2]);
  const repeats = Number(process.argv[3]);
  for (let i = 0; i < repeats; i++) await measure(n);
})();
