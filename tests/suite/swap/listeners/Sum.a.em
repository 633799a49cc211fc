uses Tick
uses Source
component provides Sum {
    eventsink Ticks(EventData e) {
        Tick tick = Tick(e.details)
        if (tick.number != last + 1) torn = true
        last = tick.number
        count++
        if (by.arrayLength == 0 || by[by.arrayLength - 1] != 'a') by += "a"
    }
    void Sum:listen(store Source source) {
        sinkevent Ticks(source)
    }
    int Sum:got() {
        return count
    }
    char[] Sum:report() {
        return "$count of $last, torn $torn, taken over $(by.arrayLength > 4)"
    }
}
