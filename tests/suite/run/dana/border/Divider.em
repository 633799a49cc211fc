component provides Divider {
    bool failed

    uint64 Divider:divided(uint64 a, uint64 b) {
        try {
            return a / b
        } catch (Exception e) {
            failed = true
            throw new Exception("divider", e.message)
        }
    }

    bool Divider:noted() {
        return failed
    }
}
