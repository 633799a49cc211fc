// Colours, and a record that holds some.

enum Color { RED, GREEN, BLUE }

const Color FAVOURITE = Color.BLUE

data Flag { Color top  Color bottom  int stripes }
