interface Lamp { void press() }
interface Meter { int read() void reset() { count = 0 } }
