data Point { int x  int y  char label[]  const int MAX = 7 }
