uses Stroke
component provides Bell {
    void Bell:ring(int times) {
        for (int i = 0; i < times; i++) {
            strokes++
            emitevent stroke(new Stroke(strokes))
        }
    }
}
