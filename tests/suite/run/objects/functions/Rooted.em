component provides Rooted {
    int Rooted:one() { return 1 }
    char[] Rooted:getID() { return "mine" }
}
