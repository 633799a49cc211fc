component provides Counter {
    char[] Counter:count(char name[]) {
        sum++
        if (greeting === null) greeting = "two"
        for (int i = 0; i < tallies.arrayLength; i++) {
            if (tallies[i].name == name) {
                tallies[i].seen++
                tallies[i].last = sum
                return "$greeting $sum $(tallies[i].seen)"
            }
        }
        Tally more[] = new Tally[tallies.arrayLength + 1]
        for (int i = 0; i < tallies.arrayLength; i++) more[i] = tallies[i]
        more[tallies.arrayLength] = new Tally(1, name, sum)
        tallies = more
        return "$greeting $sum 1"
    }
}
