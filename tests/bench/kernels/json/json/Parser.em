// By recursive descent, one function for each kind of value.

uses json.Value
uses json.Name

component provides json.Parser requires data.FloatUtil floats {
    void fail(char what[]) {
        throw new Exception("json", "$what at $at")
    }

    // The next character, 0 at the end.
    char next() {
        if (at < source.arrayLength) return source[at]
        return '\0'
    }

    void space() {
        while (at < source.arrayLength) {
            char c = source[at]
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return
            at++
        }
    }

    void expect(char c) {
        if (next() != c) fail("no '$c'")
        at++
    }

    void word(char expected[]) {
        foreach (char c in expected) expect(c)
    }

    char escaped(char c) {
        switch (c) {
            case 'n': return '\n'
            case 't': return '\t'
            case 'r': return '\r'
            case '"', '\\', '/': return c
        }
        fail("an unknown escape")
        return c
    }

    char[] string() {
        expect('"')
        int start = at
        while (next() != '"' && next() != '\\') {
            if (at == source.arrayLength) fail("a string without an end")
            at++
        }
        char found[] = source.slice(start, at)
        while (next() != '"') {
            if (at == source.arrayLength) fail("a string without an end")
            char c = source[at]
            at++
            if (c == '\\') {
                c = escaped(next())
                at++
            }
            found += c
        }
        at++
        return found
    }

    bool numeric(char c) {
        return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
    }

    float number() {
        int start = at
        while (numeric(next())) at++
        return floats.floatFromString(source.slice(start, at))
    }

    Value[] longer(Value items[], int length) {
        Value more[] = new Value[2 * length + 4]
        more.copy(0, items, 0, length)
        return more
    }

    Name[] longerNames(Name names[], int length) {
        Name more[] = new Name[2 * length + 4]
        more.copy(0, names, 0, length)
        return more
    }

    Value list() {
        Value items[] = new Value[4]
        int length = 0
        expect('[')
        space()
        while (next() != ']') {
            if (length > 0) expect(',')
            if (length == items.arrayLength) items = longer(items, length)
            items[length] = value()
            length++
        }
        at++
        return new Value(Value.LIST, items = items.slice(0, length))
    }

    Value object() {
        Value items[] = new Value[8]
        Name names[] = new Name[8]
        int length = 0
        expect('{')
        space()
        while (next() != '}') {
            if (length > 0) expect(',')
            if (length == items.arrayLength) {
                items = longer(items, length)
                names = longerNames(names, length)
            }
            space()
            names[length] = new Name(string())
            space()
            expect(':')
            items[length] = value()
            length++
        }
        at++
        return new Value(Value.OBJECT, items = items.slice(0, length),
            names = names.slice(0, length))
    }

    // With the space around it.
    Value value() {
        space()
        Value found = bare()
        space()
        return found
    }

    Value bare() {
        switch (next()) {
            case '{': return object()
            case '[': return list()
            case '"': return new Value(Value.TEXT, text = string())
            case 't':
                word("true")
                return new Value(Value.BOOL, 1.0)
            case 'f':
                word("false")
                return new Value(Value.BOOL)
            case 'n':
                word("null")
                return new Value(Value.NULL)
        }
        return new Value(Value.NUMBER, number())
    }

    Value Parser:parse(char text[]) {
        source = text
        at = 0
        Value found = value()
        if (at != source.arrayLength) fail("more after the value")
        source = null
        return found
    }
}
