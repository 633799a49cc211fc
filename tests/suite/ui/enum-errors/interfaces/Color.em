enum Color { RED, GREEN, RED }
enum Empty { }
data Dye { Color color  Color strong }
