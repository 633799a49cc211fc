uses Shape

component provides Shapes {
    Data[] Shapes:reversed(Data items[]) {
        Data turned[] = clone items
        for (int i = 0; i < turned.arrayLength / 2; i++) {
            Data swapped = turned[i]
            int other = turned.arrayLength - 1 - i
            turned[i] = turned[other]
            turned[other] = swapped
        }
        return turned
    }
    void Shapes:put(Data items[], int at, Data item) {
        Data own[] = clone items
        own[at] = item
    }
    void Shapes:keep(store Shape items[]) {
        kept = items
    }
    Shape[] Shapes:back() {
        return kept
    }
}
