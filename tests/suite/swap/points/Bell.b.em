uses Stroke
component provides Bell {
    void Bell:ring(int times) {
        while (times > 0) {
            times--
            strokes++
            emitevent stroke(new Stroke(strokes))
        }
    }
}
