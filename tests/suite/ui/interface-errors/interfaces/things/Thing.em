uses things.Nowhere
const int FIRST = SECOND
const int SECOND = FIRST
data Thing {
    const byte LARGE = 300
    const int TEXT = "text"
    int value = 3
    int value
    Missing other
}
interface Maker {
    transfer void nothing
    Maker(int a)
    Maker(int a, int b)
    Thing make(int a, int a, opt int b)
    void make()
}
interface Maker { }
