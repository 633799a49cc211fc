component provides Lamp, Meter {
    int shared
    int mine() { return total }
    implementation Lamp {
        int shared
        int total
        void Lamp:press() { total = mine() + helper() }
        int Meter:read() { return 0 }
    }
    implementation Meter {
        int total
        int helper() { return total }
        int mine() { return 1 }
    }
    implementation Lamp { }
    implementation Other { }
}
