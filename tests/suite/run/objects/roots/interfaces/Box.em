// Anything in a box, and things to put into one.

data Note { char text[] }
data Priced extends Note { int price }
data Point { int x  int y }

interface Box {
    transfer Data content
    void put(store Data item)
    Data get()
    bool holds(Data item)
}

interface Horn { char[] sound() }
interface LoudHorn extends Horn { int volume() }
interface Desk {
    Object lend(int which)
    bool is(Object a, Object b)
}
