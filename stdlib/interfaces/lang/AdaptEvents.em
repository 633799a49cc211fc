// For components with state of their own: called around a swap of an object.

interface AdaptEvents {
    // The object runs on new code and has its transfer state.
    void active()

    // The object is about to leave this code: put what must survive into transfer state and end
    // the object's own threads. No call is in the object meanwhile.
    void inactive()
}
