data Tree { Tree left  Tree right  char name[] }
