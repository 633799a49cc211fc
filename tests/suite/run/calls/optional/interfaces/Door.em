// A door with optional parameters of all kinds.

data Key { int teeth }

interface Door {
    Door(opt char colour[], opt float depth)
    char[] open(int width, opt int height, opt char who[], opt store Key key)
    bool locked(opt bool really)
}
