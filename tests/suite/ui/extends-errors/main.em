uses Tree

component provides App {
    int App:main(AppParam params[]) {
        Base base = new Sub()
        Other other = base
        Sub sub = Sub(other)
        bool is = other hastype Sub
        bool never = 1 hastype Sub
        Other many[] = new Base[2]
        many = Other[](many, many)
        many = many[](many)
        many = Other[](new int[2])
        throw base
    }
    void catching() {
        try {
            catching()
        } catch (Exception e) {
            return
        } catch (Base b) {
            return
        }
    }
    int shadowed() {
        try {
            return 1
        } catch (Exception e) {
            return 2
        } catch (Exception f) {
            return 3
        }
    }
}
