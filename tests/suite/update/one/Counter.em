component provides Counter {
    char[] Counter:count(char name[]) {
        sum++
        old++
        if (tallies === null) tallies = new Tally[0]
        for (int i = 0; i < tallies.arrayLength; i++) {
            if (tallies[i].name == name) {
                tallies[i].seen++
                return "one $sum $(tallies[i].seen)"
            }
        }
        Tally more[] = new Tally[tallies.arrayLength + 1]
        for (int i = 0; i < tallies.arrayLength; i++) more[i] = tallies[i]
        more[tallies.arrayLength] = new Tally(name, 1)
        tallies = more
        return "one $sum 1"
    }
}
