enum Kind { A }
data Tree extends Tree { int x }
data Left extends Right { int l }
data Right extends Left { int r }
data Wrong extends Kind { int w }
data Lost extends Nowhere { int n }
data Base { int a  char b[] }
data Sub extends Base { int a }
data Other extends Base { int o }
