component ÿþ provides App {}
