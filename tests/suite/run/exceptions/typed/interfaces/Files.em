// What can go wrong with files.

data Failed extends Exception { int code }
data NotFound extends Failed { char path[] }
data Full extends Failed { }

interface Files { char[] read(char path[]) }
