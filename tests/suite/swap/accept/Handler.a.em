component provides Handler {
    char[] Handler:answer(char request[]) {
        served++
        return "a $served $request"
    }
}
