component provides Notes requires io.FileSystem fs, data.StringUtil su {
    Notes:Notes(int limit) {
        all = new Note[0]
    }
    void Notes:add(store Note note) {
        all = new Note[](all, note)
    }
    Note Notes:best() {
        Note best
        foreach (Note note in all) {
            if (best === null || note.stars > best.stars) best = note
        }
        return best
    }
    int Notes:stars(Note notes[]) {
        int sum
        foreach (Note note in notes) sum += note.stars
        return sum
    }
    char[] Notes:loud(char text[]) {
        return su.uppercase(text)
    }
    void Notes:save(char path[]) {
        fs.writeFile(path, "$(all.arrayLength)")
    }
}
